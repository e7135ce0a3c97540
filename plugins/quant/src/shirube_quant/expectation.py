"""Expectation: which lines of an element a survey can show at a photon energy, how strong and how wide."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from attrs import frozen

from shirube.errors import InputError
from shirube.messages import Text
from shirube_quant.crosssections import Level, cross_section, natural_width
from shirube_quant.lines import CoreLine, core_lines
from shirube_quant.meanfreepath import EXPONENT

#: Electrons slower than this leave no lines on the rising background of secondary ones, eV.
_SLOWEST: Final = 25.0
#: What analyser and solid add to the width of a level, eV; taken for all of it where the width is not tabulated.
_BROADENING: Final = 1.7
#: Lines of one orbital closer than this part of their width are one in a survey.
_MERGED: Final = 1.5

__all__ = ["ExpectedLine", "expected_lines", "single_lines", "without_data"]


@frozen
class ExpectedLine:
    """A line, or a doublet that a survey does not resolve.

    Attributes:
        label: The level, or the whole doublet.
        energy: Binding energy in eV; of a doublet the mean, weighted by strength.
        strength: Area in a unit common to all elements: cross section times mean free path.
        width: Full width at half maximum in eV.
        source: Where the energy was taken from.
    """

    label: Level
    energy: float
    strength: float
    width: float
    source: Text


@lru_cache(maxsize=512)
def expected_lines(element: str, photon_energy: float) -> tuple[ExpectedLine, ...]:
    """Return the lines of an element that the photon energy reaches, strongest first; none above it, ever.

    Args:
        element: Symbol.
        photon_energy: In eV.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    by_orbital: dict[str, list[ExpectedLine]] = {}
    for one in single_lines(element, photon_energy):
        by_orbital.setdefault(one.label.orbital, []).append(one)
    joined = [merged for some in by_orbital.values() for merged in _joined(some)]
    return tuple(sorted(joined, key=lambda one: -one.strength))


@lru_cache(maxsize=512)
def single_lines(element: str, photon_energy: float) -> tuple[ExpectedLine, ...]:
    """Return the lines of an element that the photon energy reaches, deepest first, each of a doublet by itself.

    Args:
        element: Symbol.
        photon_energy: In eV.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    found = (_expected(one, photon_energy) for one in core_lines()[element])
    return tuple(one for one in found if one is not None)


def without_data(element: str, photon_energy: float) -> tuple[Level, ...]:
    """Return the levels within reach that have no cross section: their lines can be neither proposed nor missed."""
    reached = [one.level for one in core_lines()[element] if one.energy < photon_energy - _SLOWEST]
    return tuple(one for one in reached if _cross_section(one, photon_energy) is None)


def _expected(line: CoreLine, photon_energy: float) -> ExpectedLine | None:
    kinetic = photon_energy - line.energy
    if kinetic < _SLOWEST:
        return None
    section = _cross_section(line.level, photon_energy)
    if section is None:
        return None
    width = float(np.hypot(_BROADENING, natural_width(line.level) or 0.0))
    return ExpectedLine(line.level, line.energy, section * kinetic**EXPONENT, width, line.source)


def _cross_section(level: Level, photon_energy: float) -> float | None:
    try:
        return cross_section(level, photon_energy)
    except InputError:
        return None


def _joined(lines: Sequence[ExpectedLine]) -> list[ExpectedLine]:
    if len(lines) == 1 or abs(lines[0].energy - lines[1].energy) > _MERGED * max(one.width for one in lines):
        return list(lines)
    strength = sum(one.strength for one in lines)
    mean = sum(one.energy * one.strength for one in lines) / strength
    width = float(np.hypot(max(one.width for one in lines), abs(lines[0].energy - lines[1].energy)))
    whole = Level(lines[0].label.element, lines[0].label.orbital)
    return [ExpectedLine(whole, mean, strength, width, lines[0].source)]
