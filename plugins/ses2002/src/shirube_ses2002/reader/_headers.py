"""Reads the keys of header sections, every one as it is spelt, with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Final

from attrs import frozen

from shirube.records import RawValue, Remark
from shirube.text import decode
from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import Problems, excerpt, problem, remark
from shirube_ses2002.reader._sections import DATE, Section

#: A comment may go on over several lines, of whatever text, up to the key that SES writes next.
_FREE_TEXT: Final = "Comments="
_AFTER_FREE_TEXT: Final = frozenset(
    ("Date", "Time", "Time per Spectrum Channel", "DetectorMode", "Detector Channels", "ThetaX", "ThetaY")
)
_DATED: Final = re.compile(f"Date={DATE}")
#: Separates the columns of a manipulator table, whose lines have no keys.
_COLUMN: Final = "\x0b"
#: A line of these is blank; one of vertical tabs is a row of a table, with empty cells.
_BLANKS: Final = " \t\r"
#: Sections that have keys only, each once; what a run mode or a manipulator writes is its own.
_KEYS_ONLY: Final = frozenset(("Info", "Region"))

__all__ = ["Header", "HeaderTexts", "decode_headers", "keyless_remarks", "parse_header"]


@frozen
class HeaderTexts:
    """The decoded lines of header sections, by section, and the encoding of them all."""

    by_section: Mapping[Section, Sequence[str]]
    encoding: str


@frozen
class Header:
    """The keys of one section, in order; a line without a key has the key ``""``.

    Attributes:
        section: The section.
        line: Line of its title.
        values: The keys with their values.
    """

    section: Section
    line: int
    values: tuple[RawValue, ...]

    def get(self, key: str) -> RawValue | None:
        """Return the value of ``key``, the first where it stands twice, None where it does not stand."""
        return next((value for value in self.values if value.key == key), None)

    def text(self, key: str) -> str:
        """Return the value of ``key`` as written, ``""`` where it does not stand."""
        value = self.get(key)
        return "" if value is None else str(value.value)


def decode_headers(content: Content, sections: Iterable[Section], encoding: str | None, lines: Lines) -> HeaderTexts:
    """Return the lines of header sections, decoded together, because one encoding holds for a whole file.

    Args:
        content: The file.
        sections: The sections.
        encoding: The encoding, if the file itself does not state one; None to find it.
        lines: The lines of the file.

    Raises:
        InputError: A line is not in that encoding.
    """
    raw = {section: _raw_lines(content, section) for section in sections}
    joined = b"\n".join(line for mine in raw.values() for line in mine)
    if joined.isascii():
        text, found = joined.decode("ascii"), "ascii"
    elif encoding is None or content.start or content.encoding:
        decoded = decode(joined)
        text, found = decoded.text, decoded.encoding
    else:
        text, found = _decoded(content, raw, joined, encoding, lines), encoding
    # Not splitlines(): a vertical tab or a next-line character stands within a line.
    texts = text.split("\n")
    stops = list(accumulate(len(mine) for mine in raw.values()))
    by_section = {
        section: texts[stop - len(mine) : stop] for (section, mine), stop in zip(raw.items(), stops, strict=True)
    }
    return HeaderTexts(by_section, found)


def _decoded(
    content: Content, raw: Mapping[Section, Sequence[bytes]], joined: bytes, encoding: str, lines: Lines
) -> str:
    """Return the text in an encoding that somebody stated."""
    try:
        return joined.decode(encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        index = joined.count(b"\n", 0, start)
        at = [(section, number) for section, mine in raw.items() for number in range(1, len(mine) + 1)][index]
        line = lines.at(at[0].title_at) + at[1]
        raise problem(content.name, "wrong-encoding", line, encoding=encoding) from None


def parse_header(section: Section, title_line: int, texts: Sequence[str], problems: Problems) -> Header:
    """Return the keys of a section; report lines that were never written or lost their ends, and keys said twice."""
    title = section.title
    comment = _comment(texts)
    values: list[RawValue] = []
    for index, text in enumerate(texts):
        line = title_line + 1 + index
        if "\0" in text:
            problems.add("nul-character", line, section=title)
        elif "\r" in text and _lost_line_end(text, comment=comment.start - 1 <= index < comment.stop):
            problems.add("carriage-return", line, section=title)
        if index in comment:
            continue
        if index == comment.start - 1:
            text = "\n".join(texts[index : comment.stop])  # noqa: PLW2901 the comment, from its key to its last line
        if text.strip(_BLANKS):
            key, equals, value = text.partition("=")
            if not equals or key.startswith(_COLUMN):
                key, value = "", text
            values.append(RawValue(key, value, title, problems.file, line))
    if section.name in _KEYS_ONLY:
        _report_contradictions(values, problems)
    return Header(section, title_line, tuple(values))


def keyless_remarks(header: Header) -> Iterator[Remark]:
    """Yield a remark for each line without a key in a section where SES writes keys only."""
    if header.section.name not in _KEYS_ONLY:
        return
    for value in header.values:
        if not value.key:
            yield remark(str(value.file), "no-key", value.line, found=excerpt(str(value.value)))


def _raw_lines(content: Content, section: Section) -> list[bytes]:
    """Return the lines of a section without line ends, and without those that are blank at its end."""
    lines = [line.rstrip(b"\r") for line in content.buffer[section.start : section.stop].rstrip(b"\r\n").split(b"\n")]
    while lines and not lines[-1].strip(_BLANKS.encode()):
        lines.pop()
    return lines


def _comment(texts: Sequence[str]) -> range:
    """Return the indices of a comment's further lines: up to the next key that SES writes, or else up to any key."""
    first = next((index for index, text in enumerate(texts) if text.startswith(_FREE_TEXT)), None)
    if first is None:
        return range(0)
    start = first + 1
    keys = {index: texts[index].partition("=")[0] for index in range(start, len(texts)) if "=" in texts[index]}
    dates = [index for index, key in keys.items() if key == "Date" and keys.get(index + 1) in ("Time", "Date")]
    # A comment may speak of a date, but not of a date and a time as SES writes them.
    dated = (index for index in dates if _DATED.match(texts[index]))
    timed = (index for index in dates if keys[index + 1] == "Time")
    following = (index for index, key in keys.items() if key in _AFTER_FREE_TEXT)
    end = next(chain(dated, timed, following, keys), len(texts))
    while end > start and not texts[end - 1].strip(_BLANKS):
        end -= 1
    return range(start, end)


def _lost_line_end(text: str, *, comment: bool) -> bool:
    """Tell whether a carriage return was the end of a line; in a comment it is text, unless a key follows."""
    return not comment or any(part.partition("=")[0] in _AFTER_FREE_TEXT for part in text.split("\r")[1:])


def _report_contradictions(values: Iterable[RawValue], problems: Problems) -> None:
    said: dict[str, RawValue] = {}
    for value in values:
        first = said.setdefault(value.key, value)
        if value.key and first.value != value.value:
            problems.add("key-twice", value.line, key=excerpt(value.key))
