"""Quasi-likelihood for a Fermi edge in two nonlinear unknowns, all others projected out (variable projection).

Golub and Pereyra (SIAM J. Numer. Anal. 10 (1973) 413): at every trial of Fermi level and resolution the linear unknowns
are solved for, and only what they cannot take up of the derivatives drives the step. Weights are the reciprocal of the
model and follow it from step to step (Fisher scoring, McCullagh and Nelder, chapter 2), so that the end point solves
the likelihood equations of counting statistics; weights from the data themselves would pull the curve down.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_synchrotron.model import (
    FWHM_OF_SIGMA,
    DensityOfStates,
    broadened_fermi,
    columns,
    energy_slopes,
    width_slopes,
)

#: Resolutions in eV between which the fit looks (the lower one also a fraction of the step, below which only the gap
#: between two points would be seen); the upper one is the worst that ISO 15472 admits for
#: calibrations, and what is wider is a band, not an edge.
NARROWEST: Final = 1e-3
NARROWEST_STEPS: Final = 0.1
WIDEST: Final = 1.5
_ROUNDS: Final = 60
#: The fit stands still when a step is smaller than this fraction of the uncertainty, or than this in eV.
_STILL: Final = (1e-3, 1e-9)
#: Points where the model is below this fraction of its maximum do not tell the dispersion: many hold no electron at
#: all, and zeros scatter by nothing.
_BRIGHT: Final = 0.05
#: Points are never taken to be better known than this fraction of the strongest, so that an empty end cannot rule.
_FLOOR: Final = 1e-3
#: Below so many degrees of freedom the bright points alone tell nothing.
_FEWEST_FREE: Final = 1.0
_LEAST_SHARE: Final = 1e-3
_DAMPING: Final = 1e-3
_UNKNOWN: Final = 1e-13
_VANISHING: Final = 1e-140
_RIDGE: Final = 4.0 * float(np.finfo(float).eps)

__all__ = ["NARROWEST", "WIDEST", "EdgeData", "Form", "Solution", "solve", "weights_of"]


@frozen
class Form:
    """What is fitted: density of states ``constant``, ``linear`` or ``quadratic``; whether the background slopes."""

    dos: DensityOfStates = "linear"
    background_slope: bool = False

    @property
    def unknowns(self) -> int:
        """Number of unknowns: Fermi level, resolution, and the linear ones."""
        return 3 + {"constant": 1, "linear": 2, "quadratic": 3}[self.dos] + self.background_slope


@frozen(eq=False)
class EdgeData:
    """What it is fitted to: ascending kinetic energies in eV, shape (n,), intensities, temperature in K, step in eV."""

    energies: FloatArray
    values: FloatArray
    temperature: float
    step: float


@frozen(eq=False)
class Solution:
    """The end point of a fit.

    Attributes:
        form: What was fitted.
        level: Fermi level in eV.
        variance: Variance of the resolution in eV^2.
        coefficients: Linear unknowns, in the order of :func:`shirube_synchrotron.model.columns`.
        covariance: Of (level, variance, linear unknowns), for weights as they are: inverse of the full information
            matrix. Multiply by the dispersion for quasi-Poisson errors.
        model: Fitted intensities, shape (n,).
        chi_square: Pearson's, against counting statistics, of all points.
        dispersion: Pearson's chi square over degrees of freedom, of the points bright enough to tell it.
        noise_freedom: Degrees of freedom of those points: each less the part that the unknowns take up (its leverage).
        at_limit: Whether the resolution stands at the upper end.
        converged: Whether the steps died out.
    """

    form: Form
    level: float
    variance: float
    coefficients: FloatArray
    covariance: FloatArray
    model: FloatArray
    chi_square: float
    dispersion: float
    noise_freedom: float
    at_limit: bool
    converged: bool

    @property
    def freedom(self) -> int:
        """Degrees of freedom: points less unknowns."""
        return self.model.size - self.form.unknowns


@frozen(eq=False)
class _Trial:
    """The model at (level, variance), before any weights."""

    at: tuple[float, float]
    parts: FloatArray
    by_level: FloatArray
    by_variance: FloatArray


@frozen(eq=False)
class _State:
    """A trial solved for its linear unknowns."""

    trial: _Trial
    coefficients: FloatArray
    model: FloatArray
    residuals: FloatArray
    #: Derivatives of the model by (level, variance), weighted; all of them, and what the linear unknowns leave of them.
    slopes: FloatArray
    projected: FloatArray

    @property
    def cost(self) -> float:
        return float(self.residuals @ self.residuals)


def solve(data: EdgeData, form: Form, start: float, fwhm: float) -> Solution:
    """Return the solution nearest to ``start`` and ``fwhm`` (eV)."""
    limits = _Limits.of(data)
    weights = np.full(data.values.shape, 1.0 / max(float(np.abs(data.values).max()), np.finfo(float).tiny))
    state = _solved(_trial(data, form, limits.clipped(start, (fwhm / FWHM_OF_SIGMA) ** 2)), data, weights)
    damping, converged = _DAMPING, False
    weights = weights_of(state.model)
    state = _solved(state.trial, data, weights)
    for _ in range(_ROUNDS):
        step = _step(state, damping, limits)
        converged = _still(step, state, data.values.size)
        level, variance = state.trial.at
        following = _solved(_trial(data, form, limits.clipped(level + step[0], variance + step[1])), data, weights)
        if following.cost > state.cost and not converged:
            damping = max(10.0 * damping, _DAMPING)
            continue
        damping *= 0.1
        weights = weights_of(following.model)
        state = _solved(following.trial, data, weights)
        if converged:
            break
    return _solution(state, form, weights, limits, converged)


def weights_of(model: FloatArray) -> FloatArray:
    """Return what each point counts for by counting statistics, up to a common factor."""
    return 1.0 / np.maximum(model, max(_FLOOR * float(np.abs(model).max()), np.finfo(float).tiny))


@frozen
class _Limits:
    level: tuple[float, float]
    variance: tuple[float, float]

    @classmethod
    def of(cls, data: EdgeData) -> _Limits:
        narrowest = max(NARROWEST, NARROWEST_STEPS * data.step)
        low, high = ((fwhm / FWHM_OF_SIGMA) ** 2 for fwhm in (narrowest, WIDEST))
        return cls((float(data.energies[0]), float(data.energies[-1])), (low, high))

    def clipped(self, level: float, variance: float) -> tuple[float, float]:
        inside = [
            float(min(max(value, low), high)) for value, (low, high) in ((level, self.level), (variance, self.variance))
        ]
        return inside[0], inside[1]


def _trial(data: EdgeData, form: Form, at: tuple[float, float]) -> _Trial:
    edge = broadened_fermi(data.energies - at[0], data.temperature, FWHM_OF_SIGMA * math.sqrt(at[1]))
    shape = form.dos, form.background_slope
    return _Trial(at, columns(edge, *shape), -energy_slopes(edge, *shape), width_slopes(edge, *shape))


def _solved(trial: _Trial, data: EdgeData, weights: FloatArray) -> _State:
    roots = np.sqrt(weights)
    parts = trial.parts * roots[:, np.newaxis]
    wanted = data.values * roots
    coefficients = _regressed(parts, wanted)
    slopes = np.array([trial.by_level @ coefficients, trial.by_variance @ coefficients]).T * roots[:, np.newaxis]
    return _State(
        trial=trial,
        coefficients=coefficients,
        model=trial.parts @ coefficients,
        residuals=wanted - parts @ coefficients,
        slopes=slopes,
        projected=slopes - parts @ _regressed(parts, slopes),
    )


def _regressed(parts: FloatArray, wanted: FloatArray) -> FloatArray:
    """Return the linear least-squares coefficients; five columns at most and of like size, so normal equations do.

    A ridge of a few roundings keeps columns that are empty or alike, as above an edge that lies outside the points,
    from running off to infinity.
    """
    normal = parts.T @ parts
    normal.flat[:: normal.shape[0] + 1] *= 1.0 + _RIDGE
    normal.flat[:: normal.shape[0] + 1] += np.finfo(float).tiny + _RIDGE**2 * normal.trace()
    try:
        return np.asarray(np.linalg.solve(normal, parts.T @ wanted), dtype=np.float64)
    except np.linalg.LinAlgError:
        # Columns that are alike to the last bit, as over a range of some 1e-8 eV: the shortest of all solutions.
        return np.asarray(np.linalg.lstsq(normal, parts.T @ wanted, rcond=None)[0], dtype=np.float64)


def _step(state: _State, damping: float, limits: _Limits) -> tuple[float, float]:
    """Return the damped Gauss-Newton step, along the bound where the resolution would leave it."""
    normal = state.projected.T @ state.projected
    (a, b), (_, d) = normal.tolist()
    downhill, narrower = (state.projected.T @ state.residuals).tolist()
    a, d = a * (1.0 + damping) + np.finfo(float).tiny, d * (1.0 + damping) + np.finfo(float).tiny
    determinant = max(a * d - b * b, _RIDGE * a * d)
    if determinant < np.finfo(float).tiny:
        return 0.0, 0.0
    level, variance = (d * downhill - b * narrower) / determinant, (a * narrower - b * downhill) / determinant
    _, at = state.trial.at
    low, high = limits.variance
    if not low <= at + variance <= high:
        variance = min(max(variance, low - at), high - at)
        level = (downhill - b * variance) / a
    return level, variance


def _still(step: tuple[float, float], state: _State, points: int) -> bool:
    normal = state.projected.T @ state.projected
    scale = state.cost / points
    moved = normal[0, 0] * step[0] ** 2 + 2.0 * normal[0, 1] * step[0] * step[1] + normal[1, 1] * step[1] ** 2
    relative, absolute = _STILL
    width = math.sqrt(state.trial.at[1])
    return bool(moved <= relative**2 * scale) or max(abs(step[0]), abs(step[1]) / width) < absolute


def _solution(state: _State, form: Form, weights: FloatArray, limits: _Limits, converged: bool) -> Solution:
    level, variance = state.trial.at
    roots = np.sqrt(weights)[:, np.newaxis]
    full = np.hstack([state.slopes, state.trial.parts * roots])
    scale = np.linalg.norm(full, axis=0)
    # Products of two must not underflow.
    scale[scale < _VANISHING] = 1.0
    # With the ridge, what the points say nothing about comes out as vastly uncertain.
    information = (full / scale).T @ (full / scale) + _UNKNOWN * np.eye(scale.size)
    covariance = np.linalg.inv(information) / np.outer(scale, scale)
    squares, free = state.residuals**2, 1.0 - np.einsum("ij,jk,ik->i", full, covariance, full)
    bright = state.model > _BRIGHT * float(state.model.max())
    noise_freedom = float(free[bright].sum())
    if noise_freedom < _FEWEST_FREE:
        bright, noise_freedom = np.ones_like(bright), float(free.size - form.unknowns)
    return Solution(
        form=form,
        level=level,
        variance=variance,
        coefficients=state.coefficients,
        covariance=covariance,
        model=state.model,
        chi_square=state.cost,
        # A curve through every bright point must not make the others infinitely far off.
        dispersion=max(float(squares[bright].sum()) / noise_freedom, _LEAST_SHARE * state.cost / free.size),
        noise_freedom=noise_freedom,
        at_limit=variance > 0.99 * limits.variance[1],
        converged=converged,
    )
