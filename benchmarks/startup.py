"""How long the command line takes to answer, beside what the interpreter itself takes.

Run with: python benchmarks/startup.py [--repeats 15]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from comparing import compared, limited

#: What answers may take, ms.
LIMITS = {"shirube --version": 150.0, "shirube --help": 150.0, "shirube plugins list": 200.0}
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "shirube --version": [sys.executable, "-m", "shirube", "--version"],
    "shirube --help": [sys.executable, "-m", "shirube", "--help"],
    "shirube plugins list": [sys.executable, "-m", "shirube", "plugins", "list"],
    "import numpy": [sys.executable, "-c", "import numpy"],
    "import click, pluggy": [sys.executable, "-c", "import click, pluggy"],
}


def milliseconds(command: list[str]) -> float:
    """Return the wall time of one call in milliseconds."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 our own commands
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Print the median of interleaved runs, and the ratio to the bare interpreter."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    for command in COMMANDS.values():
        milliseconds(command)
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(repeats):
        for name, command in COMMANDS.items():
            times[name].append(milliseconds(command))
    bare = statistics.median(times["python -c pass"])
    print(f"{'command':<24}{'median ms':>10}{'min ms':>10}{'x python':>10}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<24}{median:>10.0f}{min(values):>10.0f}{median / bare:>10.1f}")
        if name.startswith("shirube"):
            importing = statistics.median(times["import numpy"])
            compared(f"`{name}`, whole command", median, "`import numpy` alone", importing, "ms")
            limited(f"`{name}`", median, LIMITS[name], "ms")


if __name__ == "__main__":
    main()
