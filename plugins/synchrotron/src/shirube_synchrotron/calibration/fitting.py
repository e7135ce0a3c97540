"""Which of several calibrations holds for a spectrum, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from shirube.messages import Message
from shirube_synchrotron.calibration.gold import ABOVE_HEADER, BELOW_HEADER
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.calibration.record import Calibration, Conditions
from shirube_synchrotron.wording import electronvolts

#: Headers state one undulator setting alike, or as it was found last time: within 1 eV it is the same.
TOLERANCE: Final = 1.0

__all__ = ["TOLERANCE", "candidates", "holding_for", "objections"]


def holding_for(
    calibrations: Sequence[Calibration], conditions: Conditions, tolerance: float = TOLERANCE
) -> Calibration | None:
    """Return the calibration that holds for a spectrum: the latest that fits; of one date the last. None for none.

    Where photon energies cannot be compared, calibrations that fit otherwise must be of one photon energy.
    """
    found = candidates(calibrations, conditions, tolerance)
    if not found:
        return None
    sure = [one for one in found if _comparable(one, conditions)]
    if not sure and _spread(found) > tolerance:
        return None
    ranked = sorted(enumerate(sure or found), key=lambda one: (one[1].stated.date or "", one[0]))
    return ranked[-1][1]


def candidates(
    calibrations: Iterable[Calibration], conditions: Conditions, tolerance: float = TOLERANCE
) -> list[Calibration]:
    """Return the calibrations against which nothing stands."""
    return [one for one in calibrations if not objections(one, conditions, tolerance)]


def objections(calibration: Calibration, conditions: Conditions, tolerance: float = TOLERANCE) -> tuple[Message, ...]:
    """Return why a calibration does not hold for a spectrum; what is known of one of them only, stands against it."""
    gold = calibration.conditions
    found = list(gold.differences(conditions, tolerance))
    if (gold.pass_energy is None) != (conditions.pass_energy is None):
        found.append(message("pass-energy-unknown"))
    if (gold.lens_mode is None) != (conditions.lens_mode is None):
        found.append(message("lens-mode-unknown"))
    header, level = conditions.photon_energy, calibration.fermi_level.value
    if header is not None and gold.photon_energy is None and not -ABOVE_HEADER <= header - level <= BELOW_HEADER:
        found.append(message("header-far", here=electronvolts(header), level=electronvolts(level)))
    return tuple(found)


def _comparable(calibration: Calibration, conditions: Conditions) -> bool:
    return None not in (conditions.photon_energy, calibration.conditions.photon_energy)


def _spread(found: Sequence[Calibration]) -> float:
    energies = [one.fermi_level.value for one in found]
    return max(energies) - min(energies)
