"""The panel of the criterion: BIC against the number of peaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from shirube.figures import OKABE_ITO
from shirube.messages import Language
from shirube.records import FloatArray, Result
from shirube.tables import Table
from shirube_bicfit.phrases import message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BLUE, _VERMILION, _GREY = OKABE_ITO[4], OKABE_ITO[5], "#999999"
_HOLLOW: Final[dict[str, Any]] = {"markersize": 5.0, "markerfacecolor": "none", "markeredgewidth": 0.7}
#: A model so many times worse than the one ranked before it would flatten the differences that matter.
_JUMP: Final = 10.0
_LEAST_SPAN: Final = 20.0
_ROOM: Final = 1.3
_LONG: Final = 1e6

__all__ = ["draw_criterion"]


def draw_criterion(axes: Axes, result: Result, lang: Language) -> None:
    """Draw BIC against the number of peaks: every start, the best of each number, and the best of all.

    Models far above the others are marked at the upper edge, with their value.
    """
    models, starts = result.table("models"), result.table("starts")
    peaks, bic = _numbers(models, "peaks"), _numbers(models, "bic")
    lowest = float(bic.min())
    span = _span(bic - lowest)
    shown, best = bic - lowest <= span, int(np.argmin(bic))
    axes.plot(
        _numbers(starts, "peaks"), _numbers(starts, "bic"), "o", color=_GREY, label=_text("starts", lang), **_HOLLOW
    )
    axes.plot(peaks[shown], bic[shown], "o-", color=_BLUE, markersize=5.0, linewidth=0.9, label=_text("models", lang))
    axes.plot(peaks[best], bic[best], "o", color=_VERMILION, markersize=8.0, label=_text("best", lang))
    axes.set_ylim(lowest - 0.1 * span, lowest + _ROOM * span)
    axes.set_xlim(0.5, float(peaks.max()) + 0.5)
    for count, value in zip(peaks[~shown], bic[~shown], strict=True):
        _mark_beyond(axes, count, value)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    axes.grid(visible=True, linestyle=":", linewidth=0.5)
    axes.set_xlabel(message("axis-peaks").render(lang))
    axes.set_ylabel(message("axis-bic").render(lang))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=1.0, handletextpad=0.3)


def _span(deltas: FloatArray) -> float:
    """Return up to which difference models are shown to scale."""
    ordered = np.sort(deltas)
    span = _LEAST_SPAN
    for delta in ordered[1:]:
        if delta > _JUMP * span:
            break
        span = max(span, float(delta))
    return span


def _mark_beyond(axes: Axes, count: float, value: float) -> None:
    top = axes.get_ylim()[1]
    axes.plot(count, top, "^", color=_BLUE, markersize=6.0, clip_on=False)
    place: dict[str, Any] = {"xytext": (0.0, -8.0), "textcoords": "offset points", "ha": "center", "va": "top"}
    axes.annotate(f"{value:.0f}" if value < _LONG else f"{value:.2g}", (count, top), fontsize=7.0, **place)


def _numbers(table: Table, column: str) -> FloatArray:
    return np.asarray(table.column(column).values, dtype=np.float64)


def _text(name: str, lang: Language) -> str:
    return message(f"label-{name}").render(lang)
