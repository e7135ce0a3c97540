"""The arithmetic: what changed along a series of spectra that were counted one after the other.

With counts ``I[i, j]`` of energy ``i`` in iteration ``j`` and ``w[j] = j - mean(j)``, the slope of each channel is
``d[i] = sum_j w[j] I[i, j] / sum_j w[j]**2``. While nothing changes its expectation is zero, its variance
``phi mu[i] / sum_j w[j]**2``, and it does not correlate with the mean ``mu[i]``. A change of intensity adds ``a mu``,
a shift by ``s`` eV an iteration adds ``-s mu'``; both are fitted by weighted least squares. What they leave is a
change of shape.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import field, frozen

from shirube.records import FloatArray

#: Fewest iterations that tell a slope; a scatter beside it takes one more.
FEWEST_ITERATIONS = 2
#: Part of the energies at either end that tells the background.
_ENDS = 0.05
#: Least part of the information on the shift that may be left beside the change of intensity.
_INDEPENDENT = 1e-6
#: So many times what noise alone would tell of a shift the mean must tell.
_ABOVE_NOISE = 4.0


@frozen(eq=False)
class Change:
    """What changed over a series.

    Attributes:
        mean: Mean over the iterations, shape (n,).
        slope: Change per iteration, shape (n,).
        slope_error: Its standard uncertainty, shape (n,).
        explained: What intensity and shift explain of the slope, shape (n,).
        intensity: Change from the first to the last iteration, relative to the mean.
        intensity_error: Its standard uncertainty.
        shift: Shift from the first to the last iteration, eV.
        shift_error: Its standard uncertainty, eV.
        shape: How improbable what is left is, in standard deviations of a normal distribution.
        dispersion: Variance over mean between iterations, the slope aside; 1 for counted electrons. Of two iterations
            nothing is left to tell it, and it is taken for 1.
        dispersion_error: Its standard uncertainty; None for two iterations.
    """

    mean: FloatArray = field(repr=False)
    slope: FloatArray = field(repr=False)
    slope_error: FloatArray = field(repr=False)
    explained: FloatArray = field(repr=False)
    intensity: float
    intensity_error: float
    shift: float
    shift_error: float
    shape: float
    dispersion: float
    dispersion_error: float | None


def change(energy: FloatArray, counts: FloatArray, points: int) -> Change | None:
    """Return what changed, None where the mean has no slope that would tell a shift.

    Args:
        energy: Shape (n,), eV, one way.
        counts: Shape (n, iterations), not negative.
        points: Points of the cubic that smooths the mean.
    """
    iterations = counts.shape[1]
    weights = np.arange(iterations) - (iterations - 1) / 2.0
    square = float(np.sum(weights**2))
    mean = counts.mean(axis=1)
    slope = counts @ weights / square
    smooth, derivative, gain = _smoothed(energy, mean, points)
    # Where nothing was counted a channel still scatters by about one count.
    variance = np.maximum(smooth, 1.0 / iterations)
    left = counts - mean[:, None] - slope[:, None] * weights
    freedom = mean.size * (iterations - 2)
    dispersion = float(np.sum(left**2 / variance[:, None]) / freedom) if freedom else 1.0
    # Fewer than counted electrons would scatter are no better known for it.
    widened = max(dispersion, 1.0)
    error = np.sqrt(widened * variance / square)
    by_noise = np.sum(gain * widened * variance / iterations / error**2)
    if np.sum((derivative / error) ** 2) < _ABOVE_NOISE * by_noise:
        return None
    fitted = _fitted(slope, error, np.stack([smooth, -derivative], axis=1))
    if fitted is None:
        return None
    found, covariance, explained = fitted
    span = iterations - 1
    chi_square = float(np.sum(((slope - explained) / error) ** 2))
    return Change(
        mean=mean,
        slope=slope,
        slope_error=error,
        explained=explained,
        intensity=float(found[0]) * span,
        intensity_error=math.sqrt(covariance[0, 0]) * span,
        shift=float(found[1]) * span,
        shift_error=math.sqrt(covariance[1, 1]) * span,
        shape=significance(chi_square, mean.size - 2),
        dispersion=dispersion,
        dispersion_error=dispersion * math.sqrt(2.0 / freedom) if freedom else None,
    )


def signal_to_noise(counts: FloatArray, dispersion: float = 1.0) -> tuple[float, float]:
    """Return how far the highest point stands above the ends, in its standard deviations, and the uncertainty of that.

    Args:
        counts: Shape (n,).
        dispersion: Variance over mean of the counts.
    """
    ends = max(2, round(_ENDS * counts.size))
    low, high = float(counts[:ends].mean()), float(counts[-ends:].mean())
    at = int(np.argmax(counts))
    part = at / (counts.size - 1)
    background = low + (high - low) * part
    background_variance = (low * (1.0 - part) ** 2 + high * part**2) / ends
    top = float(counts[at])
    noise = math.sqrt(dispersion * max(top + background_variance, 1.0))
    ratio = (top - background) / noise
    # d(ratio) = d(top) (1/noise - ratio/(2 noise^2/dispersion)) and the like for the background, d(top) = noise.
    return ratio, abs(1.0 - 0.5 * ratio * dispersion / noise) or 1.0


def significance(chi_square: float, freedom: int) -> float:
    """Return a chi square in standard deviations of a normal distribution (Wilson and Hilferty, 1931)."""
    width = 2.0 / (9.0 * freedom)
    return (math.cbrt(chi_square / freedom) - (1.0 - width)) / math.sqrt(width)


def _smoothed(energy: FloatArray, values: FloatArray, points: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return values and derivative of the cubic that fits best around each point, and the variance of the derivative.

    The variance is that for values of variance 1; all have the shape (n,).
    """
    half = max(2, min(points, energy.size) // 2)
    smooth, derivative, gain = np.empty_like(values), np.empty_like(values), np.empty_like(values)
    for at in range(energy.size):
        first = min(max(at - half, 0), energy.size - 2 * half - 1)
        window = slice(first, first + 2 * half + 1)
        scale = float(np.ptp(energy[window]))
        design = np.vander((energy[window] - energy[at]) / scale, 4, increasing=True)
        value, slope = np.linalg.pinv(design)[:2]
        smooth[at], derivative[at] = value @ values[window], slope @ values[window] / scale
        gain[at] = float(slope @ slope) / scale**2
    return smooth, derivative, gain


def _fitted(
    slope: FloatArray, error: FloatArray, design: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Return parameters, their covariance and the fitted slope; None where the columns tell the same."""
    weighted = design / error[:, None]
    information = weighted.T @ weighted
    intensity, both, shift = information[0, 0], information[0, 1], information[1, 1]
    if not shift > 0 or not intensity > 0 or 1.0 - both**2 / (intensity * shift) < _INDEPENDENT:
        return None
    covariance: FloatArray = np.asarray(np.linalg.inv(information), dtype=np.float64)
    found = covariance @ (weighted.T @ (slope / error))
    return found, covariance, design @ found
