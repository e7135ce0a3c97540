"""Lines of a file of two columns by what they are: comments, headings, rows of numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.builtin.rows import COMMENTS, begins_with_number, cells_of, is_row, layout_of, parts, plain, uniform
from shirube.sources import HEAD, SourceFile
from shirube.text import decode

#: So many columns are more than can be read without being told which.
SEVERAL: Final = 3
#: Fewer rows of numbers are no spectrum.
FEWEST: Final = 3
#: What opens a section of another format is no heading.
_SECTION: Final = re.compile(r"\s*\[.*\]\s*")
_CONTROL: Final = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")

__all__ = [
    "FEWEST",
    "SEVERAL",
    "Line",
    "Lines",
    "are_mostly_pairs",
    "are_pairs",
    "is_blank",
    "lines_in",
    "lines_of_head",
]


@frozen
class Line:
    """A line of the file, and what it says in plain signs, its cells parted."""

    number: int
    text: str
    plain: str


@frozen
class Lines:
    """The lines of a file by what they are, blank ones left out.

    Attributes:
        comments: Those that say they are.
        headings: Those before the first row that are no numbers.
        rows: All others, which should be numbers.
    """

    comments: tuple[Line, ...] = field(converter=as_tuple)
    headings: tuple[Line, ...] = field(converter=as_tuple)
    rows: tuple[Line, ...] = field(converter=as_tuple)

    @property
    def heading(self) -> Line | None:
        """The line above the first row, which names the columns; None without any."""
        return self.headings[-1] if self.headings else None

    def names(self, number: int) -> list[str]:
        """Return what so many columns are called, by their numbers where nothing calls them."""
        heading = [] if self.heading is None else parts(self.heading.plain)
        return heading if len(heading) == number else [str(one) for one in range(1, number + 1)]


def lines_in(text: str) -> Lines:
    """Return the lines of a text, numbered as editors count them; str.splitlines would split at more than line ends."""
    return _sorted(_numbered(text))


def lines_of_head(source: SourceFile) -> Lines:
    """Return the lines of the beginning of a file; the last of a longer one may be cut, and is left out."""
    head = source.head
    lines = _numbered(decode(head, partial=True).text)
    return _sorted(lines if len(head) < HEAD else lines[:-1])


def is_blank(source: SourceFile) -> bool:
    """Tell whether nothing but blanks is in a file."""
    return not decode(source.head, partial=True).text.strip() and not decode(source.read_bytes()).text.strip()


def are_pairs(lines: Lines) -> bool:
    """Tell whether every line, but comments and at most one of headings, is two numbers."""
    return len(lines.headings) <= 1 and _may_be_headings(lines) and _all_pairs(lines)


def are_mostly_pairs(lines: Lines) -> bool:
    """Tell whether more than half of the lines, comments aside, are two numbers, as in a file with damaged rows."""
    everything = (*lines.headings, *lines.rows)
    if not _may_be_headings(lines) or any(_SECTION.fullmatch(line.text) for line in everything):
        return False
    layout = layout_of([line.plain for line in lines.rows])
    pairs = sum(layout.fits(line.plain) for line in lines.rows)
    return pairs >= FEWEST and 2 * pairs > len(everything)


def _numbered(text: str) -> list[Line]:
    lines = re.split(r"\r\n|\r|\n", text)
    return [Line(number, *both) for number, both in enumerate(zip(lines, plain(lines), strict=True), start=1)]


def _sorted(lines: Sequence[Line]) -> Lines:
    written = [line for line in lines if line.text.strip()]
    marks = COMMENTS if any(";" in line.text and is_row(line.plain) for line in written) else (*COMMENTS, ";")
    comments = [line for line in written if line.text.lstrip().startswith(marks)]
    rest = [line for line in written if not line.text.lstrip().startswith(marks)]
    headings = _headings(rest)
    return Lines(comments, headings, rest[len(headings) :])


def _headings(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines before the first of numbers, but those at their end that seem to be damaged rows."""
    several = (_is_several(pair) for pair in zip(lines, [*lines[1:], *lines[-1:]], strict=True))
    first = next((place for place, many in enumerate(several) if many or is_row(lines[place].plain)), None)
    if first is None:
        # no numbers at all: the first line may be of headings, the others must be wrong
        return lines[:1]
    while first > 1 and begins_with_number(lines[first - 1].plain):
        first -= 1
    return lines[:first]


def _is_several(lines: Sequence[Line]) -> bool:
    """Tell whether lines hold three or more numbers each, all as many."""
    numbers = {len(cells_of(line.plain)) for line in lines}
    return len(numbers) == 1 and max(numbers) >= SEVERAL


def _may_be_headings(lines: Lines) -> bool:
    return not any(_SECTION.fullmatch(line.text) or _CONTROL.search(line.text) for line in lines.headings)


def _all_pairs(lines: Lines) -> bool:
    return bool(lines.rows) and uniform([line.plain for line in lines.rows])
