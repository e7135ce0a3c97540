"""The last digits of an optimum."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from shirube_bicfit.losses import GaussLoss
from shirube_bicfit.objective import CurveObjective
from shirube_bicfit.polishing import polished

X = np.linspace(0.0, 2.0, 21)
DATA = np.exp(-1.3 * X) + 0.3 * np.sin(9.0 * X)
FREE = np.full((1, 1), np.inf)


class Decay:
    """exp(-a x), far from the data: the second derivatives of the model matter."""

    def evaluate(self, theta):
        value = np.exp(-theta * X)
        return value, (-X * value)[:, None]


def root():
    """The decay whose sum of squares is stationary, by bisection of its derivative."""
    return brentq(lambda a: np.sum((DATA - np.exp(-a * X)) * X * np.exp(-a * X)), 0.5, 3.0, xtol=1e-15, rtol=1e-15)


@pytest.mark.parametrize("off", [1e-3, -1e-5, 0.0])
def test_an_optimum_is_found_to_its_last_digits(off):
    objective = CurveObjective(Decay(), GaussLoss(DATA))
    theta, deviance = polished(objective, np.array([[root() + off]]), -FREE, FREE)
    assert theta[0, 0] == pytest.approx(root(), rel=1e-14)
    assert deviance[0] == pytest.approx(np.sum((DATA - np.exp(-root() * X)) ** 2), rel=1e-14)


def test_what_is_no_optimum_stays_what_it_is():
    objective = CurveObjective(Decay(), GaussLoss(DATA))
    theta, deviance = polished(objective, np.array([[2.5]]), -FREE, FREE)
    assert theta[0, 0] == 2.5
    assert deviance[0] == pytest.approx(np.sum((DATA - np.exp(-2.5 * X)) ** 2))


def test_a_number_at_its_bound_stays_there():
    objective = CurveObjective(Decay(), GaussLoss(DATA))
    bound = np.array([[root() - 1e-3]])
    theta, _ = polished(objective, bound, -FREE, bound)
    assert theta.tolist() == bound.tolist()
