"""Reads one block of numbers: by fixed width where the file is as SES writes it, line by line otherwise."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._fixed_width import SLOT, decode
from shirube_ses2002.reader._free_form import Table, read_rows
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import Problems
from shirube_ses2002.reader._sections import Section

#: Bytes decoded in one go: the temporary arrays then stay in the processor's cache, and are not mapped anew each time.
_CHUNK: Final = 3 << 16
_BLANKS: Final = b" \t\r\n"
_LONGEST_TAIL: Final = 4096
#: A number and its separator take two bytes at least.
_SHORTEST: Final = 2

__all__ = ["has_room", "read_block"]


@frozen
class _Layout:
    """Rows of equal length, each number 24 bytes: how many, how long, what is the decimal mark."""

    rows: int
    columns: int
    length: int
    decimal: bytes


def has_room(section: Section, rows: int, columns: int) -> bool:
    """Tell whether a section is long enough to hold ``rows`` times ``columns`` numbers, before memory is asked for."""
    return rows * columns * _SHORTEST <= section.stop - section.start + 1


def read_block(content: Content, section: Section, into: Table, lines: Lines, problems: Problems) -> None:
    """Read the numbers of a data section into ``into``.

    Reports too few or too many rows, every row with another number of numbers or something that is not a finite number,
    and a cut last number; with the line.
    """
    first_line = lines.at(section.start)
    layout = _layout(content, section, *into.values.shape)
    if layout is not None and _read_fixed(content, section, layout, into):
        end = section.start + layout.rows * layout.length
        if end <= section.stop:
            lines.learn(end, first_line + layout.rows)
        return
    rows, columns = into.values.shape
    read_rows(content, section, (rows, columns + 1), into, first_line, problems)


def _layout(content: Content, section: Section, rows: int, columns: int) -> _Layout | None:
    """Return the fixed-width layout that the first line and the length of the section allow, or None."""
    slots = SLOT * (columns + 1)
    first = content.buffer[section.start : min(section.start + slots + 1, section.stop)]
    length = first.find(b"\n") + 1 or slots + first.endswith(b"\r")
    used = rows * length
    missing = section.start + used - section.stop
    may_miss = length - slots + 1 if section.stop == len(content.buffer) else 0
    if length not in (slots, slots + 1) or missing > may_miss or not _only_blanks(content, section, used):
        return None
    return _Layout(rows, columns + 1, length, first[2:3])


def _only_blanks(content: Content, section: Section, used: int) -> bool:
    """Whether nothing follows the first ``used`` bytes of a section."""
    start = section.start + used
    return section.stop - start <= _LONGEST_TAIL and not content.buffer[start : section.stop].strip(_BLANKS)


def _read_fixed(content: Content, section: Section, layout: _Layout, into: Table) -> bool:
    """Decode all rows, in chunks; False as soon as a byte is not where SES puts it."""
    if layout.decimal not in (b".", b","):
        return False
    step = max(1, _CHUNK // layout.length)
    for row in range(0, layout.rows, step):
        count = min(step, layout.rows - row)
        start = section.start + row * layout.length
        raw = content.buffer[start : min(start + count * layout.length, section.stop)]
        missing = count * layout.length - len(raw)
        raw += b"\r\n"[2 - missing :]
        table = decode(np.frombuffer(raw, np.uint8).reshape(count, layout.length), layout.columns, layout.decimal)
        if table is None:
            return False
        into.energies[row : row + count] = table[:, 0]
        into.values[row : row + count] = table[:, 1:]
    return True
