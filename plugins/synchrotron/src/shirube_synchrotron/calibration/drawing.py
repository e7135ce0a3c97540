"""Drawing a Fermi edge: dots, fit, the Fermi level, the band of the resolution, residuals below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from attrs import frozen

from shirube.energy import kinetic_energy_of
from shirube.figures import (
    OKABE_ITO,
    draw_background,
    draw_data,
    draw_legend,
    draw_residuals,
    energy_axis,
    new_figure,
    printable,
    style,
    with_residuals,
)
from shirube.messages import Language
from shirube.records import Axis, EnergyReference, FloatArray, Result, Spectrum
from shirube_synchrotron.calibration.gold import GoldRegion
from shirube_synchrotron.calibration.phrases import message, uncertain
from shirube_synchrotron.calibration.record import Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE: Final = OKABE_ITO[4]
_GREEN: Final = OKABE_ITO[2]
_VERMILION: Final = OKABE_ITO[5]
#: Points of the drawn fit; a scan of wide steps has few of its own.
_FINE: Final = 400
#: Part of the axis that is left beside the first and the last point.
_MARGIN: Final = 0.02
#: A scan that is wider than the window by this factor is shown whole, too.
_WIDER: Final = 1.1

__all__ = ["EdgePicture", "draw_edge", "fine_energies", "picture_of_region", "picture_of_result"]


@frozen(eq=False)
class EdgePicture:
    """What the figure of an edge shows: arrays of shape (n,), energies in eV on ``scale``.

    Attributes:
        title: Name of the region.
        scale: Kinetic energies run to the right, binding energies to the left.
        energies: Ascending.
        counts: As measured, in ``unit``.
        fit: The fitted intensity on ``fit_energies``, finer than the points: shape (m,).
        background: What is not the edge.
        residuals: In standard deviations.
        unit: Of the intensities, ``""`` when it is not known.
        level: The Fermi level.
        resolution: FWHM.
        edge_width: From 10 to 90 %.
        temperature: In K.
        scan_energies: Of the whole scan, on the same scale: shape (k,).
        scan_counts: Of the whole scan.
        resolution_limit: Upper limit in eV (95 %) where the thermal width hides the resolution.
    """

    title: str
    scale: Literal["kinetic", "binding"]
    energies: FloatArray
    counts: FloatArray
    fit: FloatArray
    fit_energies: FloatArray
    background: FloatArray
    residuals: FloatArray
    unit: str
    level: Measured
    resolution: Measured
    edge_width: Measured
    temperature: float
    scan_energies: FloatArray
    scan_counts: FloatArray
    resolution_limit: float | None = None


def fine_energies(energies: FloatArray) -> FloatArray:
    """Return energies between the ends of ``energies`` at which a fit looks smooth."""
    return np.linspace(float(energies[0]), float(energies[-1]), _FINE)


def picture_of_region(region: GoldRegion) -> EdgePicture | None:
    """Return the picture of a fitted region, None where nothing was fitted."""
    edge, spectrum = region.edge, region.scan.spectrum
    if edge.curves is None:
        return None
    fine = fine_energies(edge.curves.energies)
    level, resolution, width = (
        Measured(one.value, one.statistical, one.model) for one in (edge.position, edge.resolution, edge.edge_width)
    )
    return EdgePicture(
        title=spectrum.name or spectrum.id,
        scale=edge.scale,
        energies=edge.curves.energies,
        counts=edge.curves.counts,
        fit=edge.intensity(fine),
        fit_energies=fine,
        background=edge.curves.background,
        residuals=edge.curves.residuals,
        unit=spectrum.intensity_unit,
        level=level,
        resolution=resolution,
        edge_width=width,
        temperature=edge.temperature.number,
        scan_energies=spectrum.energy if region.scan.kinetic is None else region.scan.kinetic,
        scan_counts=spectrum.intensity,
        resolution_limit=edge.resolution_limit,
    )


def picture_of_result(result: Result, spectrum: Spectrum) -> EdgePicture:
    """Return the picture of an analysis's result."""
    row = {column.name: column.values[0] for column in result.table("edge").columns}
    limit, kinetic = float(row["energy_resolution_limit"]), kinetic_energy_of(spectrum)
    level, resolution, width = (
        Measured(float(row[name]), float(row[f"{name}_uncertainty"]))
        for name in ("fermi_level", "energy_resolution", "edge_width")
    )
    return EdgePicture(
        title=spectrum.name or spectrum.id,
        scale="kinetic",
        energies=result.array("energy"),
        counts=result.array("intensity"),
        fit=result.array("fit"),
        fit_energies=result.array("fit_energy"),
        background=result.array("background"),
        residuals=result.array("residuals"),
        unit=spectrum.intensity_unit,
        level=level,
        resolution=resolution,
        edge_width=width,
        temperature=float(row["temperature"]),
        scan_energies=spectrum.energy if kinetic is None else kinetic,
        scan_counts=spectrum.intensity,
        resolution_limit=None if math.isnan(limit) else limit,
    )


def draw_edge(picture: EdgePicture, lang: Language) -> Figure:
    """Return the figure of an edge.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    figure = new_figure(7.2, 4.4)
    with style():
        axes, below = with_residuals(figure)
        _mark_edge(axes, below, picture, lang)
        draw_background(axes, picture.energies, picture.background, lang)
        draw_data(axes, picture.energies, picture.counts, lang, picture.unit)
        label = message("figure-fit").render(lang)
        axes.plot(picture.fit_energies, picture.fit, "-", color=_VERMILION, linewidth=1.3, label=label, zorder=4)
        draw_residuals(below, picture.energies, picture.residuals, lang)
        energy_axis(axes, _as_spectrum(picture), lang)
        low, high = axes.get_xlim()
        # The first and the last point are drawn whole.
        axes.set_xlim(low - _MARGIN * (high - low), high + _MARGIN * (high - low))
        _draw_whole(axes, picture)
        # Kinetic energies of thousands of eV are read whole, not as an offset and a rest.
        below.ticklabel_format(axis="x", useOffset=False, style="plain")
        axes.set_title(message("figure-title", region=printable(picture.title)).render(lang), parse_math=False)
        draw_legend(axes, message("figure-temperature", temperature=f"{picture.temperature:g}").render(lang))
    return figure


def _mark_edge(axes: Axes, below: Axes, picture: EdgePicture, lang: Language) -> None:
    level, half = picture.level.value, 0.5 * picture.resolution.value
    texts = {
        "level": uncertain(level, picture.level.standard),
        "resolution": uncertain(picture.resolution.value, picture.resolution.standard),
        "width": uncertain(picture.edge_width.value, picture.edge_width.standard),
    }
    resolution = message("figure-resolution", value=texts["resolution"])
    if picture.resolution_limit is not None:
        half = 0.5 * picture.resolution_limit
        resolution = message("figure-resolution-limit", value=f"{picture.resolution_limit:.3g}")
    for place in (axes, below):
        shown = place is axes
        label = resolution.render(lang) if shown else None
        place.axvspan(level - half, level + half, color=_GREEN, alpha=0.25, linewidth=0, label=label, zorder=1)
        label = message("figure-level", value=texts["level"]).render(lang) if shown else None
        place.axvline(level, color=_BLUE, linewidth=1.0, label=label, zorder=3)
    # The ends of the edge by the rule that its width is centred at the level: for the eye, not for reading off.
    label = message("figure-width", value=texts["width"]).render(lang)
    for number, side in enumerate((-0.5, 0.5)):
        end = level + side * picture.edge_width.value
        axes.axvline(end, color=_BLUE, linewidth=0.8, linestyle=":", label=None if number else label, zorder=3)


def _draw_whole(axes: Axes, picture: EdgePicture) -> None:
    """Draw the whole scan small, with the fitted window marked, where it is more than that window."""
    low, high = float(picture.energies[0]), float(picture.energies[-1])
    first, last = float(np.min(picture.scan_energies)), float(np.max(picture.scan_energies))
    if last - first < _WIDER * (high - low):
        return
    # Above the level, where there is nothing: to the right on either scale.
    inset = axes.inset_axes((0.70, 0.56, 0.28, 0.40), zorder=6)
    inset.plot(picture.scan_energies, picture.scan_counts, "-", color=OKABE_ITO[0], linewidth=0.8)
    inset.axvspan(low, high, color=_VERMILION, alpha=0.25, linewidth=0)
    inset.set_yticks([])
    inset.locator_params(axis="x", nbins=3)
    inset.ticklabel_format(axis="x", useOffset=False, style="plain")
    inset.tick_params(labelsize=6)
    if picture.scale == "binding":
        inset.invert_xaxis()


def _as_spectrum(picture: EdgePicture) -> Spectrum:
    axis = Axis("energy", picture.energies, "eV")
    reference = EnergyReference(picture.scale)
    return Spectrum(picture.title, picture.title, picture.counts, (axis,), picture.unit, reference)
