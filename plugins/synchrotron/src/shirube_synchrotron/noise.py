"""What must be known of a scan before its edges can be judged: an even grid without spikes, and each point's noise."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import field, frozen

from shirube.records import FloatArray

#: Neighbours on either side that say what a point should be (spikes up to two points wide), and over how many the
#: noise is taken.
_NEIGHBOURS: Final = 2
_NOISE_REACH: Final = 10
#: A spike stands off its neighbours' median by so many standard deviations.
_SPIKE: Final = 8.0
#: From a median to a standard deviation of normal noise, and from a variance to the median of its square.
_OF_MEDIAN: Final = 1.4826
_MEDIAN_SQUARE: Final = 0.4549
#: Points below this fraction of the strongest do not tell how noise follows intensity; nothing is better known than the
#: second fraction.
_DARK: Final = 0.01
_ROUNDING: Final = 1e-9

#: An even grid has at most so many points for each that was measured, however uneven the steps are.
_DENSEST: Final = 20
#: How far the smoothing kernel reaches, and how many points at an end say how it goes on, in its standard deviations.
_KERNEL_REACH: Final = 4.0
_END: Final = 1.5
_FEWEST: Final = 12

__all__ = ["EvenScan", "even_scan", "smoothed"]


@frozen(eq=False)
class EvenScan:
    """A scan on an even grid.

    Attributes:
        energies: Ascending, in eV, shape (n,).
        values: Intensities, spikes replaced by the median of their neighbours.
        noise: Standard deviation of each value.
        step: Distance of the energies in eV.
    """

    energies: FloatArray = field(repr=False)
    values: FloatArray = field(repr=False)
    noise: FloatArray = field(repr=False)
    step: float


def even_scan(kinetic: FloatArray, intensity: FloatArray) -> EvenScan:
    """Return the scan on an even grid of its typical step, points at the same energy averaged.

    Args:
        kinetic: Ascending energies in eV, shape (n,), three or more different ones; steps may vary.
        intensity: Shape (n,).
    """
    energies, where, repeats = np.unique(kinetic, return_inverse=True, return_counts=True)
    means = np.bincount(where, weights=intensity) / repeats
    extent = float(energies[-1] - energies[0])
    step = max(float(np.median(np.diff(energies))), extent / (_DENSEST * energies.size))
    grid = energies[0] + step * np.arange(round(extent / step) + 1)
    values = np.interp(grid, energies, means)
    clean = _without_spikes(values, _noise(values))
    return EvenScan(grid, clean, _noise(clean), step)


def smoothed(values: FloatArray, sigma: float, *, sloping: bool = True) -> FloatArray:
    """Return values smoothed by a Gaussian of ``sigma`` points.

    Ends are continued by the line through their points if ``sloping``, since a slope that goes on must not look like a
    fall that begins or ends there; else by their mean.
    """
    reach = math.ceil(_KERNEL_REACH * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    ends = min(max(math.ceil(_END * sigma), _FEWEST), values.size)
    before = _continued(values[:ends], np.arange(-reach, 0.0), sloping=sloping)
    after = _continued(values[-ends:], np.arange(ends, ends + reach, dtype=np.float64), sloping=sloping)
    return np.convolve(np.concatenate([before, values, after]), kernel / kernel.sum(), mode="valid")


def _continued(values: FloatArray, at: FloatArray, *, sloping: bool) -> FloatArray:
    """Return the line through values at 0, 1, 2 ..., continued to ``at``."""
    places = np.arange(values.size) - (values.size - 1) / 2.0
    slope = float(places @ values) / float(places @ places) if sloping else 0.0
    line = float(values.mean()) + slope * (at - (values.size - 1) / 2.0)
    return np.asarray(line, dtype=np.float64)


def _without_spikes(values: FloatArray, noise: FloatArray) -> FloatArray:
    middle = _running_median(values, _NEIGHBOURS)
    # In a steep edge the median is off by as much as neighbours differ; only what leaves their range is a spike.
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, 1, mode="edge"), 3)
    outer = windows[:, [0, 2]]
    alone = (values > outer.max(axis=1) + noise) | (values < outer.min(axis=1) - noise)
    wide = np.abs(values - middle) > _SPIKE * noise
    near = alone & wide
    # A spike of two points hides from its partner: the neighbour of one that is as far off belongs to it.
    near |= wide & (np.roll(near, 1) | np.roll(near, -1))
    return np.where(near, middle, values)


def _noise(values: FloatArray) -> FloatArray:
    """Return the standard deviation of each point, from second differences: no slope or slow curvature enters them.

    The larger of what the neighbourhood shows, and of what counting statistics with the scan's own gain give.
    """
    second = np.abs(np.diff(values, 2, prepend=values[0], append=values[-1])) / math.sqrt(6.0)
    local = _OF_MEDIAN * _running_median(second, _NOISE_REACH)
    level = np.maximum(smoothed(values, _NEIGHBOURS, sloping=False), 0.0)
    bright = level > _DARK * level.max()
    gain = float(np.median(second[bright] ** 2 / level[bright])) / _MEDIAN_SQUARE if bright.any() else 0.0
    least = max(_ROUNDING * float(np.ptp(values)), np.finfo(float).tiny)
    return np.maximum(np.maximum(local, np.sqrt(gain * level)), least)


def _running_median(values: FloatArray, reach: int) -> FloatArray:
    padded = np.pad(values, reach, mode="reflect") if values.size > reach else np.pad(values, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray(np.median(windows, axis=1), dtype=np.float64)
