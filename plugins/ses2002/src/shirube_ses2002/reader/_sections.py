"""Finds the sections of an SES file by their titles, in the bytes, whatever stands in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from attrs import frozen

from shirube_ses2002.reader._content import Buffer

#: Sections that SES numbers by region.
NUMBERED: Final = frozenset(
    ("Region", "Info", "Run Mode Information", "User Interface Information", "Manipulator", "Signal", "Data")
)
_TITLE: Final = re.compile(rb"\[([A-Za-z][A-Za-z0-9 _-]*?)(?: ([0-9]{1,6})(?::([0-9]{1,9}))?)?\][ \t]*\r*")
_LONGEST: Final = 120
#: A comment of several lines stands between these keys of ``[Info N]``; lines of it that look like titles are none. It
#: may speak of dates and times, but hardly as SES writes them, one after the other.
_COMMENT: Final = b"\nComments="
DATE: Final = r"[ \t]*[0-9]{1,4}[^0-9\n]{1,4}[0-9A-Za-z]{1,9}[^0-9\n]{1,4}[0-9]{1,4}"
_AFTER_COMMENT: Final = (
    re.compile(rb"\nDate=" + DATE.encode("ascii") + rb"[^\n]*\n(?:Date|Time)="),
    re.compile(rb"\nDate=[^\n]*\nTime="),
)
#: Sections as they begin, not as a comment would mention them.
_NO_COMMENT: Final = re.compile(
    rb"\n\[(?:(?:Region|Info) [0-9]+\][ \t\r]*\n(?:Region Name|Dimension [0-9]+ \w+|Instrument)=|Run Mode Information )"
)
#: How far behind ``[Info N]`` a comment is looked for.
_INFO_LENGTH: Final = 1 << 16

__all__ = ["DATE", "Section", "is_first_title", "sections"]


@frozen
class Section:
    """One section: ``[name]``, ``[name number]`` or ``[name number:block]``.

    Attributes:
        name: ``Info``, ``Region``, ``Data`` …
        number: Number of its region, None for a section of the whole file.
        block: Index of a block of three-dimensional data, from 1.
        title_at: Where the title begins.
        start: Where the line after the title begins.
        stop: Where the next title begins, or the file ends.
    """

    name: str
    number: int | None
    block: int | None
    title_at: int
    start: int
    stop: int

    @property
    def title(self) -> str:
        """The title without its brackets (``Data 1:2``)."""
        number = "" if self.number is None else f" {self.number}"
        return f"{self.name}{number}" if self.block is None else f"{self.name}{number}:{self.block}"

    def until(self, stop: int) -> Section:
        """Return the section with another end."""
        return Section(self.name, self.number, self.block, self.title_at, self.start, stop)


def sections(buffer: Buffer, start: int, most: int | None = None) -> tuple[Section, ...]:
    """Return the sections of the file in order; each but the last stops where the next one's title begins.

    Args:
        buffer: The bytes of the file.
        start: Where its text begins.
        most: How many are looked for; the last one then goes up to the end of the file.
    """
    found: list[Section] = []
    for section in islice(_titled(buffer, start), most):
        if found:
            found[-1] = found[-1].until(section.title_at)
        found.append(section)
    return tuple(found)


def is_first_title(line: bytes) -> bool:
    """Tell whether a line is ``[Info]``, with which every SES file begins."""
    match = _TITLE.fullmatch(line)
    return match is not None and match[1] == b"Info" and match[2] is None


def _titled(buffer: Buffer, start: int) -> Iterator[Section]:
    """Yield the sections, as yet without their ends. A bracket inside a line costs one look at the byte before it."""
    region: int | None = None
    comment = range(0)
    at = buffer.find(b"[", start)
    while at >= 0:
        section = None
        if at in comment:
            at = comment.stop - 1
        elif at == start or buffer[at - 1 : at] == b"\n":
            section = _section_at(buffer, at)
        if section is not None and _is_title(section, region):
            if section.name == "Region":
                region = section.number
            yield section
            comment = _comment(buffer, section)
            at = section.start - 1
        at = buffer.find(b"[", at + 1)


def _comment(buffer: Buffer, section: Section) -> range:
    """Return where the comment of an ``[Info N]`` section stands; nowhere, if none is found or what follows is none."""
    if section.name != "Info" or section.number is None:
        return range(0)
    stop = min(section.start + _INFO_LENGTH, len(buffer))
    start = buffer.find(_COMMENT, section.start, stop)
    ends = (pattern.search(buffer, start, stop) for pattern in _AFTER_COMMENT if start >= 0)
    end = next((match for match in ends if match is not None), None)
    # A section before the date means that the date is another region's: the file was cut here.
    if end is None or _NO_COMMENT.search(buffer, section.start - 1, end.start() + 1):
        return range(0)
    return range(start, end.start())


def _section_at(buffer: Buffer, at: int) -> Section | None:
    line_feed = buffer.find(b"\n", at, at + _LONGEST)
    end = line_feed if line_feed >= 0 else len(buffer)
    match = _TITLE.fullmatch(buffer[at:end]) if end <= at + _LONGEST else None
    if match is None:
        return None
    number, block = (None if text is None else int(text) for text in match.groups()[1:])
    start = min(end + 1, len(buffer))
    return Section(match[1].decode("ascii"), number, block, title_at=at, start=start, stop=len(buffer))


def _is_title(section: Section, region: int | None) -> bool:
    """Tell a title from a line of a comment that looks like one (``[sic]``, ``[note 3]``)."""
    if section.number is None:
        return region is None
    return section.name in NUMBERED or section.number == region
