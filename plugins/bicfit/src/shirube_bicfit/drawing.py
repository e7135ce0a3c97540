"""Drawing: the six-panel figure of the data reference guide, and the best model by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

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
from shirube_bicfit.overview import draw_criterion
from shirube_bicfit.phrases import background_name, message
from shirube_bicfit.reporting import peaks_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANELS: Final = (2, 3)

__all__ = ["drawings_of"]


def drawings_of(result: Result, spectrum: Spectrum, lang: Language) -> Iterator[Drawing]:
    """Yield the best model (the main figure) and the six panels; nothing for a refusal."""
    if not any(table.name == "models" for table in result.tables):
        return
    best, overview = message("caption-best"), message("caption-overview")
    yield Drawing("bicfit_best", _best_figure(result, spectrum, lang), main=True, caption=best.text())
    yield Drawing("bicfit_models", _overview_figure(result, spectrum, lang), caption=overview.text())


def _best_figure(result: Result, spectrum: Spectrum, lang: Language) -> Figure:
    figure = new_figure(7.2, 4.4)
    with style():
        axes = _draw_model(figure, None, result, spectrum, 1, lang)
        name = printable(spectrum.name or spectrum.id)
        axes.set_title(f"{name}: {message('title-best').render(lang)} ({_what(result, 1, lang)})", parse_math=False)
        draw_legend(axes)
    return figure


def _overview_figure(result: Result, spectrum: Spectrum, lang: Language) -> Figure:
    figure = new_figure(13.0, 8.0)
    with style():
        name = printable(spectrum.name or spectrum.id)
        figure.suptitle(f"{message('title-overview').render(lang)}\n{name}", parse_math=False, fontsize=11.0)
        # one sub-figure a panel: six places of the same size whatever stands at their axes
        panels: Any = figure.subfigures(*_PANELS)
        first, *others = panels.flat
        draw_criterion(first.add_subplot(), result, lang)
        shown = min(_ranks(result), len(others))
        drawn = [_draw_model(others[rank - 1], None, result, spectrum, rank, lang) for rank in range(1, shown + 1)]
        for rank, axes in enumerate(drawn, start=1):
            axes.set_title(message("title-rank", rank=rank, what=_what(result, rank, lang)).render(lang))
        _share_legend(figure, drawn[0])
    return figure


def _share_legend(figure: Figure, axes: Axes) -> None:
    """Put what all panels have in common, not their components, in one legend below them."""
    handles, labels = axes.get_legend_handles_labels()
    common = {label: handle for label, handle in zip(labels, handles, strict=True) if not label.endswith("%")}
    figure.legend(common.values(), common.keys(), loc="outside lower center", ncols=len(common))


def _draw_model(figure: Figure, position: Any, result: Result, spectrum: Spectrum, rank: int, lang: Language) -> Axes:
    """Draw one ranked model with its residuals; returns the main axes."""
    axes, below = with_residuals(figure, position)
    energy = result.array("energy")
    background = result.array(f"rank_{rank}_background")
    draw_components(axes, energy, background, result.array(f"rank_{rank}_components"), _component_labels(result, rank))
    draw_background(axes, energy, background, lang)
    draw_data(axes, energy, result.array("intensity"), lang, spectrum.intensity_unit)
    draw_envelope(axes, energy, result.array(f"rank_{rank}_envelope"), lang)
    draw_residuals(below, energy, result.array(f"rank_{rank}_residuals"), lang)
    energy_axis(axes, spectrum, lang)
    return axes


def _component_labels(result: Result, rank: int) -> list[str]:
    table = result.table(peaks_name(rank))
    positions, shares = table.column("position").values, table.column("area_percent").values
    return [f"{float(at):.2f} eV, {float(share):.1f} %" for at, share in zip(positions, shares, strict=True)]


def _what(result: Result, rank: int, lang: Language) -> str:
    """Return number of peaks and background of a ranked model: ``K = 3, Shirley``."""
    count = len(result.table(peaks_name(rank)))
    background = background_name(result.scalars["bicfit.background"].value)
    return f"K = {count}, {background.render(lang)}"


def _ranks(result: Result) -> int:
    return sum(array.name.endswith("_envelope") for array in result.arrays)
