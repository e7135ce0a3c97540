"""The parts of a fit's figure: dots, fills, lines, residuals in a narrow panel below, a legend beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from shirube._extras import require
from shirube.figures._axes import intensity_axis
from shirube.figures._canvas import printable, style
from shirube.figures._labels import BACKGROUND, DATA, ENVELOPE, RESIDUALS
from shirube.figures._palette import BLACK, COMPONENT_COLOURS, GREY, VERMILION
from shirube.messages import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Residuals are shown at least this far, in standard deviations, so that noise looks like noise.
_SIGMAS: Final = 4.0


@style()
def draw_data(axes: Axes, energy: npt.ArrayLike, intensity: npt.ArrayLike, lang: Language, unit: str = "") -> None:
    """Draw measured intensities as dots and label the intensity axis.

    Args:
        axes: The axes.
        energy: Shape (n,).
        intensity: Shape (n,).
        lang: Language of labels.
        unit: Unit of the intensities, ``""`` when it is not known.
    """
    values = np.asarray(intensity, dtype=np.float64)
    axes.plot(energy, values, "o", color=BLACK, markersize=2.2, markeredgewidth=0, label=DATA.render(lang), zorder=5)
    finite = values[np.isfinite(values)]
    intensity_axis(axes, lang, unit=unit, largest=float(np.max(np.abs(finite))) if finite.size else 0.0)


@style()
def draw_background(axes: Axes, energy: npt.ArrayLike, background: npt.ArrayLike, lang: Language) -> None:
    """Draw a background as a dashed line; arrays of shape (n,)."""
    axes.plot(energy, background, "--", color=GREY, linewidth=1.0, label=BACKGROUND.render(lang), zorder=2.5)


@style()
def draw_components(
    axes: Axes,
    energy: npt.ArrayLike,
    background: npt.ArrayLike,
    components: Sequence[npt.ArrayLike] | npt.ArrayLike,
    labels: Sequence[str],
) -> None:
    """Draw components, each filled down to the background.

    Args:
        axes: The axes.
        energy: Shape (n,).
        background: Shape (n,).
        components: Intensities above the background, shape (k, n).
        labels: Entries of the legend, k of them.
    """
    base = np.asarray(background, dtype=np.float64)
    for index, (component, label) in enumerate(zip(np.asarray(components, dtype=np.float64), labels, strict=True)):
        colour = COMPONENT_COLOURS[index % len(COMPONENT_COLOURS)]
        # A second round through the colours is hatched, so that no two components look alike.
        hatch = "///" if index >= len(COMPONENT_COLOURS) else None
        fill: dict[str, Any] = {"facecolor": colour, "alpha": 0.45, "hatch": hatch, "linewidth": 0, "zorder": 1.5}
        axes.fill_between(energy, base, base + component, label=label, **fill)
        axes.plot(energy, base + component, color=colour, linewidth=0.9, zorder=2)


@style()
def draw_envelope(axes: Axes, energy: npt.ArrayLike, total: npt.ArrayLike, lang: Language) -> None:
    """Draw the sum of background and components as a line; arrays of shape (n,)."""
    axes.plot(energy, total, "-", color=VERMILION, linewidth=1.3, label=ENVELOPE.render(lang), zorder=4)


@style()
def draw_residuals(axes: Axes, energy: npt.ArrayLike, residuals_sigma: npt.ArrayLike, lang: Language) -> None:
    """Draw residuals in units of their standard deviation, with the band of two; arrays of shape (n,)."""
    values = np.asarray(residuals_sigma, dtype=np.float64)
    finite = np.abs(values[np.isfinite(values)])
    limit = max(_SIGMAS, 1.1 * float(np.max(finite))) if finite.size else _SIGMAS
    axes.axhspan(-2.0, 2.0, color=GREY, alpha=0.15, linewidth=0)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    axes.plot(energy, values, "o", color=BLACK, markersize=1.8, markeredgewidth=0)
    axes.set_ylim(-limit, limit)
    axes.yaxis.set_major_locator(require("matplotlib.ticker", "figures").MaxNLocator(4, integer=True, symmetric=True))
    axes.set_ylabel(RESIDUALS.render(lang))


@style()
def draw_legend(axes: Axes, title: str | None = None) -> None:
    """Draw the legend to the right of the axes, where it hides no data."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, handlelength=1.6, title=title)


@style()
def with_residuals(figure: Figure, position: Any = None) -> tuple[Axes, Axes]:
    """Add a panel with a narrow panel for residuals below it, both on one energy axis.

    Args:
        figure: A figure (or sub-figure).
        position: A place in one of the figure's grids (``figure.add_gridspec(2, 3)[0, 1]``); None for the whole figure.

    Returns:
        The main axes and the axes of the residuals, which carry the tick labels and the label of the energy.
    """
    shape: dict[str, Any] = {"nrows": 2, "ncols": 1, "height_ratios": (4, 1), "hspace": 0.0}
    grid = figure.add_gridspec(**shape) if position is None else position.subgridspec(**shape)
    main = figure.add_subplot(grid[0])
    residuals = figure.add_subplot(grid[1], sharex=main)
    main.tick_params(labelbottom=False)
    figure.align_ylabels([main, residuals])
    return main, residuals


def title(axes: Axes, text: str) -> None:
    """Write a name from a file above the axes; dollar signs in it are no formula."""
    axes.set_title(printable(text), parse_math=False)
