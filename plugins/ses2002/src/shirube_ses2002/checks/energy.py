"""The photon energy (A: header, B: additional metadata), and the energy scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from shirube.energy import kinetic_energy_of, reach_above, scan_width
from shirube.guidechecks import guide_of, judge_conditions, leaf, matches, region_list
from shirube.guides import GuideData
from shirube.messages import Text
from shirube.records import Entry, Facts, Quantity, Spectrum, Value
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, passed
from shirube_ses2002.checks.parameters import Parameters, parameters_of
from shirube_ses2002.checks.stated import (
    PHOTON_ENERGY,
    SMALLEST,
    listed,
    no_spectrum,
    number,
    photon_energy,
    refused,
    regions,
    say,
    told,
    with_photon_energy,
)

#: How many decimals of an energy are shown, in eV.
_DECIMALS: Final = 4

__all__ = ["JUDGES"]


def known(entry: Entry, _: RuleContext) -> Iterator[Judgement]:
    """Judge that the photon energy of every region is known."""
    lacking: dict[Text, list[str]] = {}
    for name, facts in regions(entry):
        if photon_energy(facts) is None:
            stated = ", ".join(f"{_shown(one.number)} eV" for one in refused(facts))
            said = say("photon-energy-refused", stated=stated) if stated else say("photon-energy-nowhere")
            lacking.setdefault(said, []).append(name)
    for said, where in lacking.items():
        yield failed(detail=said, where=region_list(entry, where))
    if not lacking:
        yield passed() if entry.spectra() else no_spectrum()


def used(entry: Entry, _: RuleContext) -> Judgement:
    """Compute which photon energy was taken, and whence."""
    taken: dict[Text, list[str]] = {}
    for name, one in _known(entry):
        # Every region has a line of its own in the file; what they have in common is the file.
        source = evolve(one.origin, line=None)
        origin = Text(en=source.render("en"), ja=source.render("ja"))
        taken.setdefault(say("energy-from", hv=_shown(one.number), source=origin), []).append(name)
    return informational(detail=listed(entry, taken)) if taken else no_spectrum()


def both_agree(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Compare both photon energies where both are stated and that of the header can be one."""
    guide = guide_of(context)
    conversion = guide.conversions.get("synchrotron")
    stated: Value | None = None if conversion is None else conversion.get("photon_energy_difference")
    limit = None if stated is None else float(stated)
    largest = leaf(limit, guide, "conversions.synchrotron.photon_energy_difference")
    pairs: dict[tuple[float, float], list[str]] = {}
    for spectrum in entry.spectra():
        facts = entry.facts[spectrum.id]
        header, sidecar = (facts.candidate(PHOTON_ENERGY, kind) for kind in ("header", "sidecar"))
        if photon_energy(facts) is None or header is None or sidecar is None:
            continue
        if not _garbage(header.number, spectrum, facts):
            pairs.setdefault((header.number, sidecar.number), []).append(spectrum.id)
    for (one, other), where in pairs.items():
        yield _difference(one, other, largest, region_list(entry, where))
    if not pairs:
        yield not_applicable(say("not-both"))


def in_range(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the photon energy is one of the undulator's; with another instrument that is only a note."""
    guide = guide_of(context)
    limits = leaf(guide.overview.photon_energy, guide, "overview.photon_energy")
    low, high = _shown(limits.minimum), _shown(limits.maximum)
    outside = _where(entry, lambda energy: not limits.minimum <= energy <= limits.maximum)
    if outside:
        note = not matches(guide, entry)
        return failed(note=note, detail=listed(entry, outside), low=low, high=high)
    return passed(low=low, high=high) if any(_known(entry)) else no_spectrum()


def recommended(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that the photon energy is the recommended one."""
    yield from judge_conditions(with_photon_energy(entry), context, term=PHOTON_ENERGY)


def calibrated(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the photon energy does not look like one that was set and never measured."""
    step = parameters_of(context).nominal_step
    nominal = _where(entry, lambda energy: (energy / step).is_integer())
    if nominal:
        return failed(note=True, detail=listed(entry, nominal))
    return passed() if any(_known(entry)) else no_spectrum()


def above_kinetic(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that no photoelectron has more energy than the photons, or none."""
    parameters = parameters_of(context)
    wrong: list[tuple[str, Text]] = []
    seen = False
    for spectrum in entry.spectra():
        facts = entry.facts[spectrum.id]
        hv = photon_energy(facts)
        kinetic = kinetic_energy_of(spectrum)
        if hv is None or kinetic is None or not kinetic.size or _scale(facts, spectrum) != "kinetic":
            continue
        seen = True
        low, high = float(kinetic.min()), float(kinetic.max())
        if low <= 0 or high > hv.number + _margin(spectrum, parameters):
            detail = say("kinetic-range", low=_shown(low), high=_shown(high), hv=_shown(hv.number))
            wrong.append((spectrum.id, detail))
    if wrong:
        return failed(detail=told(wrong))
    return passed() if seen else not_applicable(say("no-kinetic"))


def scale_known(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the energy scale is one that the guide knows."""
    allowed = _scales(guide_of(context))
    wrong: dict[str, list[str]] = {}
    for spectrum in entry.spectra():
        quantity = entry.facts[spectrum.id].get("energy_scale")
        value = "-" if quantity is None else str(quantity.value)
        named = quantity is None or value.casefold() in allowed
        if not named or spectrum.reference.scale == "unknown":
            wrong.setdefault(value, []).append(spectrum.id)
    if wrong:
        where = region_list(entry, [one for ids in wrong.values() for one in ids])
        return failed(value=", ".join(wrong), where=where)
    return passed() if entry.spectra() else no_spectrum()


def _known(entry: Entry) -> Iterator[tuple[str, Quantity]]:
    for name, facts in regions(entry):
        quantity = photon_energy(facts)
        if quantity is not None:
            yield name, quantity


def _where(entry: Entry, odd: Callable[[float], bool]) -> Mapping[Text, list[str]]:
    """Return the photon energies that are ``odd``, as shown, with their regions."""
    energies: dict[Text, list[str]] = {}
    for name, quantity in _known(entry):
        if odd(quantity.number):
            shown = f"{_shown(quantity.number)} eV"
            energies.setdefault(Text(en=shown, ja=shown), []).append(name)
    return energies


def _difference(header: float, sidecar: float, largest: float, where: Text) -> Judgement:
    difference = abs(header - sidecar)
    shown: dict[str, Any] = {"header": _shown(header), "sidecar": _shown(sidecar), "largest": _shown(largest)}
    if difference > largest:
        return failed(note=True, difference=_shown(difference), where=where, **shown)
    if difference:
        return informational(say("small-difference", difference=_shown(difference), where=where, **shown))
    return passed()


def _garbage(energy: float, spectrum: Spectrum, facts: Facts) -> bool:
    """Tell whether a header's photon energy was never entered: too small for photons, or for the electrons it freed."""
    kinetic = kinetic_energy_of(spectrum)
    highest = number(facts, "high_energy")
    if highest is None and kinetic is not None and kinetic.size:
        highest = float(kinetic.max())
    return energy < SMALLEST or (highest is not None and energy <= highest)


def _margin(spectrum: Spectrum, parameters: Parameters) -> float:
    # The guide's own tolerance, though the conversion has one like it: this rule also judges what no conversion
    # touched, and what was converted elsewhere. A facility that widens one may keep the other.
    return reach_above(scan_width(spectrum), parameters.fermi_margin, parameters.survey_margin)


def _scale(facts: Facts, spectrum: Spectrum) -> str:
    """Return the scale on which a region was recorded, whatever it was converted to."""
    quantity = facts.get("energy_scale")
    return spectrum.reference.scale if quantity is None else str(quantity.value).strip().casefold()


def _scales(guide: GuideData) -> list[str]:
    choices = next((one.choices for one in guide.metadata if one.term == "energy_scale"), None)
    return [one.casefold() for one in leaf(choices, guide, "metadata.energy_scale.choices")]


def _shown(energy: float) -> str:
    return f"{round(energy, _DECIMALS):.10g}"


JUDGES: Final = {
    "ENE-001": known,
    "ENE-002": used,
    "ENE-003": both_agree,
    "ENE-004": in_range,
    "ENE-005": recommended,
    "ENE-006": calibrated,
    "ENE-007": above_kinetic,
    "ENE-008": scale_known,
}
