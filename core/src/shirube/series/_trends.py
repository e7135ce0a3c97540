"""Trends: position, area and FWHM of each track along a series, as dots with uncertainty bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from shirube._extras import require
from shirube.figures import new_figure, printable, style
from shirube.figures._axes import scale_ticks, scaled_label
from shirube.figures._labels import with_unit
from shirube.figures._palette import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY_BLUE, VERMILION
from shirube.messages import Language
from shirube.records import FloatArray
from shirube.series._curves import Curves
from shirube.series._labels import AREA, DOUBTFUL, FEWER, INDEX, MOST_SEEN, POSITION, WIDTH, axis_text
from shirube.series._ordering import Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Colours of tracks; a second round has another sign. Yellow dots cannot be seen.
_COLOURS: Final = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY_BLUE, BLACK)
_SIGNS: Final = ("o", "s")
#: More spectra than this are thinned out, because a figure has no room for more dots.
_MOST: Final = 1500
#: Up to this many have lines between neighbours, and dots of the usual size.
_FEW: Final = 300
#: Columns of the name of a series in a title.
_TITLE: Final = 60

__all__ = ["plot_trends"]


def plot_trends(series: Series, curves: Curves, lang: Language) -> Figure:
    """Return a figure of three panels above each other: position, area and FWHM against a coordinate or the number.

    Neighbours of a track are joined by a thin line, which ends where the track is not found. Limits are those of the
    values: a bar that is longer is cut.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    figure = new_figure(7.5, 7.5)
    step = -(-len(series.members) // _MOST)
    at, label = _abscissa(series, lang)
    with style():
        panels: Any = figure.subplots(3, 1, sharex=True)
        units = series.units
        rows = ((0, POSITION[series.scale], units[0]), (2, AREA, units[2]), (1, WIDTH, units[1]))
        for axes, (quantity, text, unit) in zip(panels, rows, strict=True):
            values, bars = curves.numbers[::step, :, 2 * quantity], curves.numbers[::step, :, 2 * quantity + 1]
            _draw(axes, at[::step], values, bars, curves, curves.doubtful[::step])
            largest = _limits(axes, values, bars)
            scale_ticks(axes.yaxis, largest)
            axes.set_ylabel(scaled_label(text, lang, unit, largest), parse_math=False)
            axes.grid(visible=True, color=GREY, alpha=0.2, linewidth=0.5)
        panels[-1].set_xlabel(printable(label), parse_math=False)
        if not series.scanned:
            panels[-1].xaxis.set_major_locator(require("matplotlib.ticker", "figures").MaxNLocator(integer=True))
        figure.align_ylabels(panels)
        panels[0].set_title(_title(series, curves, step, lang), parse_math=False)
        _legend(panels[0], curves, units[0], lang)
    return figure


def _abscissa(series: Series, lang: Language) -> tuple[FloatArray, str]:
    """Return what the spectra are drawn against: the coordinate if one was scanned, else their numbers."""
    if len(series.scanned) == 1:
        ((name, unit),) = series.scanned
        values = np.array([member.at(name) for member in series.members], dtype=np.float64)
        return values, with_unit(axis_text(name), unit, lang)
    return np.arange(1.0, len(series.members) + 1.0), INDEX.render(lang)


def _draw(axes: Axes, at: FloatArray, values: FloatArray, bars: FloatArray, curves: Curves, doubtful: Any) -> None:
    few = len(at) <= _FEW
    size = 3.5 if few else 1.6
    for place in range(len(curves.names)):
        colour, sign = _COLOURS[place % len(_COLOURS)], _SIGNS[place // len(_COLOURS) % len(_SIGNS)]
        own, bar = values[:, place], np.nan_to_num(bars[:, place], posinf=0.0)
        if few:
            # A nan breaks the line, so a gap stays one.
            axes.plot(at, own, "-", color=colour, linewidth=0.7, alpha=0.7)
        axes.errorbar(at, own, yerr=bar, fmt="none", ecolor=colour, elinewidth=0.7 if few else 0.3, alpha=0.7)
        for which, fill in ((~doubtful, colour), (doubtful, "white")):
            dots: dict[str, Any] = {"color": colour, "markerfacecolor": fill, "markersize": size}
            axes.plot(at[which], own[which], sign, markeredgewidth=0.7 if few else 0.4, **dots)


def _limits(axes: Axes, values: FloatArray, bars: FloatArray) -> float:
    """Limit an axis to its values, with bars that are no longer than their range, and return the largest value."""
    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0
    low, high = float(known.min()), float(known.max())
    room = max(high - low, 1e-6 * max(abs(low), abs(high)), 1e-12)
    with np.errstate(invalid="ignore"):
        shown = np.where(np.isfinite(bars) & (bars <= room), bars, 0.0)
        low, high = float(np.nanmin(values - shown)), float(np.nanmax(values + shown))
    margin = 0.06 * max(high - low, room)
    axes.set_ylim(low - margin, high + margin)
    return max(abs(low), abs(high))


def _title(series: Series, curves: Curves, step: int, lang: Language) -> str:
    notes = []
    if curves.tracks > len(curves.names):
        notes.append(MOST_SEEN.render(lang, shown=len(curves.names), count=curves.tracks))
    if step > 1:
        notes.append(FEWER.render(lang, step=step, count=len(series.members)))
    return "\n".join([printable(series.name, _TITLE), *("; ".join(notes),) * bool(notes)])


def _legend(axes: Axes, curves: Curves, unit: str, lang: Language) -> None:
    lines = require("matplotlib.lines", "figures")
    signs = [
        lines.Line2D(
            [], [], color=_COLOURS[place % len(_COLOURS)], marker=_SIGNS[place // len(_COLOURS) % len(_SIGNS)],
            markersize=4.0, linewidth=0.0, label=f"{curves.label(place)} {unit}".rstrip(),
        )
        for place in range(len(curves.names))
    ]  # fmt: skip
    if curves.doubtful.any():
        open_sign: dict[str, Any] = {"color": GREY, "markerfacecolor": "white", "markersize": 4.0, "linewidth": 0.0}
        signs.append(lines.Line2D([], [], marker="o", label=DOUBTFUL.render(lang), **open_sign))
    axes.legend(handles=signs, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, handlelength=1.0)
