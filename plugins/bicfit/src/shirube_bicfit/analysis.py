"""The analysis ``bicfit`` as the core calls it: does it apply, run it, draw what it found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from attrs import evolve

from shirube.energy import scan_width
from shirube.messages import Language, Renderable
from shirube.progress import NoProgress, Progress
from shirube.records import AnalysisTarget, Drawing, Result, Spectrum
from shirube.regions import is_meant
from shirube.threads import threads_allowed
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.reporting import result_of
from shirube_bicfit.search import most_peaks
from shirube_bicfit.solutions import Fit
from shirube_bicfit.warm import fit_along
from shirube_bicfit.windowing import windowed

#: Room for rounding in energies that a file prints with few digits.
_ROUNDING: Final = 1e-9

__all__ = ["applies", "draw", "run", "run_series"]


def applies(target: AnalysisTarget, parameters: Parameters) -> Renderable | None:
    """Return None for a narrow one-dimensional spectrum on the binding scale, otherwise what it is instead."""
    spectrum = target.spectrum
    if not is_meant(spectrum, parameters.regions):
        return message("not-meant", regions=", ".join(parameters.regions))
    if all(axis.name != "energy" for axis in spectrum.axes):
        return message("no-energy-axis")
    if not spectrum.is_one_dimensional:
        return message("not-one-dimensional", number=len(spectrum.axes))
    if spectrum.reference.scale != "binding" and not parameters.any_scale:
        return message("not-binding", scale=message(f"scale-{spectrum.reference.scale}"))
    if not spectrum.energy.size:
        return None
    return _outside(spectrum, parameters) or _unsuitable(windowed(spectrum, parameters), parameters)


def _outside(spectrum: Spectrum, parameters: Parameters) -> Renderable | None:
    """Return why the range that was asked for leaves too little of a region."""
    energy, kept = spectrum.energy, windowed(spectrum, parameters).energy
    if most_peaks(kept.size, 1) or kept.size == energy.size:
        return None
    first, last = float(energy.min()), float(energy.max())
    low, high = parameters.range_low, parameters.range_high
    ends = {
        "low": f"{first if low is None else low:g}",
        "high": f"{last if high is None else high:g}",
        "first": f"{first:g}",
        "last": f"{last:g}",
    }
    if not kept.size:
        return message("nothing-in-range", **ends)
    return message("too-few-in-range", number=kept.size, **ends)


def _unsuitable(spectrum: Spectrum, parameters: Parameters) -> Renderable | None:
    """Return why the channels that are to be fitted are not what the settings admit."""
    energy = spectrum.energy
    if scan_width(spectrum) > parameters.max_range * (1.0 + _ROUNDING):
        return message("too-wide", width=f"{scan_width(spectrum):g}", limit=f"{parameters.max_range:g}")
    highest = float(energy.max())
    if parameters.max_be is not None and highest > parameters.max_be * (1.0 + _ROUNDING):
        return message("beyond-max-be", highest=f"{highest:g}", limit=f"{parameters.max_be:g}")
    return None


def run(target: AnalysisTarget, parameters: Parameters, progress: Progress) -> Result:
    """Return the fit of the target's spectrum; data that cannot be fitted make a refusal with its reason."""
    spectrum = windowed(target.spectrum, parameters)
    fit = fit_spectrum(
        spectrum.energy,
        spectrum.intensity,
        parameters,
        scale=spectrum.reference.scale,
        region=spectrum.name,
        progress=progress,
        threads=threads_allowed(),
    )
    return _result(fit, spectrum, parameters)


def run_series(targets: Sequence[AnalysisTarget], parameters: Parameters, progress: Progress) -> Sequence[Result]:
    """Return the fits of spectra on one axis, each begun where the first ended wherever that leads to the same."""
    spectra = [windowed(target.spectrum, parameters) for target in targets]
    first = spectra[0]
    alike = all(
        (one.reference.scale, one.name) == (first.reference.scale, first.name)
        and np.array_equal(one.energy, first.energy)
        for one in spectra
    )
    if not alike or not first.energy.size:
        return [run(target, parameters, NoProgress()) for target in targets]
    fits = fit_along(
        first.energy,
        [one.intensity for one in spectra],
        parameters,
        scale=first.reference.scale,
        region=first.name,
        progress=progress,
        threads=threads_allowed(),
    )
    return [_result(fit, spectrum, parameters) for (fit, _), spectrum in zip(fits, spectra, strict=True)]


def _result(fit: Fit, spectrum: Spectrum, parameters: Parameters) -> Result:
    if fit.solutions and spectrum.reference.scale == "unknown":
        fit = evolve(fit, remarks=(message("scale-taken"), *fit.remarks))
    return result_of(fit, spectrum, parameters)


def draw(target: AnalysisTarget, result: Result, lang: Language) -> Iterable[Drawing]:
    """Return the best model (the main figure) and the six panels of the guide; nothing for a refusal."""
    from shirube_bicfit.drawing import drawings_of

    return tuple(drawings_of(result, target.spectrum, lang))
