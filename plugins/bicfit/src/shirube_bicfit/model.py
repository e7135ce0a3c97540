"""The spectrum model: pseudo-Voigt peaks on an active Shirley or a linear background, with its analytic Jacobian."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np

from shirube.records import FloatArray
from shirube_bicfit.choices import Background
from shirube_bicfit.lineshapes import pseudo_voigt, pseudo_voigt_jacobian

#: Free numbers of a background: its heights at the low- and the high-energy end.
BACKGROUND_PARAMETERS: Final = 2
PEAK_PARAMETERS: Final = 4
#: Integral of the peaks, in counts times eV, below which there are none: the background is then flat.
_NOTHING: Final = 1e-9

__all__ = ["BACKGROUND_PARAMETERS", "PEAK_PARAMETERS", "SpectrumModel", "count_of", "peaks_of"]


def peaks_of(theta: FloatArray) -> FloatArray:
    """Return the peak parameters of parameter vectors, shape (..., 4 k + 2) to (..., k, 4)."""
    return theta[..., :-BACKGROUND_PARAMETERS].reshape(*theta.shape[:-1], count_of(theta), PEAK_PARAMETERS)


def count_of(theta: FloatArray) -> int:
    """Return how many peaks parameter vectors of this length describe."""
    return (int(theta.shape[-1]) - BACKGROUND_PARAMETERS) // PEAK_PARAMETERS


class SpectrumModel:
    """Peaks and background on one energy grid, for stacks of parameter vectors.

    A parameter vector holds height, centre, FWHM and Lorentz fraction of each peak, then the heights of the
    background at the low- and at the high-energy end. The active Shirley background rises between the two ends in
    proportion to the integral of the *model* peaks (trapezoid rule), so it is fitted together with them and needs no
    iteration; the linear one is the straight line between the ends.

    Args:
        energy: Shape (n,), strictly ascending, eV.
        background: Which background.

    Intensities are in counts (or standard deviations): peaks of less than 1e-9 of them times eV count as none.
    """

    def __init__(self, energy: FloatArray, background: Background = "shirley") -> None:
        self.energy = energy
        self.background: Background = background
        steps = np.diff(energy)
        # cumulative trapezoid integral of f = cumsum(full * f) - half * f
        self._half = np.append(0.5 * steps, 0.0)
        self._full = self._half + np.append(0.0, 0.5 * steps)

    @property
    def channels(self) -> int:
        """The number of channels n."""
        return int(self.energy.size)

    @cached_property
    def _ramp(self) -> FloatArray:
        ramp: FloatArray = (self.energy - self.energy[0]) / (self.energy[-1] - self.energy[0])
        return ramp

    def value(self, theta: FloatArray) -> FloatArray:
        """Return the model, shape (starts, 4 k + 2) to (starts, n)."""
        total = pseudo_voigt(self.energy, peaks_of(theta)).sum(axis=1)
        return np.asarray(total + self._background(theta, total), dtype=np.float64)

    def components(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return peaks, shape (k, n), and background, shape (n,), of one parameter vector."""
        peaks = pseudo_voigt(self.energy, peaks_of(theta))
        return peaks, self._background(theta[None], peaks.sum(axis=0)[None])[0]

    def evaluate(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the model and its derivatives.

        Args:
            theta: Shape (starts, 4 k + 2).

        Returns:
            Values, shape (starts, n), and Jacobian, shape (starts, 4 k + 2, n).
        """
        starts, size = theta.shape
        jacobian = np.empty((starts, size, self.energy.size))
        of_peaks = jacobian[:, :-BACKGROUND_PARAMETERS]
        blocks = of_peaks.reshape(starts, count_of(theta), PEAK_PARAMETERS, self.energy.size)
        total = pseudo_voigt_jacobian(self.energy, peaks_of(theta), out=blocks)
        low, high = theta[:, -2, None], theta[:, -1, None]
        if self.background == "linear":
            fraction = np.broadcast_to(self._ramp, total.shape)
        else:
            fraction, area = self._shirley_fraction(total)
            self._add_active_part(of_peaks, fraction, (high - low) / area)
        np.subtract(1.0, fraction, out=jacobian[:, -2])
        jacobian[:, -1] = fraction
        return total + low + (high - low) * fraction, jacobian

    def _add_active_part(self, of_peaks: FloatArray, fraction: FloatArray, slope: FloatArray) -> None:
        """Add to the derivatives of the peaks those of the background that follows them, in place.

        With C the cumulative integral, T its end value and q = (b_H - b_L) / T (``slope``), these are
        ``q (dC - (C / T) dT)``.
        """
        rising = np.multiply(of_peaks, (self._full * slope)[:, None])
        np.cumsum(rising, axis=-1, out=rising)
        of_peaks *= (1.0 - slope * self._half)[:, None]
        of_peaks += rising
        ends = rising[..., -1:].copy()
        np.multiply(ends, fraction[:, None], out=rising)
        of_peaks -= rising

    def _shirley_fraction(self, total: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the integral from the low-energy end as a fraction of the whole, and the whole (never nothing)."""
        cumulative = np.cumsum(total * self._full, axis=-1) - total * self._half
        area = np.maximum(cumulative[:, -1:], _NOTHING)
        return cumulative / area, area

    def _background(self, theta: FloatArray, total: FloatArray) -> FloatArray:
        low, high = theta[:, -2, None], theta[:, -1, None]
        fraction = self._ramp if self.background == "linear" else self._shirley_fraction(total)[0]
        return np.asarray(low + (high - low) * fraction, dtype=np.float64)
