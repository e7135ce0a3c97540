"""Peaks of a survey: maxima of a matched filter that a sloping background does not reach, above counting noise."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from shirube.records import FloatArray

#: Full widths at half maximum that are tried, in eV: lines of metals up to Auger structures.
_WIDTHS: Final = (1.2, 1.7, 2.4, 3.4, 4.8, 6.8, 9.6, 13.6, 19.2)
#: Full width at half maximum of a Gaussian over its standard deviation, and area over height times width.
FWHM: Final = 2.354820045
_AREA: Final = 1.064467
#: The narrowest filter has so many channels across half its height: below it sees single channels only.
_FEWEST: Final = 2.0
#: Third differences leave the noise of four neighbours and little of a peak (as in fits of peaks).
_DIFFERENCE: Final = np.array([1.0, -3.0, 3.0, -1.0])
_CHI2_MEDIAN: Final = 0.454936
#: Standard deviations that the filter reaches to either side.
_REACH: Final = 5.0

__all__ = ["FWHM", "Filtered", "Peak", "filtered", "find_peaks", "noise_variance"]


@frozen
class Peak:
    """A peak of a survey.

    Attributes:
        energy: Position in eV on the scale of the spectrum.
        uncertainty: Standard uncertainty of the position in eV, from counting noise and channel width.
        height: Above the local background, in the unit of the intensities.
        width: Full width at half maximum of the filter that matches it best, in eV.
        significance: Largest height over its standard deviation that a filter of any width sees.
    """

    energy: float
    uncertainty: float
    height: float
    width: float
    significance: float

    @property
    def area(self) -> float:
        """Area of a Gaussian of this height and width, intensity times eV."""
        return _AREA * self.height * self.width


@frozen(eq=False)
class Filtered:
    """A survey behind filters of several widths.

    Attributes:
        energy: Ascending on an even grid, in eV, shape (n,).
        widths: Full widths at half maximum in eV, shape (k,), ascending.
        heights: Height of a Gaussian line of each width at each energy, shape (k, n).
        deviations: Their standard deviations, shape (k, n).
    """

    energy: FloatArray = field(repr=False)
    widths: FloatArray
    heights: FloatArray = field(repr=False)
    deviations: FloatArray = field(repr=False)

    @property
    def step(self) -> float:
        """Distance of the energies in eV."""
        return float(self.energy[1] - self.energy[0])


def filtered(energy: FloatArray, intensity: FloatArray) -> Filtered:
    """Return a survey behind filters that let neither constant nor slope of a background pass.

    The filter is the negative second derivative of a Gaussian, scaled so that a Gaussian line of its own width gives
    its height. Variances follow the intensities, with the unit that third differences show.

    Args:
        energy: In eV in either order, shape (n,), with at least 16 different values.
        intensity: Shape (n,), finite.
    """
    order = np.argsort(energy, kind="stable")
    ascending, values = energy[order], intensity[order]
    step = float(np.median(np.diff(ascending)))
    grid = ascending[0] + step * np.arange(round((ascending[-1] - ascending[0]) / step) + 1)
    even = np.interp(grid, ascending, values)
    variance = noise_variance(even)
    widths = np.array([one for one in _WIDTHS if one >= _FEWEST * step] or [_FEWEST * step])
    pairs = [_filter(even, variance, width / FWHM / step) for width in widths]
    return Filtered(grid, widths, np.array([one for one, _ in pairs]), np.array([one for _, one in pairs]))


def noise_variance(intensity: FloatArray) -> FloatArray:
    """Return the variance of each channel: proportional to the intensity, constant where some are negative.

    Args:
        intensity: On an even grid, shape (n,).
    """
    squares = np.square(np.convolve(intensity, _DIFFERENCE, mode="valid"))
    if intensity.min() < 0.0:
        constant = float(np.median(squares)) / np.square(_DIFFERENCE).sum() / _CHI2_MEDIAN
        return np.full(intensity.size, max(constant, 1e-12 * float(np.ptp(intensity)) ** 2))
    expected = np.convolve(intensity, np.square(_DIFFERENCE), mode="valid")
    there = expected > 0.0
    unit = float(np.median(squares[there] / expected[there])) / _CHI2_MEDIAN
    smooth = np.convolve(np.pad(intensity, 2, mode="edge"), np.full(5, 0.2), mode="valid")
    # an empty channel is not free of noise: one count more could have been there
    unit = max(unit, 1e-9 * float(intensity.max()))
    return np.maximum(unit * smooth, unit**2)


def _filter(values: FloatArray, variance: FloatArray, sigma: float) -> tuple[FloatArray, FloatArray]:
    """Return the heights that a filter of a standard deviation in channels sees, and their standard deviations."""
    reach = min(int(np.ceil(_REACH * sigma)), (values.size - 1) // 2)
    place = np.arange(-reach, reach + 1) / sigma
    kernel = (1.0 - np.square(place)) * np.exp(-np.square(place) / 2.0)
    kernel -= kernel.mean()
    kernel /= float(kernel @ np.exp(-np.square(place) / 2.0))
    # beyond the ends the background goes on as it came, so that an end is no peak
    heights = np.convolve(_extended(values, reach), kernel, mode="valid")
    deviations = np.sqrt(np.convolve(np.pad(variance, reach, mode="edge"), np.square(kernel), mode="valid"))
    # where the flank of a line would lie beyond the end, nothing is known of it
    beyond = min(int(np.ceil(FWHM * sigma)), values.size // 2)
    deviations[:beyond] = deviations[values.size - beyond :] = np.inf
    return heights, deviations


def _extended(values: FloatArray, reach: int) -> FloatArray:
    return np.pad(values, reach, mode="reflect", reflect_type="odd") if reach else values


def find_peaks(seen: Filtered, least: float) -> list[Peak]:
    """Return the peaks of a survey, in order of energy.

    Narrow filters go first: what they tell apart is not joined again by wide ones. Each maximum then takes the width
    that matches it.

    Args:
        seen: The survey behind its filters.
        least: Smallest significance.
    """
    ratio = seen.heights / seen.deviations
    found: list[tuple[int, int]] = []
    for row, width in enumerate(seen.widths):
        places = _maxima(ratio[row], least)
        far = 0.5 * width / seen.step
        taken = np.array([place for _, place in found], dtype=np.float64)
        found += [(row, int(one)) for one in places if not (taken.size and np.abs(taken - one).min() <= far)]
    best = {_grown(ratio, row, place, seen, [other for _, other in found]) for row, place in found}
    return sorted((_peak(seen, *one) for one in best), key=lambda one: one.energy)


def _maxima(values: FloatArray, least: float) -> npt.NDArray[np.intp]:
    inner = values[1:-1]
    return np.flatnonzero((inner >= least) & (inner >= values[:-2]) & (inner > values[2:])) + 1


def _grown(ratio: FloatArray, row: int, place: int, seen: Filtered, others: list[int]) -> tuple[int, int, float]:
    """Return row and channel of the width that matches a maximum, and its largest significance at any width.

    Significance grows up to filters of 5 ** 0.5 times the width of a line; over the width of the filter it is largest
    where both agree. Where a filter would reach a neighbour, it goes no further.
    """
    room = min((abs(other - place) for other in others if other != place), default=seen.energy.size)
    chosen, at, largest = (row, place), place, float(ratio[row, place])
    for wider in range(row + 1, seen.widths.size):
        far = max(1, round(0.35 * float(seen.widths[wider]) / seen.step))
        if 0.6 * float(seen.widths[wider]) >= room * seen.step:
            break
        low = max(at - far, 0)
        at = low + int(np.argmax(ratio[wider, low : at + far + 1]))
        if ratio[wider, at] <= largest:
            break
        largest = float(ratio[wider, at])
        if largest / seen.widths[wider] > ratio[chosen] / seen.widths[chosen[0]]:
            chosen = (wider, at)
    return (*chosen, largest)


def _peak(seen: Filtered, row: int, place: int, significance: float) -> Peak:
    """Return a peak with the vertex of the parabola through its highest channels."""
    height, deviation, width = seen.heights[row], float(seen.deviations[row, place]), float(seen.widths[row])
    shift, top = 0.0, float(height[place])
    if 0 < place < height.size - 1:
        before, after = float(height[place - 1]), float(height[place + 1])
        bend = before - 2.0 * top + after
        shift = float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0.0 else 0.0
    noise = width / FWHM * deviation / top
    return Peak(
        energy=float(seen.energy[place]) + shift * seen.step,
        uncertainty=float(np.hypot(noise, seen.step / np.sqrt(12.0))),
        height=top,
        width=width,
        significance=significance,
    )
