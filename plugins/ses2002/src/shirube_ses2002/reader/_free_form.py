"""Reads rows of numbers of any width, and says where and why they cannot be read."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._layout import Layout, layout_of
from shirube_ses2002.reader._problems import Problems, excerpt
from shirube_ses2002.reader._sections import Section
from shirube_ses2002.reader._spelling import Spellings

_NUMBER: Final = re.compile(rb"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(rb"[^ \t]+")
#: With decimal commas a point is as wrong as a comma is elsewhere.
_EXCHANGED: Final = bytes.maketrans(b".,", b",.")
_NUMERIC: Final = b"0123456789+-.eE \t\n"
#: A carriage return at the end of a line; any other one is not whitespace but damage.
_AT_LINE_END: Final = re.compile(rb"(?<!\r)\r+(?:\n|\Z)")
#: Bytes that are converted in one go.
_PIECE: Final = 1 << 18
#: No number takes more bytes, so a line that is longer than all of its numbers has too many of them.
_LONGEST_NUMBER: Final = 64

__all__ = ["Table", "read_rows"]


@frozen(eq=False)
class Table:
    """Where the numbers of a data section go.

    Attributes:
        energies: First column, shape (n,).
        values: The other columns, shape (n, m).
    """

    energies: FloatArray
    values: FloatArray


@frozen
class _Piece:
    """Whole lines of a data section.

    Attributes:
        raw: Their text, with line feeds and decimal points only; a point among decimal commas is a comma.
        written: Their text as it stands in the file.
        line: Line of the first one.
        last: Whether the file ends here.
    """

    raw: bytes
    written: bytes
    line: int
    last: bool


def read_rows(
    content: Content, section: Section, shape: tuple[int, int], into: Table | None, line: int, problems: Problems
) -> None:
    """Read rows of blank-separated numbers; report every row that is none, or else that there are not as many.

    Rows that are not laid out like the others, and numbers that are not spelt like them, are reported, too.

    Args:
        content: The file.
        section: The data section.
        shape: Rows and columns, the first column included.
        into: Filled with the numbers; None where there is no room for so many, and only problems are looked for.
        line: Line of the first row.
        problems: Takes what is wrong.
    """
    rows, columns = shape
    before = len(problems)
    row = 0
    decimal = _decimal_mark(content, section)
    block = _Block(columns, layout_of(content, section, columns, decimal))
    for piece in _pieces(content, section, decimal, line):
        table = block.read(piece, problems)
        if problems.full:
            return
        if table is None or len(problems) > before:
            continue
        if row + len(table) > rows:
            problems.add("too-many-rows", _line_of_row(piece, rows - row), title=section.title, expected=rows)
            return
        if into is not None:
            into.energies[row : row + len(table)] = table[:, 0]
            into.values[row : row + len(table)] = table[:, 1:]
        row += len(table)
        line = _line_of_last_row(piece, line)
    if row < rows and len(problems) == before:
        problems.add("too-few-rows", line, title=section.title, expected=rows, found=row)


class _Block:
    """What the pieces of a data section have in common."""

    def __init__(self, columns: int, layout: Layout | None) -> None:
        self._columns = columns
        self._layout = layout
        self._spellings = Spellings()
        self._last_row = b""

    def read(self, piece: _Piece, problems: Problems) -> FloatArray | None:
        """Return the numbers of the next piece, shape (n, columns), None if it has others; report what is wrong."""
        table = _table(piece.raw, self._columns)
        before = len(problems)
        if table is None or not (self._layout is None or self._layout.has_all(piece.written)):
            _report_rows(piece, self._columns, self._layout, problems)
        if table is None or not table.size:
            return table
        if piece.last and len(problems) == before:
            _report_cut_row(piece, self._last_row, problems)
        if self._layout is None and len(problems) == before:
            for row, found in self._spellings.odd(piece.raw, self._columns):
                problems.add("number-spelling", _line_of_row(piece, row), found=excerpt(found.decode("ascii")))
        self._last_row = _last_row(piece)
        return table


def _pieces(content: Content, section: Section, decimal: bytes, line: int) -> Iterator[_Piece]:
    """Yield the section in pieces of whole lines."""
    start = section.start
    while start < section.stop:
        stop = min(start + _PIECE, section.stop)
        if stop < section.stop:
            line_feed = content.buffer.rfind(b"\n", start, stop)
            line_feed = line_feed if line_feed >= 0 else content.buffer.find(b"\n", stop, section.stop)
            stop = line_feed + 1 if line_feed >= 0 else section.stop
        written = content.buffer[start:stop]
        raw = written.replace(b"\r\n", b"\n")
        if b"\r" in raw:
            raw = _AT_LINE_END.sub(b"\n", raw) if stop < section.stop else _AT_LINE_END.sub(_line_end, raw)
        raw = raw.translate(_EXCHANGED) if decimal == b"," else raw
        yield _Piece(raw, written, line, last=stop == len(content.buffer))
        line += raw.count(b"\n")
        start = stop


def _line_end(match: re.Match[bytes]) -> bytes:
    """Return the line feed of a line's end; the end of the file may have lost it."""
    return b"\n" if match[0].endswith(b"\n") else b""


def _decimal_mark(content: Content, section: Section) -> bytes:
    """Return the decimal mark of a section: the first comma or point in it; a point if there is none."""
    point = content.buffer.find(b".", section.start, section.stop)
    comma = content.buffer.find(b",", section.start, section.stop if point < 0 else point)
    return b"," if comma >= 0 else b"."


def _table(raw: bytes, columns: int) -> FloatArray | None:
    """Return the numbers of whole lines, shape (n, columns), or None; lines that are blank do not count."""
    if not raw.strip():
        return np.empty((0, columns))
    if raw.translate(None, _NUMERIC) or len(raw) > _PIECE + columns * _LONGEST_NUMBER:
        return None
    try:
        table = np.loadtxt(io.BytesIO(raw), dtype=np.float64, comments=None, ndmin=2)
    except ValueError:
        return None
    return table if table.shape[1] == columns and bool(np.isfinite(table).all()) else None


def _report_rows(piece: _Piece, columns: int, layout: Layout | None, problems: Problems) -> None:
    """Report every row that does not hold as many finite numbers as there are columns, until that is enough.

    A row that does is reported if it is not laid out like the others.
    """
    lines = piece.written.split(b"\n")
    last = piece.line + len(lines) - 1
    for number, (row, line) in enumerate(zip(piece.raw.split(b"\n"), lines, strict=True), start=piece.line):
        if problems.full:
            return
        if len(row) > columns * _LONGEST_NUMBER and (count := _count_words(row)) != columns:
            problems.add("row-length", number, expected=columns, found=count)
            continue
        count = 0
        for count, word in enumerate(_WORD.finditer(row), start=1):  # noqa: B007 counted to the end
            if not _NUMBER.fullmatch(word[0]) or not math.isfinite(float(word[0])):
                problems.add("not-a-number", number, found=excerpt(line[word.start() : word.end()].decode("latin-1")))
                break
        else:
            if count not in (0, columns):
                problems.add("row-length", number, expected=columns, found=count)
            elif layout is not None and not layout.has(line, last=number == last):
                problems.add("row-layout", number)


def _count_words(row: bytes) -> int:
    """Return how many words a row has, without making an object of each."""
    characters = np.frombuffer(b" " + row, np.uint8)
    blank = (characters == ord(" ")) | (characters == ord("\t"))
    return int(np.count_nonzero(blank[:-1] & ~blank[1:]))


def _report_cut_row(piece: _Piece, previous: bytes, problems: Problems) -> None:
    """Report a last row of the file that may have been cut: it has no line end and another length than the one before.

    A number that was cut is still a number, so its length is all that tells.
    """
    rows = [row for row in piece.raw.split(b"\n") if row.strip()]
    if not rows or piece.raw.rstrip(b" \t").endswith(b"\n"):
        return
    before = rows[-2] if len(rows) > 1 else previous
    if len(rows[-1].rstrip()) != len(before.rstrip()):
        line = piece.line + piece.raw.count(b"\n")
        problems.add("cut-row", line, found=excerpt(rows[-1].decode("latin-1")))


def _last_row(piece: _Piece) -> bytes:
    return next((row for row in reversed(piece.raw.split(b"\n")) if row.strip()), b"")


def _line_of_last_row(piece: _Piece, before: int) -> int:
    """Return the line of the last row so far; ``before`` was that of the pieces before this one."""
    rows = piece.raw.rstrip()
    return piece.line + rows.count(b"\n") if rows else before


def _line_of_row(piece: _Piece, index: int) -> int:
    """Return the line of the row with this index, blank lines not counted."""
    return [number for number, row in enumerate(piece.raw.split(b"\n"), start=piece.line) if row.strip()][index]
