"""Patterns: whether residuals scatter from channel to channel as noise does."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray

#: Third differences leave the noise of four channels, and what a model misses over many channels out.
_DIFFERENCE: Final = (1.0, -3.0, 3.0, -1.0)
#: Standard deviations by which Durbin-Watson and runs must differ from those of noise.
SIGNIFICANT: Final = 4.0
#: Of smoothed or interpolated data, third differences of every third channel show several times the variance that
#: those of neighbours do. Between independent channels it is the same within chance, which is about 6 / sqrt(n).
_DISTANCE: Final = 3
_DEPENDENT: Final = 1.6
_CHANCE: Final = 6.0
_LEAST_CHANNELS: Final = 24

__all__ = ["SIGNIFICANT", "Pattern", "correlation_length", "pattern_of"]


@frozen
class Pattern:
    """Signs of structure in residuals.

    Attributes:
        durbin_watson: Sum of squared differences of neighbours over the sum of squares: 2 for noise, else less.
        deviations: By how many of its standard deviations that is below 2.
        runs: Number of runs of one sign.
        expected_runs: What noise has on average.
        run_deviations: By how many standard deviations there are fewer runs than that.
    """

    durbin_watson: float
    deviations: float
    runs: int
    expected_runs: float
    run_deviations: float

    @property
    def structured(self) -> bool:
        """Whether either sign is beyond chance."""
        return max(self.deviations, self.run_deviations) > SIGNIFICANT


def pattern_of(residuals: FloatArray) -> Pattern:
    """Return what neighbouring residuals have to do with each other (J. Durbin and G. S. Watson 1950; runs test).

    Args:
        residuals: Shape (n,), in standard deviations.
    """
    squares = float(np.square(residuals).sum())
    watson = float(np.square(np.diff(residuals)).sum()) / squares if squares > 0.0 else 2.0
    above = residuals > 0.0
    positive, number = int(np.count_nonzero(above)), residuals.size
    negative = number - positive
    runs = 1 + int(np.count_nonzero(above[1:] != above[:-1]))
    product = 2.0 * positive * negative
    expected = product / number + 1.0
    variance = product * (product - number) / (number**2 * (number - 1.0))
    few = (expected - runs) / np.sqrt(variance) if variance > 0.0 else 0.0
    return Pattern(watson, float((2.0 - watson) * np.sqrt(number) / 2.0), runs, float(expected), float(few))


def correlation_length(residuals: FloatArray) -> float:
    """Return over how many channels the noise itself is correlated: 1 for independent channels.

    Smoothed, interpolated or oversampled data have less noise between neighbours than between channels farther apart.
    Third differences at growing distances tell that from what a smooth model misses, which they leave out.

    Args:
        residuals: Shape (n,), in any unit.
    """
    if residuals.size < _LEAST_CHANNELS:
        return 1.0
    near, far = _scatter(residuals, 1), _scatter(residuals, _DISTANCE)
    if far <= (_DEPENDENT + _CHANCE / np.sqrt(residuals.size)) * near:
        return 1.0
    return _length(residuals)


def _scatter(residuals: FloatArray, distance: int) -> float:
    """Return the variance that third differences of channels at this distance show."""
    span = 3 * distance
    starts = [at * distance for at in range(len(_DIFFERENCE))]
    third = np.sum(
        [
            factor * residuals[start : residuals.size - span + start]
            for factor, start in zip(_DIFFERENCE, starts, strict=True)
        ],
        axis=0,
    )
    return float(np.mean(np.square(third))) / float(np.square(_DIFFERENCE).sum())


def _length(residuals: FloatArray) -> float:
    """Return 1 + 2 times the sum of the autocorrelations up to where they are lost in noise."""
    centred = residuals - residuals.mean()
    total = float(np.square(centred).sum())
    length = 1.0
    for lag in range(1, residuals.size // 4):
        correlation = float(centred[lag:] @ centred[:-lag]) / total
        if correlation < 2.0 / np.sqrt(residuals.size):
            break
        length += 2.0 * correlation
    return length
