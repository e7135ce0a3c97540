"""The model: peaks and background against their definition, the Jacobian against complex steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube_bicfit.model import SpectrumModel

STEP = 1e-30


def some_parameters(count, seed):
    rng = np.random.default_rng(seed)
    peaks = np.column_stack(
        [
            rng.uniform(10, 1e4, count),
            rng.uniform(280, 295, count),
            rng.uniform(0.2, 2.5, count),
            rng.uniform(0, 1, count),
        ]
    )
    return np.concatenate([peaks.ravel(), rng.uniform(1, 2000, 2)])


def uneven_energies(seed, channels=61):
    steps = np.random.default_rng(seed).uniform(0.05, 0.4, channels - 1)
    return 280.0 + np.concatenate([[0.0], np.cumsum(steps)])


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 5), seed=st.integers(0, 10**6))
def test_the_model_is_its_definition_on_any_rising_grid(definition, count, seed):
    energy, theta = uneven_energies(seed), some_parameters(count, seed)
    assert SpectrumModel(energy).value(theta[None])[0] == pytest.approx(definition(energy, theta), rel=1e-11)


@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 4), seed=st.integers(0, 10**6))
def test_every_derivative_agrees_with_the_complex_step_the_active_background_included(definition, count, seed):
    energy, theta = uneven_energies(seed), some_parameters(count, seed)
    value, jacobian = SpectrumModel(energy).evaluate(theta[None])
    assert value[0] == pytest.approx(definition(energy, theta), rel=1e-11)
    for index in range(theta.size):
        shifted = theta.astype(complex)
        shifted[index] += 1j * STEP
        expected = definition(energy, shifted).imag / STEP
        assert jacobian[0, index] == pytest.approx(expected, rel=1e-8, abs=1e-10 * np.abs(expected).max())


def test_a_linear_background_is_a_straight_line_and_does_not_follow_the_peaks():
    energy = uneven_energies(1)
    theta = some_parameters(2, 1)
    components, background = SpectrumModel(energy, "linear").components(theta)
    line = theta[-2] + (theta[-1] - theta[-2]) * (energy - energy[0]) / (energy[-1] - energy[0])
    assert background == pytest.approx(line, rel=1e-12)
    value, jacobian = SpectrumModel(energy, "linear").evaluate(theta[None])
    assert value[0] == pytest.approx(components.sum(axis=0) + line, rel=1e-12)
    assert jacobian[0, 0] == pytest.approx(components[0] / theta[0], rel=1e-12)
    assert jacobian[0, -2] + jacobian[0, -1] == pytest.approx(np.ones(energy.size))


def test_a_shirley_background_has_its_free_heights_at_the_ends_and_half_way_under_a_symmetric_peak():
    energy = np.linspace(-10, 10, 401)
    _, background = SpectrumModel(energy).components(np.array([100.0, 0.0, 1.0, 0.3, 5.0, 25.0]))
    assert background[[0, 200, 400]] == pytest.approx([5.0, 15.0, 25.0], rel=1e-12)


def test_without_a_peak_there_is_a_straight_line():
    energy = np.linspace(0, 4, 5)
    value, jacobian = SpectrumModel(energy, "linear").evaluate(np.array([[1.0, 5.0]]))
    assert value[0] == pytest.approx([1, 2, 3, 4, 5])
    assert jacobian.shape == (1, 2, 5)


def test_peaks_of_no_height_leave_a_finite_model():
    theta = np.array([[0.0, 285.0, 1.0, 0.3, 7.0, 9.0]])
    value, jacobian = SpectrumModel(np.linspace(280, 290, 21)).evaluate(theta)
    assert value[0] == pytest.approx(np.full(21, 7.0))
    assert np.all(np.isfinite(jacobian))


def test_many_starts_at_once_give_what_each_gives_alone():
    energy = uneven_energies(3)
    stack = np.array([some_parameters(3, seed) for seed in range(7)])
    together, jacobian = SpectrumModel(energy).evaluate(stack)
    for index, theta in enumerate(stack):
        alone, its = SpectrumModel(energy).evaluate(theta[None])
        assert together[index] == pytest.approx(alone[0], rel=1e-13)
        assert jacobian[index] == pytest.approx(its[0], rel=1e-11)
