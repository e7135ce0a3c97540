"""Reads a whole SES file: its regions one after the other, and everything that is wrong with it in one pass."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from shirube.errors import InputError
from shirube.records import RawValue, Remark, Spectrum
from shirube_ses2002.reader._content import Content
from shirube_ses2002.reader._dimensions import whole_number
from shirube_ses2002.reader._headers import Header, HeaderTexts, decode_headers, parse_header
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import all_of, excerpt, problem, remark
from shirube_ses2002.reader._regions import Region, group, structure_problems
from shirube_ses2002.reader._sections import Section, is_first_title, sections
from shirube_ses2002.reader._spectra import RegionRead, read_region

__all__ = ["FileRead", "first_line", "read_content"]


@frozen
class FileRead:
    """What a data file says."""

    spectra: tuple[Spectrum, ...]
    metadata: tuple[RawValue, ...]
    remarks: tuple[Remark, ...]


def read_content(content: Content, *, lenient: bool) -> FileRead:
    """Return what the file says.

    Args:
        content: Its bytes.
        lenient: Read the complete regions of a broken file; what is wrong with the others becomes remarks.

    Raises:
        InputError: The file is not an SES text file or is broken.
    """
    if len(content.buffer) == content.start:
        raise problem(content.name, "empty")
    if not is_first_title(first_line(content.buffer[:1024], content.start)):
        raise problem(content.name, "not-ses", 1)
    lines = Lines(content.buffer)
    whole, regions = group(sections(content.buffer, content.start))
    texts = decode_headers(content, [*whole, *(section for region in regions for section in region.headers)])
    headers = [_header(section, texts, lines, content.name) for section in whole]
    read, problems = _read_regions(content, regions, texts, lines)
    problems += _count_problems(headers, regions, content.name)
    if problems and not (lenient and read):
        raise all_of(problems)
    skipped = tuple(remark(content.name, "region-skipped", one.line, reason=one.message) for one in problems)
    return FileRead(
        spectra=tuple(region.spectrum for region in read),
        metadata=tuple(value for header in headers for value in header.values),
        remarks=(*_encoding_remarks(content, texts), *(one for region in read for one in region.remarks), *skipped),
    )


def first_line(head: bytes, start: int) -> bytes:
    """Return the first line of a file's first bytes, without its line end, whatever that is."""
    return head[start:].replace(b"\r", b"\n").partition(b"\n")[0]


def _read_regions(
    content: Content, regions: Sequence[Region], texts: HeaderTexts, lines: Lines
) -> tuple[list[RegionRead], list[InputError]]:
    read: list[RegionRead] = []
    problems: list[InputError] = []
    for region in regions:
        structural = list(structure_problems(region, lines, content.name))
        problems += structural
        if structural:
            continue
        try:
            headers = [_header(section, texts, lines, content.name) for section in region.headers]
            read.append(read_region(content, region, headers, lines))
        except InputError as error:
            problems.append(error)
    return read, problems


def _header(section: Section, texts: HeaderTexts, lines: Lines, file: str) -> Header:
    return parse_header(section, lines.at(section.title_at), texts.by_section[section], file)


def _count_problems(headers: Sequence[Header], regions: Sequence[Region], file: str) -> list[InputError]:
    """Return what is wrong with the number of regions that the file states, and with sections before the first."""
    problems = [
        problem(file, "section-before-region", header.line, title=header.section.title)
        for header in headers
        if header.section.number is not None
    ]
    stated = headers[0].get("Number of Regions")
    if stated is None:
        return [*problems, problem(file, "key-missing", headers[0].line, key="Number of Regions", section="Info")]
    count = whole_number(str(stated.value))
    if count is None:
        found = excerpt(str(stated.value))
        return [*problems, problem(file, "not-a-size", stated.line, key=stated.key, found=found)]
    if not regions:
        return [*problems, problem(file, "no-region", stated.line)]
    if count != len(regions):
        problems.append(problem(file, "region-count", stated.line, expected=count, found=len(regions)))
    return problems


def _encoding_remarks(content: Content, texts: HeaderTexts) -> tuple[Remark, ...]:
    encoding = content.encoding or texts.encoding
    if encoding in ("ascii", "utf-8"):
        return ()
    return (remark(content.name, "encoding", encoding=encoding),)
