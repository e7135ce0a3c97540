"""Cautions: what a reader must know before believing a fit is said, and nothing is said of a good one."""

from __future__ import annotations

import numpy as np
import pytest

from shirube.messages import LANGUAGES
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.patterns import correlation_length, pattern_of


def codes(fit):
    return [one.code for one in (*fit.reasons, *fit.remarks)]


@pytest.mark.parametrize("seed", range(3))
def test_of_a_good_fit_nothing_is_said(case, seed):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(seed))
    assert (fit.status, codes(fit), fit.best.warnings) == ("ok", [], ())


def two_lines(height, distance):
    """Two equal lines of 1.1 eV on a background that rises by 9 % of their height, as for the limit of resolution."""
    return np.array([height, 287.5 - distance / 2, 1.1, 0.3, height, 287.5 + distance / 2, 1.1, 0.3, 0.05, 0.14])


@pytest.mark.parametrize(("factor", "told"), [(0.6, True), (20.0, False)])
def test_pairs_that_the_counts_do_not_resolve_are_named(definition, factor, told):
    energy = np.linspace(280, 295, 301)
    # 5 590 counts are where BIC is expected to prefer two lines by 6
    theta = two_lines(factor * 5590, 0.44)
    theta[-2:] *= factor * 5590
    counts = np.random.default_rng(1).poisson(definition(energy, theta))
    two = fit_spectrum(energy, counts, Parameters(max_peaks=2)).solutions[1]
    found = [one for one in two.warnings if one.code == "inseparable"]
    assert bool(found) == told
    for one in found:
        assert (one.params["first"], one.params["second"]) == (1, 2)
        assert one.params["needed"] == pytest.approx(4 * np.log(301) + 6, abs=0.06)
        assert float(str(one.params["distance"])) == pytest.approx(np.diff(two.peaks[:, 1])[0], abs=0.006)


def test_correlations_above_0_95_are_those_of_the_inverse_information(case):
    p6 = case("p6")
    seen = 0
    for one in fit_spectrum(p6.energy, p6.counts(0), Parameters(max_peaks=7)).solutions:
        deviations = one.uncertainties
        correlation = np.abs(np.triu(one.covariance / np.outer(deviations, deviations), 1))
        told = [float(str(caution.params["value"])) for caution in one.warnings if caution.code == "correlated"]
        seen += len(told)
        # those with a number at a bound are told, too, but stand in no covariance
        assert len(told) >= (np.nanmax(correlation) > 0.95)
        assert not told or min(told) > 0.95
        if told and not any(one.at_bound):
            assert max(told) == pytest.approx(np.nanmax(correlation), abs=0.001)
    assert seen


def test_smoothed_data_are_noticed_and_make_a_fit_doubtful(case):
    p3 = case("p3")
    counts = p3.counts(0)
    smooth = np.convolve(np.pad(counts, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    fit = fit_spectrum(p3.energy, smooth, Parameters(max_peaks=4))
    assert fit.status == "doubtful"
    (told,) = [one for one in fit.reasons if one.code == "correlated-channels"]
    assert 2.0 < float(str(told.params["length"])) < 8.0


@pytest.mark.parametrize("channels", [60, 301, 1001])
def test_independent_noise_is_seldom_taken_for_correlated_or_structured(channels):
    random = np.random.default_rng(channels)
    noise = random.normal(size=(400, channels))
    assert sum(correlation_length(one) > 1.0 for one in noise) <= 1
    assert sum(pattern_of(one).structured for one in noise) <= 1


def test_durbin_watson_and_runs_are_what_their_definitions_say():
    residuals = np.array([1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 2.0, 2.0])
    found = pattern_of(residuals)
    assert found.durbin_watson == pytest.approx((0 + 4 + 0 + 4 + 4 + 9 + 0) / (6 + 8))
    assert (found.runs, found.expected_runs) == (5, 2 * 5 * 3 / 8 + 1)


def test_a_wrong_line_shape_leaves_a_pattern_that_is_told():
    energy = np.linspace(280, 295, 301)
    tailed = 500 + 2000 * np.exp(-np.maximum(energy - 286, 0) / 2) / (1 + np.exp(-(energy - 286) / 0.1))
    counts = np.random.default_rng(0).poisson(tailed)
    fit = fit_spectrum(energy, counts, Parameters(max_peaks=1, starts=12))
    told = [one for one in fit.best.warnings if one.code == "residual-pattern"]
    assert len(told) == 1
    assert float(str(told[0].params["durbin_watson"])) < 1.5
    assert "residual-pattern" in codes(fit)


def test_few_starts_at_the_best_solution_are_told_with_how_many_came_to_an_end(case):
    p6 = case("p6")
    fit = fit_spectrum(p6.energy, p6.counts(0), Parameters(max_peaks=6, starts=8))
    for one in fit.solutions:
        assert 1 <= one.hits <= one.finished <= len(one.origins)
        told = [caution for caution in one.warnings if caution.code == "few-hits"]
        assert bool(told) == (one.hits < 3)
        for caution in told:
            assert (caution.params["hits"], caution.params["finished"]) == (one.hits, one.finished)


def test_ties_are_told_on_both_sides(case):
    """Two lines at the counts where one does nearly as well: some seeds are ties."""
    energy, seen = np.linspace(280, 295, 301), 0
    from shirube_bicfit.batch import fit_spectra

    p3 = case("p3")
    scaled = np.random.default_rng(0).poisson(0.0018 * p3.model(p3.theta).real, (24, 301))
    for fit in fit_spectra(energy, scaled, Parameters(max_peaks=3, starts=18)):
        if not fit.solutions:
            continue
        tied = [one for one in fit.solutions if one.standing.tied]
        near = [one for one in fit.solutions if abs(one.standing.delta_bic) < 2 and not one.rejected]
        assert tied == (near if len(near) > 1 else [])
        assert [one.code for one in fit.remarks].count("tie") == max(len(tied) - 1, 0)
        seen += len(tied) > 1
    assert seen


def of_few_channels(seed):
    """Return energies and scaled counts of one line on so few channels that its background may be lost."""
    rng = np.random.default_rng(seed)
    channels = int(rng.integers(12, 24))
    energy = np.linspace(280.0, 280.0 + 0.1 * channels, channels)
    scale, floor, height, width = 10 ** rng.uniform(-4, 3), rng.uniform(0.5, 20), rng.uniform(0, 8), rng.uniform(0.2, 3)
    return energy, rng.poisson(floor * (1 + height * np.exp(-(((energy - 281.0) / width) ** 2)))) * scale


def test_of_a_background_that_the_data_do_not_determine_no_uncertainty_is_told():
    settings = {126: "shirley", 202: "shirley", 29: "linear"}
    fits = [
        fit_spectrum(*of_few_channels(seed), Parameters(max_peaks=2, starts=6, background=background))
        for seed, background in settings.items()
    ]
    lost = [fit for fit in fits if np.isnan(fit.best.uncertainties[-2:]).any()]
    told = [one for fit in lost for one in fit.reasons if one.code == "unsettled-background"]
    assert told
    assert not any(sign in one.render(lang) for one in told for lang in LANGUAGES for sign in ("nan", "±"))
