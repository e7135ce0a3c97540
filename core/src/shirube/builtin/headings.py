"""Headings of two columns: what they say of the energy scale and of the units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shirube.records import EnergyScale

_BINDING: Final = re.compile(r"binding|結合|束縛|(?<![a-z])(?:b\.?e\.?|e_?b)(?![a-z])", re.IGNORECASE)
_KINETIC: Final = re.compile(r"kinetic|運動|(?<![a-z])(?:k\.?e\.?|e_?k|e_?kin)(?![a-z])", re.IGNORECASE)
_ENERGY_UNIT: Final = re.compile(r"(?<![A-Za-z])[mk]?eV(?![A-Za-z])")
_RATE: Final = re.compile(r"cps|counts?\s*/\s*s|c/s|counts per second", re.IGNORECASE)
_COUNTS: Final = re.compile(r"(?<![a-z])counts?(?![a-z])", re.IGNORECASE)

__all__ = ["energy_unit_in", "intensity_unit_in", "scale_in"]


def scale_in(words: Sequence[str]) -> EnergyScale:
    """Return what the first of the headings says of the energies."""
    if not words:
        return "unknown"
    binding, kinetic = _BINDING.search(words[0]), _KINETIC.search(words[0])
    if bool(binding) == bool(kinetic):
        return "unknown"
    return "binding" if binding else "kinetic"


def energy_unit_in(words: Sequence[str]) -> str:
    """Return the unit of the energies, eV where the first of the headings names none."""
    found = _ENERGY_UNIT.search(words[0]) if words else None
    return "eV" if found is None else found[0]


def intensity_unit_in(words: Sequence[str]) -> str:
    """Return the unit of the intensities, ``""`` where the headings name none."""
    rest = " ".join(words[1:] or words)
    if _RATE.search(rest):
        return "counts/s"
    return "counts" if _COUNTS.search(rest) else ""
