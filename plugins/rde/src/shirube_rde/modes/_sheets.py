"""Tables as rows of texts: Excel sheets, CSV and TSV in any Japanese encoding."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, TypeAlias

from shirube.errors import InputError, MissingPluginError
from shirube.sources import SourceFile
from shirube.text import decode
from shirube_rde.texts import message

#: Rows of a table; a blank cell is an empty text, and every row is as long as the longest.
Rows: TypeAlias = Sequence[Sequence[str]]
#: A workbook is a zip file: what it may hold when it is extracted, in bytes.
_MOST_BYTES: Final = 256 * 2**20
_BLANK: Final = 100

__all__ = ["Rows", "read_delimited", "read_workbook"]


def read_workbook(path: Path, name: str) -> Mapping[str, Rows]:
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
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return {sheet.title: _rows(sheet) for sheet in book.worksheets}
        finally:
            book.close()


def read_delimited(path: Path, name: str, delimiter: str) -> Rows:
    """Return the rows of a CSV or TSV file.

    Raises:
        InputError: It cannot be read.
    """
    text = decode(SourceFile(path, name=name).read_bytes()).text
    try:
        return _even(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))
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


def _rows(sheet: Any) -> Rows:
    """Return the rows of a sheet down to the last one with a cell; a sheet may claim a million more."""
    rows: list[list[str]] = []
    blank = 0
    for cells in sheet.iter_rows(values_only=True):
        row = [_text(cell) for cell in cells]
        blank = 0 if any(row) else blank + 1
        if blank > _BLANK:
            break
        rows.append(row)
    return _even(rows)


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
