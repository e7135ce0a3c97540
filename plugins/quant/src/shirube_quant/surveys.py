"""Surveys: which spectra are one, at which photon energy, and where they lie on the binding scale."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.energy import binding_energy, scan_width
from shirube.messages import Message
from shirube.records import AnalysisTarget, FloatArray, Spectrum
from shirube.regions import is_meant
from shirube_quant.parameters import ElementsParameters
from shirube_quant.peaks import usable_channels
from shirube_quant.phrases import message

#: No beamline for surveys gives less; header values of memory that was never written are far below, eV.
_LEAST_PHOTON_ENERGY: Final = 30.0
#: How far kinetic energies may reach above the photon energy, as a part of the range of the scan and at least in eV.
_ABOVE: Final = (0.05, 10.0)

__all__ = ["Survey", "survey_of", "unsuitable"]


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
    return _impossible(spectrum, photon_energy)


def _no_survey(spectrum: Spectrum, parameters: ElementsParameters) -> Message | None:
    """Return why a spectrum is no survey, whatever its photon energy."""
    if not spectrum.is_one_dimensional:
        return message("not-one-dimensional", number=len(spectrum.axes))
    if spectrum.reference.scale == "unknown":
        return message("scale-unknown")
    if not usable_channels(spectrum.energy, spectrum.intensity):
        return message("nothing-to-see")
    if scan_width(spectrum) < parameters.min_range:
        return message("too-narrow", width=f"{scan_width(spectrum):g}", limit=f"{parameters.min_range:g}")
    return None


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
    return found if found is not None and np.isfinite(found) and found >= _LEAST_PHOTON_ENERGY else None


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
