"""Noise: what counts, scaled counts and other numbers are taken for, and the deviance of each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.losses import GaussLoss, PoissonLoss
from shirube_bicfit.noise import noise_of
from shirube_bicfit.parameters import Parameters

COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=20)


@given(COUNTS, st.floats(0.01, 1e6))
def test_the_poisson_deviance_is_twice_the_log_likelihood_ratio_to_the_saturated_model(counts, level):
    data = np.array(counts, dtype=float)
    model = np.full(data.size, level)
    likelihood_ratio = sum(m - y + (y * np.log(y / m) if y else 0.0) for y, m in zip(data, model, strict=True))
    assert PoissonLoss(data).deviance(model[None])[0] == pytest.approx(2 * likelihood_ratio, rel=1e-9, abs=1e-6)


def test_the_deviance_is_zero_at_the_data_and_keeps_its_digits_at_a_thousand_million_counts():
    data = np.full(10, 1e9)
    assert PoissonLoss(data).deviance(data[None])[0] == 0.0
    # D = n (m - y)^2 / y to first order
    assert PoissonLoss(data).deviance(data[None] + 1e3)[0] == pytest.approx(10 * 1e6 / 1e9, rel=1e-5)


def test_the_gradient_of_the_deviance_is_what_the_residuals_say():
    data, model = np.array([0.0, 3.0, 8.0]), np.array([1.0, 2.0, 9.0])
    residual, root = PoissonLoss(data).residual(model[None])
    for index in range(3):
        step = np.zeros(3)
        step[index] = 1e-6
        loss = PoissonLoss(data)
        slope = (loss.deviance((model + step)[None])[0] - loss.deviance((model - step)[None])[0]) / 2e-6
        assert -2 * residual[0, index] * root[0, index] ** 2 == pytest.approx(slope, rel=1e-6)


def test_gaussian_noise_has_the_sum_of_squares():
    assert GaussLoss(np.array([1.0, 2.0])).deviance(np.array([[0.0, 0.0], [1.0, 3.0]])).tolist() == [5.0, 1.0]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("name", "channels"), [("p3", 301), ("p6", 301), ("p3", 1001), ("p6", 61)])
def test_counts_are_taken_for_counts(case, name, channels, seed):
    noise = noise_of(case(name, channels).counts(seed))
    assert (noise.kind, noise.unit) == ("poisson", 1.0)


def test_few_counts_are_counts():
    assert noise_of(np.random.default_rng(0).poisson(0.7, 100).astype(float)).kind == "poisson"


@pytest.mark.parametrize("factor", [0.013, 2.0, 7.5, 1e-30, 1e9])
def test_scaled_counts_give_their_scale_away(case, factor):
    noise = noise_of(factor * case("p3").counts(1))
    assert noise.kind == "quasi-poisson"
    assert noise.unit == pytest.approx(factor, rel=0.4)


def test_averaged_and_rounded_counts_are_not_counts():
    sweeps = np.random.default_rng(0).poisson(900.0, (16, 300))
    assert noise_of(np.rint(sweeps.mean(axis=0))).kind == "quasi-poisson"


def test_negative_numbers_have_one_variance_and_so_has_what_is_ranked_by_gauss(case):
    noise = noise_of(np.random.default_rng(0).normal(0.0, 3.0, 2000))
    assert noise.kind == "gauss"
    assert noise.unit == pytest.approx(3.0, rel=0.1)
    assert noise_of(case("p3").counts(0), "gauss").kind == "gauss"


@pytest.mark.parametrize("asked", ["poisson", "quasi-poisson", "gauss"])
def test_what_is_asked_for_is_used_whatever_the_intensities_show(case, asked):
    p3 = case("p3")
    for data in (p3.counts(0), 2.5 * p3.counts(0)):
        fit = fit_spectrum(p3.energy, data, Parameters(noise=asked, max_peaks=3, starts=18))
        assert (fit.noise.kind, fit.criterion) == (asked, "gauss" if asked == "gauss" else "poisson")
        assert fit.best.peaks[:, 1] == pytest.approx([284.8, 286.3, 288.7], abs=0.05)
    # as counts, these scatter 2.5 times too much
    assert fit.best.reduced_deviance == pytest.approx(2.5 if asked == "poisson" else 1.0, rel=0.35)


def test_scaled_counts_have_the_uncertainties_of_their_counts_and_taken_for_counts_they_would_not(case):
    p3 = case("p3")
    counted = fit_spectrum(p3.energy, p3.counts(0), Parameters(max_peaks=3, starts=18))
    scaled = fit_spectrum(p3.energy, 0.04 * p3.counts(0), Parameters(max_peaks=3, starts=18))
    assert scaled.noise.kind == "quasi-poisson"
    assert scaled.best.uncertainties[1] == pytest.approx(counted.best.uncertainties[1], rel=0.15)
    asked = Parameters(noise="poisson", max_peaks=3, starts=18)
    taken = fit_spectrum(p3.energy, 0.04 * p3.counts(0), asked)
    assert taken.best.uncertainties[1] == pytest.approx(5 * counted.best.uncertainties[1], rel=0.15)


@pytest.mark.parametrize("asked", ["poisson", "quasi-poisson"])
def test_negative_intensities_cannot_be_asked_to_be_counts(case, asked):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(0) - 2000.0, Parameters(noise=asked, max_peaks=2))
    assert (fit.status, [one.code for one in fit.reasons]) == ("refused", ["negative-counts"])
