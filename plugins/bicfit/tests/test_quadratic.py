import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_bicfit.quadratic import Quadratic

SIZE = 5
FREE = np.full((3, SIZE), np.inf)


def quadratic(seed, kind=np.float64):
    """Return a stack of three, and gradient and information by the numbers themselves."""
    rng = np.random.default_rng(seed)
    rows, scale = rng.normal(size=(3, SIZE, 12)).astype(kind), rng.uniform(1e-3, 1e3, (3, SIZE))
    gradient, information = rng.normal(size=(3, SIZE)), rows @ rows.swapaxes(1, 2)
    made = Quadratic(gradient, information, scale)
    return made, gradient * scale, information * scale[:, :, None] * scale[:, None, :]


@given(st.integers(0, 10**6), st.sampled_from([(np.float64, 1e-9), (np.float32, 1e-3)]))
def test_a_step_solves_the_damped_normal_equations_whatever_the_scale(seed, of_kind):
    kind, tolerance = of_kind
    made, gradient, information = quadratic(seed, kind)
    damping = np.array([0.5, 1.0, 10.0])
    step = made.trial(np.zeros((3, SIZE)), damping, -FREE, FREE)
    for at in range(3):
        system = information[at] + damping[at] * np.diag(np.diagonal(information[at]))
        assert step[at] == pytest.approx(np.linalg.solve(system, gradient[at]), rel=tolerance, abs=1e-12)
    expected = 2 * np.einsum("sp,sp->s", step, gradient) - np.einsum("sp,spq,sq->s", step, information, step)
    assert made.gain(step) == pytest.approx(expected, rel=tolerance)


def test_a_step_within_bounds_gains_and_ends_within_them():
    made, _, _ = quadratic(1)
    upper = np.full((3, SIZE), 1e-5)
    start = np.zeros((3, SIZE))
    end = made.trial(start, np.full(3, 1e-3), -upper, upper)
    assert (np.abs(end) <= upper).all()
    assert (np.abs(end) == upper).any()
    assert (made.gain(end - start) > 0).all()


def test_a_number_on_which_nothing_depends_stays_and_does_not_disturb_the_others():
    _, gradient, information = quadratic(2)
    scale = np.ones((3, SIZE))
    scale[:, 2] = 0.0
    rest = [0, 1, 3, 4]
    without = Quadratic(gradient, information, scale)
    step = without.trial(np.zeros((3, SIZE)), np.full(3, 1.0), -FREE, FREE)
    alone = Quadratic.unscaled(gradient[:, rest], information[:, rest][:, :, rest])
    assert (step[:, 2] == 0.0).all()
    assert step[:, rest] == pytest.approx(alone.trial(np.zeros((3, 4)), np.full(3, 1.0), -FREE[:, :4], FREE[:, :4]))
    assert without.gradient[:, 2] == pytest.approx(0.0)


def test_parts_joined_and_taken_are_what_they_were():
    one, two = quadratic(3)[0], quadratic(4)[0]
    both = Quadratic.joined([one, two])
    assert both.kept(np.arange(6) >= 3).information == pytest.approx(two.information)
    both.replace(two, np.array([0, 2]), np.array([1, 2]))
    assert both.gradient[[0, 1, 2]] == pytest.approx(np.stack([two.gradient[1], one.gradient[1], two.gradient[2]]))
