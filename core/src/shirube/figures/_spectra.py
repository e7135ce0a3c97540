"""Plots of spectra as they were measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from shirube._extras import require
from shirube.figures._axes import energy_axis, intensity_axis, intensity_label, scale_ticks
from shirube.figures._canvas import new_figure, printable, style
from shirube.figures._labels import AXES, LEFT_OUT, SUMMED, TOO_LARGE, with_unit
from shirube.figures._palette import BLACK
from shirube.figures._parts import draw_data, title
from shirube.messages import Language, Text
from shirube.records import Axis, FloatArray, Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Up to this many points have dots of the usual size; more have small ones that can still be told apart.
_DOTS: Final = 600
#: Panels of a figure of many spectra: how many there are at most, how many beside each other, and their size in inches.
_PANELS: Final = 48
_WIDE: Final = 4
_PANEL: Final = (4.2, 3.0)
#: Beyond this the limits and ticks of an axis, or a sum, are no doubles any more.
_LARGEST: Final = 1e300
#: Points that an image shows along each of its axes.
_PIXELS: Final = 800
#: Columns of a note below the axis.
_NOTE: Final = 76


def plot_spectrum(spectrum: Spectrum, lang: Language, note: str = "") -> Figure:
    """Return a figure of a spectrum: dots on a line over its energies, or an image of intensities.

    Without energies, or with a single one, the first axis of more points takes their place. A spectrum of three or more
    dimensions is summed over all but that axis and the first of the others; one without points is an empty figure with
    its axes, and one of numbers that are too large for any figure says so.

    Args:
        spectrum: What is drawn.
        lang: Language of labels.
        note: Lines below the label of the energies: what made them what they are.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    figure = new_figure(6.0, 4.0)
    with style():
        axes = figure.add_subplot()
        _draw(axes, spectrum, lang)
        if note:
            lines = [axes.get_xlabel(), *(printable(line, _NOTE) for line in note.splitlines())]
            axes.set_xlabel("\n".join(lines), parse_math=False)
    return figure


def plot_spectra(spectra: Sequence[Spectrum], lang: Language) -> Figure:
    """Return one figure of several spectra as small panels, in order, each as :func:`plot_spectrum` draws it.

    Beyond the first 48 they are not drawn; the figure says how many are left out.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    drawn = spectra[:_PANELS]
    columns = max(1, math.ceil(math.sqrt(len(drawn))) if len(drawn) < _WIDE**2 else _WIDE)
    rows = max(1, math.ceil(len(drawn) / columns))
    width, height = _PANEL if len(drawn) > 1 else (6.0, 4.0)
    figure = new_figure(width * columns, height * rows)
    with style():
        for number, spectrum in enumerate(drawn, start=1):
            _draw(figure.add_subplot(rows, columns, number), spectrum, lang)
        if len(spectra) > len(drawn):
            figure.suptitle(LEFT_OUT.render(lang, shown=len(drawn), count=len(spectra)))
    return figure


def _draw(axes: Axes, spectrum: Spectrum, lang: Language) -> None:
    along = _along(spectrum)
    others = [axis for axis in spectrum.axes if axis is not along]
    if not all(_is_drawable(values) for values in (spectrum.intensity, *(axis.values for axis in spectrum.axes))):
        axes.set(xticks=(), yticks=())
        axes.text(0.5, 0.5, TOO_LARGE.render(lang), ha="center", va="center", transform=axes.transAxes)
        title(axes, spectrum.name or spectrum.id)
        return
    if spectrum.intensity.size == 0 or all(len(axis) == 1 for axis in others):
        _line(axes, spectrum, along, lang)
    else:
        _image(axes, spectrum, along, next(axis for axis in others if len(axis) > 1), lang)
    _label(axes, spectrum, along, lang)


def _along(spectrum: Spectrum) -> Axis:
    """Return the axis that runs to the side: the energies, unless there is one only and more of something else."""
    axes = sorted(spectrum.axes, key=lambda axis: axis.name != "energy")
    return axes[0] if len(axes[0]) != 1 else next((axis for axis in axes if len(axis) > 1), axes[0])


def _is_drawable(values: FloatArray) -> bool:
    finite = np.abs(values[np.isfinite(values)])
    return not finite.size or float(finite.max()) < _LARGEST


def _title(axes: Axes, spectrum: Spectrum, along: Axis, note: str = "") -> None:
    """Write the name above the axes, and which energy it is where only one was measured."""
    energy = next((axis for axis in spectrum.axes if axis.name == "energy" and axis is not along), None)
    at = f" ({energy.values[0]:g} {energy.unit or 'eV'})" if energy is not None and len(energy) == 1 else ""
    title(axes, (spectrum.name or spectrum.id) + at + note)


def _label(axes: Axes, spectrum: Spectrum, along: Axis, lang: Language) -> None:
    if along.name == "energy":
        energy_axis(axes, spectrum, lang)
    else:
        axes.set_xlabel(_axis_label(along, lang), parse_math=False)


def _line(axes: Axes, spectrum: Spectrum, along: Axis, lang: Language) -> None:
    intensity = spectrum.intensity.reshape(-1)
    values = along.values if intensity.size else intensity
    axes.plot(values, intensity, "-", color=BLACK, linewidth=0.7)
    if intensity.size <= _DOTS:
        draw_data(axes, values, intensity, lang, spectrum.intensity_unit)
    else:
        axes.plot(values, intensity, ".", color=BLACK, markersize=1.6)
        intensity_axis(axes, lang, unit=spectrum.intensity_unit)
    _title(axes, spectrum, along)


def _image(axes: Axes, spectrum: Spectrum, along: Axis, other: Axis, lang: Language) -> None:
    whole, summed = _two_dimensional(spectrum, along, other)
    # matplotlib keeps a hundred bytes for each point, and a figure has fewer pixels than a detector.
    intensity = _blocks(_blocks(whole, 0), 1)
    energies, others = _blocks(along.values, 0), _blocks(other.values, 0)
    image = axes.pcolormesh(energies, others, intensity, shading="nearest", cmap="viridis")
    axes.set_ylabel(_axis_label(other, lang), parse_math=False)
    if not other.unit:
        axes.yaxis.set_major_locator(require("matplotlib.ticker", "figures").MaxNLocator(integer=True))
    largest = float(np.max(np.abs(intensity[np.isfinite(intensity)]), initial=0.0))
    bar = axes.figure.colorbar(image, ax=axes, label=intensity_label(lang, spectrum.intensity_unit, largest))
    scale_ticks(bar.ax.yaxis, largest)
    names = ", ".join(_axis_name(name).render(lang) for name in summed)
    note = f" ({SUMMED.render(lang, axes=names)})" if summed else ""
    _title(axes, spectrum, along, note)


def _blocks(values: FloatArray, axis: int) -> FloatArray:
    """Return means of so many neighbours along an axis that a figure can show all of them."""
    size = values.shape[axis]
    if size <= _PIXELS:
        return values
    starts = np.arange(0, size, -(-size // _PIXELS))
    counts = np.diff(np.append(starts, size))
    shape = [1] * values.ndim
    shape[axis] = -1
    return np.asarray(np.add.reduceat(values, starts, axis=axis) / counts.reshape(shape), dtype=np.float64)


def _two_dimensional(spectrum: Spectrum, along: Axis, other: Axis) -> tuple[FloatArray, list[str]]:
    """Return intensities over (other, along), and the names of the axes summed over."""
    names = [axis.name for axis in spectrum.axes]
    run, kept = spectrum.axes.index(along), spectrum.axes.index(other)
    rest = tuple(index for index in range(len(names)) if index not in (run, kept))
    summed = np.asarray(spectrum.intensity.sum(axis=rest), dtype=np.float64)
    return (summed if kept < run else summed.T), [names[index] for index in rest if len(spectrum.axes[index]) > 1]


def _axis_label(axis: Axis, lang: Language) -> str:
    return printable(with_unit(_axis_name(axis.name), axis.unit, lang))


def _axis_name(name: str) -> Text:
    return AXES.get(name, Text(en=name, ja=name))
