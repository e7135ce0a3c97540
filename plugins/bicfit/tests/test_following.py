"""Series that follow one fit: its model, its bounds and its settings, or one clear sentence why not."""

from __future__ import annotations

import numpy as np
import pytest

from shirube_bicfit.batch import fit_series
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.parameters import Parameters

ENERGY = np.linspace(280.0, 300.0, 201)


def counts(width=1.2, seed=0, rise=0.0):
    """Return counts of two lines 2 eV apart, the second half as high."""
    lines = sum(
        height * np.exp(-4.0 * np.log(2.0) * ((ENERGY - centre) / width) ** 2)
        for height, centre in ((2000.0, 289.0), (1000.0, 291.0))
    )
    return np.random.default_rng(seed).poisson(300.0 + lines + rise * (ENERGY > 290.0)).astype(float)


def broad(seed=0):
    """Return counts of one line that is wider than the derived bound."""
    line = 2000.0 * np.exp(-4.0 * np.log(2.0) * ((ENERGY - 290.0) / 3.2) ** 2)
    return np.random.default_rng(seed).poisson(300.0 + line).astype(float)


def test_a_series_has_the_room_of_the_solution_that_it_starts_from():
    one = Parameters(max_peaks=1)
    like = fit_spectrum(ENERGY, broad(), one)
    assert like.best.limits != like.limits
    same, later = fit_series(ENERGY, [broad(), broad(1)], like, one)
    assert same.best.limits == later.best.limits == like.best.limits
    assert same.best.deviance <= like.best.deviance * (1.0 + 1e-9)
    assert later.best.peaks[0, 2] == pytest.approx(3.2, abs=0.1)
    for fit in (same, later):
        assert [float(remark.params["limit"]) for remark in fit.remarks if remark.code == "as-wide"] == [4.0]
    # and whoever follows these has it, too
    (third,) = fit_series(ENERGY, [broad(2)], later, one)
    assert third.best.limits == like.best.limits


def test_bounds_that_are_asked_for_hold_for_a_series():
    like = fit_spectrum(ENERGY, broad(), Parameters(max_peaks=1))
    (fit,) = fit_series(ENERGY, [broad()], like, Parameters(max_peaks=1, fwhm_max=2.8))
    assert fit.best.peaks[0, 2] == fit.best.limits.fwhm_max == 2.8
    assert "as-wide" not in [remark.code for remark in fit.remarks]
