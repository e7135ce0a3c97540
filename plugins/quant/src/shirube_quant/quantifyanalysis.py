"""The analysis ``quantify`` as the core calls it: does it apply, run it, draw what it found."""

from __future__ import annotations

from collections.abc import Iterable

from shirube.messages import Language, Renderable
from shirube.progress import Progress
from shirube.records import AnalysisTarget, Drawing, Result
from shirube_quant.crosssections import no_tables
from shirube_quant.hints import hints
from shirube_quant.phrases import message
from shirube_quant.quantify import quantified
from shirube_quant.quantifyparameters import QuantifyParameters
from shirube_quant.quantifyreport import result_of

__all__ = ["applies", "draw", "run"]


def applies(target: AnalysisTarget, parameters: QuantifyParameters) -> Renderable | None:  # noqa: ARG001 of all settings
    """Return None for an entry that has a spectrum along an energy axis, else what it lacks, or is not installed."""
    if any(spectrum.is_one_dimensional and spectrum.energy.size for spectrum in target.spectra):
        return no_tables()
    return message("no-region")


def run(target: AnalysisTarget, parameters: QuantifyParameters, progress: Progress) -> Result:
    """Return the composition of the target's entry; one that cannot be told makes a refusal with its reasons."""
    found = quantified(target, parameters)
    progress.update(1.0)
    lines = [one.line for group in found.sets for one in group.lines]
    return result_of(found, hints(lines, stated=parameters.calibrated), target.entry, parameters)


def draw(target: AnalysisTarget, result: Result, lang: Language) -> Iterable[Drawing]:
    """Return the bar chart of the composition; nothing for a refusal."""
    from shirube_quant.quantifydrawing import drawings_of

    return tuple(drawings_of(result, target.entry, lang))
