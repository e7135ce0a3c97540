"""Reads rows of numbers of any width, and says where and why they cannot be read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import frozen

from shirube.errors import InputError
from shirube.records import FloatArray
from shirube_ses2002.reader._content import PIECE, Content
from shirube_ses2002.reader._problems import excerpt, problem
from shirube_ses2002.reader._sections import Section

_NUMBER: Final = re.compile(rb"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BLANKS: Final = re.compile(rb"[ \t]+")
_NUMERIC: Final = b"0123456789+-.eE \t\n"

__all__ = ["read_rows", "shortage"]


@frozen
class _Piece:
    """Whole lines of a data section: their text, the line of the first one, whether the file ends here."""

    raw: bytes
    line: int
    last: bool


def read_rows(content: Content, section: Section, energies: FloatArray, values: FloatArray, line: int) -> bool:
    """Read rows of blank-separated numbers and tell whether only the last line end was lost.

    Args:
        content: The file.
        section: The data section.
        energies: Filled with the first column, shape (n,).
        values: Filled with the others, shape (n, m).
        line: Line of the first row.

    Raises:
        InputError: As for :func:`shirube_ses2002.reader._blocks.read_block`.
    """
    rows, columns = values.shape
    row = 0
    previous = b""
    unended = False
    for piece in _pieces(content, section, line):
        table = _table(piece.raw, columns + 1, piece.line, content.name)
        if row + len(table) > rows:
            extra = _line_of_row(piece, rows - row)
            raise problem(content.name, "too-many-rows", extra, title=section.title, expected=rows)
        energies[row : row + len(table)] = table[:, 0]
        values[row : row + len(table)] = table[:, 1:]
        row += len(table)
        unended = piece.last and _is_unended(piece, previous, content.name)
        previous = _last_row(piece) or previous
        line = _line_of_last_row(piece, line)
    if row < rows:
        raise problem(content.name, "too-few-rows", line, title=section.title, expected=rows, found=row)
    return unended


def shortage(content: Content, section: Section, rows: int, columns: int, line: int) -> InputError:
    """Return what is wrong with a section that is too short for its rows; ``line`` is that of the first one."""
    row = 0
    for piece in _pieces(content, section, line):
        try:
            row += len(_table(piece.raw, columns, piece.line, content.name))
        except InputError as error:
            return error
        line = _line_of_last_row(piece, line)
    return problem(content.name, "too-few-rows", line, title=section.title, expected=rows, found=row)


def _pieces(content: Content, section: Section, line: int) -> Iterator[_Piece]:
    """Yield the section in pieces of whole lines, with line feeds and decimal points only."""
    comma = _decimal_comma(content, section)
    start = section.start
    while start < section.stop:
        stop = min(start + PIECE, section.stop)
        if stop < section.stop:
            line_feed = content.buffer.rfind(b"\n", start, stop)
            line_feed = line_feed if line_feed >= 0 else content.buffer.find(b"\n", stop, section.stop)
            stop = line_feed + 1 if line_feed >= 0 else section.stop
        # A carriage return ends no line here; as a blank it keeps its place.
        raw = content.buffer[start:stop].replace(b"\r", b" ")
        raw = raw.replace(b",", b".") if comma else raw
        yield _Piece(raw, line, last=stop == len(content.buffer))
        line += raw.count(b"\n")
        start = stop


def _decimal_comma(content: Content, section: Section) -> bool:
    """Whether the first line has decimal commas: commas, and no point."""
    end = content.buffer.find(b"\n", section.start, section.stop)
    first = content.buffer[section.start : end if end >= 0 else section.stop]
    return b"," in first and b"." not in first


def _table(raw: bytes, columns: int, line: int, file: str) -> FloatArray:
    """Return the numbers of whole lines, shape (n, columns); lines that are blank do not count."""
    if not raw.strip():
        return np.empty((0, columns))
    if not raw.translate(None, _NUMERIC):
        try:
            table = np.loadtxt(io.BytesIO(raw), dtype=np.float64, comments=None, ndmin=2)
        except ValueError:
            pass
        else:
            if table.shape[1] == columns and bool(np.isfinite(table).all()):
                return table
    raise _first_problem(raw, columns, line, file)


def _first_problem(raw: bytes, columns: int, line: int, file: str) -> InputError:
    """Return what is wrong with the first line that cannot be read."""
    for number, row in enumerate(raw.split(b"\n"), start=line):
        parts = [part for part in _BLANKS.split(row) if part]
        for part in parts:
            if not _NUMBER.fullmatch(part) or not np.isfinite(float(part)):
                return problem(file, "not-a-number", number, found=excerpt(part.decode("latin-1")))
        if parts and len(parts) != columns:
            return problem(file, "row-length", number, expected=columns, found=len(parts))
    return problem(file, "not-a-number", line, found=excerpt(raw[:40].decode("latin-1")))


def _is_unended(piece: _Piece, previous: bytes, file: str) -> bool:
    """Whether the file's last row lacks nothing but its line end.

    A number that was cut is still a number, so the row must be as long as the one before.

    Raises:
        InputError: The last row is not.
    """
    rows = [row for row in piece.raw.split(b"\n") if row.strip()]
    if not rows or piece.raw.rstrip(b" \t").endswith(b"\n"):
        return False
    before = rows[-2] if len(rows) > 1 else previous
    if len(rows[-1].rstrip()) == len(before.rstrip()):
        return True
    raise problem(file, "cut-row", piece.line + piece.raw.count(b"\n"), found=excerpt(rows[-1].decode("latin-1")))


def _last_row(piece: _Piece) -> bytes:
    return next((row for row in reversed(piece.raw.split(b"\n")) if row.strip()), b"")


def _line_of_last_row(piece: _Piece, before: int) -> int:
    """Return the line of the last row so far; ``before`` was that of the pieces before this one."""
    rows = piece.raw.rstrip()
    return piece.line + rows.count(b"\n") if rows else before


def _line_of_row(piece: _Piece, index: int) -> int:
    """Return the line of the row with this index, blank lines not counted."""
    return [number for number, row in enumerate(piece.raw.split(b"\n"), start=piece.line) if row.strip()][index]
