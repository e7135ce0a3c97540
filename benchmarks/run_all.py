"""Run the benchmarks of this folder that compare, one after the other, and print a table of all their ratios.

Run with: python benchmarks/run_all.py [NAME...] [--quick] [-o docs/speed.md]

Every ratio is of one run on one machine: what is compared was measured side by side, in turns. NAMEs run some alone.
With --quick everything is small: to see that it works, not for figures. What could not be compared is said, too.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from comparing import ENVIRONMENT, Kept, Missing, kept_in

HERE: Final = Path(__file__).parent
#: The load of the machine before it begins from which on the page tells it.
_BUSY: Final = 0.5


class Options(NamedTuple):
    """The options of a benchmark: for figures, and to see that it works."""

    full: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()


#: From quick to long, as the tables have them.
COMPARING: Final = {
    "startup": Options(quick=("--repeats", "2")),
    "read_ses": Options(("--rounds", "5"), ("--megabytes", "10", "--rounds", "1")),
    "fit_fermi_edge": Options(("--fits", "60", "--trials", "0"), ("--fits", "10", "--trials", "0")),
    "fit_bic": Options(
        ("--channels", "301", "--stack", "0"), ("--channels", "101", "--seeds", "2", "--peaks", "4", "--stack", "0")
    ),
    "check_policy": Options(quick=("--records", "50")),
    "rde_job": Options(("--megabytes", "8"), ("--regions", "8", "--megabytes", "4")),
    "write_report": Options(("--items", "100"), ("--items", "20")),
    "batch": Options(("--rounds", "2"), ("--spectra", "16", "--rounds", "1", "--many", "20")),
}
PAGE: Final = """# Speed

Each line compares, in one run, what Shirube does with what a user would use instead. The ratio is the other's cost
divided by ours: above 1 ours costs less. Times are those of the machine that ran it; only the ratios mean something
elsewhere. The page is what

```sh
python benchmarks/run_all.py -o docs/speed.md
```

writes, in an environment with the groups `benchmarks` and `oracles` of `pyproject.toml`; `tox -e benchmarks` makes one.
What is compared with what stands at the head of each script in `benchmarks/`.

This one is of {machine}.
{sizes}
{table}
"""
SMALL: Final = "It was made with `--quick`: everything is small, and the figures only show that the scripts work.\n"
BUSY: Final = "The load was {load:.1f} in the minute before it began; other programs make ratios uncertain.\n"


def main() -> int:
    """Run the benchmarks; the exit code is that of the first that failed, after all have run."""
    arguments = _arguments()
    busy = _load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.jsonl"
        environment = os.environ | {ENVIRONMENT: str(path)}
        codes = {name: _run(name, arguments.quick, environment) for name in arguments.names or COMPARING}
        kept = kept_in(path)
    kept.missing.extend(_untold(codes, arguments.names))
    tables = _tables(kept)
    print(f"\n{tables}")
    if arguments.output is not None:
        sizes = (SMALL if arguments.quick else "") + (BUSY.format(load=busy) if busy >= _BUSY else "")
        page = PAGE.format(machine=_machine(), sizes=sizes, table=tables)
        arguments.output.write_text(page, encoding="utf-8")
    return next(filter(None, codes.values()), 0)


def _run(name: str, quick: bool, environment: dict[str, str]) -> int:
    options = COMPARING[name].quick if quick else COMPARING[name].full
    print(f"\n== {' '.join((name, *options))}\n", flush=True)
    begun = time.perf_counter()
    ended = subprocess.run([sys.executable, str(HERE / f"{name}.py"), *options], check=False, env=environment)  # noqa: S603 our own scripts
    print(f"\n({time.perf_counter() - begun:.0f} s)", flush=True)
    return ended.returncode


def _untold(codes: dict[str, int], names: Sequence[str]) -> list[Missing]:
    """Return what is not in the tables because its benchmark failed or was not run."""
    failed = [
        Missing(
            f"`{name}.py`",
            f"exit code {code}: it stopped before its end, or a limit of its is not kept; it prints which",
        )
        for name, code in codes.items()
        if code
    ]
    return failed + [Missing(f"`{name}.py`", "was not asked for") for name in COMPARING if names and name not in names]


def _tables(kept: Kept) -> str:
    parts = []
    if kept.compared:
        rows = [[row.what, row.ours, row.against, row.theirs, _ratio_text(row.ratio)] for row in kept.compared]
        parts.append(_table(["what", "ours", "instead", "its cost", "ratio"], rows))
    if kept.limited:
        rows = [[row.what, row.measured, row.limit, "yes" if row.kept else "**no**"] for row in kept.limited]
        parts.append("## Limits\n\n" + _table(["what", "measured", "at most", "kept"], rows))
    if kept.missing:
        rows = [[row.what, row.why] for row in kept.missing]
        parts.append("## What is missing here\n\n" + _table(["what", "why"], rows))
    return "\n\n".join(parts)


def _ratio_text(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"  # noqa: PLR2004 three figures


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _load() -> float:
    """Return the load of the machine over the last minute; 0 where nobody knows."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def _machine() -> str:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy"))
    day = datetime.now(tz=UTC).date()
    return f"{day}: {os.cpu_count()} {platform.machine()} cores, Python {platform.python_version()}, {versions}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*COMPARING, []], help="benchmarks to run, all if none is named")
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that everything works")
    parser.add_argument("-o", "--output", type=Path, help="a page of the documentation to write the tables to")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
