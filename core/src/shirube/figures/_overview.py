"""Many spectra at a glance: small panels that share one pair of axes, which draws a hundred in the time of three."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from shirube._extras import require
from shirube.figures._canvas import new_figure, printable, style
from shirube.figures._labels import ENERGY
from shirube.figures._palette import BLACK, GREY
from shirube.messages import Language
from shirube.records import FloatArray, Spectrum

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Panels of a figure: how many beside each other, how many below, and the size of one in inches.
_COLUMNS: Final = 4
_ROWS: Final = 6
_PANEL: Final = (2.5, 1.5)
#: Parts of a panel's height: where the curve begins and ends, and the lines of text above and below it.
_BOTTOM, _TOP, _NAME, _ENDS = 0.2, 0.8, 0.95, 0.05
#: A curve ends this far from its panel's frame.
_SIDE: Final = 0.04
#: Columns of a name in a panel.
_NAME_COLUMNS: Final = 18
#: Letters of an id: as many as fit beside the name when they are wide, or narrow.
_ID_LETTERS: Final = (10, 18)
#: Points of a curve: more than a panel has pixels show nothing more.
_POINTS: Final = 1500

#: How many spectra an overview shows.
PANELS: Final = _COLUMNS * _ROWS

__all__ = ["PANELS", "plot_overview"]


def plot_overview(spectra: Sequence[Spectrum], lang: Language) -> Figure:
    """Return one figure of up to 24 spectra: each as a line over its energies, scaled to its own panel.

    A panel says its spectrum's name and id, and at which energies it begins and ends; binding energies run to the left.
    A spectrum of more dimensions is summed over all but the energies; one without energies, or without two finite
    points, is an empty panel.

    Args:
        spectra: At most :data:`PANELS`.
        lang: Language of the label.

    Raises:
        ValueError: There are more.
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    if len(spectra) > PANELS:
        msg = f"an overview shows {PANELS} spectra, not {len(spectra)}"
        raise ValueError(msg)
    rows = -(-len(spectra) // _COLUMNS)
    figure = new_figure(_PANEL[0] * _COLUMNS, _PANEL[1] * rows + 0.3)
    with style():
        # There is nothing to lay out, which would take as long as drawing.
        figure.set_layout_engine("none")
        below = 0.3 / (_PANEL[1] * rows + 0.3)
        axes: Any = figure.add_axes((0.005, below, 0.99, 0.995 - below))
        axes.set(xlim=(0.0, _COLUMNS), ylim=(rows, 0.0), xticks=(), yticks=())
        curves = [_curve(spectrum, *_place(number)) for number, spectrum in enumerate(spectra)]
        lines = require("matplotlib.collections", "figures").LineCollection
        axes.add_collection(lines([one for one in curves if one is not None], colors=BLACK, linewidths=0.7))
        axes.hlines(range(1, rows), 0.0, _COLUMNS, color=GREY, linewidth=0.5)
        axes.vlines(range(1, _COLUMNS), 0.0, rows, color=GREY, linewidth=0.5)
        for number, spectrum in enumerate(spectra):
            _write(axes, spectrum, *_place(number))
        scales = dict.fromkeys(ENERGY[spectrum.reference.scale].render(lang) for spectrum in spectra)
        axes.set_xlabel(f"{' / '.join(scales)} (eV)")
    return figure


def _place(number: int) -> tuple[int, int]:
    return number % _COLUMNS, number // _COLUMNS


def _curve(spectrum: Spectrum, column: int, row: int) -> FloatArray | None:
    """Return the points of a curve in its panel, shape (n, 2); None where there is nothing to draw."""
    along = _along_energy(spectrum)
    if along is None:
        return None
    energy, intensity = along
    low, high = float(intensity.min()), float(intensity.max())
    height = (intensity - low) / (high - low) if high > low else np.zeros_like(intensity)
    left, right = _ends(spectrum, energy)
    across = (energy - left) / (right - left)
    points = np.column_stack(
        (column + _SIDE + (1 - 2 * _SIDE) * across, row + 1.0 - (_BOTTOM + (_TOP - _BOTTOM) * height))
    )
    return points[:: max(1, len(points) // _POINTS)]


def _along_energy(spectrum: Spectrum) -> tuple[FloatArray, FloatArray] | None:
    names = [axis.name for axis in spectrum.axes]
    if "energy" not in names:
        return None
    rest = tuple(index for index, name in enumerate(names) if name != "energy")
    # Beyond this doubles overflow in the sum and in the scale of the panel.
    with np.errstate(over="ignore", invalid="ignore"):
        intensity = np.asarray(spectrum.intensity.sum(axis=rest), dtype=np.float64)
        known = np.isfinite(intensity) & (np.abs(intensity) < 1e300) & np.isfinite(spectrum.energy)  # noqa: PLR2004
    energy = spectrum.energy[known]
    return (energy, intensity[known]) if np.unique(energy).size > 1 else None


def _ends(spectrum: Spectrum, energy: FloatArray) -> tuple[float, float]:
    low, high = float(energy.min()), float(energy.max())
    return (high, low) if spectrum.reference.scale == "binding" else (low, high)


def _end_of(identifier: str) -> str:
    """Return the end of a spectrum's id, which tells regions of one name apart: its file and number."""
    most = _ID_LETTERS[identifier.isascii()]
    return printable(identifier if len(identifier) <= most else f"…{identifier[1 - most :]}", 2 * most)


def _write(axes: Any, spectrum: Spectrum, column: int, row: int) -> None:
    name = f"{printable(spectrum.name, _NAME_COLUMNS)} {_end_of(spectrum.id)}".strip()
    axes.text(column + _SIDE, row + 1.0 - _NAME, name, va="top", fontsize=8.0, parse_math=False)
    along = _along_energy(spectrum)
    if along is None:
        return
    for place, align, end in zip((_SIDE, 1.0 - _SIDE), ("left", "right"), _ends(spectrum, along[0]), strict=True):
        axes.text(column + place, row + 1.0 - _ENDS, f"{end:.6g}", ha=align, va="bottom", fontsize=7.0, color=GREY)
