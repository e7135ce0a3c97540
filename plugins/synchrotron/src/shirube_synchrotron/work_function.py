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

__all__ = ["LARGEST_WORK_FUNCTION", "TERM", "choose", "keep"]


def choose(facts: Facts, subject: str) -> Choice:
    """Return the work function to convert with.

    The one beside the photon energy in the additional metadata wins, because that photon energy was made with it:
    with KE_F + phi as photon energy, hv - KE - phi is exact at the Fermi level for this phi and no other.
    """
    candidates = stated(facts, TERM)
    if not candidates:
        zero = Quantity(0.0, "eV", origin=Origin("default"))
        return decided(TERM, zero, (), said("rule-phi-zero").text(), subject)
    chosen = candidates[0]
    if not _possible(chosen):
        refused = notice("work-function-refused", "must", refused=shown(chosen), largest=_largest())
        return decided(TERM, None, candidates, said("rule-phi-refused").text(), subject, (refused,))
    rule = said(
        "rule-phi-correction" if _made_photon_energy(chosen, facts) else "rule-phi-stated", origin=origin(chosen)
    ).text()
    return decided(TERM, chosen, candidates, rule, subject, _conflicts(chosen, candidates))


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
        for other in candidates[1:]
        if not _possible(other) or abs(other.number - chosen.number) > _SAME
    )


def _largest() -> str:
    return electronvolts(LARGEST_WORK_FUNCTION)
