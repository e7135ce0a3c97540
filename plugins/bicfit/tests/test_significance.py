"""Significance: lines that noise or one bad channel has made are rejected and shown, true ones are not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters

CHANNEL = 50


@pytest.fixture(scope="module")
def spiked(case):
    """p3 with one channel that counted five times as much as it should have, and lines as narrow as a channel."""
    p3 = case("p3")
    counts = p3.counts(0)
    counts[CHANNEL] *= 5
    return p3, fit_spectrum(p3.energy, counts, Parameters(max_peaks=5, fwhm_min=0.05))


def test_a_line_on_one_channel_is_rejected_although_bic_would_have_it(spiked):
    p3, fit = spiked
    assert fit.best.count == 3
    assert not fit.best.rejected
    better = [one for one in fit.solutions if one.standing.delta_bic < 0]
    assert better
    for one in better:
        found = [line for line in one.rejected if abs(line.position - p3.energy[CHANNEL]) < 0.1]
        assert [line.kind for line in found] == ["one-channel"]
        assert one.standing.weight == one.standing.evidence_weight == 0.0
        assert not one.standing.tied
    told = [one for one in fit.remarks if one.code == "noise-born-one-channel"]
    assert told
    assert {one.params["energy"] for one in told} == {f"{p3.energy[CHANNEL]:.2f}"}


def test_ranks_put_the_best_accepted_model_first_and_the_rest_by_bic(spiked):
    _, fit = spiked
    assert [one.standing.rank for one in fit.ranked] == list(range(1, len(fit.solutions) + 1))
    others = [one.standing.bic for one in fit.ranked[1:]]
    assert others == sorted(others)
    assert fit.ranked[0].standing.delta_bic == 0.0


@pytest.mark.parametrize(("name", "scale"), [("p3", 1.0), ("p3", 0.03), ("p6", 1.0)])
def test_true_lines_are_kept(case, name, scale):
    one = case(name)
    counts = np.random.default_rng(0).poisson(scale * one.model(one.theta).real)
    fit = fit_spectrum(one.energy, counts, Parameters(max_peaks=len(one.peaks) + 1))
    assert fit.best.count == len(one.peaks)
    assert fit.best.rejected == ()


def test_the_gain_that_is_needed_is_what_noise_reaches_somewhere_in_one_of_twenty_regions(case):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(2), Parameters(max_peaks=6))
    lines = [(one, line) for one in fit.solutions for line in one.rejected]
    assert lines
    for one, line in lines:
        width = one.peaks[line.peak - 1, 2]
        assert chi2.sf(line.needed, 4) * max(15.0 / width, 1.0) == pytest.approx(0.05)
        assert line.position == one.peaks[line.peak - 1, 1]
        assert line.gain < line.needed


def test_the_gain_of_a_line_is_what_leaving_it_out_costs(case):
    p3 = case("p3")

    def line(free):
        square = (2 * (p3.energy - free[1]) / free[2]) ** 2
        return free[0] * (free[3] / (1 + square) + (1 - free[3]) * np.exp(-np.log(2) * square))

    straight = np.linspace(800, 900, 301)
    truth = straight + line([900.0, 290.0, 1.1, 0.3]) + line([12.0, 283.0, 1.1, 0.3])
    counts = np.random.default_rng(4).poisson(truth).astype(float)
    fit = fit_spectrum(p3.energy, counts, Parameters(max_peaks=2, starts=24, background=("linear",)))
    (rejection,) = fit.solutions[1].rejected

    def deviance(free):
        model = line(free) + np.interp(p3.energy, p3.energy[[0, -1]], free[4:])
        return 2 * np.sum(model - counts + counts * np.log(counts / model))

    scale = np.array([900.0, 290.0, 1.1, 0.3, 800.0, 900.0])
    bounds = [(0, None), (1 - 1e-2, 1 + 1e-2), (0.2, 2.3), (0, 1 / 0.3), (0.1, None), (0.1, None)]
    start = np.ones(6)
    best = minimize(lambda free: deviance(free * scale), start, method="L-BFGS-B", bounds=bounds)
    assert rejection.kind == "chance"
    assert rejection.gain == pytest.approx(best.fun - fit.solutions[1].deviance, abs=0.01)


def test_a_spectrum_with_nothing_but_a_spike_is_refused_and_says_why():
    energy = np.linspace(280, 295, 301)
    counts = np.random.default_rng(0).poisson(400.0, 301).astype(float)
    counts[150] = 2000.0
    fit = fit_spectrum(energy, counts, Parameters(max_peaks=2, starts=12))
    assert fit.status == "refused"
    assert [reason.code for reason in fit.reasons] == ["no-peak", "left-out"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_best_model_that_is_itself_rejected_is_said_to_be(seed):
    # what sticks out is one channel, with too much beside it to be a lone one, and one line is all that is tried
    energy = np.linspace(280, 295, 41)
    counts = np.random.default_rng(seed).poisson(400.0, 41).astype(float)
    counts[20:22] = 520.0, counts[21] + 30.0
    fit = fit_spectrum(energy, counts, Parameters(max_peaks=1, starts=12))
    (rejection,) = fit.best.rejected
    assert rejection.position == pytest.approx(energy[20], abs=0.4)
    assert [reason.code for reason in fit.reasons if reason.code != "misfit"] == [
        "all-rejected",
        "noise-born-one-channel",
    ]
    assert fit.status == "doubtful"
    assert fit.best.standing.rank == 1


def test_a_model_with_a_line_that_is_real_is_not_said_to_be_rejected():
    energy = np.linspace(280, 295, 41)
    counts = np.random.default_rng(1).poisson(400 + 200 * np.exp(-4 * np.log(2) * ((energy - 287) / 1.5) ** 2))
    fit = fit_spectrum(energy, counts, Parameters(max_peaks=1, starts=12))
    assert not fit.best.rejected
    assert not {"all-rejected", "noise-born-chance", "noise-born-one-channel"} & {one.code for one in fit.reasons}
