"""Polishing: the last digits of an optimum, which its deviance no longer shows.

Near its minimum a deviance is flat: where it is known to one part in 10^15, the numbers of a model are known to a few
parts in 10^6 of their standard deviations only, and rounding, which differs between processors, decides about the
rest. The gradient is exact, so Newton's method with second derivatives from its differences goes further.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.objective import Objective
from shirube_bicfit.quadratic import Quadratic

_STEPS: Final = 8
#: What a first step may promise: where it is more, this is no optimum.
_FAR: Final = 1e-2
#: What a step may promise after which no other is needed.
_NEAR: Final = 1e-18
#: How far differences of the gradient reach, in standard deviations of a number whose others are known: they are true
#: to about as much, which lets each step come nearer by so much.
_APART: Final = 1e-4
#: Directions that bend less than this, in the same units, are left alone.
_FLAT: Final = 1e-9
#: Rise of the deviance that rounding makes, as a part of it.
ROUNDING: Final = 1e-12

__all__ = ["ROUNDING", "polished"]


def polished(
    objective: Objective, theta: FloatArray, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return optima, shape (starts, p), to their last digits, and their deviances, shape (starts,).

    Numbers at a bound stay there. What is no optimum stays what it was.

    Args:
        objective: What is as small as it can be there.
        theta: Shape (starts, p).
        lower: Shape (starts, p).
        upper: Shape (starts, p).
    """
    ends = [
        _Surroundings(objective, at).polished(*parts) for at, parts in enumerate(zip(theta, lower, upper, strict=True))
    ]
    return np.array([end for end, _ in ends]), np.array([deviance for _, deviance in ends])


class _Surroundings:
    """What an objective is around one of its starts.

    Args:
        objective: The objective.
        at: The number of the start.
    """

    def __init__(self, objective: Objective, at: int) -> None:
        self._objective, self._at = objective, at

    def polished(self, theta: FloatArray, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, float]:
        """Return the optimum, shape (p,), and its deviance."""
        deviance, quadratic = self._expanded(theta[None])
        before, downhill = float(deviance[0]), quadratic.gradient[0]
        diagonal = np.diagonal(quadratic.information[0])
        outwards = ((theta <= lower) & (downhill <= 0.0)) | ((theta >= upper) & (downhill >= 0.0))
        free = np.flatnonzero(~outwards & (lower < upper) & (diagonal > 0.0))
        unit = 1.0 / np.sqrt(diagonal[free])
        values, vectors = np.linalg.eigh(self._bent(theta, downhill, free, unit))
        bent = values > _FLAT
        inverse = (vectors[:, bent] / values[bent]) @ vectors[:, bent].T
        best, last = theta, _FAR
        for _ in range(_STEPS):
            pull = unit * downhill[free]
            step = inverse @ pull
            trial = best.copy()
            trial[free] += unit * step
            if not abs(float(step @ pull)) < last or (trial < lower).any() or (trial > upper).any():
                break
            best, last = trial, abs(float(step @ pull))
            if last < _NEAR:
                break
            downhill = self._expanded(best[None])[1].gradient[0]
        after = float(self._expanded(best[None])[0][0])
        return (best, after) if after <= before * (1.0 + ROUNDING) else (theta, before)

    def _bent(
        self, theta: FloatArray, downhill: FloatArray, free: npt.NDArray[np.int64], unit: FloatArray
    ) -> FloatArray:
        """Return half the second derivatives by the free numbers over their units, shape (free, free)."""
        apart = np.tile(theta, (free.size, 1))
        apart[np.arange(free.size), free] += _APART * unit
        gradient = self._expanded(apart)[1].gradient[:, free]
        bent = (downhill[free] - gradient) * unit / _APART
        return np.asarray(0.5 * (bent + bent.T), dtype=np.float64)

    def _expanded(self, theta: FloatArray) -> tuple[FloatArray, Quadratic]:
        number = len(theta)
        return self._objective.expand(theta, np.full(number, self._at), np.full(number, np.inf))
