"""Rendering: the figures of outcomes as PNG bytes, drawn once, named uniquely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from shirube.errors import MissingPluginError
from shirube.exporting import RenderedFigure
from shirube.messages import Language, Text
from shirube.plugins import Plugins
from shirube.records import AnalysisTarget, Drawing, Outcome, Result, Spectrum
from shirube.trees import safe_name

__all__ = ["render_figures", "stem_of"]


def render_figures(outcomes: Sequence[Outcome], plugins: Plugins, lang: Language) -> tuple[RenderedFigure, ...]:
    """Return every figure of ``outcomes``: a plot of each spectrum, then what each analysis draws.

    Without the extra ``shirube[figures]`` there are none.
    """
    try:
        from shirube import figures

        figures.new_figure(1.0, 1.0)
    except MissingPluginError:
        return ()
    return tuple(figure for outcome in outcomes for figure in _of_outcome(outcome, plugins, lang))


def stem_of(spectrum: Spectrum) -> str:
    """Return a file name stem for a spectrum: its id and name, ASCII, safe everywhere; unique because the id is."""
    file, _, region = spectrum.id.rpartition("#")
    parts = (Path(file).stem, region, spectrum.name) if file else (Path(spectrum.id).stem, spectrum.name)
    return "_".join(safe_name(part) for part in parts if part)


def _of_outcome(outcome: Outcome, plugins: Plugins, lang: Language) -> Iterator[RenderedFigure]:
    from shirube.figures import plot_spectrum, to_png

    main_taken = False
    drawn = [_draw(outcome, result, plugins, lang) for result in outcome.results if result.status != "skipped"]
    has_main = any(one.main for _, drawings in drawn for one in drawings)
    for spectrum in outcome.entry.spectra():
        yield RenderedFigure(
            name=stem_of(spectrum),
            entry=outcome.entry.name,
            target=spectrum.id,
            source="spectrum",
            main=not has_main and not main_taken,
            caption=Text(en=f"{spectrum.name} ({spectrum.id})", ja=f"{spectrum.name}（{spectrum.id}）"),
            png=to_png(plot_spectrum(spectrum, lang)),
        )
        main_taken = True
    main_taken = not has_main
    for result, drawings in drawn:
        for one in drawings:
            yield RenderedFigure(
                name=f"{_target_stem(outcome, result)}_{_drawing_name(result.analysis, one.name)}",
                entry=outcome.entry.name,
                target=result.target,
                source=result.analysis,
                main=one.main and not main_taken,
                caption=one.caption,
                png=to_png(one.figure),
            )
            main_taken = main_taken or one.main


def _drawing_name(analysis: str, drawing: str) -> str:
    """Return the name of a drawing, led by its analysis once."""
    return safe_name(drawing if drawing.startswith(analysis) else f"{analysis}_{drawing}")


def _draw(outcome: Outcome, result: Result, plugins: Plugins, lang: Language) -> tuple[Result, tuple[Drawing, ...]]:
    from shirube.figures import style

    registered = plugins.analyses.get(result.analysis)
    if registered is None:
        return result, ()
    target = target_of(outcome, result)
    # What a user's matplotlibrc says must not change what a run writes; generators draw while they are iterated.
    with style():
        drawings = plugins.call(registered, "draw", target, result, lang)
        return result, plugins.checked_all(registered, drawings, Drawing)


def target_of(outcome: Outcome, result: Result) -> AnalysisTarget:
    """Return what ``result`` was found on."""
    entry = outcome.entry
    if result.target == entry.name:
        return AnalysisTarget(entry=entry.name, spectra=entry.spectra(), facts=entry.facts)
    spectrum = entry.spectrum(result.target)
    return AnalysisTarget(entry=entry.name, spectra=(spectrum,), facts={spectrum.id: entry.facts[spectrum.id]})


def _target_stem(outcome: Outcome, result: Result) -> str:
    if result.target == outcome.entry.name:
        return safe_name(result.target)
    return stem_of(outcome.entry.spectrum(result.target))
