"""Run every benchmark of this folder, one after the other, and print what each says.

Run with: python benchmarks/run_all.py
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run the benchmarks; the exit code is that of the first that fails."""
    for script in sorted(HERE.glob("*.py")):
        if script.name == Path(__file__).name:
            continue
        print(f"\n== {script.name}\n", flush=True)
        code = subprocess.run([sys.executable, str(script)], check=False).returncode  # noqa: S603 our own scripts
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
