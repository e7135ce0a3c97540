"""Least squares for a Fermi edge in two nonlinear unknowns, all others projected out (variable projection)."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_synchrotron.model import FWHM_OF_SIGMA, broadened_fermi, columns, energy_slopes, width_slopes

#: Resolutions in eV between which the fit looks; one at the upper end is a band, not an edge.
_NARROWEST: Final = 1e-3
_WIDEST: Final = 2.0
_FIRST_GUESS: Final = 0.15
#: Weights follow the model; so many rounds are more than enough, and it stops when the level stands still (eV).
_ROUNDS: Final = 8
_STILL: Final = 1e-8
#: Points are never taken to be better known than this fraction of the strongest, so that an empty end cannot rule.
_FLOOR: Final = 1e-3

__all__ = ["EdgeData", "Solution", "solve"]


@frozen(eq=False)
class EdgeData:
    """What is fitted: energies in eV, ascending, shape (n,), intensities, temperature in K, form of the background."""

    energies: FloatArray
    values: FloatArray
    temperature: float
    background_slope: bool

    @property
    def freedom(self) -> int:
        """Degrees of freedom: points less unknowns."""
        return int(self.energies.size) - (6 if self.background_slope else 5)


@frozen(eq=False)
class Solution:
    """Fermi level in eV and variance of the resolution in eV^2 with standard uncertainties, and the linear unknowns."""

    fermi_level: float
    fermi_level_uncertainty: float
    variance: float
    variance_uncertainty: float
    coefficients: tuple[float, ...]
    reduced_chi_square: float
    at_limit: bool


@frozen(eq=False)
class _State:
    """The problem solved for the linear unknowns, at given nonlinear ones and weights."""

    model: FloatArray
    coefficients: FloatArray
    residuals: FloatArray
    #: Derivatives of the residuals by (Fermi level, variance), the part that linear unknowns cannot take up.
    slopes: FloatArray


def solve(data: EdgeData, start: float, step: float) -> Solution:
    """Return the least-squares solution nearest to ``start`` (eV), for a typical ``step`` of the axis in eV.

    Weights are those of counting statistics, taken from the model and refreshed until the level stands still; the
    covariance is scaled by the reduced chi square (quasi-Poisson).
    """
    from scipy.optimize import least_squares

    def residuals(at: FloatArray, held: FloatArray) -> FloatArray:
        return _state(data, at, held).residuals

    def slopes(at: FloatArray, held: FloatArray) -> FloatArray:
        return _state(data, at, held).slopes

    low, high = _variance(_NARROWEST), _variance(_WIDEST)
    bounds = ([float(data.energies[0]), low], [float(data.energies[-1]), high])
    unknowns: FloatArray = np.array([start, _variance(max(_FIRST_GUESS, step))])
    weights = np.full(data.values.shape, 1.0 / max(float(np.abs(data.values).max()), np.finfo(float).tiny))
    for _ in range(_ROUNDS):
        before = unknowns[0]
        found = least_squares(residuals, unknowns, slopes, bounds=bounds, x_scale=(0.01, 0.001), args=(weights,))
        unknowns = found.x
        weights = _weights(_state(data, unknowns, weights).model)
        if abs(unknowns[0] - before) < _STILL:
            break
    return _solution(_state(data, unknowns, weights), unknowns, data.freedom, high)


def _state(data: EdgeData, unknowns: FloatArray, weights: FloatArray) -> _State:
    level, variance = float(unknowns[0]), float(unknowns[1])
    sloping = data.background_slope
    edge = broadened_fermi(data.energies - level, data.temperature, FWHM_OF_SIGMA * math.sqrt(variance))
    roots = np.sqrt(weights)[:, np.newaxis]
    parts = columns(edge, background_slope=sloping)
    basis, triangle = np.linalg.qr(parts * roots)
    wanted = data.values * roots[:, 0]
    coefficients = np.linalg.lstsq(triangle, basis.T @ wanted, rcond=None)[0]
    by_level = -energy_slopes(edge, background_slope=sloping) @ coefficients
    by_variance = width_slopes(edge, background_slope=sloping) @ coefficients
    slopes = np.column_stack([by_level, by_variance]) * roots
    return _State(
        model=parts @ coefficients,
        coefficients=coefficients,
        residuals=basis @ (basis.T @ wanted) - wanted,
        slopes=slopes - basis @ (basis.T @ slopes),
    )


def _weights(model: FloatArray) -> FloatArray:
    floor = max(_FLOOR * float(np.abs(model).max()), np.finfo(float).tiny)
    return 1.0 / np.maximum(model, floor)


def _solution(state: _State, unknowns: FloatArray, freedom: int, widest: float) -> Solution:
    scatter = float(state.residuals @ state.residuals) / freedom
    covariance = np.linalg.pinv(state.slopes.T @ state.slopes) * scatter
    level, variance = (float(value) for value in np.sqrt(np.diag(covariance)))
    return Solution(
        fermi_level=float(unknowns[0]),
        fermi_level_uncertainty=level,
        variance=float(unknowns[1]),
        variance_uncertainty=variance,
        coefficients=tuple(float(value) for value in state.coefficients),
        reduced_chi_square=scatter,
        at_limit=bool(unknowns[1] > 0.99 * widest),
    )


def _variance(fwhm: float) -> float:
    return float((fwhm / FWHM_OF_SIGMA) ** 2)
