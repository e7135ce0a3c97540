"""Reads the keys of header sections, every one as it is spelt, with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Final

from attrs import evolve, frozen

from shirube.records import RawValue
from shirube.text import decode
from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._problems import problem
from shirube_ses2002.reader._sections import Section

#: A comment may go on over several lines, of whatever text, up to the key that SES writes next.
_FREE_TEXT: Final = "Comments"
_AFTER_FREE_TEXT: Final = frozenset(("Date", "Time", "Time per Spectrum Channel", "DetectorMode", "ThetaX", "ThetaY"))
#: Separates the columns of a manipulator table, whose lines have no keys.
_COLUMN: Final = "\x0b"

__all__ = ["Header", "HeaderTexts", "decode_headers", "parse_header"]


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


def decode_headers(content: Content, sections: Iterable[Section]) -> HeaderTexts:
    """Return the lines of header sections, decoded together, because one encoding holds for a whole file."""
    raw = {section: _raw_lines(content, section) for section in sections}
    joined = b"\n".join(line for lines in raw.values() for line in lines)
    if joined.isascii():
        text, encoding = joined.decode("ascii"), "ascii"
    else:
        decoded = decode(joined)
        text, encoding = decoded.text, decoded.encoding
    # Not splitlines(): a vertical tab or a next-line character stands within a line.
    lines = text.split("\n")
    stops = list(accumulate(len(mine) for mine in raw.values()))
    by_section = {
        section: lines[stop - len(mine) : stop] for (section, mine), stop in zip(raw.items(), stops, strict=True)
    }
    return HeaderTexts(by_section, encoding)


def parse_header(section: Section, title_line: int, texts: Sequence[str], file: str) -> Header:
    """Return the keys of a section.

    Raises:
        InputError: A line holds a NUL character: part of the file was never written.
    """
    values: list[RawValue] = []
    title = section.title
    comment_end = _comment_end(texts)
    for index, text in enumerate(texts):
        line = title_line + 1 + index
        if "\0" in text:
            raise problem(file, "nul-character", line, section=title)
        if values and values[-1].key == _FREE_TEXT and index < comment_end:
            values[-1] = evolve(values[-1], value=f"{values[-1].value}\n{text}")
        elif text.strip():
            key, value = _key_and_value(text)
            values.append(RawValue(key, value, title, file, line))
    return Header(section, title_line, tuple(values))


def _raw_lines(content: Content, section: Section) -> list[bytes]:
    """Return the lines of a section without line ends, and without those that are blank at its end."""
    lines = [line.rstrip(b"\r") for line in content.buffer[section.start : section.stop].split(b"\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _comment_end(texts: Sequence[str]) -> int:
    """Return the index behind the comment's last line: before the next key that SES writes, or else before any key."""
    start = next((index + 1 for index, text in enumerate(texts) if text.startswith(f"{_FREE_TEXT}=")), len(texts))
    keys = {index: texts[index].partition("=")[0] for index in range(start, len(texts)) if "=" in texts[index]}
    following = (index for index, key in keys.items() if key in _AFTER_FREE_TEXT)
    end = next(following, next(iter(keys), len(texts)))
    while end > start and not texts[end - 1].strip():
        end -= 1
    return end


def _key_and_value(text: str) -> tuple[str, str]:
    if "=" not in text or text.startswith(_COLUMN):
        return "", text
    key, _, value = text.partition("=")
    return key, value
