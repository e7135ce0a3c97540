"""A series of calibrations: one table, and Fermi level and resolution against photon energy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from shirube.figures import OKABE_ITO, new_figure, style
from shirube.messages import Language, Text
from shirube.records import FloatArray
from shirube.tables import Column, Table
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.calibration.record import Calibration

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DOTS: Final[dict[str, Any]] = {"fmt": "o", "markersize": 4.0, "capsize": 2.5, "linewidth": 1.0}

__all__ = ["draw_series", "series_table"]


def series_table(calibrations: Sequence[Calibration]) -> Table:
    """Return a table of calibrations in order of their photon energies, one row each."""
    rows = sorted(calibrations, key=lambda one: one.photon_energy)
    columns = (
        _texts("file", [one.source.name for one in rows]),
        _texts("region", [one.region for one in rows]),
        _texts("status", [one.status for one in rows]),
        _numbers("photon_energy", [one.photon_energy for one in rows], "eV"),
        _numbers("work_function", [one.work_function for one in rows], "eV"),
        _numbers("fermi_level", [one.fermi_level.value for one in rows], "eV"),
        _numbers("fermi_level_statistical", [one.fermi_level.statistical for one in rows], "eV"),
        _numbers("fermi_level_model", [one.fermi_level.model for one in rows], "eV"),
        _numbers("energy_resolution", [one.resolution.value for one in rows], "eV"),
        _numbers("energy_resolution_statistical", [one.resolution.statistical for one in rows], "eV"),
        _numbers("energy_resolution_model", [one.resolution.model for one in rows], "eV"),
        _numbers("edge_width", [one.edge_width.value for one in rows], "eV"),
        _numbers("edge_width_statistical", [one.edge_width.statistical for one in rows], "eV"),
        _numbers("edge_width_model", [one.edge_width.model for one in rows], "eV"),
        _numbers("header_photon_energy", [one.conditions.photon_energy for one in rows], "eV"),
        _numbers("pass_energy", [one.conditions.pass_energy for one in rows], "eV"),
        _texts("lens_mode", [one.conditions.lens_mode or "" for one in rows]),
        _numbers("temperature", [one.temperature for one in rows], "K"),
        _texts("date", [one.stated.date or "" for one in rows]),
    )
    return Table("calibrations", message("series-table").text(), columns)


def draw_series(calibrations: Sequence[Calibration], lang: Language) -> Figure:
    """Return a figure of a series: what the header is off by and the resolution, against its photon energy.

    Everything is drawn against the photon energy found. Scans whose header states no usable photon energy are left out
    of the upper plot, and where no header does, it shows the levels against the number of the scan.

    Raises:
        MissingPluginError: The extra ``shirube[figures]`` is not installed.
    """
    rows = sorted(calibrations, key=lambda one: one.photon_energy)
    figure = new_figure(6.4, 5.2)
    with style():
        upper, lower = figure.subplots(2, 1)
        _draw_levels(upper, rows, lang)
        found = np.array([one.photon_energy for one in rows])
        resolutions = np.array([one.resolution.value for one in rows])
        _draw(lower, found, resolutions, [one.resolution.standard for one in rows], OKABE_ITO[5])
        lower.set_ylim(bottom=0.0)
        lower.set_ylabel(message("series-resolution").render(lang))
        lower.set_xlabel(message("series-found").render(lang))
        upper.set_title(message("series-title", count=len(rows)).render(lang))
        figure.align_ylabels([upper, lower])
    return figure


def _draw_levels(axes: Axes, rows: Sequence[Calibration], lang: Language) -> None:
    """Draw what headers are off by; without any usable header the levels in the order of the scans."""
    known = [one for one in rows if one.conditions.photon_energy is not None]
    if known:
        found = np.array([one.photon_energy for one in known])
        headers = np.array([one.conditions.photon_energy for one in known], dtype=float)
        _draw(axes, found, found - headers, [one.fermi_level.standard for one in known], OKABE_ITO[4])
        axes.set_ylabel(message("series-off").render(lang))
        axes.set_xlabel(message("series-found").render(lang))
        spare = len(rows) - len(known)
        if spare:
            axes.annotate(message("series-left-out", count=spare).render(lang), (0.02, 0.04), xycoords="axes fraction")
        return
    levels = np.array([one.fermi_level.value for one in rows])
    numbers = np.arange(1.0, len(rows) + 1.0)
    _draw(axes, numbers, levels, [one.fermi_level.standard for one in rows], OKABE_ITO[4])
    axes.set_xticks(numbers)
    axes.set_ylabel(message("series-level").render(lang))
    axes.set_xlabel(message("series-number").render(lang))


def _draw(axes: Axes, x: FloatArray, y: FloatArray, spread: Sequence[float], colour: str) -> None:
    axes.errorbar(x, y, yerr=list(spread), color=colour, **_DOTS)
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.grid(visible=True, linestyle=":", linewidth=0.5)


def _label(name: str) -> Text:
    return message(f"column-{name.replace('_', '-')}").text()


def _texts(name: str, values: Sequence[str]) -> Column:
    return Column(name, _label(name), tuple(values))


def _numbers(name: str, values: Sequence[float | None], unit: str) -> Column:
    return Column(name, _label(name), np.array([np.nan if one is None else one for one in values], dtype=float), unit)
