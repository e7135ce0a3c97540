"""The spectrum model: components on an active Shirley or a linear background, with its analytic Jacobian."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.choices import Background
from shirube_bicfit.layout import ENDS, Layout
from shirube_bicfit.lineshapes import Grid, UnitLines, pseudo_voigt
from shirube_bicfit.workspace import Workspace

#: Integral of the peaks, in counts times eV, below which there are none: the background is then flat.
_NOTHING: Final = 1e-9

__all__ = ["Baseline", "SpectrumModel"]


class SpectrumModel:
    """Components and background on one energy grid, for stacks of parameter vectors.

    A parameter vector is in component form: height, centre, FWHM, Lorentz fraction (and asymmetry) of each component,
    then the heights of the background at the low- and at the high-energy end (and how much of the rise between them is
    straight). The active Shirley background rises between the two ends in proportion to the integral of the *model*
    peaks (trapezoid rule), so it is fitted together with them and needs no iteration; the linear one is the straight
    line between the ends.

    Args:
        energy: Shape (n,), strictly ascending, eV.
        background: Which background.
        layout: What the numbers are; the default has pseudo-Voigt peaks and two end heights.

    Intensities are in counts (or standard deviations): peaks of less than 1e-9 of them times eV count as none.
    """

    def __init__(self, energy: FloatArray, background: Background = "shirley", layout: Layout | None = None) -> None:
        self.energy, self.grid = energy, Grid(energy)
        self.background: Background = background
        self.layout = Layout() if layout is None else layout
        steps = np.diff(energy)
        self.step = float(np.median(steps))
        # cumulative trapezoid integral of f = cumsum(full * f) - half * f
        self.half = np.append(0.5 * steps, 0.0)
        self.full = self.half + np.append(0.0, 0.5 * steps)
        self.ramp: FloatArray = (energy - energy[0]) / (energy[-1] - energy[0])

    @property
    def channels(self) -> int:
        """The number of channels n."""
        return int(self.energy.size)

    def value(self, theta: FloatArray) -> FloatArray:
        """Return the model, shape (starts, p) to (starts, n)."""
        total = UnitLines(self.grid, self.layout.components_of(theta), Workspace()).total()
        return self.baseline(theta, total).added_to(total)

    def components(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return components, shape (k, n), and background, shape (n,), of one parameter vector."""
        peaks = pseudo_voigt(self.energy, self.layout.components_of(theta))
        total = peaks.sum(axis=0)[None]
        return peaks, (self.baseline(theta[None], total).added_to(total) - total)[0]

    def evaluate(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the model and its derivatives.

        Args:
            theta: Shape (starts, p).

        Returns:
            Values, shape (starts, n), and Jacobian, shape (starts, p, n).
        """
        starts, size = theta.shape
        lines = UnitLines(self.grid, self.layout.components_of(theta), Workspace())
        total = lines.total()
        baseline = self.baseline(theta, total)
        per, count = self.layout.per_component, lines.lines.shape[1]
        jacobian = np.empty((starts, size, self.channels))
        rows = jacobian[:, : per * count].reshape(starts, count, per, self.channels)
        lines.write_rows(rows)
        self.add_response(rows, baseline)
        rows *= lines.factors()[..., None]
        baseline.write_rows(jacobian[:, per * count :])
        return baseline.added_to(total), jacobian

    def baseline(self, theta: FloatArray, total: FloatArray) -> Baseline:
        """Return the background of parameter vectors whose components add up to ``total``, shape (starts, n)."""
        ends = theta[:, -self.layout.background :]
        if self.background == "linear":
            return Baseline(ends, np.broadcast_to(self.ramp, total.shape), None, self.ramp)
        cumulative = total * self.full
        np.cumsum(cumulative, axis=-1, out=cumulative)
        cumulative -= total * self.half
        area = np.maximum(cumulative[:, -1:], _NOTHING)
        cumulative /= area
        return Baseline(ends, cumulative, area, self.ramp)

    def add_response(self, rows: FloatArray, baseline: Baseline) -> None:
        """Add to derivatives of components those of the background that follows them, in place.

        With C the cumulative integral, T its end value and q = (b_H - b_L) / T, these are ``q (dC - (C / T) dT)``.

        Args:
            rows: Shape (starts, …, n), with any factors.
            baseline: The background of these starts.
        """
        slope = baseline.slope
        if slope is None:
            return
        inner = (len(rows), *(1,) * (rows.ndim - 2), -1)
        rising = np.multiply(rows, (self.full * slope).reshape(inner))
        np.cumsum(rising, axis=-1, out=rising)
        rows *= (1.0 - slope * self.half).reshape(inner)
        rows += rising
        ends = rising[..., -1:].copy()
        np.multiply(ends, baseline.fraction.reshape(inner), out=rising)
        rows -= rising

    def pulled_back(self, slope_of_cost: FloatArray, baseline: Baseline) -> FloatArray:
        """Return the derivative of a cost by the *components* in each channel, given that by the model.

        It is the adjoint of :meth:`add_response`: what a component does through the background comes back to it.

        Args:
            slope_of_cost: Derivative of the cost by the model in each channel, shape (starts, n).
            baseline: The background of these starts.
        """
        slope = baseline.slope
        if slope is None:
            return slope_of_cost
        later = np.cumsum(slope_of_cost[:, ::-1], axis=-1)[:, ::-1]
        along = np.einsum("sn,sn->s", slope_of_cost, baseline.fraction)[:, None]
        return np.asarray(
            slope_of_cost + slope * ((later - along) * self.full - self.half * slope_of_cost), dtype=np.float64
        )


class Baseline:
    """The background of a stack of parameter vectors.

    Args:
        ends: Heights at the low- and at the high-energy end (and the straight part of the rise), (starts, 2 or 3).
        fraction: Integral of the components up to each channel over the whole, shape (starts, n); the ramp if linear.
        area: The whole integral, shape (starts, 1); None if the background does not follow the components.
        ramp: The straight line from 0 to 1, shape (n,).
    """

    def __init__(self, ends: FloatArray, fraction: FloatArray, area: FloatArray | None, ramp: FloatArray) -> None:
        self._ends, self._area, self._ramp = ends, area, ramp
        self.fraction = fraction

    @property
    def slope(self) -> FloatArray | None:
        """Rise of the background per integral of the components, shape (starts, 1)."""
        return None if self._area is None else self._active_rise / self._area

    @property
    def _active_rise(self) -> FloatArray:
        rise = self._ends[:, 1, None] - self._ends[:, 0, None]
        return rise - self._ends[:, 2, None] if self._ends.shape[1] > ENDS else rise

    def chosen(self, index: npt.NDArray[np.int64]) -> Baseline:
        """Return the same for some of the starts."""
        area = None if self._area is None else self._area[index]
        return Baseline(self._ends[index], self.fraction[index], area, self._ramp)

    def added_to(self, total: FloatArray) -> FloatArray:
        """Return components and background together, shape (starts, n)."""
        value = self._active_rise * self.fraction
        value += self._ends[:, 0, None]
        if self._ends.shape[1] > ENDS:
            value += self._ends[:, 2, None] * self._ramp
        value += total
        return np.asarray(value, dtype=np.float64)

    def write_rows(self, out: FloatArray) -> None:
        """Write the derivatives by the numbers of the background, shape (starts, 2 or 3, n)."""
        np.subtract(1.0, self.fraction, out=out[:, 0])
        out[:, 1] = self.fraction
        if self._ends.shape[1] > ENDS:
            np.subtract(self._ramp, self.fraction, out=out[:, 2])
