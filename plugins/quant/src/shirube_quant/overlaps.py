"""Overlaps: lines of other elements of an entry within a region, whose intensity counts as that of its own level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from shirube.errors import InputError
from shirube.messages import Message
from shirube_quant.crosssections import Level, cross_section
from shirube_quant.lines import core_lines
from shirube_quant.measuring import Line
from shirube_quant.phrases import message

#: Lines with less than this part of the cross section of the region's own level are passed over.
_LEAST: Final = 0.05

__all__ = ["overlaps"]


def overlaps(line: Line, elements: Iterable[str]) -> Iterator[Message]:
    """Yield what is to be said of lines of other elements that lie within the region of a line.

    Args:
        line: A line of a region; one of a survey has its window to itself.
        elements: What the entry holds.
    """
    low, high = line.ends
    for element in sorted(set(elements) - {line.level.element}):
        near = [one for one in core_lines().get(element, ()) if low < one.energy < high]
        strong = [one for one in near if _is_strong(one.level, line)]
        if strong:
            listed = ", ".join(f"{one.level} ({one.energy:.0f} eV)" for one in strong)
            yield message("overlap", region=line.region, lines=listed, level=line.level)


def _is_strong(level: Level, line: Line) -> bool:
    photon_energy = line.acquisition.photon_energy
    try:
        return cross_section(level, photon_energy) > _LEAST * cross_section(line.level, photon_energy)
    except InputError:
        # What is not excited there disturbs nothing.
        return False
