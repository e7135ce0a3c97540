"""Decide the photon energy: additional metadata (B) before the file header (A), garbage told by the energy axis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shirube.messages import Message, Text
from shirube.records import Facts, Notice, Quantity
from shirube_synchrotron.axis import Limits
from shirube_synchrotron.choice import Choice, decided, is_correction, is_doubtful, stated
from shirube_synchrotron.wording import electronvolts, notice, origin, said, sentences, shown

TERM: Final = "photon_energy"

__all__ = ["TERM", "choose", "differences", "first_rule", "refusal", "unheeded"]


def choose(facts: Facts, limits: Limits, subject: str, largest_difference: float) -> Choice:
    """Return the photon energy of the axis that ``limits`` describes.

    A correction (B) that cannot be right is refused, and nothing is taken in its place: whoever wrote it held the
    header to be wrong. Without a correction the first candidate that can be right holds.

    Args:
        facts: Candidates for the photon energy in eV.
        limits: What the axis allows.
        subject: Id of the spectrum.
        largest_difference: Candidates that differ by more eV are reported.
    """
    candidates = stated(facts, TERM)
    if candidates and is_correction(candidates[0]):
        objection = limits.objection(candidates[0])
        if objection is not None:
            return _refused(candidates, objection, subject)
    usable = [one for one in candidates if limits.objection(one) is None]
    if not usable:
        return _nothing_usable(candidates, limits, subject)
    chosen = usable[0]
    notices = (
        *_garbage(candidates, limits),
        *differences(chosen, usable, largest_difference),
        *unheeded(chosen, usable),
    )
    return decided(TERM, chosen, candidates, _rule(chosen, candidates, limits), subject, notices)


def differences(chosen: Quantity, usable: list[Quantity], largest: float) -> tuple[Notice, ...]:
    """Return a notice for each usable photon energy that differs from the chosen one by more than ``largest`` eV."""
    return tuple(
        notice(
            "photon-energy-differs",
            "should",
            chosen=shown(chosen),
            other=shown(other),
            difference=electronvolts(chosen.number - other.number),
            largest=electronvolts(largest),
        )
        for other in usable
        if abs(chosen.number - other.number) > largest
    )


def unheeded(chosen: Quantity, candidates: Iterable[Quantity]) -> tuple[Notice, ...]:
    """Return a notice for each photon energy that was set for this run, while another one holds."""
    return tuple(
        notice("photon-energy-unheeded", "info", unheeded=shown(one), chosen=shown(chosen))
        for one in candidates
        if one.origin.kind == "settings" and one.value != chosen.value
    )


def refusal(refused: Quantity, objection: Message) -> Notice:
    """Return the notice that a registered photon energy cannot be right."""
    return notice("photon-energy-refused", "must", refused=shown(refused), why=objection)


def first_rule(chosen: Quantity) -> Message:
    """Return the sentence that says why a photon energy other than the header's holds."""
    codes = {"sidecar": "rule-correction", "calibration": "rule-calibration"}
    code = codes.get(chosen.origin.kind, "rule-other")
    return said("rule-calibration-doubtful" if is_doubtful(chosen) else code, origin=origin(chosen))


def _refused(candidates: tuple[Quantity, ...], objection: Message, subject: str) -> Choice:
    refused = candidates[0]
    rule = said("rule-refused", refused=shown(refused), why=objection).text()
    return decided(TERM, None, candidates, rule, subject, (refusal(refused, objection),))


def _nothing_usable(candidates: tuple[Quantity, ...], limits: Limits, subject: str) -> Choice:
    if not candidates:
        missing = notice("photon-energy-missing", "must")
        return decided(TERM, None, (), said("rule-none").text(), subject, (missing,))
    objections = [(one, limits.objection(one)) for one in candidates]
    notices = tuple(notice("photon-energy-garbage", "must", garbage=shown(one), why=why) for one, why in objections)
    return decided(TERM, None, candidates, said("rule-none-usable").text(), subject, notices)


def _garbage(candidates: tuple[Quantity, ...], limits: Limits) -> tuple[Notice, ...]:
    return tuple(
        notice("photon-energy-passed-over", "info", garbage=shown(one), why=why)
        for one in candidates
        if (why := limits.objection(one)) is not None
    )


def _rule(chosen: Quantity, candidates: tuple[Quantity, ...], limits: Limits) -> Text:
    header = next((one for one in candidates if one.origin.kind == "header"), None)
    if chosen is header:
        return said("rule-header").text()
    first = first_rule(chosen)
    if header is None:
        return sentences(first, said("header-silent"))
    if limits.objection(header) is not None:
        return sentences(first, said("header-garbage", header=shown(header)))
    return sentences(first, said("header-differs", difference=electronvolts(chosen.number - header.number)))
