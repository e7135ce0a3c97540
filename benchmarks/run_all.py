"""Run the benchmarks of this folder, one after the other, and print a table of all their ratios at the end.

Run with: python benchmarks/run_all.py [NAME...] [-o docs/speed.md]

Every ratio is of one run on one machine: what is compared was measured side by side, in turns. NAMEs run some alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from comparing import ENVIRONMENT, Compared, kept_in

HERE = Path(__file__).parent
#: The benchmarks that compare with what a user would use instead, from quick to long, with what the table needs.
COMPARING = {
    "startup": (),
    "read_ses": (),
    "fit_fermi_edge": ("--trials", "200"),
    "fit_bic": (),
    "check_policy": (),
    "rde_job": (),
    "batch": (),
}
PAGE = """# Speed

Each line compares, in one run, what Shirube does with what a user would use instead. The ratio is the other's cost
divided by ours: above 1 ours is faster. Times are those of the machine that ran it; only the ratios mean something
elsewhere. The table is written by

```
python benchmarks/run_all.py -o docs/speed.md
```

in an environment with the groups `benchmarks` and `oracles` of `pyproject.toml` (`tox -e benchmarks` makes one). This
one is of {machine}. What is compared with what stands at the head of each script in `benchmarks/`.

{table}
"""


def main() -> int:
    """Run the benchmarks; the exit code is that of the first that failed, after all have run."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "ratios.jsonl"
        environment = os.environ | {ENVIRONMENT: str(kept)}
        codes = [_run(name, COMPARING[name], environment) for name in arguments.names or COMPARING]
        table = _table(kept_in(kept))
    print(f"\n{table}")
    if arguments.output is not None:
        arguments.output.write_text(PAGE.format(machine=_machine(), table=table), encoding="utf-8")
    return next(filter(None, codes), 0)


def _run(name: str, options: Sequence[str], environment: dict[str, str]) -> int:
    print(f"\n== {name}\n", flush=True)
    return subprocess.run([sys.executable, str(HERE / f"{name}.py"), *options], check=False, env=environment).returncode  # noqa: S603 our own scripts


def _table(rows: Sequence[Compared]) -> str:
    lines = ["| what | ours | instead | its cost | ratio |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.ours} | {row.against} | {row.theirs} | {row.ratio:.3g} |" for row in rows]
    return "\n".join(lines)


def _machine() -> str:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy"))
    day = datetime.now(tz=UTC).date()
    return f"{day}: {os.cpu_count()} {platform.machine()} cores, Python {platform.python_version()}, {versions}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*COMPARING, []], help="benchmarks to run, all if none is named")
    parser.add_argument("-o", "--output", type=Path, help="a page of the documentation to write the table to")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
