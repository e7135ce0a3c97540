"""Areas of lines in a survey: windows around them, where no other line that was found disturbs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube.messages import Message
from shirube.records import Axis, Facts, Spectrum
from shirube_quant.acquisition import acquisition
from shirube_quant.crosssections import Level
from shirube_quant.integration import LEAST, integrate
from shirube_quant.lines import core_lines
from shirube_quant.measuring import Area, Line
from shirube_quant.phrases import message

#: How far a window reaches beyond its lines, eV, and how near a line of another level is not within it.
_REACH: Final = 6.0
_CLEAR: Final = 1.5

__all__ = ["Found", "survey_lines"]


@frozen
class Found:
    """A line that was found in a survey.

    Attributes:
        level: One line, or a whole level.
        position: Binding energy in eV.
    """

    level: Level
    position: float


def survey_lines(
    spectrum: Spectrum, facts: Facts, found: Sequence[Found]
) -> tuple[tuple[Line, ...], tuple[Message, ...]]:
    """Return the areas of core levels in a survey, and why others have none.

    The two lines of a doublet make one level. A level is left out if a line of another one lies in its window, if its
    window leaves the survey, or if its area is not above zero.

    Args:
        spectrum: A survey on the binding scale.
        facts: Of the survey.
        found: Every line that was found, those that are not to be quantified, too.
    """
    how = acquisition(spectrum, facts)
    if isinstance(how, Message):
        return (), (how,)
    lines: list[Line] = []
    for level, low, high in _windows(found):
        others = [one for one in found if (one.level.element, one.level.orbital) != (level.element, level.orbital)]
        if any(low - _CLEAR < one.position < high + _CLEAR for one in others):
            continue
        area = _area(spectrum, low, high)
        if area is not None and area.value > 0.0:
            said = message("level-in-survey", region=_name(spectrum), level=level, low=f"{low:.1f}", high=f"{high:.1f}")
            lines.append(Line(_name(spectrum), spectrum.id, level, how, area, (said,), surveyed=True))
    return tuple(lines), ()


def _windows(found: Sequence[Found]) -> Iterator[tuple[Level, float, float]]:
    """Yield each whole level that was found, and the energies of its window."""
    levels = {Level(one.level.element, one.level.orbital): one for one in found}
    for level, one in levels.items():
        known = {line.level: line.energy for line in core_lines().get(level.element, ())}
        if not all(line in known for line in level.lines):
            continue
        shift = one.position - known.get(one.level, min(known[line] for line in level.lines))
        energies = [known[line] + shift for line in level.lines]
        yield level, min(energies) - _REACH, max(energies) + _REACH


def _area(spectrum: Spectrum, low: float, high: float) -> Area | None:
    inside = (spectrum.energy >= low) & (spectrum.energy <= high)
    beyond = low < spectrum.energy.min() or high > spectrum.energy.max()
    if beyond or np.count_nonzero(inside) < LEAST:
        return None
    cut = evolve(
        spectrum,
        axes=(Axis("energy", spectrum.energy[inside], "eV"),),
        intensity=spectrum.intensity[inside],
    )
    found = integrate(cut.energy, cut.intensity, counted=spectrum.intensity_unit == "counts")
    said = message(f"area-{found.background}", region=_name(spectrum))
    return Area(found.area, found.uncertainty, found.position, found.background, said)


def _name(spectrum: Spectrum) -> str:
    return spectrum.name or spectrum.id
