"""Seeds of peaks from the curvature of smooth curves."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits

#: Columns of a seed: height, centre (eV), FWHM (eV).
SEED_COLUMNS: Final = 3
_PEAK_THRESHOLD: Final = 0.01
#: A curve with more peaks shows noise.
_MOST_PEAKS: Final = 40
_END_CHANNELS: Final = 5
_SHIRLEY_ROUNDS: Final = 6
#: For a Gaussian: FWHM over the distance of its inflection points, and curvature at the top times FWHM^2 over height.
_FWHM_PER_INFLECTION: Final = float(np.sqrt(2.0 * np.log(2.0)))
_TOP_CURVATURE: Final = float(8.0 * np.log(2.0))

__all__ = ["SEED_COLUMNS", "curvature_seeds", "shirley_start"]


def shirley_start(energy: FloatArray, curves: FloatArray) -> FloatArray:
    """Return iterative Shirley backgrounds of curves, shape (rungs, n), between the means of their end channels."""
    ends = min(_END_CHANNELS, max(1, energy.size // 10))
    low = curves[:, :ends].mean(axis=1, keepdims=True)
    high = curves[:, -ends:].mean(axis=1, keepdims=True)
    ramp = (energy - energy[0]) / (energy[-1] - energy[0])
    background: FloatArray = low + (high - low) * ramp
    for _ in range(_SHIRLEY_ROUNDS):
        above = np.maximum(curves - background, 0.0)
        cumulative = np.zeros_like(curves)
        np.cumsum(0.5 * np.diff(energy) * (above[:, 1:] + above[:, :-1]), axis=1, out=cumulative[:, 1:])
        area = cumulative[:, -1:]
        background = low + (high - low) * np.where(area > 0.0, cumulative / np.where(area > 0.0, area, 1.0), ramp)
    return background


def curvature_seeds(energy: FloatArray, net: FloatArray, limits: Limits) -> list[FloatArray]:
    """Return the peaks that the curvature of smooth curves shows, one array (peaks, 3) a curve, largest first.

    A curve whose peaks are in the same channels as those of the one before is left out.

    A peak is a minimum of the second derivative where the curve is above 1 % of its maximum; its width follows from
    the zero crossings of the second derivative around it, its height from the curvature at the top.

    Args:
        energy: Shape (n,), ascending, eV.
        net: Background-subtracted smooth curves, shape (rungs, n).
        limits: Bounds for the widths.
    """
    bend = np.gradient(np.gradient(net, energy, axis=1), energy, axis=1)
    tops = (bend[:, 1:-1] < bend[:, :-2]) & (bend[:, 1:-1] <= bend[:, 2:]) & (bend[:, 1:-1] < 0.0)
    tops &= net[:, 1:-1] > _PEAK_THRESHOLD * net.max(axis=1, keepdims=True)
    # neighbouring rungs mostly show the same peaks in the same channels
    different = np.ones(len(net), dtype=bool)
    different[1:] = np.any(tops[1:] != tops[:-1], axis=1)
    different &= tops.sum(axis=1) <= _MOST_PEAKS
    return [
        _peaks_of_curve(energy, net[rung], bend[rung], np.flatnonzero(tops[rung]) + 1, limits)
        for rung in np.flatnonzero(different)
    ]


def _peaks_of_curve(
    energy: FloatArray, curve: FloatArray, bend: FloatArray, tops: npt.NDArray[np.int64], limits: Limits
) -> FloatArray:
    if not tops.size:
        return np.empty((0, SEED_COLUMNS))
    outside = np.flatnonzero(bend >= 0.0)
    outside = np.concatenate([[0], outside, [energy.size - 1]])
    after = np.searchsorted(outside[1:-1], tops) + 1
    distance = energy[outside[after]] - energy[outside[after - 1]]
    fwhm = np.clip(_FWHM_PER_INFLECTION * distance, limits.fwhm_min, limits.fwhm_max)
    height = np.minimum(-bend[tops] * fwhm**2 / _TOP_CURVATURE, curve[tops])
    found = np.column_stack([height, energy[tops], fwhm])
    return found[np.argsort(-height * fwhm, kind="stable")]
