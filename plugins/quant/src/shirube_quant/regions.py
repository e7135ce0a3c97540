"""Which core level a region is of: what its name says, as far as its energies bear it out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from attrs import frozen

from shirube.errors import InputError
from shirube.messages import Message
from shirube.records import Spectrum
from shirube_quant.crosssections import Level, level_named
from shirube_quant.lines import core_lines
from shirube_quant.phrases import message

#: A wider scan is a survey, whatever it is called, eV.
WIDEST: Final = 100.0
#: How far from a region the line of the element may lie, because of its chemical shift, eV.
_SHIFT: Final = 5.0
_ORBITAL: Final = re.compile(r"([1-5][spdf])[ _]*([1357])?(?:[ _]*/[ _]*2|2)?(?![0-9])")
_SYMBOL: Final = re.compile(r"[A-Z][a-z]?")

__all__ = ["WIDEST", "Assignment", "assign", "is_survey", "unnamed"]


@frozen
class Assignment:
    """The level that a region is of, or why there is none; ``said`` is either."""

    said: Message
    level: Level | None = None


def is_survey(spectrum: Spectrum) -> bool:
    """Tell whether a scan is too wide for a single core level."""
    return float(spectrum.energy.max() - spectrum.energy.min()) > WIDEST


def assign(spectrum: Spectrum, stated: Level | None = None, photon_energy: float = math.inf) -> Assignment:
    """Return the level that a region on the binding scale is of.

    Its name must hold an element and an orbital that lies within its energies; of a doublet only one line may,
    and then the region is of that line. What a person states goes before the name, and must lie there, too.

    Args:
        spectrum: One-dimensional, on the binding scale.
        stated: The level that settings state for the region.
        photon_energy: In eV.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    name = spectrum.name or spectrum.id
    low, high = float(spectrum.energy.min()), float(spectrum.energy.max())
    where = {"region": name, "low": f"{low:.1f}", "high": f"{high:.1f}"}
    if stated is not None:
        return _stated(stated, spectrum, photon_energy, where)
    named = _named(name)
    fitting = [level for one in named if (level := _within(one, spectrum)) is not None]
    if len(fitting) == 1:
        return Assignment(message("level-by-name", level=fitting[0], **where), fitting[0])
    if (why := unnamed(spectrum)) is not None:
        return Assignment(why)
    levels = ", ".join(str(one) for one in (fitting or named))
    code = "region-ambiguous" if fitting else "region-elsewhere"
    return Assignment(message(code, levels=levels, **where))


def _stated(level: Level, spectrum: Spectrum, photon_energy: float, where: Mapping[str, str]) -> Assignment:
    """Return the level that settings state for a region, if the photon energy reaches it and it lies there."""
    within = _within(level, spectrum)
    known = sorted(one.energy for one in core_lines()[level.element] if one.level in level.lines)
    at = ", ".join(f"{one:.1f}" for one in known)
    if known[0] >= photon_energy:
        return Assignment(message("lines-not-reached", level=level, at=at, hv=f"{photon_energy:g}", **where))
    if within is None:
        return Assignment(message("lines-elsewhere", level=level, at=at, **where))
    return Assignment(message("level-by-statement", level=within, **where), within)


def unnamed(spectrum: Spectrum) -> Message | None:
    """Return that the name of a region holds no core level, None where it does, wherever its energies lie.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    name = spectrum.name or spectrum.id
    return None if _named(name) else message("region-unnamed", region=name)


def _named(name: str) -> tuple[Level, ...]:
    """Return every level that an element and an orbital in a name make up: ``Si_K1s`` has Si 1s and K 1s."""
    orbitals = [(found[1], found[2]) for found in _ORBITAL.finditer(name)]
    rest = _ORBITAL.sub(" ", name)
    levels: dict[Level, None] = {}
    for symbol in _SYMBOL.findall(rest):
        for orbital, momentum in orbitals:
            half = f"{momentum}/2" if momentum else ""
            try:
                levels[level_named(f"{symbol} {orbital}{half}")] = None
            except InputError:
                # A word that begins like an element, or a number after an orbital that is none of its momenta.
                continue
    return tuple(levels)


def _within(level: Level, spectrum: Spectrum) -> Level | None:
    """Return the level, or the line of it, that lies within the energies of a region."""
    low, high = float(spectrum.energy.min()), float(spectrum.energy.max())
    known = {one.level: one.energy for one in core_lines().get(level.element, ())}
    lines = [one for one in level.lines if one in known and low - _SHIFT < known[one] < high + _SHIFT]
    inside = [one for one in lines if low < known[one] < high] or lines
    if len(inside) == len(level.lines):
        return level
    return inside[0] if len(inside) == 1 else None
