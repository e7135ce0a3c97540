"""Synthetic spectra whose truth is known: the number of peaks, the parameters, and how well they can be known."""

from __future__ import annotations

import numpy as np
import pytest

from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters

pytestmark = pytest.mark.thorough

QUICK = Parameters(max_peaks=3, starts=30)


@pytest.fixture(scope="module")
def fits(case):
    """Fits of p3 for five seeds, each on a descending binding axis as SES writes it."""
    p3 = case("p3")
    return {seed: fit_spectrum(p3.energy[::-1], p3.counts(seed)[::-1]) for seed in range(5)}


@pytest.mark.parametrize("seed", range(5))
def test_three_peaks_are_found_as_three_peaks_within_five_standard_deviations(case, fits, seed):
    fit, truth = fits[seed], case("p3")
    assert fit.status == "ok"
    assert (fit.best.count, fit.noise.kind, fit.background) == (3, "poisson", "shirley")
    assert np.abs((fit.best.theta - truth.theta) / fit.best.uncertainties).max() < 5
    assert fit.best.standing.weight > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_uncertainties_are_the_cramer_rao_bound(case, fits, seed):
    assert fits[seed].best.uncertainties == pytest.approx(case("p3").bounds_on_precision(), rel=0.12)


def test_all_deviations_together_scatter_as_the_uncertainties_say(case, fits):
    pulls = np.array([(fit.best.theta - case("p3").theta) / fit.best.uncertainties for fit in fits.values()])
    assert 0.75 < np.sqrt(np.mean(pulls**2)) < 1.25


@pytest.mark.parametrize("seed", range(5))
def test_many_starts_of_the_right_number_reach_the_best_solution(fits, seed):
    assert fits[seed].best.hits >= len(fits[seed].best.origins) // 5


def test_a_richer_model_never_fits_worse(fits):
    for fit in fits.values():
        deviances = [one.deviance for one in fit.solutions]
        assert deviances == sorted(deviances, reverse=True)


def test_two_numbers_beyond_the_best_are_tried_and_no_more_starts_than_allowed(fits):
    for fit in fits.values():
        assert [one.count for one in fit.solutions] == [1, 2, 3, 4, 5]
        assert sum(len(one.origins) for one in fit.solutions) <= 155


def test_starts_come_from_mixtures_the_ladder_and_the_neighbouring_numbers(fits):
    origins = {origin for fit in fits.values() for one in fit.solutions for origin in one.origins}
    assert origins - {"split"} == {"mixture", "ladder", "added", "dropped", "moved"}


@pytest.mark.parametrize("seed", range(2))
def test_six_overlapping_peaks_are_found_as_six(case, seed):
    p6 = case("p6")
    fit = fit_spectrum(p6.energy, p6.counts(seed))
    assert fit.best.count == 6
    free = np.isfinite(fit.best.uncertainties)
    pulls = ((fit.best.theta - p6.theta) / fit.best.uncertainties)[free]
    assert np.abs(pulls).max() < 5
    assert np.abs(fit.best.peaks[:, 1] - p6.peaks[:, 1]).max() < 0.3


@pytest.fixture(scope="module")
def quick(case):
    """A short search on p3, seed 0, in order of rising energy."""
    p3 = case("p3")
    return fit_spectrum(p3.energy, p3.counts(0), QUICK)


def test_the_direction_of_the_axis_does_not_matter(case, quick):
    p3 = case("p3")
    turned = fit_spectrum(p3.energy[::-1], p3.counts(0)[::-1], QUICK)
    assert turned.best.theta.tolist() == quick.best.theta.tolist()
    assert turned.best.background[::-1].tolist() == quick.best.background.tolist()
    assert turned.best.components[:, ::-1].tolist() == quick.best.components.tolist()


def test_on_a_kinetic_axis_the_same_peaks_stand_mirrored(case, quick):
    p3 = case("p3")
    kinetic = fit_spectrum(1486.6 - p3.energy, p3.counts(0), QUICK, scale="kinetic")
    assert kinetic.background == "shirley"
    assert 1486.6 - kinetic.best.peaks[::-1, 1] == pytest.approx(quick.best.peaks[:, 1], abs=1e-4)


def noise_of_third_differences(intensity, model):
    """Return the variance that third differences show, as a multiple of that of counts."""
    third = np.diff(intensity, 3)
    variance = model[:-3] + 9 * model[1:-2] + 9 * model[2:-1] + model[3:]
    return np.median(third**2 / variance) / 0.454936


@pytest.mark.parametrize("most", [1, 3])
def test_scaled_counts_are_judged_against_the_noise_of_neighbouring_channels(case, most):
    p3 = case("p3")
    data = 0.0137 * p3.counts(0)
    fit = fit_spectrum(p3.energy, data, Parameters(max_peaks=most, starts=12))
    noise = noise_of_third_differences(data, data)
    for one in fit.solutions:
        model = one.envelope
        deviance = 2 * np.sum(model - data + data * np.log(data / model)) / noise
        assert one.reduced_deviance == pytest.approx(deviance / (301 - 4 * one.count - 2), rel=1e-6)
        assert one.residuals == pytest.approx((data - model) / np.sqrt(noise * model), rel=1e-6, abs=1e-9)
    # one peak for three is the richest model here, and still no good fit
    if most == 1:
        assert fit.best.reduced_deviance > 100
        assert np.abs(fit.best.residuals).max() > 20
        assert "structured-residuals" in [reason.code for reason in fit.reasons]
    else:
        assert fit.best.reduced_deviance == pytest.approx(1.0, abs=0.35)
        assert np.mean(np.abs(fit.best.residuals) < 2) > 0.9


def test_one_variance_for_all_channels_shows_a_poor_fit_too(case):
    p3 = case("p3")
    data = p3.counts(0) - 2000.0
    good = fit_spectrum(p3.energy, data, QUICK)
    poor = fit_spectrum(p3.energy, data, Parameters(max_peaks=1, starts=10))
    assert good.best.reduced_deviance == pytest.approx(1.0, abs=0.35)
    assert poor.best.reduced_deviance > 10
    assert "structured-residuals" in [reason.code for reason in poor.reasons]


@pytest.mark.parametrize("factor", [0.0137, 1e-12, 1e9])
def test_scaled_counts_give_the_same_peaks_with_a_dispersion_instead_of_counts(case, quick, factor):
    p3 = case("p3")
    scaled = fit_spectrum(p3.energy, factor * p3.counts(0), QUICK)
    assert (scaled.noise.kind, scaled.best.count) == ("quasi-poisson", 3)
    assert scaled.best.peaks[:, 1:] == pytest.approx(quick.best.peaks[:, 1:], rel=1e-4)
    assert scaled.best.peaks[:, 0] / factor == pytest.approx(quick.best.peaks[:, 0], rel=1e-4)
    assert scaled.noise.unit * scaled.dispersion == pytest.approx(factor, rel=0.15)
    assert scaled.best.uncertainties[1] == pytest.approx(quick.best.uncertainties[1], rel=0.15)


def test_the_published_criterion_is_computed_as_published(case):
    p3 = case("p3")
    counts = p3.counts(0)
    fit = fit_spectrum(p3.energy, counts, Parameters(noise="gauss", max_peaks=4, fwhm_min=0.6, fwhm_max=2.0))
    assert fit.noise.kind == "gauss"
    assert fit.best.count == 3
    for one in fit.solutions:
        variance = np.mean((counts - one.envelope) ** 2)
        bic = 301 * (np.log(2 * np.pi * variance) + 1) + (4 * one.count + 2) * np.log(301)
        assert one.standing.bic == pytest.approx(bic, abs=1e-6)


def test_the_poisson_criterion_is_the_deviance_and_the_price_of_the_parameters(case, fits):
    counts = case("p3").counts(0)[::-1]
    for one in fits[0].solutions:
        model = one.envelope
        deviance = 2 * np.sum(model - counts + counts * np.log(counts / model))
        assert one.standing.bic == pytest.approx(deviance + (4 * one.count + 2) * np.log(301), abs=1e-6)


@pytest.fixture(scope="module")
def falling():
    """One Gaussian of 4000 counts on a straight line that falls towards high energies from 900 to 500."""
    energy = np.linspace(280, 290, 201)
    model = 900 - 40 * (energy - 280) + 4000 * np.exp(-4 * np.log(2) * ((energy - 285) / 1.1) ** 2)
    return energy, np.random.default_rng(3).poisson(model).astype(float)


def test_a_linear_background_is_fitted_when_asked_for(falling):
    asked = fit_spectrum(*falling, Parameters(background="linear", max_peaks=4))
    assert (asked.best.count, asked.background, asked.remarks) == (1, "linear", ())
    assert np.abs((asked.best.theta[-2:] - [900, 500]) / asked.best.uncertainties[-2:]).max() < 5


def test_a_shirley_background_gives_way_where_it_would_have_to_fall(falling):
    few = Parameters(max_peaks=2, starts=12)
    fit = fit_spectrum(*falling, few)
    assert (fit.best.count, fit.background) == (1, "linear")
    assert [one.code for one in fit.remarks] == ["background-fallback"]
    assert fit_spectrum(*falling, few, scale="kinetic").background == "shirley"


def test_a_thousand_million_counts_are_fitted_to_the_last_digits_they_hold(case):
    p3 = case("p3")
    counts = np.random.default_rng(0).poisson(1e5 * p3.model(p3.theta)).astype(float)
    fit = fit_spectrum(p3.energy, counts, Parameters(max_peaks=4))
    assert fit.best.count == 3
    assert np.abs(fit.best.peaks[:, 1] - p3.peaks[:, 1]).max() < 1e-4
