"""Find the Fermi edge in a scan: the first falling edge that is met from the empty side, never just the steepest slope.

Above the Fermi level there is nothing, so the edge that ends the spectrum is the Fermi edge; the onset of a d band
below it may well be steeper (5d of gold: five times in a measured scan). Falls are looked for by matched filters of
several widths, each measured in standard deviations of its own noise, so that fine scans, surveys and low edges on a
high background are judged alike.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import frozen

from shirube.messages import Message
from shirube.records import FloatArray
from shirube_synchrotron.noise import EvenScan, even_scan, smoothed
from shirube_synchrotron.wording import said

#: Smallest filter (standard deviation) in eV and in steps; room temperature alone spreads the edge over 0.11 eV. The
#: others are wider, for noisy scans, as long as so many fit into the range.
_SMALLEST: Final = (0.08, 1.0)
_WIDER: Final = (1.0, 2.0, 4.0)
_FIT_IN: Final = 6.0
#: A fall counts when it rises and falls again by so many standard deviations of the filter's noise.
_SIGNIFICANT: Final = 8.0
#: It must be this fraction of the intensity just below it, and of the largest fall within so many eV below it.
_OF_LEVEL: Final = 0.01
_OF_LARGEST: Final = (0.01, 10.0)
#: A fall this many times as high, so many eV below at most, makes the last one look like a drop in what lies above the
#: Fermi level. The 5d onset of gold alone cannot decide: it is 4.5 times its Fermi edge in one measured scan.
_MUCH_HIGHER: Final = 8.0
_FEWEST_POINTS: Final = 8

__all__ = ["Found", "find_edge"]


@frozen
class Found:
    """Where a scan falls.

    Attributes:
        level: The approximate Fermi level, in eV.
        higher: The next fall below it that is many times as high; None if there is none.
    """

    level: float
    higher: float | None


def find_edge(kinetic: FloatArray, intensity: FloatArray) -> Found | Message:
    """Return where the Fermi edge is, roughly, or why there is none.

    Args:
        kinetic: Ascending energies in eV, shape (n,); steps may vary.
        intensity: Shape (n,), any unit.
    """
    different = np.unique(kinetic).size
    if different < _FEWEST_POINTS:
        return said("edge-too-few-points", points=different, needed=_FEWEST_POINTS)
    scan = even_scan(kinetic, intensity)
    widest = float(np.ptp(kinetic)) / _FIT_IN
    smallest = min(max(_SMALLEST[0], _SMALLEST[1] * scan.step), widest)
    widths = [smallest * factor for factor in _WIDER if smallest * factor <= widest]
    found = [(level, width) for width in widths if (level := _terminal(scan, width)) is not None]
    if not found:
        return said("edge-not-found")
    highest, blurred = max(found)
    # The narrowest filter that sees the same edge places it best.
    level = next(level for level, _ in found if level > highest - 2.0 * blurred)
    return Found(level, _higher(scan, smallest, level))


def _higher(scan: EvenScan, width: float, level: float) -> float | None:
    """Return the next fall below ``level`` that is many times as high as the one there, None if there is none."""
    heights, noise = _heights(scan, width)
    around = np.abs(scan.energies - level) <= 2.0 * width
    if not around.any():
        return None
    least = _MUCH_HIGHER * float(heights[around].max())
    reach = _OF_LARGEST[1]
    for index in _peaks(heights, _SIGNIFICANT * noise):
        energy = float(scan.energies[index])
        if level - reach < energy < level - 2.0 * width and heights[index] > least:
            return energy
    return None


def _terminal(scan: EvenScan, width: float) -> float | None:
    """Return the fall of highest kinetic energy that a filter of this width in eV sees, None if it sees none."""
    sigma = width / scan.step
    smooth = smoothed(scan.values, sigma)
    heights, noise = _heights(scan, width)
    fraction, reach = _OF_LARGEST
    below = max(round(reach / scan.step), 1)
    for index in _peaks(heights, _SIGNIFICANT * noise):
        largest = float(heights[max(index - below, 0) : index + 1].max())
        level = abs(float(smooth[max(index - math.ceil(2.0 * sigma), 0)]))
        inside = sigma <= index < heights.size - sigma
        if inside and heights[index] > max(fraction * largest, _OF_LEVEL * level):
            return float(scan.energies[index])
    return None


def _heights(scan: EvenScan, width: float) -> tuple[FloatArray, FloatArray]:
    """Return how high a step at each energy would be, and the standard deviation of that."""
    sigma = width / scan.step
    # The filter's answer to a step is its height: a Gaussian's slope at its centre is 1 / (sigma sqrt(2 pi)).
    heights = -np.gradient(smoothed(scan.values, sigma)) * sigma * math.sqrt(2.0 * math.pi)
    # White noise leaves the slope of a Gaussian average with a variance of 1 / (4 sqrt(pi) sigma^3).
    noise = smoothed(scan.noise, sigma, sloping=False) * math.sqrt(math.sqrt(math.pi) / (2.0 * sigma))
    return heights, noise


def _peaks(values: FloatArray, prominences: FloatArray) -> list[int]:
    """Return where values rise and fall again by the prominence that is asked for there, the last first.

    The beginning of the values may stand for the fall: a scan may begin in the edge's own band.
    """
    found: list[int] = []
    heights, needed = values.tolist(), prominences.tolist()
    lowest = top = len(heights) - 1
    for index in range(len(heights) - 1, -1, -1):
        if heights[index] > heights[top]:
            top = index
        risen = heights[top] - heights[lowest] > needed[top]
        if risen and (heights[top] - heights[index] > needed[top] or index == 0):
            found.append(top)
            lowest = top = index
        elif not risen and heights[index] < heights[lowest]:
            lowest = top = index
    return found
