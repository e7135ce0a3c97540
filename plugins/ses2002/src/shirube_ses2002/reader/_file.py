"""Reads a whole SES file: its regions one after the other, and everything that is wrong with it in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from shirube.records import RawValue, Remark, Spectrum
from shirube_ses2002.reader._content import Content, count_lines
from shirube_ses2002.reader._dimensions import whole_number
from shirube_ses2002.reader._headers import Header, HeaderTexts, decode_headers, keyless_remarks, parse_header
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import Problems, excerpt, problem, remark
from shirube_ses2002.reader._regions import Region, group, is_whole
from shirube_ses2002.reader._sections import Section, is_first_title, sections
from shirube_ses2002.reader._spectra import RegionRead, read_region

#: After its last row SES ends the line and writes a blank one.
_LAST_LINE_ENDS: Final = 2
#: So many sections and header lines any file may have, and one more for so many bytes. Files of SES have far fewer; a
#: damaged one that has more would take memory out of proportion.
_SECTIONS: Final = 4096
_BYTES_A_SECTION: Final = 64
_LINES: Final = 10_000
_BYTES_A_LINE: Final = 16

__all__ = ["FileRead", "first_line", "read_content"]


@frozen
class FileRead:
    """What a data file says."""

    spectra: tuple[Spectrum, ...]
    metadata: tuple[RawValue, ...]
    remarks: tuple[Remark, ...]


def read_content(content: Content, *, lenient: bool, encoding: str | None = None) -> FileRead:
    """Return what the file says.

    Args:
        content: Its bytes.
        lenient: Read the complete regions of a broken file; what is wrong with the others becomes remarks.
        encoding: The encoding of texts that are neither ASCII nor marked as UTF-8 or UTF-16; None to find it.

    Raises:
        InputError: The file is not an SES text file or is broken.
    """
    if len(content.buffer) == content.start:
        raise problem(content.name, "empty")
    if not is_first_title(first_line(content.buffer[:1024], content.start)):
        raise problem(content.name, "not-ses", 1)
    lines = Lines(content.buffer)
    problems = Problems(content.name)
    whole, regions = group(_sections(content, lines))
    all_headers = [*whole, *(section for region in regions for section in region.headers)]
    _check_lines(content, all_headers)
    texts = decode_headers(content, all_headers, encoding, lines)
    headers = [_header(section, texts, lines, problems) for section in whole]
    by_region = _read_regions(content, regions, texts, lines, problems)
    read = [one for one in by_region if one is not None]
    _check_count(headers, regions, problems)
    if problems and not (lenient and read):
        raise problems.error()
    return FileRead(
        spectra=tuple(region.spectrum for region in read),
        metadata=tuple(value for header in headers for value in header.values),
        remarks=(
            *_encoding_remarks(content, texts, encoding),
            *(one for header in headers for one in keyless_remarks(header)),
            *(one for region in read for one in region.remarks),
            *(_end_remarks(content, lines) if by_region[-1] is not None else ()),
            *problems.remarks(),
        ),
    )


def first_line(head: bytes, start: int) -> bytes:
    """Return the first line of a file's first bytes, without its line end, whatever that is."""
    return head[start:].replace(b"\r", b"\n").partition(b"\n")[0]


def _sections(content: Content, lines: Lines) -> Sequence[Section]:
    most = _SECTIONS + len(content.buffer) // _BYTES_A_SECTION
    found = sections(content.buffer, content.start, most + 1)
    if len(found) > most:
        raise problem(content.name, "too-many-sections", lines.at(found[-1].title_at), most=most)
    return found


def _check_lines(content: Content, headers: Iterable[Section]) -> None:
    most = _LINES + len(content.buffer) // _BYTES_A_LINE
    if sum(count_lines(content.buffer, section.start, section.stop) for section in headers) > most:
        raise problem(content.name, "too-many-lines", most=most)


def _read_regions(
    content: Content, regions: Sequence[Region], texts: HeaderTexts, lines: Lines, problems: Problems
) -> list[RegionRead | None]:
    """Return each region in which nothing is wrong, None for the others."""
    read: list[RegionRead | None] = []
    earlier: set[int | None] = set()
    for region in regions:
        before = len(problems)
        one = None
        if is_whole(region, earlier, lines, problems):
            inside = len(problems)
            headers = [_header(section, texts, lines, problems) for section in region.headers]
            found = read_region(content, region, headers, lines, problems)
            one = found if len(problems) == inside else None
        if one is None:
            problems.spoil_since(before)
        read.append(one)
        earlier.add(region.number)
    return read


def _header(section: Section, texts: HeaderTexts, lines: Lines, problems: Problems) -> Header:
    return parse_header(section, lines.at(section.title_at), texts.by_section[section], problems)


def _check_count(headers: Sequence[Header], regions: Sequence[Region], problems: Problems) -> None:
    """Report what is wrong with the number of regions that the file states, and sections before the first region."""
    for header in headers:
        if header.section.number is not None:
            before = len(problems)
            problems.add("section-before-region", header.line, title=header.section.title)
            if header.section.name == "Data":
                problems.spoil_since(before)
    stated = headers[0].get("Number of Regions")
    if stated is None:
        problems.add("key-missing", headers[0].line, key="Number of Regions", section="Info")
        return
    count = whole_number(str(stated.value))
    if count is None:
        problems.add("not-a-size", stated.line, key=stated.key, found=excerpt(str(stated.value)))
    elif not regions:
        problems.add("no-region", stated.line)
    elif count != len(regions):
        problems.add("region-count", stated.line, expected=count, found=len(regions))


def _encoding_remarks(content: Content, texts: HeaderTexts, stated: str | None) -> tuple[Remark, ...]:
    if content.encoding is not None:
        return (remark(content.name, "encoding-marked", encoding=content.encoding),)
    if texts.encoding in ("ascii", "utf-8", stated):
        return ()
    return (remark(content.name, "encoding", encoding=texts.encoding),)


def _end_remarks(content: Content, lines: Lines) -> tuple[Remark, ...]:
    """Return a remark if the file does not end with the end of its last row and a blank line."""
    size = len(content.buffer)
    start = max(0, size - 64)
    tail = content.buffer[start:size]
    end = start + len(tail.rstrip(b" \t\r\n"))
    if end == start or count_lines(content.buffer, end, size) >= _LAST_LINE_ENDS:
        return ()
    return (remark(content.name, "lost-line-end", lines.at(end)),)
