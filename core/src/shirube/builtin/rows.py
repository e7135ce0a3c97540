"""Rows of numbers as people and spreadsheet programs write them: separators, decimal signs, quotes, thousands."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from attrs import frozen

__all__ = [
    "COMMENTS",
    "Layout",
    "begins_with_number",
    "cells_of",
    "is_row",
    "layout_of",
    "parts",
    "plain",
    "selected",
    "two_numbers",
    "uniform",
]

#: What a comment begins with, whatever parts the columns.
COMMENTS: Final = ("#", "%", "//")
#: Parts cells that have lost their quotes; no text file holds it.
_PARTED: Final = "\x1f"
_NOT_FINITE: Final = r"[+-]?(?:nan|inf(?:inity)?)"
_POINT: Final = rf"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|{_NOT_FINITE})"
_COMMA: Final = _POINT.replace(r"\.", ",")
#: With commas between thousands; of an energy only where a decimal point tells them from decimal commas.
_THOUSANDS: Final = r"[0-9]{1,3}(?:,[0-9]{3})+"
_LARGE_ENERGY: Final = rf"([+-]?{_THOUSANDS}\.[0-9]*|{_POINT[1:]}"
_LARGE: Final = rf"([+-]?{_THOUSANDS}(?:\.[0-9]*)?|{_POINT[1:]}"


@frozen
class Layout:
    """How a line of two numbers may look, and what a comma within a number is."""

    pattern: re.Pattern[str]
    decimal_comma: bool

    def fits(self, text: str) -> bool:
        """Tell whether a line looks so."""
        return self.pattern.fullmatch(text) is not None


#: A comma is the decimal sign only where it does not part the columns.
_LAYOUTS: Final = tuple(
    # Spreadsheet programs may leave a separator at the end.
    Layout(
        re.compile(rf"[ \t]*{energy}{separator}{intensity}[ \t]*{end}[ \t]*", re.IGNORECASE),
        decimal_comma=energy == _COMMA,
    )
    for energy, intensity, separator, end in (
        (_POINT, _POINT, r"[ \t]+", ""),
        (_POINT, _POINT, r"[ \t]*,[ \t]*", ",?"),
        (_POINT, _POINT, r"[ \t]*;[ \t]*", ";?"),
        (_COMMA, _COMMA, r"[ \t]*;[ \t]*", ";?"),
        (_COMMA, _COMMA, r"[ \t]+", ""),
        (_POINT, _POINT, _PARTED, _PARTED + "?"),
        (_LARGE_ENERGY, _LARGE, _PARTED, _PARTED + "?"),
        (_COMMA, _COMMA, _PARTED, _PARTED + "?"),
        (_LARGE_ENERGY, _LARGE, r"[ \t]*;[ \t]*", ";?"),
        (_LARGE_ENERGY, _LARGE, r"[ \t]+", ""),
    )
)
_NUMBER: Final = re.compile(rf"{_POINT}|{_COMMA}|{_LARGE}", re.IGNORECASE)
_FIRST_NUMBER: Final = re.compile(rf"[ \t]*(?:{_POINT}|{_COMMA})(?![^ \t,;{_PARTED}])", re.IGNORECASE)
#: What parts cells of which one or both stand in quotes.
_BESIDE_QUOTE: Final = re.compile(r'"[ ]*([,;\t])|([,;\t])[ ]*"')


def plain(lines: Sequence[str]) -> list[str]:
    """Return lines with full-width signs as ASCII, and with their cells parted where some of them stand in quotes."""
    found = [line if line.isascii() else unicodedata.normalize("NFKC", line) for line in lines]
    signs = (_BESIDE_QUOTE.search(line) for line in found if not line.lstrip().startswith((*COMMENTS, ";")))
    sign = next((one[1] or one[2] for one in signs if one is not None), None)
    return found if sign is None else [_parted(line, sign) for line in found]


def _parted(line: str, delimiter: str) -> str:
    try:
        cells = next(csv.reader([line.strip()], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return line
    return _PARTED.join(cell.strip() for cell in cells)


def cells_of(text: str) -> list[str]:
    """Return the numbers of a line as they are written, empty where it is not made of two or more numbers."""
    for separator in (_PARTED, ";", "\t", ", ", None, ","):
        cells = [cell.strip() for cell in text.strip().split(separator)]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > 1 and all(_NUMBER.fullmatch(cell) for cell in cells):
            return cells
    return []


def selected(text: str, intensity: int) -> str:
    """Return a line with the energy and the ``intensity``-th of its numbers only; as it is where it has fewer.

    The energy is the first number, or the second where the first is the intensity.
    """
    cells = cells_of(text)
    if len(cells) < max(2, intensity):
        return text
    return _PARTED.join((cells[1 if intensity == 1 else 0], cells[intensity - 1]))


def is_row(text: str) -> bool:
    """Tell whether a line is two numbers in some layout."""
    return any(layout.fits(text) for layout in _LAYOUTS)


def begins_with_number(text: str) -> bool:
    """Tell whether the first thing on a line is a number, as on a row that lacks the other."""
    return _FIRST_NUMBER.match(text) is not None


def uniform(rows: Sequence[str]) -> bool:
    """Tell whether all lines are two numbers in one layout."""
    return any(all(layout.fits(row) for row in rows) for layout in _LAYOUTS)


def layout_of(rows: Sequence[str]) -> Layout:
    """Return the layout that most lines follow, the plainest of equals; the others are then wrong."""
    return max(_LAYOUTS, key=lambda layout: sum(layout.fits(row) for row in rows))


def two_numbers(text: str, layout: Layout) -> tuple[float, float] | None:
    """Return the two numbers of a line, None when it holds anything else, a nan or an infinity too."""
    found = layout.pattern.fullmatch(text)
    if found is None:
        return None
    first, second = (float(one.replace(",", "." if layout.decimal_comma else "")) for one in found.groups())
    return (first, second) if math.isfinite(first) and math.isfinite(second) else None


def parts(text: str) -> list[str]:
    """Return the words of a line of headings."""
    return [word.strip() for word in re.split(rf"[,;\t{_PARTED}]", text)]
