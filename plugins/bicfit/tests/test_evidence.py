"""Evidence: Laplace's integral against one by importance sampling that shares no code with it."""

from __future__ import annotations

from math import lgamma

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid

from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters

pytestmark = pytest.mark.thorough

SAMPLES = 20_000
#: Degrees of freedom of the Student distribution that is sampled from: it has heavier tails than the integrand.
TAILS = 8


def deviances(energy, counts, theta):
    """Return the Poisson deviance of each row of parameters, shape (samples, 4 k + 2)."""
    signal = np.zeros((len(theta), energy.size))
    for height, centre, width, fraction in np.moveaxis(theta[:, :-2].reshape(len(theta), -1, 4), 0, -1):
        square = (2 * (energy - centre[:, None]) / width[:, None]) ** 2
        mixed = fraction[:, None] / (1 + square) + (1 - fraction[:, None]) * np.exp(-np.log(2) * square)
        signal += height[:, None] * mixed
    running = cumulative_trapezoid(signal, energy, initial=0, axis=1)
    model = signal + theta[:, -2:-1] + (theta[:, -1:] - theta[:, -2:-1]) * running / running[:, -1:]
    terms = model - counts + np.where(counts > 0, counts * np.log(np.maximum(counts, 1) / model), 0)
    return 2 * terms.sum(axis=1)


def by_sampling(fit, seed):
    """Return the logarithm of the evidence within the bounds, all orders of the lines counted, and its error."""
    best, limits, top = fit.best, fit.best.limits, fit.intensity.max()
    centre, size = best.theta, best.theta.size
    root = np.linalg.cholesky(best.covariance)
    random = np.random.default_rng(seed)
    normal = random.normal(size=(SAMPLES, size))
    stretch = np.sqrt(TAILS / random.chisquare(TAILS, SAMPLES))
    theta = centre + stretch[:, None] * (normal @ root.T)
    lower = np.array([*[0.0, limits.low, limits.fwhm_min, 0.0] * best.count, 0.0, 0.0])
    upper = np.array([*[top, limits.high, limits.fwhm_max, limits.fraction_max] * best.count, top, top])
    inside = np.all((theta > lower) & (theta < upper), axis=1)
    square = np.sum(normal**2, axis=1) * stretch**2
    density = (
        lgamma((TAILS + size) / 2)
        - lgamma(TAILS / 2)
        - size / 2 * np.log(TAILS * np.pi)
        - np.log(np.diagonal(root)).sum()
        - (TAILS + size) / 2 * np.log1p(square / TAILS)
    )
    log = np.full(SAMPLES, -np.inf)
    log[inside] = -deviances(fit.energy, fit.intensity, theta[inside]) / 2 - density[inside]
    weight = np.exp(log - log.max())
    mean, error = weight.mean(), weight.std() / np.sqrt(SAMPLES)
    whole = np.log(mean) + log.max() - np.log(upper - lower).sum() + lgamma(best.count + 1)
    return whole, error / mean


@pytest.mark.parametrize("seed", range(3))
def test_laplace_agrees_with_numerical_integration_where_parameters_are_determined(case, seed):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(seed), Parameters(max_peaks=3, starts=24))
    assert fit.best.count == 3
    sampled, error = by_sampling(fit, seed)
    assert error < 0.02
    assert fit.best.standing.log_evidence == pytest.approx(sampled, abs=0.1)


def test_the_evidence_prefers_the_truth_and_weighs_models_against_each_other(case):
    p3 = case("p3")
    fit = fit_spectrum(p3.energy, p3.counts(1), Parameters(max_peaks=5))
    standings = [one.standing for one in fit.solutions]
    assert int(np.argmax([one.log_evidence for one in standings])) == 2
    accepted = [one for one, solution in zip(standings, fit.solutions, strict=True) if not solution.rejected]
    logs = np.array([one.log_evidence for one in accepted])
    wanted = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    assert [one.evidence_weight for one in accepted] == pytest.approx(wanted)


def test_the_unit_of_the_intensities_does_not_matter_to_differences(case):
    p3 = case("p3")
    counts = p3.counts(0)
    for noise in ("quasi-poisson", "gauss"):
        settings = Parameters(max_peaks=3, starts=24, noise=noise)
        ours, scaled = (fit_spectrum(p3.energy, factor * counts, settings) for factor in (1.5, 3.0))
        steps = [np.diff([one.standing.log_evidence for one in fit.solutions]) for fit in (ours, scaled)]
        assert steps[0] == pytest.approx(steps[1], rel=1e-6, abs=1e-3)
