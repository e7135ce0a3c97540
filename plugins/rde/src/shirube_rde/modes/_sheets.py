"""Tables as rows of texts: Excel sheets, CSV and TSV in any Japanese encoding."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import frozen

from shirube.errors import InputError, MissingPluginError
from shirube.messages import Text
from shirube.sources import SourceFile
from shirube.text import decode
from shirube_rde.texts import message

#: Rows of a table; a blank cell is an empty text, and every row is as long as the longest.
Rows: TypeAlias = Sequence[Sequence[str]]
#: A workbook is a zip file: what it may hold when it is extracted, in bytes.
_MOST_BYTES: Final = 256 * 2**20
_BLANK: Final = 100

__all__ = ["Rows", "Sheet", "read_delimited", "read_workbook"]


@frozen(eq=False)
class Sheet:
    """A table, and the cells in it that do not say what they mean.

    Attributes:
        rows: Its cells.
        problems: What is wrong with cells, each with the number of the last row that it concerns, from 1.
    """

    rows: Rows
    problems: Sequence[tuple[int, Text]] = ()

    def problems_from(self, row: int) -> list[Text]:
        """Return what is wrong with the rows from the number ``row`` on."""
        return [said for last, said in self.problems if last >= row]


def read_workbook(path: Path, name: str) -> Mapping[str, Sheet]:
    """Return the sheets of an Excel workbook by name; formulas have the values that Excel stored.

    Raises:
        InputError: It is no workbook, or an unreasonable one.
        MissingPluginError: The extra ``shirube-rde[excel]`` is not installed.
    """
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise MissingPluginError(message("excel-missing"), path=name) from None
    with _readable(name):
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
        _refuse_large(size, name)
        with (
            closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as values,
            closing(openpyxl.load_workbook(path, read_only=True)) as formulas,
        ):
            pairs = zip(values.worksheets, formulas.worksheets, strict=True)
            return {stored.title: _sheet(stored, written) for stored, written in pairs}


def read_delimited(path: Path, name: str, delimiter: str) -> Sheet:
    """Return the rows of a CSV or TSV file.

    Raises:
        InputError: It cannot be read.
    """
    text = decode(SourceFile(path, name=name).read_bytes()).text
    try:
        return Sheet(_even(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))))
    except csv.Error as error:
        raise InputError(message("table-damaged", reason=error), path=name) from None


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception as error:
        # The library raises whatever a damaged workbook makes it stumble over.
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError(message("table-damaged", reason=reason), path=name) from error


def _refuse_large(size: int, name: str) -> None:
    if size > _MOST_BYTES:
        raise InputError(message("table-large", most=_MOST_BYTES // 2**20), path=name)


def _sheet(stored: Any, written: Any) -> Sheet:
    """Return a sheet down to the last row with a cell; a sheet may claim a million more.

    Args:
        stored: The sheet with the values that Excel stored.
        written: The same with its formulas.
    """
    rows: list[list[str]] = []
    problems: list[tuple[int, Text]] = []
    blank = 0
    for number, (cells, origins) in enumerate(zip(stored.iter_rows(), written.iter_rows(), strict=True), start=1):
        row = [_text(cell.value) for cell in cells]
        wrong = [one for pair in zip(cells, origins, strict=True) if (one := _cell_problem(*pair)) is not None]
        problems += [(number, one) for one in wrong]
        blank = 0 if any(row) or wrong else blank + 1
        if blank > _BLANK:
            break
        rows.append(row)
    return Sheet(_even(rows), (*problems, *_merged(stored)))


def _cell_problem(stored: Any, written: Any) -> Text | None:
    if stored.data_type == "e":
        return message("table-cell-error", cell=written.coordinate, value=stored.value).text()
    # A formula whose value is the empty text has a type all the same.
    if written.data_type == "f" and stored.value is None and stored.data_type != "str":
        return message("table-cell-formula", cell=written.coordinate).text()
    return None


def _merged(sheet: Any) -> Iterator[tuple[int, Text]]:
    """Yield the merged cells of a sheet, of which only the first holds the value that a reader sees in all."""
    from openpyxl.utils import range_boundaries
    from openpyxl.xml.functions import iterparse

    # Sheets that are read row by row do not know of merged cells, and the others take a hundred times the memory.
    with sheet._get_source() as source:  # noqa: SLF001 there is no public way to the sheet's own XML
        for _, element in iterparse(source):
            if element.tag.endswith("}mergeCell"):
                cells = element.get("ref")
                yield range_boundaries(cells)[3], message("table-cell-merged", cell=cells).text()
            element.clear()


def _even(rows: list[list[str]]) -> Rows:
    stripped = [[cell.strip() for cell in row] for row in rows]
    while stripped and not any(stripped[-1]):
        stripped.pop()
    width = max((len(row) for row in stripped), default=0)
    return [[*row, *[""] * (width - len(row))] for row in stripped]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep="T")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
