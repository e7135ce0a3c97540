"""What an energy axis says of its photon energy: the range that is possible, and whether a header's value fits."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.energy import kinetic_energy, reach_above
from shirube.messages import Message
from shirube.records import Facts, FloatArray, Quantity
from shirube_synchrotron.parameters import Parameters
from shirube_synchrotron.wording import electronvolts, said

#: No photoelectron is made by less than about 2 eV; a smaller number is no photon energy whatever was measured.
LOWEST_PHOTON_ENERGY: Final = 1.0
#: No element binds an electron by more (1s of fermium: 142 keV); a larger number was never a photon energy.
DEEPEST_LEVEL: Final = 150_000.0

__all__ = [
    "DEEPEST_LEVEL",
    "LOWEST_PHOTON_ENERGY",
    "Limits",
    "any_axis",
    "binding_axis",
    "corrected_axis",
    "kinetic_axis",
    "region_contradicts",
]


@frozen
class Limits:
    """Photon energies in eV that an axis allows, and the sentence that says why.

    Attributes:
        low: The smallest.
        high: The largest.
        why: What the axis is, for messages.
    """

    low: float
    high: float
    why: Message

    def objection(self, quantity: Quantity) -> Message | None:
        """Return why ``quantity`` cannot be the photon energy, None when it can."""
        value = quantity.value
        if isinstance(value, str) or not np.isfinite(value):
            return said("not-a-number")
        return None if self.low <= value <= self.high else self.why


def kinetic_axis(kinetic: FloatArray, parameters: Parameters) -> Limits:
    """Return the photon energies possible for kinetic energies in eV, shape (n,), n > 0.

    No electron leaves with more than the photon brought, but scans of the Fermi edge, and wide scans even more,
    reach above it into emptiness: by ``fermi_margin`` or the fraction ``survey_margin`` of their width. Not all of
    a scan is empty, though.
    """
    lowest, highest = float(kinetic.min()), float(kinetic.max())
    margin = reach_above(highest - lowest, parameters.fermi_margin, parameters.survey_margin)
    needed = max(highest - margin, lowest, LOWEST_PHOTON_ENERGY)
    return _limits("kinetic-axis", lowest, highest, needed)


def binding_axis(binding: FloatArray) -> Limits:
    """Return the photon energies possible for binding energies in eV, shape (n,), n > 0: every electron left."""
    lowest, highest = float(binding.min()), float(binding.max())
    return _limits("binding-axis", lowest, highest, max(highest, LOWEST_PHOTON_ENERGY))


def any_axis() -> Limits:
    """Return the photon energies possible for an axis of unknown scale."""
    needed, most = LOWEST_PHOTON_ENERGY, DEEPEST_LEVEL
    return Limits(needed, most, said("any-axis", needed=electronvolts(needed), most=electronvolts(most)))


def corrected_axis(binding: FloatArray, photon_energy: float, parameters: Parameters) -> Limits:
    """Return the photon energies that may replace the one in a binding axis.

    The axis shows how far above its own photon energy it was measured on purpose; no more is needed.
    """
    kinetic = kinetic_energy(binding, photon_energy)
    limits = kinetic_axis(kinetic, parameters)
    needed = max(min(limits.low, photon_energy - parameters.fermi_margin), LOWEST_PHOTON_ENERGY)
    return _limits("kinetic-axis", float(kinetic.min()), float(kinetic.max()), needed)


def region_contradicts(binding: FloatArray, photon_energy: float, facts: Facts, tolerance: float) -> Message | None:
    """Return a message when a binding axis cannot hold ``photon_energy`` by its region's kinetic limits.

    SES writes the region's ends as kinetic energies even beside a binding axis, so each end gives the photon energy
    once more. One end that agrees is enough: a step that does not divide the range stops short of the other.
    """
    lowest, highest = float(binding.min()), float(binding.max())
    ends = [(facts.get("low_energy"), lowest, highest), (facts.get("high_energy"), highest, lowest)]
    implied = []
    for limit, same, opposite in ends:
        if limit is None or isinstance(limit.value, str):
            continue
        if abs(limit.number - same) <= tolerance:
            return None  # the limits are binding energies here, and say nothing
        implied.append(limit.number + opposite)
    if not implied or any(abs(photon_energy - value) <= tolerance for value in implied):
        return None
    return said("region-contradicts", implied=electronvolts(implied[0]))


def _limits(code: str, lowest: float, highest: float, needed: float) -> Limits:
    most = highest + DEEPEST_LEVEL
    why = said(
        code,
        lowest=electronvolts(lowest),
        highest=electronvolts(highest),
        needed=electronvolts(needed),
        most=electronvolts(most),
    )
    return Limits(needed, most, why)
