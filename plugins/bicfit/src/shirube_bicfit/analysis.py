"""The analysis ``bicfit`` as the core calls it: does it apply, run it, draw what it found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shirube.energy import scan_width
from shirube.messages import Language, Renderable
from shirube.progress import Progress
from shirube.records import AnalysisTarget, Drawing, Result
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.reporting import result_of

#: Room for rounding in energies that a file prints with few digits.
_ROUNDING: Final = 1e-9

__all__ = ["applies", "draw", "run"]


def applies(target: AnalysisTarget, parameters: Parameters) -> Renderable | None:
    """Return None for a narrow one-dimensional spectrum on the binding scale, otherwise what it is instead."""
    spectrum = target.spectrum
    if all(axis.name != "energy" for axis in spectrum.axes):
        return message("no-energy-axis")
    if not spectrum.is_one_dimensional:
        return message("not-one-dimensional", number=len(spectrum.axes))
    if spectrum.reference.scale != "binding" and not parameters.any_scale:
        return message("not-binding", scale=message(f"scale-{spectrum.reference.scale}"))
    if spectrum.energy.size and scan_width(spectrum) > parameters.max_range * (1.0 + _ROUNDING):
        return message("too-wide", width=f"{scan_width(spectrum):g}", limit=f"{parameters.max_range:g}")
    return None


def run(target: AnalysisTarget, parameters: Parameters, progress: Progress) -> Result:
    """Return the fit of the target's spectrum; data that cannot be fitted make a refusal with its reason."""
    spectrum = target.spectrum
    scale = spectrum.reference.scale
    fit = fit_spectrum(spectrum.energy, spectrum.intensity, parameters, scale=scale, progress=progress)
    return result_of(fit, spectrum, parameters)


def draw(target: AnalysisTarget, result: Result, lang: Language) -> Iterable[Drawing]:
    """Return the best model (the main figure) and the six panels of the guide; nothing for a refusal."""
    from shirube_bicfit.drawing import drawings_of

    return tuple(drawings_of(result, target.spectrum, lang))
