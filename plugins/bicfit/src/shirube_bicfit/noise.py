"""Noise: what the scatter of the intensities says about their unit, and the deviance that a fit makes small."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.choices import NoiseChoice, NoiseKind
from shirube_bicfit.losses import GaussLoss, Loss, PoissonLoss

#: Third differences: their curvature term is the smallest that still leaves the noise of four neighbours.
_DIFFERENCE: Final = np.array([1.0, -3.0, 3.0, -1.0])
#: Median intensity below which whole numbers are taken as counts whatever their scatter.
_FEW: Final = 10.0
#: Beyond this every double is a whole number.
_LARGEST_WHOLE: Final = 2.0**53
#: Median of a squared standard normal number.
_CHI2_MEDIAN: Final = 0.454936

#: Standard deviations by which a reduced deviance may differ from 1 by chance.
_SIGNIFICANT: Final = 3.0

__all__ = ["Noise", "constant_scatter", "covariance_factor", "loss_of", "noise_of", "scatter_per_intensity"]


@frozen
class Noise:
    """The noise of a spectrum.

    Attributes:
        kind: ``poisson``: variance = model (counts); ``quasi-poisson``: variance = ``unit`` times model;
            ``gauss``: the same variance ``unit ** 2`` in every channel.
        unit: The intensity that one count, or one standard deviation, amounts to.
    """

    kind: NoiseKind
    unit: float

    def loss(self, intensity: FloatArray) -> Loss:
        """Return the loss for ``intensity / unit``."""
        return loss_of(self.kind, intensity / self.unit)


def loss_of(kind: NoiseKind, scaled: FloatArray, merged: FloatArray | None = None) -> Loss:
    """Return the loss for data in units of the noise.

    Args:
        kind: Of the noise.
        scaled: Shape (n,) or (spectra, n).
        merged: How many channels each channel is the mean of, shape (n,); None if none are merged.
    """
    return GaussLoss(scaled, merged) if kind == "gauss" else PoissonLoss(scaled, merged)


def noise_of(intensity: FloatArray, asked: NoiseChoice = "auto") -> Noise:
    """Return the noise that ``intensity`` shows, or that is asked for.

    Whole non-negative numbers whose scatter agrees with counts are counts. Other non-negative intensities are counts
    in an unknown unit (quasi-Poisson). With negative intensities the variance is taken as constant.

    Args:
        intensity: Shape (n,), finite.
        asked: ``auto`` for the above; ``poisson`` takes the intensities for counts whatever they look like.
    """
    kind = _shown(intensity) if asked == "auto" else asked
    if kind == "gauss":
        return Noise(kind, _constant_scatter(intensity))
    if kind == "poisson":
        return Noise(kind, 1.0)
    return Noise(kind, max(scatter_per_intensity(intensity), 1e-10 * float(intensity.max())))


def _shown(intensity: FloatArray) -> NoiseKind:
    if intensity.min() < 0.0:
        return "gauss"
    whole = np.array_equal(intensity, np.rint(intensity))
    return "poisson" if whole and _agrees_with_counts(intensity, scatter_per_intensity(intensity)) else "quasi-poisson"


def covariance_factor(kind: NoiseKind, deviance: float, freedom: int) -> float:
    """Return the variance over that of the noise model, 1 for counts that the model describes.

    Args:
        kind: Of the noise.
        deviance: Of the model.
        freedom: Channels minus free parameters.
    """
    reduced = deviance / freedom
    by_chance = 1.0 + _SIGNIFICANT * np.sqrt(2.0 / freedom)
    return 1.0 if kind == "poisson" and reduced < by_chance else max(reduced, 1e-300)


def scatter_per_intensity(intensity: FloatArray) -> float:
    """Return variance over mean from third differences (median, so that steep channels do not count); 1 for counts."""
    if intensity.size < _DIFFERENCE.size + 1:
        return 1.0
    squares = np.square(np.convolve(intensity, _DIFFERENCE, mode="valid"))
    variance = np.convolve(intensity, np.square(_DIFFERENCE), mode="valid")
    positive = variance > 0.0
    return float(np.median(squares[positive] / variance[positive])) / _CHI2_MEDIAN if positive.any() else 1.0


def constant_scatter(intensity: FloatArray) -> float:
    """Return the standard deviation from third differences (median, so that few channels do not count)."""
    squares = np.square(np.convolve(intensity, _DIFFERENCE, mode="valid")) / np.sum(np.square(_DIFFERENCE))
    return float(np.sqrt(np.median(squares) / _CHI2_MEDIAN))


def _constant_scatter(intensity: FloatArray) -> float:
    span = float(np.ptp(intensity))
    if intensity.size < _DIFFERENCE.size + 1:
        return max(span, 1e-300)
    squares = np.square(np.convolve(intensity, _DIFFERENCE, mode="valid")) / np.sum(np.square(_DIFFERENCE))
    # weighted towards the larger scatter: the constant variance that a fit will leave is the mean one
    return max(float(np.sqrt(np.mean(squares))), 1e-10 * span, 1e-300)


def _agrees_with_counts(intensity: FloatArray, unit: float) -> bool:
    """Tell whether the scatter is within chance of that of counts; where counts are few, it always is.

    Scaled counts share a divisor or scatter too much, averaged ones scatter too little. Curvature of coarsely sampled
    peaks adds to the scatter, so there is more room above than below.
    """
    if intensity.max() > _LARGEST_WHOLE or int(np.gcd.reduce(intensity.astype(np.int64))) > 1:
        return False
    if np.median(intensity) < _FEW:
        return True
    chance = 1.0 / np.sqrt(intensity.size)
    return bool(-max(0.6, 9.0 * chance) < np.log(max(unit, 1e-300)) < max(1.1, 14.0 * chance))
