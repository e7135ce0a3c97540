"""Maps: position and area of each track over two scanned axes, as images with colour bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from shirube.figures import new_figure, printable, style
from shirube.figures._axes import scale_ticks, scaled_label
from shirube.figures._labels import with_unit
from shirube.messages import Language
from shirube.records import FloatArray
from shirube.series._curves import Curves
from shirube.series._labels import AREA, DOTTED, MOST_SEEN, NO_COMPONENT, POSITION, axis_text
from shirube.series._ordering import Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Rows of a map's figure.
MOST_ROWS: Final = 6
_EMPTY: Final = "#dddddd"
_HATCH: Final = "#aaaaaa"
_TITLE: Final = 60
#: Between the columns, in widths of a panel: the label of a colour bar is not that of the panel beside it.
_BETWEEN: Final = 0.08
#: Maps whose sides differ by more than this factor are not drawn to scale: nothing would be seen of them.
_LONGEST: Final = 3.0

__all__ = ["MOST_ROWS", "is_map", "plot_maps"]


def is_map(series: Series) -> bool:
    """Tell whether a series is over two axes, one spectrum at each place."""
    if len(series.scanned) != 2:  # noqa: PLR2004 a map has two
        return False
    places = {tuple(member.at(name) for name, _ in series.scanned) for member in series.members}
    return len(places) == len(series.members)


def plot_maps(series: Series, curves: Curves, lang: Language) -> Figure:
    """Return a figure with a row for each track: its positions and its areas.

    A cell is hatched where the track was not found, and has a dot where the fit is doubtful. Lengths in one unit on
    both axes are drawn to scale.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    rows = len(curves.names)
    figure = new_figure(8.0, 2.6 * rows + 0.5)
    engine: Any = figure.get_layout_engine()
    engine.set(wspace=_BETWEEN)
    (outer, _), (inner, _) = series.scanned
    grids = [np.unique([member.at(name) for member in series.members], return_inverse=True) for name in (outer, inner)]
    with style():
        panels: Any = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
        for row in range(rows):
            for axes, column, text in zip(panels[row], (0, 2), (POSITION[series.scale], AREA), strict=True):
                image = np.full((grids[0][0].size, grids[1][0].size), np.nan)
                image[grids[0][1].reshape(-1), grids[1][1].reshape(-1)] = curves.numbers[:, row, 2 * column]
                _image(axes, (grids[1][0], grids[0][0]), image, (text, series.units[column]), lang)
                _dots(axes, series, curves.doubtful & np.isfinite(curves.numbers[:, row, 0]), max(image.shape))
                if _to_scale(series, grids[1][0], grids[0][0]):
                    axes.set_aspect("equal")
            panels[row][0].set_title(f"{curves.label(row)} {series.units[0]}".rstrip(), parse_math=False)
            panels[row][0].set_ylabel(_label(series.scanned[0], lang), parse_math=False)
        for axes in panels[-1]:
            axes.set_xlabel(_label(series.scanned[1], lang), parse_math=False)
        title = "\n".join(filter(None, (printable(series.name, _TITLE), "; ".join(_notes(curves, lang)))))
        figure.suptitle(title, fontsize=9.0, parse_math=False)
    return figure


def _notes(curves: Curves, lang: Language) -> list[str]:
    """Return what is to be said of signs that the figure shows."""
    found = np.isfinite(curves.numbers[:, :, 0])
    shown = {
        MOST_SEEN: curves.tracks > len(curves.names),
        NO_COMPONENT: not found.all(),
        DOTTED: bool(found[curves.doubtful].any()),
    }
    return [
        text.render(lang, shown=len(curves.names), count=curves.tracks) for text, is_shown in shown.items() if is_shown
    ]


def _to_scale(series: Series, *sides: FloatArray) -> bool:
    """Tell whether a map is one of lengths, neither of which is so long that the other would vanish."""
    (_, one), (_, other) = series.scanned
    lengths = sorted(float(np.ptp(side)) * side.size / max(side.size - 1, 1) for side in sides)
    return bool(one) and one == other and 0.0 < lengths[1] <= _LONGEST * lengths[0]


def _dots(axes: Axes, series: Series, which: npt.NDArray[np.bool_], most: int) -> None:
    """Draw a dot in each of the cells of a map, small ones where there are many."""
    (outer, _), (inner, _) = series.scanned
    marked = [member for member, is_marked in zip(series.members, which, strict=True) if is_marked]
    x, y = (np.array([member.at(name) for member in marked], dtype=np.float64) for name in (inner, outer))
    axes.plot(x, y, "o", color="white", markeredgecolor="black", markeredgewidth=0.4, markersize=min(3.0, 60.0 / most))


def _image(
    axes: Axes, at: tuple[FloatArray, FloatArray], image: FloatArray, quantity: tuple[Any, str], lang: Language
) -> None:
    axes.set_facecolor(_EMPTY)
    axes.patch.set(hatch="////", edgecolor=_HATCH)
    known = image[np.isfinite(image)]
    drawn = axes.pcolormesh(*at, np.ma.masked_invalid(image), shading="nearest", cmap="viridis")
    largest = float(np.abs(known).max(initial=0.0))
    text, unit = quantity
    bar = axes.figure.colorbar(drawn, ax=axes)
    bar.set_label(scaled_label(text, lang, unit, largest), parse_math=False)
    scale_ticks(bar.ax.yaxis, largest)


def _label(axis: tuple[str, str], lang: Language) -> str:
    return printable(with_unit(axis_text(axis[0]), axis[1], lang))
