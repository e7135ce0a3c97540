"""Independent optimisers, given the same model, bounds and weights, find nothing better."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares

from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters


@pytest.fixture(scope="module")
def weighted(case):
    """A fit with one variance for all channels, so that least squares and deviance are the same thing."""
    p3 = case("p3")
    counts = p3.counts(2)
    fit = fit_spectrum(p3.energy, counts, Parameters(noise="gauss", max_peaks=3, fwhm_min=0.3, fwhm_max=2.5))
    return p3.energy, counts, fit


def bounds_of(fit, count):
    lower = np.concatenate([np.tile([0.0, 280.0, 0.3, 0.0], count), [-np.inf, -np.inf]])
    upper = np.concatenate([np.tile([np.inf, 295.0, 2.5, 1.0], count), [np.inf, np.inf]])
    assert (fit.limits.fwhm_min, fit.limits.fwhm_max) == (0.3, 2.5)
    return lower, upper


@pytest.mark.parametrize("count", [1, 2, 3])
def test_scipy_finds_no_better_fit_from_random_starts_nor_from_our_own(definition, weighted, count):
    energy, counts, fit = weighted
    lower, upper = bounds_of(fit, count)
    ours = fit.solutions[count - 1]
    rng = np.random.default_rng(count)
    scale = np.concatenate([np.tile([1e4, 1.0, 1.0, 1.0], count), [1e3, 1e3]])
    starts = [ours.theta]
    for _ in range(3):
        peaks = np.column_stack(
            [
                rng.uniform(500, 8000, count),
                rng.choice(energy, count, p=counts / counts.sum()),
                rng.uniform(0.6, 2, count),
                rng.uniform(0.1, 0.6, count),
            ]
        )
        starts.append(np.concatenate([peaks.ravel(), counts[[0, -1]]]))
    best = min(
        least_squares(
            lambda theta: definition(energy, theta) - counts,
            np.clip(start, lower + 1e-9, upper - 1e-9),
            bounds=(lower, upper),
            x_scale=scale,
            max_nfev=60,
        ).cost
        * 2
        for start in starts
    )
    mine = float(np.sum((counts - ours.envelope) ** 2))
    assert mine <= best * (1 + 1e-6)


def test_lmfit_finds_the_same_peaks_and_the_same_standard_errors(definition, weighted):
    lmfit = pytest.importorskip("lmfit", reason="lmfit is an oracle, not a dependency")
    energy, counts, fit = weighted
    ours = fit.solutions[2]
    names = [f"{name}{peak}" for peak in range(3) for name in ("h", "c", "w", "f")] + ["low", "high"]
    given = lmfit.Parameters()
    start = np.concatenate(
        [np.ravel([[9000, 284.7, 1, 0.2], [3500, 286.4, 1, 0.2], [1800, 288.6, 1, 0.2]]), [500, 1400]]
    )
    for name, value in zip(names, start, strict=True):
        given.add(name, value)
    found = lmfit.minimize(lambda p: definition(energy, np.array([p[name].value for name in names])) - counts, given)
    values = np.array([found.params[name].value for name in names])
    errors = np.array([found.params[name].stderr for name in names])
    assert np.abs((ours.theta - values) / errors).max() < 1e-3
    assert ours.uncertainties == pytest.approx(errors, rel=5e-3)
