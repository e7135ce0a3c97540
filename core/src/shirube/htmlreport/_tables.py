"""Tables as the page shows them: a value with uncertainty and interval in one cell, one language, no empty columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.htmlreport._words import Words
from shirube.messages import LANGUAGES
from shirube.tables import Column, Table

#: What codes of texts in both languages are called that have no other name.
_CODE: Final = "code"
_UNCERTAINTY, _LOW, _HIGH = "_uncertainty", "_low", "_high"

__all__ = ["Cell", "ShownTable", "shown_table"]


@frozen
class Cell:
    """A cell: its text, what it is sorted by if that is a number, and a second line in small letters."""

    text: str
    sort: float | None = None
    small: str = ""


@frozen
class ShownTable:
    """A table ready for the page.

    Attributes:
        label: Its caption.
        heads: Of its columns.
        rows: Of cells, one a column.
        numeric: Of each column, whether it holds numbers.
        note: What is left out of it.
    """

    label: str
    heads: tuple[str, ...] = field(converter=as_tuple)
    rows: tuple[tuple[Cell, ...], ...] = field(converter=as_tuple)
    numeric: tuple[bool, ...] = field(converter=as_tuple)
    note: str = ""


def shown_table(table: Table, words: Words, most: int | None = None) -> ShownTable:
    """Return a table as the page shows it.

    The standard uncertainties of a column ``x`` stand in the column ``x_uncertainty``, the ends of its interval in
    ``x_low`` and ``x_high``: they go into the cells of ``x``. Of columns ``x_en`` and ``x_ja`` one is shown, in
    place of a code ``x`` (``code`` of ``en`` and ``ja``). Columns without any value are left out.

    Args:
        table: As the result holds it.
        words: The language.
        most: Rows that are shown; None for all.
    """
    count = len(table) if most is None else min(most, len(table))
    columns = {one.name: one for one in table.columns}
    kept = [one for one in table.columns if not _is_part(one, columns, words)]
    cells = [[_cell(one, row, columns, words) for row in range(count)] for one in kept]
    filled = [index for index, column in enumerate(cells) if any(cell.text for cell in column)]
    note = words("rows-left-out", shown=count, count=len(table)) if count < len(table) else ""
    return ShownTable(
        label=words.text(table.label),
        heads=[_head(kept[index], columns, words) for index in filled],
        rows=list(zip(*(cells[index] for index in filled), strict=True)),
        numeric=[not isinstance(kept[index].values, tuple) for index in filled],
        note=note,
    )


def _is_part(column: Column, columns: Mapping[str, Column], words: Words) -> bool:
    """Tell whether a column is shown in the cells of another one, or says the same as one in the page's language."""
    if any(column.name.endswith(end) and column.name.removesuffix(end) in columns for end in _ends(columns, column)):
        return True
    other = next(lang for lang in LANGUAGES if lang != words.lang)
    # Texts in both languages, perhaps beside a code that stands for them.
    own = "" if column.name == _CODE else column.name
    stems = {own, column.name.removesuffix(other).removesuffix("_")}
    return any(_in(words.lang, stem) in columns and _in(other, stem) in columns for stem in stems)


def _in(lang: str, stem: str) -> str:
    return f"{stem}_{lang}" if stem else lang


def _ends(columns: Mapping[str, Column], column: Column) -> Iterator[str]:
    yield _UNCERTAINTY
    stem = column.name.removesuffix(_LOW).removesuffix(_HIGH)
    if stem + _LOW in columns and stem + _HIGH in columns:
        yield from (_LOW, _HIGH)


def _head(column: Column, columns: Mapping[str, Column], words: Words) -> str:
    head = column.header(words.lang)
    stem = column.name.removesuffix(words.lang).removesuffix("_")
    if stem != column.name and all(_in(lang, stem) in columns for lang in LANGUAGES):
        # Which language it is need not be said where the other one is not shown.
        head = head.partition(" (")[0].partition("（")[0]
    return head


def _cell(column: Column, row: int, columns: Mapping[str, Column], words: Words) -> Cell:
    if isinstance(column.values, tuple):
        return Cell(column.values[row])
    value = float(column.values[row])
    if math.isnan(value):
        return Cell("")
    uncertainty = _number(columns.get(column.name + _UNCERTAINTY), row)
    low, high = (_number(columns.get(column.name + end), row) for end in (_LOW, _HIGH))
    interval = ""
    if not (math.isnan(low) or math.isnan(high)):
        interval = words.interval(low, high)
    text = words.number(value, whole=column.whole) if math.isnan(uncertainty) else words.measured(value, uncertainty)
    return Cell(text, value, interval)


def _number(column: Column | None, row: int) -> float:
    return math.nan if column is None or isinstance(column.values, tuple) else float(column.values[row])
