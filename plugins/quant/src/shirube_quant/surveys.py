"""Surveys: which spectra are one, at which photon energy, and where they lie on the binding scale."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.energy import binding_energy, scan_width
from shirube.messages import Message
from shirube.records import AnalysisTarget, FloatArray, Spectrum
from shirube.regions import is_meant
from shirube_quant.expectation import expected_lines
from shirube_quant.integration import LEAST
from shirube_quant.negatives import meaningless
from shirube_quant.parameters import ElementsParameters
from shirube_quant.phrases import message

#: No beamline for surveys gives less, eV.
_LEAST_PHOTON_ENERGY: Final = 30.0
#: Less than this is memory that was never written, and no statement, eV.
_NEVER_WRITTEN: Final = 1e-3
#: How far kinetic energies may reach above the photon energy, as a part of the range of the scan and at least in eV.
_ABOVE: Final = (0.05, 10.0)

__all__ = ["Survey", "is_in_reach", "nothing_in_reach", "survey_of", "unsuitable"]


@frozen(eq=False)
class Survey:
    """A survey on the binding scale.

    Attributes:
        energy: Binding energies in eV, shape (n,).
        photon_energy: In eV.
        remarks: What was decided on the way.
    """

    energy: FloatArray
    photon_energy: float
    remarks: tuple[Message, ...] = ()


def unsuitable(target: AnalysisTarget, parameters: ElementsParameters) -> Message | None:
    """Return why no elements can be looked for in the target's spectrum, None where they can."""
    spectrum = target.spectrum
    if not is_meant(spectrum, parameters.regions):
        return message("not-meant", regions=", ".join(parameters.regions))
    if (reason := _no_survey(spectrum, parameters)) is not None:
        return reason
    photon_energy = _photon_energy(target, parameters)
    if photon_energy is None:
        return message(f"no-photon-energy-{spectrum.reference.scale}")
    if photon_energy < _LEAST_PHOTON_ENERGY and parameters.photon_energy is None:
        return message("photon-energy-too-low", hv=f"{photon_energy:g}", least=f"{_LEAST_PHOTON_ENERGY:g}")
    return _impossible(spectrum, photon_energy)


def _no_survey(spectrum: Spectrum, parameters: ElementsParameters) -> Message | None:
    """Return why a spectrum is no survey, whatever its photon energy."""
    if not spectrum.is_one_dimensional:
        return message("not-one-dimensional", number=len(spectrum.axes))
    if spectrum.reference.scale == "unknown":
        return message("scale-unknown")
    if spectrum.energy.size < LEAST:
        return message("too-few-channels", number=spectrum.energy.size, least=LEAST)
    if scan_width(spectrum) < parameters.min_range:
        return message("too-narrow", width=f"{scan_width(spectrum):g}", limit=f"{parameters.min_range:g}")
    return _unreadable(spectrum)


def _unreadable(spectrum: Spectrum) -> Message | None:
    """Return why no peak can stand out of the intensities of a spectrum."""
    intensity = spectrum.intensity
    if (wrong := int(np.count_nonzero(~np.isfinite(intensity)))) > 0:
        return message("intensities-not-finite", number=wrong, total=intensity.size)
    if not np.ptp(intensity) > 0.0:
        return message("intensities-alike", value=f"{float(intensity[0]):g}")
    return meaningless(spectrum)


def nothing_in_reach(target: AnalysisTarget, parameters: ElementsParameters) -> Message | None:
    """Return why none of the elements looked for can show a line in a suitable survey, None where one can.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    survey = survey_of(target, parameters)
    if any(is_in_reach(element, survey) for element in parameters.considered):
        return None
    low, high = float(survey.energy.min()), float(survey.energy.max())
    return message("no-line-in-reach", hv=f"{survey.photon_energy:g}", low=f"{low:.1f}", high=f"{high:.1f}")


def is_in_reach(element: str, survey: Survey) -> bool:
    """Tell whether the photon energy reaches a line of an element within a survey, with a cross section that is known.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    low, high = float(survey.energy.min()), float(survey.energy.max())
    return any(low < one.energy < high for one in expected_lines(element, survey.photon_energy))


def survey_of(target: AnalysisTarget, parameters: ElementsParameters) -> Survey:
    """Return the target's spectrum as a survey; it must be suitable."""
    spectrum = target.spectrum
    photon_energy = _photon_energy(target, parameters) or 0.0
    remarks = []
    stated = _stated(target)
    if stated is not None and abs(stated - photon_energy) > 1e-6 * photon_energy:
        remarks.append(message("photon-energy-differs", used=f"{photon_energy:g}", stated=f"{stated:g}"))
    if spectrum.reference.scale == "binding":
        return Survey(spectrum.energy, photon_energy, tuple(remarks))
    work_function = spectrum.reference.work_function or 0.0
    remarks.append(message("converted", hv=f"{photon_energy:g}", phi=f"{work_function:g}"))
    return Survey(binding_energy(spectrum.energy, photon_energy, work_function), photon_energy, tuple(remarks))


def _photon_energy(target: AnalysisTarget, parameters: ElementsParameters) -> float | None:
    return _stated(target) if parameters.photon_energy is None else parameters.photon_energy


def _stated(target: AnalysisTarget) -> float | None:
    """Return the photon energy that is in the axis or, for a kinetic one, stated by file or sidecar."""
    spectrum = target.spectrum
    found = spectrum.reference.photon_energy
    if found is None and (facts := target.facts.get(spectrum.id)) is not None:
        fact = facts.get("photon_energy")
        found = fact.number if fact is not None and not isinstance(fact.value, str) else None
    return found if found is not None and np.isfinite(found) and abs(found) > _NEVER_WRITTEN else None


def _impossible(spectrum: Spectrum, photon_energy: float) -> Message | None:
    """Return why a photon energy cannot be that of a spectrum."""
    highest = float(spectrum.energy.max())
    if spectrum.reference.scale == "binding":
        if highest > photon_energy:
            return message("beyond-photon-energy-binding", highest=f"{highest:g}", hv=f"{photon_energy:g}")
        return None
    part, least = _ABOVE
    if highest > photon_energy + max(least, part * scan_width(spectrum)):
        return message("beyond-photon-energy-kinetic", highest=f"{highest:g}", hv=f"{photon_energy:g}")
    return None
