"""Groups the sections of a file by region and checks that all are there, in order and numbered as they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from shirube.errors import InputError
from shirube_ses2002.reader._lines import Lines
from shirube_ses2002.reader._problems import problem
from shirube_ses2002.reader._sections import Section

__all__ = ["Region", "group", "structure_problems"]


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


def structure_problems(region: Region, lines: Lines, file: str) -> Iterator[InputError]:
    """Yield what is wrong with the sections of a region; it can be read only if nothing is."""
    line = lines.at(region.sections[0].title_at)
    number = region.number
    if number != region.position:
        yield problem(file, "region-number", line, expected=region.position, found=number)
        return
    seen: set[str] = set()
    for section in region.sections:
        if section.number != number:
            at = lines.at(section.title_at)
            yield problem(file, "section-of-other-region", at, title=section.title, region=number)
        elif section.title in seen:
            yield problem(file, "section-twice", lines.at(section.title_at), title=section.title)
        seen.add(section.title)
    if f"Info {number}" not in seen:
        yield problem(file, "section-missing", line, title=f"Info {number}", region=number)
    if not region.blocks:
        end = lines.at(region.sections[-1].stop)
        yield problem(file, "section-missing", end, title=f"Data {number}", region=number)
