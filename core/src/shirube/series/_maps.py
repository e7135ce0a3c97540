"""Maps: position and area of each track over two scanned axes, as images with colour bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from shirube.figures import new_figure, printable, style
from shirube.figures._axes import scale_ticks, scaled_label
from shirube.figures._labels import with_unit
from shirube.messages import Language
from shirube.records import FloatArray
from shirube.series._curves import Curves
from shirube.series._labels import AREA, MOST_SEEN, NO_COMPONENT, POSITION, axis_text
from shirube.series._ordering import Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Rows of a map's figure.
MOST_ROWS: Final = 6
_EMPTY: Final = "#dddddd"
_HATCH: Final = "#aaaaaa"
_TITLE: Final = 60

__all__ = ["MOST_ROWS", "is_map", "plot_maps"]


def is_map(series: Series) -> bool:
    """Tell whether a series is over two axes, one spectrum at each place."""
    if len(series.scanned) != 2:  # noqa: PLR2004 a map has two
        return False
    places = {tuple(member.at(name) for name, _ in series.scanned) for member in series.members}
    return len(places) == len(series.members)


def plot_maps(series: Series, curves: Curves, lang: Language) -> Figure:
    """Return a figure with a row for each track: its positions and its areas; hatched where it was not found.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    rows = len(curves.names)
    figure = new_figure(8.0, 2.6 * rows + 0.5)
    (outer, _), (inner, _) = series.scanned
    grids = [np.unique([member.at(name) for member in series.members], return_inverse=True) for name in (outer, inner)]
    with style():
        panels: Any = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
        for row in range(rows):
            for axes, column, text in zip(panels[row], (0, 2), (POSITION[series.scale], AREA), strict=True):
                image = np.full((grids[0][0].size, grids[1][0].size), np.nan)
                image[grids[0][1].reshape(-1), grids[1][1].reshape(-1)] = curves.numbers[:, row, 2 * column]
                _image(axes, (grids[1][0], grids[0][0]), image, (text, series.units[column]), lang)
            panels[row][0].set_title(f"{curves.label(row)} {series.units[0]}".rstrip(), parse_math=False)
            panels[row][0].set_ylabel(_label(series.scanned[0], lang), parse_math=False)
        for axes in panels[-1]:
            axes.set_xlabel(_label(series.scanned[1], lang), parse_math=False)
        notes = [NO_COMPONENT.render(lang)]
        if curves.tracks > rows:
            notes.insert(0, MOST_SEEN.render(lang, shown=rows, count=curves.tracks))
        title = f"{printable(series.name, _TITLE)}\n{'; '.join(notes)}"
        figure.suptitle(title, fontsize=9.0, parse_math=False)
    return figure


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
