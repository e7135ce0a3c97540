"""Drawing: the six-panel figure of the data reference guide, and one model by itself, ready to publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from attrs import evolve

from shirube.figures import (
    draw_background,
    draw_components,
    draw_data,
    draw_envelope,
    draw_legend,
    draw_residuals,
    energy_axis,
    new_figure,
    printable,
    style,
    with_residuals,
)
from shirube.messages import Language
from shirube.records import Drawing, Result, Spectrum
from shirube.wrapping import wrapped
from shirube_bicfit.overview import draw_criterion
from shirube_bicfit.phrases import message
from shirube_bicfit.reporting import peaks_name, ranks_of, variants_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANELS: Final = (2, 3)
#: Of a model by itself: inches, and how much higher it is for each entry of the legend beyond what fits.
_WIDTH, _HEIGHT, _ENTRY, _ENTRIES = 7.2, 4.4, 0.19, 14
#: Of notes below a figure: size, and letters in a line of a model by itself.
_NOTE, _LETTERS = 7.0, 120

__all__ = ["drawings_of", "publication_figure"]


def drawings_of(result: Result, spectrum: Spectrum, lang: Language) -> Iterator[Drawing]:
    """Yield the best model (the main figure) and the six panels; nothing for a refusal."""
    if not ranks_of(result):
        return
    best, overview = message("caption-best"), message("caption-overview")
    yield Drawing("bicfit_best", publication_figure(result, spectrum, lang), main=True, caption=best.text())
    yield Drawing("bicfit_models", _overview_figure(result, spectrum, lang), caption=overview.text())


def publication_figure(result: Result, spectrum: Spectrum, lang: Language, rank: int = 1) -> Figure:
    """Return one model: data, components filled to the background, envelope, residuals below.

    Args:
        result: A fit that holds the model of this rank.
        spectrum: What was fitted, for names, units and scale.
        lang: Language of the words.
        rank: Of the model.
    """
    entries = len(result.table(peaks_name(rank)))
    figure = new_figure(_WIDTH, _HEIGHT + _ENTRY * max(0, entries - _ENTRIES))
    with style():
        axes = _draw_model(figure, result, spectrum, rank, lang)
        title = message("title-best") if rank == 1 else message("title-of-rank", rank=rank)
        name = printable(spectrum.name or spectrum.id)
        axes.set_title(f"{name}: {title.render(lang)}\n{_what(result, rank, lang)}", parse_math=False)
        draw_legend(axes)
        notes = "\n".join(_doubts(result, lang, _LETTERS))
        figure.supxlabel(notes, parse_math=False, fontsize=_NOTE, ha="left", x=0.02, ma="left")
    return figure


def _overview_figure(result: Result, spectrum: Spectrum, lang: Language) -> Figure:
    figure = new_figure(13.0, 8.0)
    with style():
        name = printable(spectrum.name or spectrum.id)
        # one sub-figure a panel: six places of the same size whatever stands at their axes
        panels: Any = figure.subfigures(*_PANELS)
        first, *others = panels.flat
        left_out = _left_out(result, len(others))
        more = [message("more-candidates", number=left_out).render(lang)] if left_out else []
        lines = [message("title-overview").render(lang), name, *more, *_doubts(result, lang, _LETTERS)]
        # not below, where constrained layout keeps no place beside sub-figures
        figure.suptitle("\n".join(lines), parse_math=False, fontsize=11.0)
        draw_criterion(first.add_subplot(), result, lang)
        drawn = []
        for rank, place in zip(ranks_of(result), others, strict=False):
            axes = _draw_model(place, result, spectrum, rank, lang)
            axes.set_title(message("title-rank", rank=rank, what=_what(result, rank, lang)).render(lang))
            drawn.append(axes)
        _share_legend(figure, drawn[0])
    return figure


def _doubts(result: Result, lang: Language, letters: int) -> list[str]:
    """Return lines that say what makes a fit doubtful."""
    notes = [message("doubt", reason=one).render(lang) for one in result.reasons]
    return [line for note in notes for line in wrapped(note, letters)]


def _left_out(result: Result, places: int) -> int:
    """Return how many candidates have no panel."""
    return len(result.table("models")) - min(places, len(ranks_of(result)))


def _share_legend(figure: Figure, axes: Axes) -> None:
    """Put what all panels have in common, not their components, in one legend below them."""
    handles, labels = axes.get_legend_handles_labels()
    common = {label: handle for label, handle in zip(labels, handles, strict=True) if not label.endswith("%")}
    figure.legend(common.values(), common.keys(), loc="outside lower center", ncols=len(common))


def _draw_model(figure: Any, result: Result, spectrum: Spectrum, rank: int, lang: Language) -> Axes:
    """Draw one ranked model with its residuals; returns the main axes."""
    axes, below = with_residuals(figure)
    energy = result.array("energy")
    background = result.array(f"rank_{rank}_background")
    draw_components(axes, energy, background, result.array(f"rank_{rank}_components"), _component_labels(result, rank))
    draw_background(axes, energy, background, lang)
    draw_data(axes, energy, result.array("intensity"), lang, spectrum.intensity_unit)
    draw_envelope(axes, energy, result.array(f"rank_{rank}_envelope"), lang)
    draw_residuals(below, energy, result.array(f"rank_{rank}_residuals"), lang)
    # what was fitted may be a part of what was measured
    along = evolve(spectrum.axis("energy"), values=energy)
    energy_axis(axes, evolve(spectrum, axes=(along,), intensity=result.array("intensity")), lang)
    if spectrum.reference.scale == "unknown":
        # as it was fitted: as binding energies
        axes.set_xlim(float(energy.max()), float(energy.min()))
    return axes


def _component_labels(result: Result, rank: int) -> list[str]:
    table = result.table(peaks_name(rank))
    positions, shares = table.column("position").values, table.column("area_percent").values
    return [f"{float(at):.2f} eV, {float(share):.1f} %" for at, share in zip(positions, shares, strict=True)]


def _what(result: Result, rank: int, lang: Language) -> str:
    """Return number of peaks and variant of a ranked model: ``K = 3, Shirley``."""
    models = result.table("models")
    place = [int(one) for one in models.column("rank").values].index(rank)
    count = int(models.column("peaks").values[place])
    return f"K = {count}{'、' if lang == 'ja' else ', '}{variants_in(result)[rank].render(lang)}"
