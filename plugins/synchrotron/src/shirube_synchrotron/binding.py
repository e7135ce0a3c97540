"""Adjust a binding-energy axis whose photon energy additional metadata correct; otherwise leave it alone and say so."""

from __future__ import annotations

from attrs import frozen

from shirube.messages import Message
from shirube.records import Converted, EnergyReference, Facts, Origin, Quantity, Spectrum
from shirube_synchrotron import photon_energy, work_function
from shirube_synchrotron.axis import binding_axis, corrected_axis, region_contradicts
from shirube_synchrotron.choice import Choice, decided, is_correction, stated
from shirube_synchrotron.parameters import Parameters
from shirube_synchrotron.photon_energy import TERM
from shirube_synchrotron.wording import electronvolts, notice, said, sentences, shown

__all__ = ["adjust", "photon_energy_held"]


@frozen
class _Held:
    """The photon energy that is in a binding axis, or why it is not known."""

    quantity: Quantity | None
    why: Message


def adjust(spectrum: Spectrum, facts: Facts, parameters: Parameters) -> Converted:
    """Return a binding-scale spectrum with its photon energy corrected, or as it was.

    The axis holds BE = hv_A - KE. A correction hv_B with its work function phi makes it hv_B - KE - phi, which is a
    shift by hv_B - hv_A - phi. When hv_A is garbage the kinetic energies cannot be told, and nothing can be shifted.

    Args:
        spectrum: Binding energies in eV on the axis ``energy``.
        facts: As for :func:`shirube_synchrotron.conversion.convert`.
        parameters: Tolerances.
    """
    held = _held(spectrum, facts, parameters)
    candidates = stated(facts, TERM)
    correction = _correction(candidates, held)
    if correction is None:
        return _left_alone(spectrum, facts, _without_correction(candidates, held, spectrum.id), held.quantity)
    objection = _objection(spectrum, correction, held, parameters)
    if objection is not None:
        choice = _with_refused(candidates, correction, objection, held, spectrum.id)
        return _left_alone(spectrum, facts, choice, held.quantity)
    if held.quantity is None:
        choice = _not_applicable(candidates, correction, held, spectrum.id)
        return _left_alone(spectrum, facts, choice, None)
    return _shifted(spectrum, facts, correction, held.quantity, parameters)


def photon_energy_held(spectrum: Spectrum, facts: Facts, parameters: Parameters) -> float | None:
    """Return the photon energy in eV that is in a binding axis, None where it is not known."""
    held = _held(spectrum, facts, parameters).quantity
    return None if held is None else held.number


def _held(spectrum: Spectrum, facts: Facts, parameters: Parameters) -> _Held:
    """Return the photon energy in the axis: what its reference says, else what the header says, if it can be."""
    limits = binding_axis(spectrum.energy)
    work = spectrum.reference.work_function or 0.0
    tolerance = parameters.region_tolerance
    header = facts.candidate(TERM, "header")
    in_reference = spectrum.reference.photon_energy
    why = said("axis-silent")
    for quantity in (_axis_quantity(in_reference, header), header):
        if quantity is None:
            continue
        objection = limits.objection(quantity) or region_contradicts(
            spectrum.energy, quantity.number - work, facts, tolerance
        )
        if objection is None:
            return _Held(quantity, why)
        why = said("header-not-possible", value=shown(quantity), why=objection)
    return _Held(None, why)


def _axis_quantity(in_reference: float | None, header: Quantity | None) -> Quantity | None:
    if in_reference is None or (header is not None and header.value == in_reference):
        return header
    return Quantity(in_reference, "eV", origin=Origin("axis"))


def _correction(candidates: tuple[Quantity, ...], held: _Held) -> Quantity | None:
    """Return what is to replace the photon energy in the axis; settings only where the axis knows none."""
    if candidates and is_correction(candidates[0]):
        return candidates[0]
    if held.quantity is not None:
        return None
    return next((one for one in candidates if one.origin.kind not in ("header", "axis")), None)


def _objection(spectrum: Spectrum, correction: Quantity, held: _Held, parameters: Parameters) -> Message | None:
    if held.quantity is None:
        return binding_axis(spectrum.energy).objection(correction)
    return corrected_axis(spectrum.energy, held.quantity.number, parameters).objection(correction)


def _without_correction(candidates: tuple[Quantity, ...], held: _Held, subject: str) -> Choice:
    if held.quantity is not None:
        return _axis_holds(held.quantity, candidates, subject)
    # A header that cannot be right is a fault of the measurement; a file that never states one is not.
    unknown = notice("photon-energy-unknown", "should" if candidates else "info", why=held.why)
    return decided(TERM, None, candidates, said("rule-axis-unknown").text(), subject, (unknown,))


def _axis_holds(held: Quantity, candidates: tuple[Quantity, ...], subject: str) -> Choice:
    unheeded = photon_energy.unheeded(held, candidates)
    return decided(TERM, held, candidates, said("rule-axis").text(), subject, unheeded)


def _with_refused(
    candidates: tuple[Quantity, ...], refused: Quantity, objection: Message, held: _Held, subject: str
) -> Choice:
    rule = said("rule-refused", refused=shown(refused), why=objection).text()
    unheeded = () if held.quantity is None else photon_energy.unheeded(held.quantity, candidates)
    notices = (photon_energy.refusal(refused, objection), *unheeded)
    return decided(TERM, held.quantity, candidates, rule, subject, notices)


def _not_applicable(candidates: tuple[Quantity, ...], correction: Quantity, held: _Held, subject: str) -> Choice:
    rule = sentences(_first_rule(correction), said("axis-not-shifted", why=held.why))
    not_applied = notice("photon-energy-not-applied", "should", correction=shown(correction), why=held.why)
    notices = (not_applied, *photon_energy.unheeded(correction, candidates))
    return decided(TERM, correction, candidates, rule, subject, notices)


def _left_alone(spectrum: Spectrum, facts: Facts, hv: Choice, held: Quantity | None) -> Converted:
    in_axis = spectrum.reference.work_function
    phi = work_function.keep(facts, in_axis or 0.0, spectrum.id)
    reference = EnergyReference("binding", None, in_axis)
    if held is not None:
        reference = EnergyReference("binding", held.number, in_axis or 0.0)
    same = spectrum.with_energy(spectrum.energy, reference)
    return Converted(same, (hv.decision, phi.decision), (*hv.notices, *phi.notices))


def _shifted(
    spectrum: Spectrum, facts: Facts, correction: Quantity, held: Quantity, parameters: Parameters
) -> Converted:
    phi = work_function.choose(facts, spectrum.id, correction)
    if phi.chosen is None:
        hv = _axis_holds(held, stated(facts, TERM), spectrum.id)
        reference = EnergyReference("binding", held.number, spectrum.reference.work_function or 0.0)
        same = spectrum.with_energy(spectrum.energy, reference)
        return Converted(same, (hv.decision, phi.decision), (*hv.notices, *phi.notices))
    photon, work = correction.number, phi.chosen.number
    shift = (photon - held.number) - (work - (spectrum.reference.work_function or 0.0))
    hv = _shift_choice(spectrum, facts, correction, held, shift, parameters)
    energies = spectrum.energy + shift
    moved = spectrum.with_energy(energies, EnergyReference("binding", photon, work))
    return Converted(moved, (hv.decision, phi.decision), (*hv.notices, *phi.notices))


def _shift_choice(
    spectrum: Spectrum, facts: Facts, correction: Quantity, held: Quantity, shift: float, parameters: Parameters
) -> Choice:
    moved = said("axis-shifted", shift=electronvolts(shift), held=shown(held))
    places = {"shift": electronvolts(shift), "held": shown(held), "correction": shown(correction)}
    shifted = (notice("binding-axis-shifted", "info", **places),) if shift else ()
    differing = photon_energy.differences(correction, [held], parameters.photon_energy_difference)
    candidates = stated(facts, TERM)
    if held not in candidates:
        candidates = (*candidates, held)
    rule = sentences(_first_rule(correction), moved)
    notices = (*shifted, *differing, *photon_energy.unheeded(correction, candidates))
    return decided(TERM, correction, candidates, rule, spectrum.id, notices)


def _first_rule(correction: Quantity) -> Message:
    return photon_energy.first_rule(correction)
