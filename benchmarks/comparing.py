"""What a benchmark compared, kept beside what it prints, so that one table can show the ratios of all of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

#: Names the file that :func:`compared` appends to; ``run_all.py`` sets it.
ENVIRONMENT = "SHIRUBE_RATIOS"


class Compared(NamedTuple):
    """One comparison of one run: what was done, ours and theirs as texts with units, and theirs divided by ours."""

    what: str
    ours: str
    against: str
    theirs: str
    ratio: float


def compared(what: str, ours: float, against: str, theirs: float, unit: str) -> None:
    """Keep that ``ours`` stands against ``theirs``; nothing is kept when the benchmark is run by itself.

    Args:
        what: What was measured, in a few words.
        ours: The cost of ours, in ``unit``: less is better.
        against: What a user would use instead.
        theirs: Its cost, in the same unit.
        unit: The unit of both.
    """
    path = os.environ.get(ENVIRONMENT)
    if path:
        row = Compared(what, _rounded(ours, unit), against, _rounded(theirs, unit), theirs / ours)
        with Path(path).open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(row._asdict(), ensure_ascii=False) + "\n")


def _rounded(cost: float, unit: str) -> str:
    return f"{cost:,.0f} {unit}" if cost >= 100 else f"{cost:.3g} {unit}"  # noqa: PLR2004 three figures


def kept_in(path: Path) -> list[Compared]:
    """Return what was compared, in the order in which it was kept."""
    if not path.exists():
        return []
    return [Compared(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
