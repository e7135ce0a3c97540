"""Intervals: against scipy's own profile of the likelihood, within bounds, and from simulated spectra."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid
from scipy.optimize import minimize

from shirube.errors import ShirubeError
from shirube_bicfit.estimating import intervals_of
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters

ALL = ("theta", "commons", "areas", "parts")
#: Chi-squared with one degree of freedom at 95 %.
RISE = 3.841458820694124


def few_counts(case, scale, seed=1):
    """p3 with its heights and background scaled."""
    p3 = case("p3")
    return p3.energy, np.random.default_rng(seed).poisson(scale * p3.model(p3.theta).real).astype(float)


@pytest.fixture(scope="module")
def fit(case):
    """p3 at a hundredth of its counts: Lorentz fractions are only known to 0.1 to 0.5."""
    return fit_spectrum(*few_counts(case, 0.01), Parameters(max_peaks=3, starts=24))


def deviance_of(fit, theta):
    signal = np.zeros(fit.energy.size)
    for height, centre, width, fraction in theta[:-2].reshape(-1, 4):
        square = (2 * (fit.energy - centre) / width) ** 2
        signal += height * (fraction / (1 + square) + (1 - fraction) * np.exp(-np.log(2) * square))
    running = cumulative_trapezoid(signal, fit.energy, initial=0)
    model = np.maximum(signal + theta[-2] + (theta[-1] - theta[-2]) * running / running[-1], 1e-3)
    counts = fit.intensity
    return 2 * np.sum(model - counts + np.where(counts > 0, counts * np.log(np.maximum(counts, 1) / model), 0))


def lowest(fit, index, value):
    """Return the deviance that scipy reaches with one number given, the others within the bounds of the fit."""
    theta = fit.best.theta.copy()
    theta[index] = value
    free = np.delete(np.arange(theta.size), index)
    limits = fit.best.limits
    line = [(0, None), (limits.low, limits.high), (limits.fwhm_min, limits.fwhm_max), (0, limits.fraction_max)]
    bounds = [*line * 3, (1e-3, None), (1e-3, None)]
    scale = np.nan_to_num(fit.best.uncertainties, nan=0.1)[free]

    def deviance(scaled):
        theta[free] = scaled * scale
        return deviance_of(fit, theta)

    boxes = [
        tuple(None if end is None else end / unit for end in bounds[at]) for at, unit in zip(free, scale, strict=True)
    ]
    start = fit.best.theta[free] / scale
    return min(minimize(deviance, start, method=name, bounds=boxes).fun for name in ("L-BFGS-B", "SLSQP"))


# Older releases of scipy warn that a step of SLSQP left the bounds before it was clipped.
@pytest.mark.filterwarnings("ignore:Values in x were outside bounds:RuntimeWarning")
@pytest.mark.parametrize("index", [0, 2, 3, 4, 9, 13])
def test_profile_intervals_end_where_the_best_of_all_other_numbers_is_3_84_worse(fit, index):
    found = intervals_of(fit, method="profile").theta[index]
    best = deviance_of(fit, fit.best.theta)
    assert best == pytest.approx(fit.best.deviance, rel=1e-9)
    for end, outer in zip(found, (0.0, 1.0), strict=True):
        rise = lowest(fit, index, end) - best
        at_its_bound = index % 4 == 3 and end == outer
        assert rise == pytest.approx(RISE, abs=0.05) or (at_its_bound and rise < RISE)


def test_away_from_bounds_fisher_intervals_are_1_96_standard_deviations_on_either_side(case):
    p3 = case("p3")
    best = fit_spectrum(p3.energy, p3.counts(0), Parameters(max_peaks=3, starts=24)).best
    for values, deviations, found in (
        (best.theta, best.uncertainties, best.intervals.theta),
        (best.areas.values, best.areas.uncertainties, best.intervals.areas),
        (best.areas.parts, best.areas.part_uncertainties, best.intervals.parts),
    ):
        wanted = values[:, None] + np.outer(deviations, [-1.959964, 1.959964])
        assert found == pytest.approx(wanted, rel=1e-6)
    assert (best.intervals.method, best.intervals.level) == ("fisher", 0.95)


@pytest.mark.parametrize("method", ["fisher", "profile", "bootstrap"])
def test_intervals_hold_the_answer_and_stay_within_what_can_be(fit, method):
    found = intervals_of(fit, method=method, replicas=40)
    best = fit.best
    if method != "bootstrap":
        assert np.all((found.theta[:, 0] <= best.theta) & (best.theta <= found.theta[:, 1]))
        assert np.all((found.areas[:, 0] <= best.areas.values) & (best.areas.values <= found.areas[:, 1]))
        assert np.all((found.parts[:, 0] <= best.areas.parts) & (best.areas.parts <= found.parts[:, 1]))
    lines = found.theta[:-2].reshape(-1, 4, 2)
    assert np.all(lines[:, 0] >= 0)
    assert np.all((lines[:, 3] >= 0) & (lines[:, 3] <= 1))
    assert np.all((lines[:, 2] >= best.limits.fwhm_min) & (lines[:, 2] <= best.limits.fwhm_max))
    assert np.all((found.parts >= 0) & (found.parts <= 1))
    assert np.all(found.theta[:, 0] < found.theta[:, 1])


def test_a_number_at_its_bound_has_a_one_sided_interval(case):
    energy, counts = few_counts(case, 0.01, seed=11)
    fit = fit_spectrum(energy, counts, Parameters(max_peaks=3, starts=24))
    at = [(peak, bound) for peak, met in enumerate(fit.best.at_bound) for bound in met if "fraction" in bound]
    assert at, "this seed is here because two fractions are at bounds"
    for peak, bound in at:
        low, high = fit.best.intervals.theta[4 * peak + 3]
        assert (low if bound == "fraction_min" else high) == (0.0 if bound == "fraction_min" else 1.0)
        assert 0.05 < high - low <= 1.0


def test_a_bootstrap_agrees_with_the_fisher_information_where_counts_are_many(case):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(0), Parameters(max_peaks=3, starts=24))
    found = intervals_of(fit, method="bootstrap", replicas=400, seed=1)
    for name in ALL:
        ours, fisher = getattr(found, name), getattr(fit.best.intervals, name)
        # the 2.5 % ends of 400 scatter by about 7 % of the width
        assert ours[:, 1] - ours[:, 0] == pytest.approx(fisher[:, 1] - fisher[:, 0], rel=0.25)


@pytest.mark.parametrize("offset", [0.0, -2000.0])
def test_a_bootstrap_of_a_spectrum_without_noise_is_as_narrow_as_what_the_spectrum_was_rounded_to(case, offset):
    p3 = case("p3")
    rounded = np.round(p3.model(p3.theta).real, 5) + offset
    fit = fit_spectrum(p3.energy, rounded, Parameters(max_peaks=3, starts=24))
    found, fisher = intervals_of(fit, method="bootstrap", replicas=200), fit.best.intervals
    for name in ALL:
        ours, theirs = getattr(found, name), getattr(fisher, name)
        assert ours[:, 1] - ours[:, 0] == pytest.approx(theirs[:, 1] - theirs[:, 0], rel=0.35, abs=0.0)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e30])
def test_exact_intensities_have_bootstraps_that_hold_the_truth(case, scale):
    p3 = case("p3")
    asked = Parameters(max_peaks=3, starts=24, intervals="bootstrap", replicas=40)
    best = fit_spectrum(p3.energy, scale * p3.model(p3.theta).real, asked).best
    unit = np.where(np.arange(14) % 4 == 0, scale, 1.0)
    unit[-2:] = scale
    assert best.intervals.method == "bootstrap"
    for ends in best.intervals.theta.T:
        assert ends / unit == pytest.approx(p3.theta, rel=1e-6)


def test_a_bootstrap_depends_on_its_seed_and_not_on_threads(fit):
    one, same, threaded, other = (
        intervals_of(fit, method="bootstrap", replicas=130, seed=seed, threads=threads)
        for seed, threads in ((0, 1), (0, 1), (0, 2), (1, 1))
    )
    for name in ALL:
        assert getattr(one, name).tolist() == getattr(same, name).tolist() == getattr(threaded, name).tolist()
    assert one.theta.tolist() != other.theta.tolist()


@pytest.mark.parametrize("method", ["profile", "bootstrap"])
def test_settings_choose_the_intervals_of_the_best_model_and_leave_the_rest(case, fit, method):
    asked = Parameters(max_peaks=3, starts=24, intervals=method, replicas=40, seed=5)
    again = fit_spectrum(*few_counts(case, 0.01), asked)
    assert again.best.intervals.method == method
    assert again.best.theta.tolist() == fit.best.theta.tolist()
    assert again.best.intervals.theta.tolist() == intervals_of(fit, method=method, replicas=40, seed=5).theta.tolist()


@pytest.mark.parametrize("asked", [{"doublet": ("2.0:0.5",)}, {"lineshape": ("asymmetric",)}, {"share_width": True}])
def test_tied_and_common_numbers_have_intervals_too(case, asked):
    fit = fit_spectrum(*few_counts(case, 0.1), Parameters(max_peaks=2, starts=12, free_ratio=True, **asked))
    for method in ("fisher", "profile"):
        found = intervals_of(fit, method=method)
        assert found.commons.shape == (len(fit.best.commons), 2)
        for one, (low, high) in zip(fit.best.commons, found.commons, strict=True):
            assert low <= one.value <= high
        assert np.all(np.isfinite(found.theta))


def test_a_refusal_has_no_intervals(case):
    with pytest.raises(ShirubeError, match="no solution of rank 1; the fit has 0"):
        intervals_of(fit_spectrum(case("p3").energy, np.zeros(301)))


@pytest.mark.parametrize("rank", [0, -1, 4, True, 1.0, "1", None])
def test_what_is_the_rank_of_no_solution_has_no_intervals(fit, rank):
    with pytest.raises(ShirubeError, match=f"no solution of rank {rank!r}; the fit has 3"):
        intervals_of(fit, rank, "fisher")


def test_intervals_are_of_the_rank_that_is_asked_for(fit):
    for rank in (1, 2, 3):
        assert len(intervals_of(fit, rank, "fisher").parts) == len(fit.ranked[rank - 1].peaks)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("method", "nope", "fisher | profile | bootstrap"),
        ("replicas", 1, ">= 40"),
        ("replicas", -3, ">= 40"),
        ("replicas", 200.5, "whole number"),
        ("seed", -1, ">= 0"),
        ("threads", 0, "from 1 on"),
        ("threads", -2, "from 1 on"),
        ("threads", "2", "from 1 on"),
    ],
)
def test_how_intervals_cannot_come_about_is_refused_with_what_can_be(fit, name, value, wanted):
    with pytest.raises(ShirubeError) as refused:
        intervals_of(fit, **{"method": "bootstrap", name: value})
    assert wanted in str(refused.value)
    assert repr(value) in str(refused.value)
