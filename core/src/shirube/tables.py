"""Tables: named columns with label and unit, written as CSV that reads back to the same numbers."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from attrs import evolve, field, frozen

from shirube._frozen import as_tuple
from shirube.errors import InputError, core_message
from shirube.messages import Language, Text
from shirube.records import _checks
from shirube.records._spectra import FloatArray, Pickled, read_only

Cells: TypeAlias = FloatArray | tuple[str, ...]

#: How a text begins that a spreadsheet may take for a formula (OWASP: CSV injection), and one that was guarded from it;
#: a number is none, nor is a lone sign.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED: Final = re.compile(r"''*[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]")

__all__ = ["Cells", "Column", "Table", "csv_line", "guarded", "read_csv", "table_document", "write_csv"]


def _cells(values: Sequence[str] | FloatArray | Sequence[float]) -> Cells:
    if isinstance(values, np.ndarray):
        return read_only(values)
    listed = list(values)
    if listed and all(isinstance(value, str) for value in listed):
        return tuple(str(value) for value in listed)
    return read_only(np.asarray(listed, dtype=np.float64))


def _refuse_half_characters(name: str, cells: tuple[str, ...]) -> None:
    try:
        "".join(cells).encode("utf-8")
    except UnicodeEncodeError as error:
        msg = f"column {name}: a cell holds half a surrogate pair, which no text file can keep ({error.reason})"
        raise ValueError(msg) from None


@frozen(eq=False)
class Column(Pickled):
    """One column: numbers (an array of doubles; nan where there is none) or texts.

    Attributes:
        name: Lower snake_case, unique in the table.
        label: As people read it.
        values: Shape (rows,).
        unit: Unit of the numbers, ``""`` for none.
        whole: Whether its numbers count or rank something: all whole or nan, and written without a decimal point.
        term: The term that its values are of, by which a reader who does not know the analysis finds it; ``""`` for
            none. The standard uncertainties of a column ``x`` stand in the column ``x_uncertainty``.
    """

    name: str = field(validator=_checks.text)
    label: Text = field(validator=_checks.message)
    values: Cells = field(converter=_cells)
    unit: str = field(default="", validator=_checks.text)
    whole: bool = field(default=False, kw_only=True)
    term: str = field(default="", validator=_checks.text, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.values, np.ndarray) and self.values.ndim != 1:
            msg = f"column {self.name}: values have shape {self.values.shape}, not one dimension"
            raise ValueError(msg)
        if isinstance(self.values, tuple):
            _refuse_half_characters(self.name, self.values)
        elif self.whole and np.any(
            np.isinf(self.values) | (self.values != np.rint(self.values)) & ~np.isnan(self.values)
        ):
            msg = f"column {self.name}: not all numbers are whole"
            raise ValueError(msg)

    def header(self, lang: Language = "en") -> str:
        """Return ``label (unit)``."""
        label = self.label.render(lang)
        return f"{label} ({self.unit})" if self.unit else label

    def same_as(self, other: Column, rtol: float = 0.0) -> bool:
        """Tell whether both columns hold the same, numbers within ``rtol``."""
        described = (self.name, self.label, self.unit, self.whole, self.term)
        if described != (other.name, other.label, other.unit, other.whole, other.term):
            return False
        if isinstance(self.values, tuple) or isinstance(other.values, tuple):
            return self.values is other.values or (
                isinstance(self.values, tuple) and isinstance(other.values, tuple) and self.values == other.values
            )
        return self.values.shape == other.values.shape and bool(
            np.allclose(self.values, other.values, rtol=rtol, atol=0.0, equal_nan=True)
        )


_columns: Final = _checks.all_of(Column)


@frozen(eq=False)
class Table(Pickled):
    """Columns of equal length under one name (lower snake_case, unique in its result).

    Attributes:
        name: Lower snake_case, unique in its result.
        label: As people read it.
        columns: Of equal length, no two of one name.
        rank: Which of several models the table is of, 1 for the best; None when it is of no single one.
    """

    name: str = field(validator=_checks.text)
    label: Text = field(validator=_checks.message)
    columns: tuple[Column, ...] = field(converter=as_tuple, validator=_columns)
    rank: int | None = field(default=None, validator=_checks.whole_or_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        lengths = {len(column.values) for column in self.columns}
        if len(lengths) > 1:
            msg = f"table {self.name}: columns of different lengths {sorted(lengths)}"
            raise ValueError(msg)
        if len({column.name for column in self.columns}) != len(self.columns):
            msg = f"table {self.name}: two columns of one name"
            raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def column(self, name: str) -> Column:
        """Return the column called ``name``.

        Raises:
            KeyError: There is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def of_term(self, term: str) -> Column | None:
        """Return the first column whose values are of ``term``, None without one."""
        return next((column for column in self.columns if column.term == term), None)

    def same_as(self, other: Table, rtol: float = 0.0) -> bool:
        """Tell whether both tables hold the same, numbers within ``rtol``."""
        return (
            (self.name, self.label, self.rank) == (other.name, other.label, other.rank)
            and len(self.columns) == len(other.columns)
            and all(mine.same_as(its, rtol) for mine, its in zip(self.columns, other.columns, strict=True))
        )


def write_csv(table: Table, *, lang: Language | None = None) -> str:
    """Return ``table`` as CSV with LF line ends.

    The header holds column names (``lang`` None) or labels with units. Numbers are written so that they read back
    to the same doubles; a nan is an empty cell. Texts are guarded from being formulas, which ``read_csv`` undoes.
    """
    header = [guarded(column.name if lang is None else column.header(lang)) for column in table.columns]
    cells = [_texts(column.values, column.whole) for column in table.columns]
    return "".join(csv_line(row) for row in (header, *zip(*cells, strict=True)))


def table_document(table: Table) -> dict[str, Any]:
    """Return a table for an answer in JSON: by column its unit, its label and its values, null where there is none."""
    return {
        column.name: {
            "unit": column.unit,
            "label": {"en": column.label.en, "ja": column.label.ja},
            "values": [value if isinstance(value, str) or math.isfinite(value) else None for value in column.values],
        }
        for column in table.columns
    }


def guarded(text: str) -> str:
    """Return a text for a cell of CSV that no spreadsheet takes for a formula: such a one behind an apostrophe.

    Names of files, regions and samples are written by others, and ``=HYPERLINK(...)`` would run where the file is
    opened. A text that already begins so behind apostrophes gets one more, so that nothing is lost.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_line(cells: Sequence[str], end: str = "\n") -> str:
    """Return the cells of one row as a line of CSV, quoted where RFC 4180 asks for it."""
    # Python's writer leaves a lone carriage return unquoted before 3.13, and then does not read it back.
    if len(cells) == 1 and not cells[0]:
        return f'""{end}'
    line = ",".join(cells)
    # Nearly every line holds nothing to quote, which is told fastest of the line as a whole.
    if '"' in line or "\n" in line or "\r" in line or line.count(",") != len(cells) - 1:
        line = ",".join(_quoted(cell) for cell in cells)
    return line + end


def read_csv(text: str, like: Table) -> Table:
    """Return the table that :func:`write_csv` wrote, with names, labels and units of ``like``; its own are not read.

    Raises:
        InputError: The text is not such a table: more or fewer columns, a cell that is no number.
    """
    try:
        rows = _rows(text)
        _check_cells(rows, len(like.columns))
        cells = [[row[index] for row in rows[1:]] for index in range(len(like.columns))]
        columns = tuple(_read_column(column, texts) for column, texts in zip(like.columns, cells, strict=True))
    except (csv.Error, ValueError) as error:
        raise InputError(core_message("table-malformed", table=like.name, reason=str(error))) from None
    return evolve(like, columns=columns)


def _rows(text: str) -> list[list[str]]:
    # A cell is as long as it was written; the limit is the module's, of the whole process.
    limit = csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(limit)


def _check_cells(rows: Sequence[Sequence[str]], wanted: int) -> None:
    if not rows:
        raise ValueError("no rows")
    for number, row in enumerate(rows, start=1):
        if len(row) != wanted:
            raise ValueError(f"row {number}: {len(row)} != {wanted}")


def _read_column(like: Column, cells: Sequence[str]) -> Column:
    if isinstance(like.values, tuple):
        return evolve(like, values=tuple(cell[1:] if _GUARDED.match(cell) else cell for cell in cells))
    return evolve(like, values=np.array([float(cell) if cell else np.nan for cell in cells], dtype=np.float64))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\r\n') else cell


def _texts(values: Cells, whole: bool) -> list[str]:
    if isinstance(values, tuple):
        return [guarded(value) for value in values]
    if whole:
        return ["" if math.isnan(value) else f"{value:.0f}" for value in values.tolist()]
    return ["" if math.isnan(value) else repr(value) for value in values.tolist()]
