"""The optimiser: certified problems, bounds, and starts that do not disturb each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from shirube_bicfit.losses import GaussLoss
from shirube_bicfit.objective import CurveObjective
from shirube_bicfit.optimiser import Precision, minimise
from shirube_bicfit.uncertainty import covariance_of, standard_deviations

EXACT = Precision(absolute=0.0, relative=1e-15, steps=300)
STRD = Path(__file__).parent / "data" / "nist-strd"


class Curve:
    """Two Gaussians on a decaying exponential, as NIST's Gauss1 to Gauss3 define them."""

    def __init__(self, x):
        self.x = x

    @property
    def channels(self):
        return self.x.size

    def evaluate(self, theta):
        b = [theta[:, index, None] for index in range(8)]
        decay = np.exp(-b[1] * self.x)
        first, second = (np.exp(-(((self.x - b[at]) / b[at + 1]) ** 2)) for at in (3, 6))
        value = b[0] * decay + b[2] * first + b[5] * second
        jacobian = np.empty((len(theta), 8, self.x.size))
        jacobian[:, 0], jacobian[:, 1] = decay, -b[0] * self.x * decay
        for at, bell in ((2, first), (5, second)):
            offset = self.x - b[at + 1]
            jacobian[:, at] = bell
            jacobian[:, at + 1] = b[at] * bell * 2 * offset / b[at + 2] ** 2
            jacobian[:, at + 2] = b[at] * bell * 2 * offset**2 / b[at + 2] ** 3
        return value, jacobian


class Linear:
    """A linear model, whose solution within bounds scipy knows."""

    def __init__(self, matrix):
        self.matrix = matrix

    @property
    def channels(self):
        return len(self.matrix)

    def evaluate(self, theta):
        return theta @ self.matrix.T, np.repeat(self.matrix.T[None], len(theta), axis=0)


def certified(name):
    """Return x, y, both starts, certified values and certified standard deviations of a NIST file."""
    lines = (STRD / f"{name}.dat").read_text(encoding="ascii").splitlines()
    table = np.array([[float(cell) for cell in line.split("=")[1].split()] for line in lines[40:48]])
    data = np.array([[float(cell) for cell in line.split()] for line in lines[60:310]])
    return data[:, 1], data[:, 0], table[:, :2].T, table[:, 2], table[:, 3]


def information_at(objective, theta):
    return objective.expand(theta, np.arange(len(theta)), np.full(len(theta), np.inf))[1].information


@pytest.mark.parametrize("name", ["Gauss1", "Gauss2", "Gauss3"])
def test_certified_values_of_nist_are_reached_from_both_certified_starts(name):
    x, y, starts, values, deviations = certified(name)
    free = np.full(8, np.inf)
    objective = CurveObjective(Curve(x), GaussLoss(y))
    fitted = minimise(objective, starts, -free, free, EXACT)
    variance = fitted.deviance.min() / (x.size - 8)
    for theta, information in zip(fitted.theta, information_at(objective, fitted.theta), strict=True):
        digits = -np.log10(np.abs(theta / values - 1))
        assert digits.min() >= 8
        spread = standard_deviations(covariance_of(information, variance))
        assert -np.log10(np.abs(spread / deviations - 1)).min() >= 6


@pytest.mark.parametrize("seed", range(6))
def test_within_bounds_a_linear_problem_has_the_solution_that_scipy_finds(seed):
    rng = np.random.default_rng(seed)
    matrix, data = rng.normal(size=(30, 6)), rng.normal(size=30) * 3
    lower, upper = np.full(6, -0.1), np.full(6, 0.4)
    expected = lsq_linear(matrix, data, (lower, upper), tol=1e-14).x
    starts = rng.uniform(-0.1, 0.4, (5, 6))
    fitted = minimise(CurveObjective(Linear(matrix), GaussLoss(data)), starts, lower, upper, EXACT)
    assert fitted.converged.all()
    assert fitted.theta == pytest.approx(np.repeat(expected[None], 5, axis=0), abs=1e-7)


def test_starts_outside_the_bounds_end_inside():
    matrix = np.eye(3)
    fitted = minimise(
        CurveObjective(Linear(matrix), GaussLoss(np.array([5.0, -5.0, 0.5]))),
        np.full((1, 3), 99.0),
        np.zeros(3),
        np.ones(3),
        EXACT,
    )
    assert fitted.theta[0] == pytest.approx([1.0, 0.0, 0.5], abs=1e-9)


def test_a_start_ends_where_it_ends_alone_whatever_else_is_in_the_stack():
    x, y, starts, _, _ = certified("Gauss3")
    free = np.full(8, np.inf)
    together = minimise(CurveObjective(Curve(x), GaussLoss(y)), np.vstack([starts, 1.02 * starts]), -free, free, EXACT)
    for index, start in enumerate([*starts, *(1.02 * starts)]):
        alone = minimise(CurveObjective(Curve(x), GaussLoss(y)), start[None], -free, free, EXACT)
        assert together.theta[index] == pytest.approx(alone.theta[0], rel=1e-9)


def test_a_parameter_without_influence_does_not_stop_the_others():
    matrix = np.column_stack([np.ones(8), np.zeros(8)])
    wide = np.full(2, 10.0)
    objective = CurveObjective(Linear(matrix), GaussLoss(np.full(8, 3.0)))
    fitted = minimise(objective, np.array([[0.0, 1.0]]), -wide, wide, EXACT)
    assert fitted.theta[0] == pytest.approx([3.0, 1.0])
    spread = standard_deviations(covariance_of(information_at(objective, fitted.theta)[0]))
    assert spread[0] == pytest.approx(1 / np.sqrt(8))
    assert np.isnan(spread[1])


def test_parameters_that_the_data_cannot_tell_apart_have_no_uncertainty():
    matrix = np.column_stack([np.ones(8), np.ones(8), np.arange(8.0)])
    spread = standard_deviations(covariance_of(matrix.T @ matrix))
    assert np.isnan(spread[:2]).all()
    assert np.isfinite(spread[2])
