"""What a Fermi-edge fit starts from: a scan put in order on the kinetic scale, and the window of it that is fitted."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from shirube.errors import UsageError
from shirube.records import FloatArray
from shirube_synchrotron.fermiedge import Scale
from shirube_synchrotron.model import FWHM_OF_SIGMA, total_width
from shirube_synchrotron.projection import EdgeData, Form, Solution, solve
from shirube_synchrotron.wording import said

#: Where the window ends on the occupied and on the empty side of the edge: in eV, in steps, in widths of the edge
#: (10 to 90 %); the widest counts. On the occupied side it stays clear of the 5d onset of gold 2 eV below the level.
_OCCUPIED: Final = (1.0, 10, 3.0)
_EMPTY: Final = (0.6, 6, 2.0)
#: A window is set anew when the edge it should hold is this much wider or further away than it was made for.
_OUTGROWN: Final = 1.1
#: No intensity in any unit is larger, and none but 0 smaller than its inverse; their squares must not overflow.
_LARGEST: Final = 1e60
_FIRST_GUESS: Final = 0.15

__all__ = ["Fit", "Scan", "Window", "fit_window", "ordered", "well_placed"]


@frozen
class Window:
    """How far a window reaches from the edge, in eV, on its occupied and on its empty side."""

    occupied: float
    empty: float

    def scaled(self, factor: float) -> Window:
        """Return the window made wider or narrower."""
        return Window(self.occupied * factor, self.empty * factor)


@frozen(eq=False)
class Scan:
    """A scan in order: kinetic energies in eV, ascending (binding energies negated), intensities, typical step."""

    energies: FloatArray = field(repr=False)
    values: FloatArray = field(repr=False)
    step: float
    scale: Scale

    def shown(self, kinetic: float) -> float:
        """Return an energy on the axis that was given."""
        return -kinetic if self.scale == "binding" else kinetic


@frozen(eq=False)
class Fit:
    """A solution with the points it was fitted to: those in ``window`` around the energy ``around``."""

    data: EdgeData
    around: float
    window: Window
    solution: Solution

    @property
    def edge_width(self) -> float:
        """10 to 90 % width in eV."""
        return total_width(self.data.temperature, self.solution.variance)[0]

    @property
    def resolution(self) -> float:
        """FWHM of the resolution in eV."""
        return FWHM_OF_SIGMA * math.sqrt(self.solution.variance)

    @property
    def reach(self) -> float:
        """How far the points reach beyond the level in eV, on the side where they end first."""
        level = self.solution.level
        return min(level - float(self.data.energies[0]), float(self.data.energies[-1]) - level)

    def ends(self, scan: Scan) -> tuple[float, float]:
        """Return the lowest and the highest energy of the fitted points, on the axis that was given."""
        first, last = (scan.shown(float(self.data.energies[index])) for index in (0, -1))
        return min(first, last), max(first, last)


def ordered(energies: npt.ArrayLike, counts: npt.ArrayLike, scale: Scale) -> Scan:
    """Return the points that are finite, in ascending order of kinetic energy; binding energies are negated.

    Raises:
        UsageError: The arrays are not both of shape (n,).
    """
    axis, values = (np.asarray(one, dtype=np.float64) for one in (energies, counts))
    if axis.ndim != 1 or axis.shape != values.shape:
        raise UsageError(said("edge-shapes", energies=axis.shape, counts=values.shape))
    kinetic = -axis if scale == "binding" else axis
    measured = np.flatnonzero(np.isfinite(kinetic) & (np.abs(values) < _LARGEST))
    values = np.where(np.abs(values) < 1.0 / _LARGEST, 0.0, values)
    order = measured[np.argsort(kinetic[measured], kind="stable")]
    steps = np.diff(np.unique(kinetic[order]))
    return Scan(kinetic[order], values[order], float(np.median(steps)) if steps.size else 0.0, scale)


def well_placed(scan: Scan, start: float, temperature: float, form: Form, window: Window | None) -> Fit | int:
    """Return a fit whose window lies around the edge and holds it, or the number of its points where they are too few.

    A first window of the usual size is made wider for a wide edge, and moved when the edge lay not where it was
    looked for. A ``window`` that is given keeps its size.
    """
    chosen = window or _usual(scan.step, 0.0)
    fit = fit_window(scan, start, temperature, form, chosen)
    if fit is None:
        return int(_inside(scan, start, chosen).sum())
    wanted = window or _usual(scan.step, fit.edge_width)
    moved = abs(fit.solution.level - start)
    if fit.reach <= scan.step:
        # It went astray; a window around the end of this one would not hold the edge at all.
        return fit
    if wanted.occupied > _OUTGROWN * chosen.occupied or moved > (_OUTGROWN - 1.0) * chosen.empty:
        return fit_window(scan, fit.solution.level, temperature, form, wanted, start=fit) or fit
    return fit


def fit_window(
    scan: Scan, around: float, temperature: float, form: Form, window: Window, *, start: Fit | None = None
) -> Fit | None:
    """Return the fit of the points in ``window`` around an energy; None when they are fewer than the unknowns.

    It starts from another fit of the same edge, or from ``around`` and a usual resolution.
    """
    inside = _inside(scan, around, window)
    data = EdgeData(scan.energies[inside], scan.values[inside], temperature, scan.step)
    if data.values.size <= form.unknowns:
        return None
    level, fwhm = (around, max(_FIRST_GUESS, scan.step)) if start is None else (start.solution.level, start.resolution)
    return Fit(data, around, window, solve(data, form, level, fwhm))


def _inside(scan: Scan, around: float, window: Window) -> npt.NDArray[np.bool_]:
    return (scan.energies >= around - window.occupied) & (scan.energies <= around + window.empty)


def _usual(step: float, width: float) -> Window:
    occupied, empty = (max(energy, steps * step, widths * width) for energy, steps, widths in (_OCCUPIED, _EMPTY))
    return Window(occupied, empty)
