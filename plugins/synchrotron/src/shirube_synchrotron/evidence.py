"""How well rival models of the same points describe them, on one scale: Schwarz's criterion with one noise for all."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_synchrotron.fermiedge import Weights
from shirube_synchrotron.projection import EdgeData, Solution, weights_of

#: Misfits below this fraction of the intensity are rounding, and speak for no model.
_ROUNDING: Final = 1e-5

__all__ = ["Scales", "smooth_decline"]


@frozen(eq=False)
class Scales:
    """What every rival for the same points is measured by: their weights, and what is known of their noise.

    Attributes:
        values: The points, shape (n,).
        weights: Their weights by counting statistics.
        freedom: Degrees of freedom of the richest rival where the noise is to be told from the points; None for counts.
    """

    values: FloatArray
    weights: FloatArray
    freedom: int | None

    @classmethod
    def of(cls, data: EdgeData, richest: Solution, weights: Weights) -> Scales:
        """Return the scales that the richest of the rivals sets: its curve follows the points most closely."""
        freedom = richest.freedom if weights == "quasi-poisson" else None
        return cls(data.values, weights_of(richest.model), freedom)

    def criterion(self, model: FloatArray, unknowns: int) -> float:
        """Return Schwarz's criterion, the smaller the better, by 10 beyond doubt.

        Chi square for counts; its logarithm times the degrees of freedom where the noise is unknown, which counts a
        better fit for less when there are few points to tell noise and misfit apart.
        """
        least = _ROUNDING**2 * float(self.weights @ self.values**2) + np.finfo(float).tiny
        chi_square = float(self.weights @ (self.values - model) ** 2) + least
        misfit = chi_square if self.freedom is None else self.freedom * math.log(chi_square)
        return misfit + unknowns * math.log(self.values.size)


def smooth_decline(data: EdgeData, scales: Scales) -> tuple[FloatArray, int]:
    """Return the best cubic through the points and its number of unknowns: what a band without an edge looks like."""
    middle, half = (data.energies[-1] + data.energies[0]) / 2.0, (data.energies[-1] - data.energies[0]) / 2.0
    powers = np.vander((data.energies - middle) / half, 4)
    roots = np.sqrt(scales.weights)[:, np.newaxis]
    coefficients = np.linalg.lstsq(powers * roots, data.values * roots[:, 0], rcond=None)[0]
    return powers @ coefficients, powers.shape[1]
