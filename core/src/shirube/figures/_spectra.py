"""Plots of spectra as they were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from shirube._extras import require
from shirube.figures._axes import energy_axis, intensity_axis, intensity_label, scale_ticks
from shirube.figures._canvas import new_figure, printable, style
from shirube.figures._labels import AXES, SUMMED, with_unit
from shirube.figures._palette import BLACK
from shirube.figures._parts import draw_data, title
from shirube.messages import Language, Text
from shirube.records import Axis, FloatArray, Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Up to this many points are shown as dots on the line.
_DOTS: Final = 600


def plot_spectrum(spectrum: Spectrum, lang: Language) -> Figure:
    """Return a figure of a spectrum: dots on a line over its energies, or an image of intensities.

    A spectrum of three or more dimensions is summed over all but its energy and the first of its other axes.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    figure = new_figure(6.0, 4.0)
    with style():
        axes = figure.add_subplot()
        others = [axis for axis in spectrum.axes if axis.name != "energy"]
        if all(len(axis) == 1 for axis in others):
            _line(axes, spectrum, lang)
        else:
            _image(axes, spectrum, next(axis for axis in others if len(axis) > 1), lang)
        energy_axis(axes, spectrum, lang)
    return figure


def _line(axes: Axes, spectrum: Spectrum, lang: Language) -> None:
    intensity = spectrum.intensity.reshape(-1)
    axes.plot(spectrum.energy, intensity, "-", color=BLACK, linewidth=0.7)
    if intensity.size <= _DOTS:
        draw_data(axes, spectrum.energy, intensity, lang, spectrum.intensity_unit)
    else:
        intensity_axis(axes, lang, unit=spectrum.intensity_unit)
    title(axes, spectrum.name or spectrum.id)


def _image(axes: Axes, spectrum: Spectrum, other: Axis, lang: Language) -> None:
    intensity, summed = _two_dimensional(spectrum, other)
    image = axes.pcolormesh(spectrum.energy, other.values, intensity, shading="nearest", cmap="viridis")
    axes.set_ylabel(printable(with_unit(_axis_label(other.name), other.unit, lang)), parse_math=False)
    if not other.unit:
        axes.yaxis.set_major_locator(require("matplotlib.ticker", "figures").MaxNLocator(integer=True))
    largest = float(np.max(np.abs(intensity[np.isfinite(intensity)]), initial=0.0))
    bar = axes.figure.colorbar(image, ax=axes, label=intensity_label(lang, spectrum.intensity_unit, largest))
    scale_ticks(bar.ax.yaxis, largest)
    names = ", ".join(_axis_label(name).render(lang) for name in summed)
    note = f" ({SUMMED.render(lang, axes=names)})" if summed else ""
    title(axes, (spectrum.name or spectrum.id) + note)


def _two_dimensional(spectrum: Spectrum, other: Axis) -> tuple[FloatArray, list[str]]:
    """Return intensities over (other, energy), and the names of the axes summed over."""
    names = [axis.name for axis in spectrum.axes]
    energy, kept = names.index("energy"), spectrum.axes.index(other)
    rest = tuple(index for index in range(len(names)) if index not in (energy, kept))
    summed = np.asarray(spectrum.intensity.sum(axis=rest), dtype=np.float64)
    return (summed if kept < energy else summed.T), [names[index] for index in rest if len(spectrum.axes[index]) > 1]


def _axis_label(name: str) -> Text:
    return AXES.get(name, Text(en=name, ja=name))
