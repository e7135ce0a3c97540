"""Tells whether a data section has the rows that SES writes, 24 bytes a number, and which rows are not like that.

A row that lost or gained a byte is often still a row of numbers, but other ones (``17.43`` without its point). So where
one row is as SES writes it, all must be; only a section without any was written otherwise.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._sections import Section

_NUMBER: Final = rb"[ -][0-9]%s[0-9]{14}E[+-][0-9]{4}"
#: What may stand before the line feed of every row; SES writes the first one.
_ENDS: Final = (rb"\r", rb"", rb"\r\r+")

__all__ = ["Layout", "layout_of"]


@frozen
class Layout:
    """Rows that are all laid out alike."""

    row: re.Pattern[bytes]
    last_row: re.Pattern[bytes]

    def has_all(self, rows: bytes) -> bool:
        """Tell whether all rows of a text are laid out so, or blank."""
        *others, end = rows.split(b"\n")
        return self.has(end, last=True) and all(self.has(row, last=False) for row in others)

    def has(self, row: bytes, *, last: bool) -> bool:
        """Tell whether a row is laid out so, or blank.

        Args:
            row: The row without its line feed.
            last: Whether it has none because the file ends here.
        """
        return (self.last_row if last else self.row).fullmatch(row) is not None or not row.strip()


def layout_of(content: Content, section: Section, columns: int, decimal: bytes) -> Layout | None:
    """Return how the rows of a section are laid out if one of them is as SES writes it; None if none is."""
    for end in _ENDS:
        row = _row(columns, decimal) + end
        if re.compile(b"^" + row + b"$", re.MULTILINE).search(content.buffer, section.start, section.stop):
            return Layout(re.compile(row), re.compile(_row(columns, decimal) + rb"\r*"))
    return None


def _row(columns: int, decimal: bytes) -> bytes:
    number = _NUMBER % re.escape(decimal)
    return b"(?:%s ){%d}%s" % (number, columns - 1, number)
