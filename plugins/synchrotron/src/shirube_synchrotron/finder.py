"""Find the Fermi edge in a spectrum: the falling edge of highest kinetic energy, never just the steepest slope.

Above the Fermi level there is nothing, so the edge that ends the spectrum is the Fermi edge; the onset of a d band
below it may well be steeper (5d of gold: five times in a measured scan).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from shirube.messages import Message
from shirube.records import FloatArray
from shirube_synchrotron.wording import said

#: Smallest width in eV over which slopes are taken; room temperature alone spreads the edge over 0.11 eV.
_SMOOTHING: Final = 0.08
_STEPS: Final = 1.5
_NOISE_FACTOR: Final = 5.0
_SPAN_FRACTION: Final = 0.02
_REACH: Final = 4.0
_FEWEST_POINTS: Final = 8

__all__ = ["find_edge"]


def find_edge(kinetic: FloatArray, intensity: FloatArray) -> float | Message:
    """Return the approximate Fermi level on the axis ``kinetic``, or why there is none.

    Args:
        kinetic: Ascending energies in eV, shape (n,); steps may vary.
        intensity: Shape (n,), any unit.
    """
    different = np.unique(kinetic)
    if different.size < _FEWEST_POINTS:
        return said("edge-too-few-points", points=different.size, needed=_FEWEST_POINTS)
    step = float(np.median(np.diff(different)))
    grid = np.arange(kinetic[0], kinetic[-1] + 0.5 * step, step)
    values = np.interp(grid, kinetic, intensity)
    sigma = max(_SMOOTHING, _STEPS * step)
    smooth = _smoothed(values, sigma / step)
    fall = -np.gradient(smooth, step)
    needed = max(_NOISE_FACTOR * _noise(values), _SPAN_FRACTION * float(np.ptp(smooth)))
    edges = [index for index in _maxima(fall) if _drop(grid, smooth, index, 2.0 * sigma) > needed]
    if not edges:
        return said("edge-not-found")
    return float(grid[edges[-1]])


def _smoothed(values: FloatArray, sigma: float) -> FloatArray:
    reach = int(np.ceil(_REACH * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, reach, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")


def _noise(values: FloatArray) -> float:
    """Return the noise of one point: the median absolute second difference, whose own factor is sqrt(6)."""
    second = np.abs(np.diff(values, 2))
    return 1.4826 * float(np.median(second)) / math.sqrt(6.0)


def _maxima(values: FloatArray) -> list[int]:
    inner = values[1:-1]
    peaks = (inner > values[:-2]) & (inner >= values[2:]) & (inner > 0.0)
    return [int(index) + 1 for index in np.flatnonzero(peaks)]


def _drop(grid: FloatArray, smooth: FloatArray, index: int, reach: float) -> float:
    before, after = np.interp([grid[index] - reach, grid[index] + reach], grid, smooth)
    return float(before - after)
