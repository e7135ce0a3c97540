"""Rendering: the figures of outcomes as PNG bytes, in a vector format too where asked, drawn once, named uniquely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shirube._naming import unlike
from shirube.errors import MissingPluginError, core_message
from shirube.exporting import RenderedFigure, VectorFigure, VectorFormat
from shirube.messages import LANGUAGES, Language, Renderable, Text
from shirube.plugins import Plugins
from shirube.records import AnalysisTarget, Drawing, Outcome, Result, Spectrum
from shirube.reduction import entry_target, spectrum_target
from shirube.trees import safe_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["render_figures", "stem_of", "stems_of"]


def render_figures(
    outcomes: Sequence[Outcome],
    plugins: Plugins,
    lang: Language,
    *,
    most: int | None = None,
    vector: VectorFormat | None = None,
) -> tuple[RenderedFigure, ...]:
    """Return every figure of ``outcomes``: a plot of each spectrum, then what each analysis draws.

    Without the extra ``shirube[figures]`` there are none.

    Args:
        outcomes: What is drawn.
        plugins: Whose analyses draw their results.
        lang: Language of labels.
        most: An entry of more spectra has a plot of the widest one, and small panels of all on as many figures as they
            need; None for a plot of each.
        vector: A vector format in which each figure is written beside its PNG; None for the PNG alone.
    """
    try:
        from shirube import figures

        figures.new_figure(1.0, 1.0)
    except MissingPluginError:
        return ()
    return tuple(figure for outcome in outcomes for figure in _of_outcome(outcome, plugins, lang, most, vector))


def stem_of(spectrum: Spectrum) -> str:
    """Return a file name stem for a spectrum: its id and name, ASCII, safe everywhere.

    Two spectra may share it: it holds neither the suffix of the file nor all that tells names apart. Where several
    spectra are written, :func:`stems_of` keeps them apart.
    """
    file, _, region = spectrum.id.rpartition("#")
    parts = (Path(file).stem, region, spectrum.name) if file else (Path(spectrum.id).stem, spectrum.name)
    return "_".join(safe_name(part) for part in parts if part)


def stems_of(spectra: Iterable[Spectrum]) -> tuple[str, ...]:
    """Return the file name stems of the spectra of one entry, no two the same, whatever the case of their letters."""
    return tuple(unlike(stem_of(spectrum) for spectrum in spectra))


def _of_outcome(
    outcome: Outcome, plugins: Plugins, lang: Language, most: int | None, vector: VectorFormat | None
) -> Iterator[RenderedFigure]:
    drawn = [_draw(outcome, result, plugins, lang) for result in outcome.results if result.status != "skipped"]
    drawings = [(result, one) for result, found in drawn for one in found]
    main = next((index for index, (_, one) in enumerate(drawings) if one.main), None)
    names = _names(outcome, drawings)
    spectra = outcome.entry.spectra()
    gathered = most is not None and len(spectra) > most
    shown = max(range(len(spectra)), key=lambda index: _width(spectra[index])) if gathered else 0
    for index, spectrum in enumerate(spectra):
        name = next(names)
        if index == shown or not gathered:
            yield _of_spectrum(outcome, spectrum, name, lang, vector, main=main is None and index == shown)
    if gathered:
        yield from _overviews(outcome, lang, vector)
    for index, (result, one) in enumerate(drawings):
        yield _of_drawing(outcome, result, one, next(names), vector, main=index == main)


def _overviews(outcome: Outcome, lang: Language, vector: VectorFormat | None) -> Iterator[RenderedFigure]:
    from shirube.figures import PANELS, plot_overview

    spectra = outcome.entry.spectra()
    for first in range(0, len(spectra), PANELS):
        part = spectra[first : first + PANELS]
        last = first + len(part)
        png, drawn = _emptied(plot_overview(part, lang), vector)
        yield RenderedFigure(
            name=f"overview_{first + 1:04d}-{last:04d}",
            entry=outcome.entry.name,
            target=outcome.entry.name,
            source="spectrum",
            main=False,
            caption=core_message("figure-overview", first=first + 1, last=last, count=len(spectra)).text(),
            png=png,
            vector=drawn,
        )


def _emptied(figure: Figure, vector: VectorFormat | None) -> tuple[bytes, VectorFigure | None]:
    """Return a figure as :func:`_files` does; it is empty afterwards.

    A figure and its parts refer to each other, so that its image of some 10 MB would wait for the collector, which
    rarely comes by where a hundred thousand records live.
    """
    files = _files(figure, vector)
    figure.clear()
    type(figure.canvas)(figure)
    return files


def _files(figure: Figure, vector: VectorFormat | None) -> tuple[bytes, VectorFigure | None]:
    """Return a figure as PNG, and in a vector format where one is asked for."""
    from shirube.figures import to_pdf, to_png, to_svg

    png = to_png(figure)
    if vector is None:
        return png, None
    return png, VectorFigure(vector, to_svg(figure) if vector == "svg" else to_pdf(figure))


def _width(spectrum: Spectrum) -> float:
    if all(axis.name != "energy" for axis in spectrum.axes) or not spectrum.energy.size:
        return 0.0
    return float(spectrum.energy.max()) - float(spectrum.energy.min())


def _names(outcome: Outcome, drawings: Sequence[tuple[Result, Drawing]]) -> Iterator[str]:
    """Return the names of the figures of spectra, then of drawings, no two the same."""
    spectra = outcome.entry.spectra()
    stems = stems_of(spectra)
    by_target = {spectrum.id: stem for spectrum, stem in zip(spectra, stems, strict=True)}
    by_target[outcome.entry.name] = safe_name(outcome.entry.name)
    led = (f"{by_target[result.target]}_{_drawing_name(result.analysis, one.name)}" for result, one in drawings)
    return unlike((*stems, *led))


def _of_spectrum(
    outcome: Outcome, spectrum: Spectrum, name: str, lang: Language, vector: VectorFormat | None, *, main: bool
) -> RenderedFigure:
    from shirube.figures import plot_spectrum

    note = _reference_note(outcome, spectrum).render(lang)
    png, drawn = _emptied(plot_spectrum(spectrum, lang, note), vector)
    return RenderedFigure(
        name=name,
        entry=outcome.entry.name,
        target=spectrum.id,
        source="spectrum",
        main=main,
        caption=Text(en=f"{spectrum.name} ({spectrum.id})", ja=f"{spectrum.name}（{spectrum.id}）"),
        png=png,
        vector=drawn,
    )


def _reference_note(outcome: Outcome, spectrum: Spectrum) -> Renderable:
    """Return which photon energy and work function made a spectrum's binding energies; empty where none was decided."""
    photon = next(
        (one.chosen for one in outcome.decisions if (one.subject, one.term) == (spectrum.id, "photon_energy")), None
    )
    reference = spectrum.reference
    if photon is None or reference.photon_energy != photon.value or reference.scale != "binding":
        return Text(en="", ja="")
    places = {lang: photon.origin.render(lang) for lang in LANGUAGES}
    return core_message(
        "figure-energy-reference",
        photon=f"{reference.photon_energy:.8g}",
        origin=Text(**places),
        work=f"{reference.work_function or 0.0:g}",
    )


def _of_drawing(
    outcome: Outcome, result: Result, drawing: Drawing, name: str, vector: VectorFormat | None, *, main: bool
) -> RenderedFigure:
    png, drawn = _files(drawing.figure, vector)
    return RenderedFigure(
        name=name,
        entry=outcome.entry.name,
        target=result.target,
        source=result.analysis,
        main=main,
        caption=drawing.caption,
        png=png,
        vector=drawn,
        leads=drawing.main,
    )


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
    """Return what ``result`` was found on, as its analysis saw it."""
    entry = outcome.entry
    if result.target == entry.name:
        return entry_target(entry)
    return spectrum_target(entry, entry.spectrum(result.target))
