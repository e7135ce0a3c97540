"""The panel of the criterion: BIC against the number of peaks, a line for each variant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from shirube.figures import OKABE_ITO
from shirube.messages import Language, Text
from shirube.records import FloatArray, Result
from shirube.tables import Table
from shirube_bicfit.phrases import message
from shirube_bicfit.reporting import variants_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_VERMILION, _GREY = OKABE_ITO[5], "#999999"
#: One for each variant: blue, green, purple, orange, sky blue, black; then again with other marks.
_LINES: Final = tuple(OKABE_ITO[place] for place in (4, 2, 6, 0, 1, 7))
_MARKS: Final = "osD^v"
_HOLLOW: Final[dict[str, Any]] = {"markersize": 5.0, "markerfacecolor": "none", "markeredgewidth": 0.7}
#: Models beyond so many times the median difference would flatten the differences that matter.
_TIMES: Final = 3.0
_LEAST_SPAN: Final = 20.0
#: Room at the sides for values written at the first and the last number of peaks, as a part of all.
_SIDE: Final = 0.06
_ROOM: Final = 1.3
_LONG: Final = 1e6
#: Letters of an entry of the legend of which three stand side by side.
_SHORT: Final = 16

__all__ = ["draw_criterion"]


def draw_criterion(axes: Axes, result: Result, lang: Language) -> None:
    """Draw BIC against the number of peaks: every start, the best of each number and variant, and the best of all.

    Models far above the others are marked at the upper edge, with their value.
    """
    models, starts = result.table("models"), result.table("starts")
    peaks, bic = _numbers(models, "peaks"), _numbers(models, "bic")
    best = int(np.argmin(_numbers(models, "rank")))
    lowest = float(bic.min())
    span = _span(bic - lowest)
    shown = bic - lowest <= span
    axes.plot(
        _numbers(starts, "peaks"), _numbers(starts, "bic"), "o", color=_GREY, label=_text("starts", lang), **_HOLLOW
    )
    axes.set_ylim(lowest - 0.1 * span, lowest + _ROOM * span)
    side = max(0.5, _SIDE * float(peaks.max()))
    axes.set_xlim(1.0 - side, float(peaks.max()) + side)
    _draw_variants(axes, result, (peaks, bic, shown), lang)
    axes.plot(peaks[best], bic[best], "o", color=_VERMILION, markersize=8.0, label=_text("best", lang))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    axes.grid(visible=True, linestyle=":", linewidth=0.5)
    axes.set_xlabel(message("axis-peaks").render(lang))
    axes.set_ylabel(message("axis-bic").render(lang))
    _, labels = axes.get_legend_handles_labels()
    columns = 3 if max(len(one) for one in labels) < _SHORT else 2
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, columnspacing=1.0, handletextpad=0.3)


def _draw_variants(
    axes: Axes, result: Result, points: tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]], lang: Language
) -> None:
    """Draw the best of each number of peaks, a line for each variant, those beyond the upper edge at it."""
    peaks, bic, shown = points
    ranks = _numbers(result.table("models"), "rank").astype(np.int64).tolist()
    names = variants_in(result)
    variants: list[Text] = list(dict.fromkeys(names[rank] for rank in ranks))
    beyond: dict[float, float] = {}
    for number, variant in enumerate(variants):
        own = np.array([names[rank] == variant for rank in ranks])
        colour, mark = _LINES[number % len(_LINES)], _MARKS[number // len(_LINES) % len(_MARKS)]
        label = _text("models", lang) if len(variants) == 1 else variant.render(lang)
        drawn = own & shown
        axes.plot(peaks[drawn], bic[drawn], f"{mark}-", color=colour, markersize=5.0, linewidth=0.9, label=label)
        for count, value in zip(peaks[own & ~shown].tolist(), bic[own & ~shown].tolist(), strict=True):
            axes.plot(count, axes.get_ylim()[1], "^", color=colour, markersize=6.0, clip_on=False)
            beyond[count] = min(value, beyond.get(count, np.inf))
    for count, value in beyond.items():
        _mark_beyond(axes, count, value)


def _span(deltas: FloatArray) -> float:
    """Return up to which difference models are shown to scale: that of the worst of those not far above the median."""
    most = max(_LEAST_SPAN, _TIMES * float(np.median(deltas)))
    return max(_LEAST_SPAN, float(deltas[deltas <= most].max()))


def _mark_beyond(axes: Axes, count: float, value: float) -> None:
    """Write the value of the best model beyond the upper edge below its mark, those of neighbours not side by side."""
    below = -8.0 if count % 2.0 else -17.0
    place: dict[str, Any] = {"xytext": (0.0, below), "textcoords": "offset points", "ha": "center", "va": "top"}
    text = f"{value:.0f}" if value < _LONG else f"{value:.2g}"
    axes.annotate(text, (count, axes.get_ylim()[1]), fontsize=7.0, **place)


def _numbers(table: Table, column: str) -> FloatArray:
    return np.asarray(table.column(column).values, dtype=np.float64)


def _text(name: str, lang: Language) -> str:
    return message(f"label-{name}").render(lang)
