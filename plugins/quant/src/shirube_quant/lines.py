"""Lines of the elements: where core levels bind their electrons, from the cited table in ``levels.csv``."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import Final

from attrs import frozen

from shirube.messages import Text
from shirube_quant.crosssections import Level

#: What the letter behind a value of the table stands for; the head of the table has the references.
SOURCES: Final = {
    "": Text("X-Ray Data Booklet, LBNL/PUB-490, Table 1-1", "X-Ray Data Booklet, LBNL/PUB-490, Table 1-1"),
    "M": Text(
        "usual position in solids; compare J. F. Moulder et al., Handbook of X-ray Photoelectron Spectroscopy (1992)",
        "固体での通常の位置（J. F. Moulder ほか, Handbook of X-ray Photoelectron Spectroscopy (1992) を参照）",
    ),
}
_CELL: Final = re.compile(r"([0-9.]+)([A-Z]?)")

__all__ = ["SOURCES", "CoreLine", "core_lines", "element_names"]


@frozen
class CoreLine:
    """A line of a core level.

    Attributes:
        level: One line, not a doublet.
        energy: Binding energy in eV of the element as a solid.
        source: Where the energy was taken from.
    """

    level: Level
    energy: float
    source: Text


@cache
def core_lines() -> dict[str, tuple[CoreLine, ...]]:
    """Return the lines of each element by its symbol, in order of atomic number, deepest level first."""
    text = resources.files("shirube_quant").joinpath("levels.csv").read_text(encoding="utf-8")
    head, *rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        symbol: tuple(_line(symbol, name, cell) for name, cell in zip(head[1:], cells, strict=False) if cell)
        for symbol, *cells in rows
    }


def element_names() -> tuple[str, ...]:
    """Return the symbols of the elements that have lines, in order of atomic number."""
    return tuple(core_lines())


def _line(symbol: str, name: str, cell: str) -> CoreLine:
    found = _CELL.fullmatch(cell)
    if found is None:
        msg = f"levels.csv: {symbol} {name}: {cell!r} is no energy with a source"
        raise ValueError(msg)
    return CoreLine(Level(symbol, name[:2], name[2:]), float(found[1]), SOURCES[found[2]])
