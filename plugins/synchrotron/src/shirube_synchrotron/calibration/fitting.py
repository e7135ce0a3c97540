"""Which of several calibrations holds for a spectrum, and why the others do not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from shirube.messages import Message
from shirube.records import Facts
from shirube_synchrotron.calibration.gold import ABOVE_HEADER, BELOW_HEADER
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.calibration.record import Calibration, Conditions
from shirube_synchrotron.wording import electronvolts

#: Headers state one undulator setting alike, or as it was found last time: within 1 eV it is the same.
TOLERANCE: Final = 1.0
#: Two Fermi levels of one setting agree within so many standard uncertainties.
_SIGMAS: Final = 2.0
_DAY: Final = len("2026-04-01")

__all__ = ["TOLERANCE", "Held", "candidates", "holding_for", "measured_on", "objections"]


@frozen
class Held:
    """The calibration that holds for a spectrum, and what must be said of it.

    Attributes:
        calibration: None where none fits, or where it is not clear which.
        others: Further ones that fit.
        later: Whether it was made after the spectrum was measured.
        apart: Those of the others whose Fermi level differs by more than the uncertainties.
    """

    calibration: Calibration | None
    others: tuple[Calibration, ...] = ()
    later: bool = False
    apart: tuple[Calibration, ...] = ()


def holding_for(
    calibrations: Sequence[Calibration],
    conditions: Conditions,
    tolerance: float = TOLERANCE,
    day: str | None = None,
) -> Held:
    """Return the calibration that holds for a spectrum.

    What is ok goes before what is doubtful; of these the last one that is not later than the spectrum holds, else the
    nearest later one; of one date the last. Where photon energies cannot be compared, calibrations that fit otherwise
    must be of one photon energy.

    Args:
        calibrations: In the order in which they are named.
        conditions: Of the spectrum.
        tolerance: How far photon energies of headers may be apart, in eV.
        day: When the spectrum was measured, ISO 8601; None where that is not known.
    """
    found = candidates(calibrations, conditions, tolerance)
    sure = [one for one in found if _comparable(one, conditions)]
    if not found or (not sure and _spread(found) > tolerance):
        return Held(None, tuple(found))
    fitting = sure or found
    held = _last_before([one for one in fitting if one.status == "ok"] or fitting, day)
    others = tuple(one for one in found if one is not held)
    apart = tuple(one for one in fitting if one is not held and _apart(one, held))
    return Held(held, others, _is_later(held, day), apart)


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


def measured_on(facts: Facts) -> str | None:
    """Return the day on which a spectrum was measured, ISO 8601; None where that is not known."""
    found = facts.get("measured_on")
    return None if found is None else str(found.value)[:_DAY]


def _last_before(calibrations: Sequence[Calibration], day: str | None) -> Calibration:
    # Stable sorts: of one date the last one named is taken.
    dated = sorted((one for one in calibrations if one.stated.date), key=lambda one: one.stated.date or "")
    timely = [one for one in dated if not _is_later(one, day)]
    if timely:
        return timely[-1]
    nearest = [one for one in dated if one.stated.date == dated[0].stated.date]
    return (nearest or list(calibrations))[-1]


def _is_later(calibration: Calibration, day: str | None) -> bool:
    return day is not None and (calibration.stated.date or "") > day


def _apart(one: Calibration, other: Calibration) -> bool:
    unsure = math.hypot(one.fermi_level.standard, other.fermi_level.standard)
    return abs(one.fermi_level.value - other.fermi_level.value) > _SIGMAS * unsure


def _comparable(calibration: Calibration, conditions: Conditions) -> bool:
    return None not in (conditions.photon_energy, calibration.conditions.photon_energy)


def _spread(found: Sequence[Calibration]) -> float:
    energies = [one.fermi_level.value for one in found]
    return max(energies) - min(energies)
