"""Surveys: which spectra are one, at which photon energy, and where they lie on the binding scale."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.energy import binding_energy, scan_width
from shirube.messages import Message
from shirube.records import AnalysisTarget, Facts, FloatArray, Spectrum
from shirube.regions import is_meant
from shirube_quant.expectation import expected_lines
from shirube_quant.integration import LEAST
from shirube_quant.negatives import meaningless
from shirube_quant.parameters import ElementsParameters
from shirube_quant.photonenergy import impossible, refused, stated
from shirube_quant.phrases import message

#: An even grid of the energies has at most so many times their number of channels.
_UNEVEN: Final = 20
#: Intensities beyond this, or all below its inverse, are no measured values.
_HUGE: Final = 1e100

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
        return refused(spectrum, _facts(target)) or message(f"no-photon-energy-{spectrum.reference.scale}")
    return impossible(spectrum, photon_energy)


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
    return _uneven(spectrum) or _unreadable(spectrum)


def _uneven(spectrum: Spectrum) -> Message | None:
    """Return why the energies of a spectrum make no even grid."""
    steps = np.diff(np.sort(spectrum.energy))
    step = float(np.median(steps))
    if step <= 0.0 or scan_width(spectrum) > _UNEVEN * step * steps.size:
        return message("energies-uneven", step=f"{step:g}", largest=f"{float(steps.max()):g}")
    return None


def _unreadable(spectrum: Spectrum) -> Message | None:
    """Return why no peak can stand out of the intensities of a spectrum."""
    intensity = spectrum.intensity
    if (wrong := int(np.count_nonzero(~np.isfinite(intensity)))) > 0:
        return message("intensities-not-finite", number=wrong, total=intensity.size)
    if not np.ptp(intensity) > 0.0:
        return message("intensities-alike", value=f"{float(intensity[0]):g}")
    largest = float(np.abs(intensity).max())
    if not 1.0 / _HUGE < largest < _HUGE:
        return message("intensities-impossible", largest=f"{largest:g}")
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
    known = _stated(target)
    if known is not None and abs(known - photon_energy) > 1e-6 * photon_energy:
        remarks.append(message("photon-energy-differs", used=f"{photon_energy:g}", stated=f"{known:g}"))
    if spectrum.reference.scale == "binding":
        return Survey(spectrum.energy, photon_energy, tuple(remarks))
    work_function = spectrum.reference.work_function or 0.0
    remarks.append(message("converted", hv=f"{photon_energy:g}", phi=f"{work_function:g}"))
    return Survey(binding_energy(spectrum.energy, photon_energy, work_function), photon_energy, tuple(remarks))


def _photon_energy(target: AnalysisTarget, parameters: ElementsParameters) -> float | None:
    return _stated(target) if parameters.photon_energy is None else parameters.photon_energy


def _stated(target: AnalysisTarget) -> float | None:
    return stated(target.spectrum, _facts(target))


def _facts(target: AnalysisTarget) -> Facts:
    return target.facts.get(target.spectrum.id, Facts())
