"""Fit a Fermi edge: Fermi level, energy resolution, and the photon energy that follows.

Two numbers enter nonlinearly, the Fermi level and the variance of the resolution; intensities, the slope of the density
of states and the background are solved for at every step (variable projection, Golub and Pereyra 1973).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.errors import InputError
from shirube.records import FloatArray
from shirube_synchrotron.finder import find_edge
from shirube_synchrotron.model import BOLTZMANN, FWHM_OF_SIGMA, broadened_fermi, columns
from shirube_synchrotron.projection import EdgeData, Solution, solve
from shirube_synchrotron.wording import electronvolts, said

ROOM_TEMPERATURE: Final = 300.0
#: Where the window ends below and above the edge, in eV and in steps; the wider counts.
_BELOW: Final = (1.0, 10)
_ABOVE: Final = (0.6, 6)
#: Standard deviation of the Fermi function's slope in units of kT.
_THERMAL_SIGMA: Final = math.pi / math.sqrt(3.0)
#: A level known no better than this fraction of the edge's width is not determined by the data.
_UNDETERMINED: Final = 0.2

__all__ = ["ROOM_TEMPERATURE", "FermiEdge", "fit_fermi_edge"]


@frozen(eq=False)
class FermiEdge:
    """A fitted Fermi edge. Energies in eV; uncertainties are standard uncertainties of the statistics alone.

    Attributes:
        fermi_level: Fermi level on the axis that was given.
        fermi_level_uncertainty: Its uncertainty.
        fwhm: Energy resolution, without the thermal width.
        fwhm_uncertainty: Its uncertainty.
        temperature: Temperature that was assumed, in K.
        window: First and last energy of the fitted points.
        points: Number of fitted points.
        reduced_chi_square: Scatter in units of counting statistics; 1 for counts, else the noise the data really have.
        coefficients: Edge height, its slope per eV, background, and background slope if it was fitted.
    """

    fermi_level: float
    fermi_level_uncertainty: float
    fwhm: float
    fwhm_uncertainty: float
    temperature: float
    window: tuple[float, float]
    points: int
    reduced_chi_square: float
    coefficients: tuple[float, ...]

    def intensity(self, kinetic: npt.ArrayLike) -> FloatArray:
        """Return the fitted intensity at ``kinetic`` in eV, shape (n,)."""
        energies = np.asarray(kinetic, dtype=np.float64) - self.fermi_level
        parts = columns(broadened_fermi(energies, self.temperature, self.fwhm), background_slope=self._sloping)
        return np.asarray(parts @ np.array(self.coefficients), dtype=np.float64)

    def photon_energy(self, work_function: float = 0.0) -> float:
        """Return hv = KE_F + phi; spectra must be converted with the same phi."""
        return self.fermi_level + work_function

    @property
    def _sloping(self) -> bool:
        return len(self.coefficients) > 3  # noqa: PLR2004 the columns without a background slope


def fit_fermi_edge(
    kinetic: npt.ArrayLike,
    intensity: npt.ArrayLike,
    *,
    temperature: float = ROOM_TEMPERATURE,
    window: tuple[float, float] | None = None,
    background_slope: bool = False,
) -> FermiEdge:
    """Return the Fermi edge of a metal: linear density of states, constant or sloping background.

    Points are weighted as counts (variance in proportion to the model), and the uncertainties are scaled by the
    scatter that is really there, so that intensities need not be counts.

    Args:
        kinetic: Kinetic energies in eV, shape (n,), in any order, steps may vary. For a binding axis give its negative.
        intensity: Shape (n,); points that are not finite are left out.
        temperature: Temperature of the sample in K. It cannot be fitted together with the resolution.
        window: Energies below and above the edge that are fitted, in eV; None for 1.0 and 0.6, wider for wide steps.
        background_slope: Whether the background above the edge may slope.

    Raises:
        InputError: No edge is found, it is too near an end of the data, or it is not one (falling edge, finite width).
    """
    energies, values = _ascending(kinetic, intensity)
    start = find_edge(energies, values)
    step = float(np.median(np.diff(np.unique(energies))))
    below, above = window or (max(_BELOW[0], _BELOW[1] * step), max(_ABOVE[0], _ABOVE[1] * step))
    inside = (energies >= start - below) & (energies <= start + above)
    data = EdgeData(energies[inside], values[inside], temperature, background_slope)
    if data.freedom < 1:
        points = int(inside.sum())
        raise InputError(said("edge-too-few-points", points=points, needed=points + 1 - data.freedom))
    return _checked(data, solve(data, start, step))


def _ascending(kinetic: npt.ArrayLike, intensity: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    energies = np.asarray(kinetic, dtype=np.float64)
    values = np.asarray(intensity, dtype=np.float64)
    measured = np.flatnonzero(np.isfinite(energies) & np.isfinite(values))
    order = measured[np.argsort(energies[measured], kind="stable")]
    return energies[order], values[order]


def _checked(data: EdgeData, solution: Solution) -> FermiEdge:
    """Return the edge, unless what was found is none."""
    fwhm = FWHM_OF_SIGMA * math.sqrt(solution.variance)
    first, last = float(data.energies[0]), float(data.energies[-1])
    thermal = _THERMAL_SIGMA * BOLTZMANN * data.temperature
    total = FWHM_OF_SIGMA * math.hypot(math.sqrt(solution.variance), thermal)
    undetermined = solution.fermi_level_uncertainty > _UNDETERMINED * total
    if solution.coefficients[0] <= 0.0 or solution.at_limit or undetermined:
        raise InputError(said("edge-not-found"))
    if min(solution.fermi_level - first, last - solution.fermi_level) < total:
        raise InputError(said("edge-at-end", level=electronvolts(solution.fermi_level), width=electronvolts(total)))
    return FermiEdge(
        fermi_level=solution.fermi_level,
        fermi_level_uncertainty=solution.fermi_level_uncertainty,
        fwhm=fwhm,
        fwhm_uncertainty=_width_uncertainty(solution.variance, solution.variance_uncertainty),
        temperature=data.temperature,
        window=(first, last),
        points=data.energies.size,
        reduced_chi_square=solution.reduced_chi_square,
        coefficients=solution.coefficients,
    )


def _width_uncertainty(variance: float, uncertainty: float) -> float:
    """Return the uncertainty of a width; where the resolution is near 0, the larger side of its interval."""
    upper = math.sqrt(variance + uncertainty) - math.sqrt(variance)
    lower = math.sqrt(variance) - math.sqrt(max(variance - uncertainty, 0.0))
    return FWHM_OF_SIGMA * max(upper, lower)
