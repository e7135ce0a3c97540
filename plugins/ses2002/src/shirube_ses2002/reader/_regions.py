"""Groups the sections of a file by region and checks that all are there, in order and numbered as they should be."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import Problems
from shirube_ses2002.reader._sections import Section

__all__ = ["Region", "group", "is_whole"]


@frozen
class Region:
    """The sections of one region.

    Attributes:
        position: Its place in the file, from 1; its number, if all is well.
        sections: All its sections, ``[Region N]`` first.
    """

    position: int
    sections: tuple[Section, ...]

    @property
    def number(self) -> int | None:
        """The number in its title."""
        return self.sections[0].number

    @property
    def headers(self) -> tuple[Section, ...]:
        """Its sections of keys."""
        return tuple(section for section in self.sections if section.name != "Data")

    @property
    def blocks(self) -> tuple[Section, ...]:
        """Its sections of numbers."""
        return tuple(section for section in self.sections if section.name == "Data")


def group(found: Sequence[Section]) -> tuple[tuple[Section, ...], tuple[Region, ...]]:
    """Return the sections before the first region, and the regions."""
    starts = [index for index, section in enumerate(found) if section.name == "Region" and section.number is not None]
    stops = [*starts[1:], len(found)]
    regions = tuple(
        Region(position, tuple(found[start:stop]))
        for position, (start, stop) in enumerate(zip(starts, stops, strict=False), start=1)
    )
    return tuple(found[: starts[0] if starts else len(found)]), regions


def is_whole(region: Region, earlier: set[int | None], lines: Lines, problems: Problems) -> bool:
    """Tell whether a region has all its sections, and report what is wrong with them.

    One whose number is wrong can be read all the same, if its sections agree with it and no ``earlier`` region has it.
    """
    line = lines.at(region.sections[0].title_at)
    if region.number == region.position:
        before = len(problems)
        if region.number in earlier:
            problems.add("section-twice", line, title=region.sections[0].title)
        _report_sections(region, lines, problems)
        return len(problems) == before
    problems.add("region-number", line, expected=region.position, found=region.number)
    if region.number in earlier:
        return False
    # What is wrong with its sections follows from its number, as a rule.
    unreported = Problems(problems.file)
    _report_sections(region, lines, unreported)
    return not unreported


def _report_sections(region: Region, lines: Lines, problems: Problems) -> None:
    number = region.number
    seen: set[str] = set()
    for section in region.sections:
        if section.number != number:
            problems.add("section-of-other-region", lines.at(section.title_at), title=section.title, region=number)
        elif section.title in seen:
            problems.add("section-twice", lines.at(section.title_at), title=section.title)
        seen.add(section.title)
    if f"Info {number}" not in seen:
        line = lines.at(region.sections[0].title_at)
        problems.add("section-missing", line, title=f"Info {number}", region=number)
    if not region.blocks:
        end = lines.at(region.sections[-1].stop)
        problems.add("section-missing", end, title=f"Data {number}", region=number)
