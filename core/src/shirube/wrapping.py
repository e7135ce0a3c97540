"""Lines for terminals: texts wrapped and tables aligned by display width, Japanese as well as Latin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from shirube.text import display_width

#: What may not begin a line (and so stays with what is before it), and what may not end one.
_NOT_FIRST: Final = "、。，．・：；？！）」』】〉》〕ー々ゃゅょっァィゥェォャュョッ,.:;?!)]}%”’…"
_NOT_LAST: Final = "（「『【〈《〔([{“‘"
_WORD: Final = re.compile(r"\s+|[^\s\u2e80-\U0003ffff]+|.")
_GAP: Final = "  "
#: No column is made narrower than this.
_NARROWEST: Final = 4

__all__ = ["grid_lines", "padded", "wrapped"]


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` as lines of at most ``width`` columns; a word that is longer is cut.

    Latin words stay whole; Japanese breaks between any two characters, but not before 、。」 or after 「. Line breaks
    of the text stay.
    """
    return [line for part in text.split("\n") for line in _wrapped_line(part, max(width, 2))]


def padded(text: str, width: int) -> str:
    """Return ``text`` with blanks up to ``width`` columns."""
    return text + " " * (width - display_width(text))


def grid_lines(
    rows: Sequence[Sequence[str]], width: int, head: Sequence[str] | None = None, indent: str = ""
) -> Iterator[str]:
    """Yield the lines of a table whose cells are wrapped so that it fits ``width`` columns.

    Args:
        rows: Cells, the same number in each row.
        width: Columns there are, the indent included.
        head: Heads of the columns, ruled off from the rows; None for a table without.
        indent: Put before each line.
    """
    every = [*([head] if head else []), *rows]
    if not every:
        return
    widths = _column_widths(every, width - len(indent))
    for row in every:
        yield from (f"{indent}{line}".rstrip() for line in _row_lines(row, widths))
        if row is head:
            yield f"{indent}{_GAP.join('-' * one for one in widths)}"


def _wrapped_line(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for piece in _pieces(text, width):
        size = display_width(piece)
        if line and used + size > width and piece.strip():
            yield line.rstrip()
            line, used = "", 0
        if line or piece.strip() or not text.strip():
            line, used = line + piece, used + size
    yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield what must stay together: words, characters with the punctuation around them; longer words in parts."""
    piece = ""
    for match in _WORD.finditer(text):
        word = match[0]
        joins = piece and not piece.isspace() and not word.isspace()
        if joins and (word[0] in _NOT_FIRST or piece[-1] in _NOT_LAST) and display_width(piece + word) <= width:
            piece += word
            continue
        yield from _parts(piece, width)
        piece = word
    yield from _parts(piece, width)


def _parts(word: str, width: int) -> Iterator[str]:
    part = ""
    for char in word:
        if display_width(part + char) > width:
            yield part
            part = ""
        part += char
    if part:
        yield part


def _column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths of columns: as wide as their cells, or narrower where that costs the fewest lines."""
    cells = [[max(map(display_width, cell.split("\n"))) for cell in row] for row in rows]
    room = width - len(_GAP) * (len(rows[0]) - 1)
    widths = [min(max(column), room) for column in zip(*cells, strict=True)]
    while sum(widths) > room and max(widths) > _NARROWEST:
        wide = [index for index, one in enumerate(widths) if one > max(_NARROWEST, max(widths) // 2)]
        widths[min(wide, key=lambda index: (_lines_of(cells, widths, index), -widths[index]))] -= 1
    return widths


def _lines_of(cells: Sequence[Sequence[int]], widths: Sequence[int], narrowed: int) -> int:
    """Return about how many lines the rows take when one column is made narrower by one."""
    tried = [one - (index == narrowed) for index, one in enumerate(widths)]
    return sum(max(-(-cell // one) for cell, one in zip(row, tried, strict=True)) for row in cells)


def _row_lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    cells = [wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    for line in zip_longest(*cells, fillvalue=""):
        yield _GAP.join(padded(cell, width) for cell, width in zip(line, widths, strict=True))
