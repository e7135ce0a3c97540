"""What a benchmark compared, kept beside what it prints, so that one page can show the figures of all of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

#: Names the file that everything here appends to; ``run_all.py`` sets it.
ENVIRONMENT = "SHIRUBE_RATIOS"


class Compared(NamedTuple):
    """One comparison of one run: what was done, ours and theirs as texts with units, and theirs divided by ours."""

    what: str
    ours: str
    against: str
    theirs: str
    ratio: float


class Limited(NamedTuple):
    """A figure that has a limit: what was measured, how much, and how much it may be, with units."""

    what: str
    measured: str
    limit: str
    kept: bool


class Missing(NamedTuple):
    """What was not compared in a run, and why."""

    what: str
    why: str


class Kept(NamedTuple):
    """Everything that benchmarks kept in a file, in the order in which they did."""

    compared: list[Compared]
    limited: list[Limited]
    missing: list[Missing]


def compared(what: str, ours: float, against: str, theirs: float, unit: str) -> None:
    """Keep that ``ours`` stands against ``theirs``; nothing is kept when the benchmark is run by itself.

    Args:
        what: What was measured, in a few words.
        ours: The cost of ours, in ``unit``: less is better.
        against: What a user would use instead.
        theirs: Its cost, in the same unit.
        unit: The unit of both.
    """
    _keep(Compared(what, _rounded(ours, unit), against, _rounded(theirs, unit), theirs / ours))


def limited(what: str, measured: float, limit: float, unit: str) -> None:
    """Keep that something took so much, and may take ``limit`` at most."""
    _keep(Limited(what, _rounded(measured, unit), _rounded(limit, unit), measured <= limit))


def missing(what: str, why: str) -> None:
    """Keep that something could not be compared."""
    _keep(Missing(what, why))


def _keep(row: Compared | Limited | Missing) -> None:
    path = os.environ.get(ENVIRONMENT)
    if path:
        with Path(path).open("a", encoding="utf-8") as kept:
            kept.write(json.dumps([type(row).__name__, row._asdict()], ensure_ascii=False) + "\n")


def _rounded(cost: float, unit: str) -> str:
    return f"{cost:,.0f} {unit}" if cost >= 100 else f"{cost:.3g} {unit}"  # noqa: PLR2004 three figures


def kept_in(path: Path) -> Kept:
    """Return what was kept, in the order in which it was."""
    found = Kept([], [], [])
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for name, row in map(json.loads, lines):
        match name:
            case "Compared":
                found.compared.append(Compared(**row))
            case "Limited":
                found.limited.append(Limited(**row))
            case _:
                found.missing.append(Missing(**row))
    return found
