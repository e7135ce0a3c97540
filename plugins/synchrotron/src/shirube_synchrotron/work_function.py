"""Decide the work function: the one that made the photon energy, 0 unless something states another."""

from __future__ import annotations

import math
from typing import Final

from shirube.records import Facts, Notice, Origin, Quantity
from shirube_synchrotron.choice import Choice, decided, is_correction, stated
from shirube_synchrotron.wording import electronvolts, notice, origin, said, shown

TERM: Final = "work_function"
#: No surface holds its electrons with more than about 6 eV; a larger number, or one below 0, is a slip.
LARGEST_WORK_FUNCTION: Final = 10.0
_SAME: Final = 1e-9
#: From so many eV on a work function taken off twice is told from a badly calibrated monochromator, if it fits so well.
_SUSPICIOUS: Final = 2.0
_ALIKE: Final = 0.15

__all__ = ["LARGEST_WORK_FUNCTION", "TERM", "choose", "keep"]


def choose(facts: Facts, subject: str, photon: Quantity | None = None) -> Choice:
    """Return the work function to convert with.

    The one beside the photon energy wins, because that photon energy was made with it: with KE_F + phi as photon
    energy, hv - KE - phi is exact at the Fermi level for this phi and no other. So one that made another photon energy
    never stands in for it.

    Args:
        facts: Candidates for work function and photon energy in eV.
        subject: Id of the spectrum.
        photon: The photon energy that holds; None where none does.
    """
    candidates = tuple(sorted(stated(facts, TERM), key=lambda one: not _is_beside(one, photon)))
    usable = [one for one in candidates if _is_beside(one, photon) or not _made_photon_energy(one, facts)]
    if photon is None:
        usable = list(candidates)
    if not usable:
        zero = Quantity(0.0, "eV", origin=Origin("default"))
        conflicts = _conflicts(zero, candidates)
        return decided(TERM, zero, candidates, said("rule-phi-zero").text(), subject, conflicts)
    chosen = usable[0]
    if not _possible(chosen):
        refused = notice("work-function-refused", "must", refused=shown(chosen), largest=_largest())
        return decided(TERM, None, candidates, said("rule-phi-refused").text(), subject, (refused,))
    rule = said(
        "rule-phi-correction" if _made_photon_energy(chosen, facts) else "rule-phi-stated", origin=origin(chosen)
    ).text()
    others = tuple(one for one in candidates if one is not chosen)
    notices = (*_conflicts(chosen, others), *_unpaired(chosen, photon), *_twice(chosen, photon, facts))
    return decided(TERM, chosen, candidates, rule, subject, notices)


def keep(facts: Facts, held: float, subject: str) -> Choice:
    """Return the work function of a binding axis that stays as it is: ``held`` eV, whatever else is stated."""
    candidates = stated(facts, TERM)
    same = next((one for one in candidates if _possible(one) and abs(one.number - held) <= _SAME), None)
    chosen = Quantity(held, "eV", origin=Origin("axis")) if same is None else same
    notices = tuple(
        notice("work-function-not-applied", "should", other=shown(one), held=electronvolts(held))
        for one in candidates
        if not (_possible(one) and abs(one.number - held) <= _SAME)
    )
    return decided(TERM, chosen, candidates, said("rule-phi-axis").text(), subject, notices)


def _made_photon_energy(work: Quantity, facts: Facts) -> bool:
    """Tell whether a correction states this work function and a photon energy together."""
    place = (work.origin.kind, work.origin.where)
    beside = stated(facts, "photon_energy")
    return is_correction(work) and any((one.origin.kind, one.origin.where) == place for one in beside)


def _possible(quantity: Quantity) -> bool:
    value = quantity.value
    return not isinstance(value, str) and math.isfinite(value) and 0.0 <= value <= LARGEST_WORK_FUNCTION


def _conflicts(chosen: Quantity, candidates: tuple[Quantity, ...]) -> tuple[Notice, ...]:
    return tuple(
        notice("work-function-conflict", "should", chosen=shown(chosen), other=shown(other))
        for other in candidates
        if not _possible(other) or abs(other.number - chosen.number) > _SAME
    )


def _is_beside(work: Quantity, photon: Quantity | None) -> bool:
    """Tell whether a work function stands where the photon energy that holds does."""
    return photon is not None and (work.origin.kind, work.origin.where) == (photon.origin.kind, photon.origin.where)


def _unpaired(work: Quantity, photon: Quantity | None) -> tuple[Notice, ...]:
    """Return a notice when a registered photon energy states no work function, and another one is taken off."""
    if photon is None or not is_correction(photon) or _is_beside(work, photon) or not work.number:
        return ()
    return (notice("work-function-unpaired", "should", photon=shown(photon), work=shown(work)),)


def _twice(work: Quantity, photon: Quantity | None, facts: Facts) -> tuple[Notice, ...]:
    """Return a notice when a photon energy looks as if it had been made without the work function that is taken off.

    Then it lies a work function below the header's already, and the Fermi level would come to lie there once more.
    """
    header = facts.candidate("photon_energy", "header")
    if photon is None or header is None or not is_correction(photon) or work.number < _SUSPICIOUS:
        return ()
    if not _is_number(header) or abs(header.number - photon.number - work.number) > _ALIKE * work.number:
        return ()
    below = electronvolts(header.number - photon.number)
    return (notice("work-function-twice", "should", photon=shown(photon), work=shown(work), below=below),)


def _is_number(quantity: Quantity) -> bool:
    return not isinstance(quantity.value, str)


def _largest() -> str:
    return electronvolts(LARGEST_WORK_FUNCTION)
