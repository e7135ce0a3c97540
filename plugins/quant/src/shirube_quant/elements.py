"""The analysis ``elements`` as the core calls it: does it apply, run it, draw what it found."""

from __future__ import annotations

from collections.abc import Iterable

from shirube.messages import Language, Renderable
from shirube.progress import Progress
from shirube.records import AnalysisTarget, Drawing, Result
from shirube_quant.crosssections import no_tables, xraylib
from shirube_quant.elementsdrawing import survey_figure
from shirube_quant.elementsreport import result_of
from shirube_quant.identification import identify
from shirube_quant.parameters import ElementsParameters
from shirube_quant.peaks import filtered, find_peaks
from shirube_quant.phrases import message
from shirube_quant.surveys import nothing_in_reach, survey_of, unsuitable

__all__ = ["applies", "draw", "run"]


def applies(target: AnalysisTarget, parameters: ElementsParameters) -> Renderable | None:
    """Return None for a survey whose photon energy is known, otherwise what it is instead, or what is not installed."""
    return unsuitable(target, parameters) or no_tables() or nothing_in_reach(target, parameters)


def run(target: AnalysisTarget, parameters: ElementsParameters, progress: Progress) -> Result:
    """Return the peaks of the target's survey and the elements that they may come from.

    Raises:
        MissingPluginError: xraylib is not installed.
    """
    xraylib()
    survey = survey_of(target, parameters)
    seen = filtered(survey.energy, target.spectrum.intensity)
    peaks = find_peaks(seen, parameters.significance)
    progress.update(0.2)
    found = identify(
        peaks,
        seen,
        survey.photon_energy,
        parameters.considered,
        least=parameters.significance,
        tolerance=parameters.tolerance,
        offset_range=parameters.max_offset,
    )
    progress.update(1.0)
    return result_of(found, survey, target.spectrum, parameters)


def draw(target: AnalysisTarget, result: Result, lang: Language) -> Iterable[Drawing]:
    """Return the survey with the names of its lines; nothing where there is no peak."""
    if not any(table.name == "peaks" for table in result.tables):
        return ()
    figure = survey_figure(result, target.spectrum, lang)
    return (Drawing("elements", figure, main=True, caption=message("caption-survey").text()),)
