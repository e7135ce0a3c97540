"""Atomic fractions of an entry from the areas of its core levels, with all that they rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve, field, frozen

from shirube.errors import InputError
from shirube.messages import Message, Renderable
from shirube.records import AnalysisTarget, Facts
from shirube_quant.acquisition import comparable, exposures
from shirube_quant.asymmetry import Geometry
from shirube_quant.composing import fractions
from shirube_quant.crosssections import Level
from shirube_quant.materials import Material, material_named
from shirube_quant.measuring import Line, measured, unusable
from shirube_quant.overlaps import overlaps
from shirube_quant.phrases import message
from shirube_quant.quantification import ElementShare, LineShare, Quantification, QuantifiedSet
from shirube_quant.quantifyparameters import QuantifyParameters
from shirube_quant.regions import is_survey
from shirube_quant.sensitivity import Conditions, Sensitivity, sensitivities, sensitivity
from shirube_quant.sharing import component_shares, element_shares, line_shares
from shirube_quant.surveying import identified_lines
from shirube_quant.transmission import Transmission, read_transmission

__all__ = ["quantified"]


@frozen(eq=False)
class _Apparatus:
    """What sensitivity factors of all sets depend on."""

    material: Material | None
    transmission: Transmission
    geometry: Geometry
    spread: float
    lacking: list[Renderable] = field(factory=list)
    left_out: list[Renderable] = field(factory=list)


def quantified(
    target: AnalysisTarget, parameters: QuantifyParameters, surveyed: Sequence[Line] | None = None
) -> Quantification:
    """Return the atomic fractions of an entry.

    Areas come from what a peak fit left in ``target.results``, or else are taken above a background. Only regions that
    were measured alike (photon energy, pass energy, lens mode) are compared, because the flux between others is not
    known: each such set has fractions of its own.

    Args:
        target: All spectra of an entry, as :func:`shirube.reduction.entry_target` gives them, with earlier results.
        parameters: Settings.
        surveyed: Lines of surveys; None to find them by the results of ``elements``, or without these to identify
            their peaks here. A narrow region of the same element goes before them.

    Raises:
        InputError: A transmission file is not one.
        SettingsError: The material that settings state is not known well enough.
        MissingPluginError: xraylib is not installed.
    """
    apparatus = _apparatus(parameters)
    found = measured(target, parameters)
    apparatus.lacking.extend(found.lacking)
    apparatus.left_out.extend(found.left_out)
    if surveyed is None:
        surveyed = _surveyed(target, apparatus, {line.level.element for line in found.lines})
    lines = tuple(_disturbed((*found.lines, *surveyed)))
    sets = [
        one
        for places in comparable([line.acquisition for line in lines])
        if (one := _set([lines[place] for place in places], apparatus, parameters)) is not None
    ]
    sets.sort(key=lambda one: -len(one.elements))
    levels = tuple(line.sensitivity.level for one in sets for line in one.lines)
    return Quantification(
        tuple(sets),
        _assumptions(apparatus, tuple(dict.fromkeys(levels))) if sets else (),
        tuple(apparatus.left_out),
        found.meant + len(surveyed),
        tuple(apparatus.lacking),
    )


def _disturbed(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines with what lines of the entry's other elements do to them."""
    elements = {line.level.element for line in lines}
    for line in lines:
        yield evolve(line, doubts=(*line.doubts, *overlaps(line, elements)))


def _surveyed(target: AnalysisTarget, apparatus: _Apparatus, measured: Collection[str]) -> tuple[Line, ...]:
    """Return the lines of the surveys of an entry; why one has none is noted, and elements that nothing tells of.

    Args:
        target: The entry.
        apparatus: Takes the notes.
        measured: Elements of narrow regions.
    """
    lines: list[Line] = []
    for spectrum in target.spectra:
        if unusable(spectrum) is not None or not is_survey(spectrum):
            continue
        found = identified_lines(spectrum, target.facts.get(spectrum.id, Facts()), target.results)
        lines.extend(found.lines)
        apparatus.left_out.extend(found.left_out)
        known = {*measured, *(line.level.element for line in found.lines)}
        without = [one for one in found.elements if one not in known]
        if without and found.lines:
            region = spectrum.name or spectrum.id
            apparatus.lacking.append(message("elements-without-line", region=region, elements=", ".join(without)))
    return tuple(lines)


def _apparatus(parameters: QuantifyParameters) -> _Apparatus:
    material = None
    if parameters.material is not None:
        material = material_named(
            parameters.material, parameters.density, parameters.band_gap, parameters.valence_electrons
        )
    exponent = parameters.transmission_exponent
    transmission = Transmission() if exponent is None else Transmission(exponent, stated=True)
    if parameters.transmission is not None:
        transmission = read_transmission(Path(parameters.transmission))
    geometry = Geometry(parameters.polarisation_angle, parameters.light_angle, parameters.asymmetries())
    return _Apparatus(material, transmission, geometry, parameters.sensitivity_uncertainty)


def _set(lines: Sequence[Line], apparatus: _Apparatus, parameters: QuantifyParameters) -> QuantifiedSet | None:
    factors = [_sensitivity(line, apparatus) for line in lines]
    usable = [(line, one) for line, one in zip(lines, factors, strict=True) if one is not None]
    if not usable:
        return None
    lines = [line for line, _ in usable]
    times = exposures([line.acquisition for line in lines], parameters.intensities)
    if isinstance(times, Message):
        apparatus.left_out.append(message("set-left-out", regions=", ".join(line.region for line in lines), why=times))
        return None
    try:
        corrected = sensitivities([one for _, one in usable], apparatus.geometry)
    except InputError as error:
        apparatus.left_out.append(error.text())
        return None
    shares = line_shares(lines, corrected, times.factors)
    elements = element_shares(shares, apparatus.spread)
    several = len({line.spectrum for line in lines}) > 1
    unknown, matters = _unknown_transmission(elements, apparatus.transmission)
    return QuantifiedSet(
        photon_energy=lines[0].acquisition.photon_energy,
        lines=shares,
        elements=elements,
        components=component_shares(elements, apparatus.spread),
        said=(
            *(one for line in lines for one in line.said),
            *(times.said if several else ()),
            *(() if matters else unknown),
        ),
        doubts=(
            *_doubts(shares),
            *(times.said if several and times.doubtful else ()),
            *(unknown if matters else ()),
        ),
    )


def _sensitivity(line: Line, apparatus: _Apparatus) -> Sensitivity | None:
    """Return the sensitivity factor of a line; why there is none is noted."""
    how = line.acquisition
    conditions = Conditions(
        how.photon_energy, how.work_function, apparatus.material, apparatus.transmission, apparatus.geometry
    )
    try:
        return sensitivity(line.level, line.area.position, conditions)
    except InputError as error:
        apparatus.lacking.append(message("level-left-out", region=line.region, level=line.level, why=error.text()))
        return None


def _unknown_transmission(
    elements: Sequence[ElementShare], transmission: Transmission
) -> tuple[tuple[Message, ...], bool]:
    """Return what the fractions would be if a transmission that is not known fell as the kinetic energy.

    Also whether that is further off than their uncertainty.
    """
    if len(elements) == 1 or transmission.stated:
        return (), False
    parts = fractions(np.array([one.fraction * one.line.sensitivity.energy for one in elements])).tolist()
    listed = ", ".join(f"{one.element} {100.0 * part:.1f}" for one, part in zip(elements, parts, strict=True))
    matters = any(abs(one.fraction - part) > one.uncertainty for one, part in zip(elements, parts, strict=True))
    return (message("transmission-counts", composition=listed),), matters


def _doubts(shares: Sequence[LineShare]) -> tuple[Message, ...]:
    found = [one for share in shares if share.used for one in share.line.doubts]
    for share in shares:
        one = share.sensitivity
        if one.near_edge:
            found.append(message("near-edge", level=one.level, hv=f"{share.line.acquisition.photon_energy:g}"))
        if not one.path.within:
            found.append(message("path-outside", level=one.level, energy=f"{one.energy:.0f}"))
    return tuple(dict.fromkeys(found))


def _assumptions(apparatus: _Apparatus, levels: tuple[Level, ...]) -> tuple[Message, ...]:
    material = apparatus.material
    path = message("path-average") if material is None else message("path-tpp2m", material=material.name)
    return (
        message("homogeneous"),
        message("cross-sections"),
        apparatus.geometry.statement(levels),
        path,
        apparatus.transmission.statement(),
        message("first-principles", percent=f"{100.0 * apparatus.spread:g}"),
    )
