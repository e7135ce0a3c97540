"""Series that follow one fit: its model, its bounds and its settings, or one clear sentence why not."""

from __future__ import annotations

import numpy as np
import pytest

from shirube.errors import ShirubeError
from shirube_bicfit.batch import fit_series, fit_spectra
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


TWO = {"max_peaks": 2, "starts": 12}
MODELS = {
    "share_width": {"share_width": True},
    "share_fraction": {"share_fraction": True},
    "slope": {"slope": True},
    "free_splitting": {"doublet": "2.0:0.5", "free_splitting": True},
    "free_ratio": {"doublet": "2.0:0.5", "free_ratio": True},
}


@pytest.mark.parametrize("name", MODELS)
def test_a_series_has_the_settings_of_its_fit_and_others_that_make_another_model_are_named(name):
    like = fit_spectrum(ENERGY, counts(), Parameters(**TWO, **MODELS[name], intervals="profile"))
    same, later = fit_series(ENERGY, [counts(), counts(seed=1)], like)
    assert same.best.deviance == pytest.approx(like.best.deviance, rel=1e-6)
    assert [one.name for one in later.best.commons] == [one.name for one in like.best.commons]
    assert later.best.parameters == like.best.parameters
    assert later.best.intervals.method == "profile"
    with pytest.raises(ShirubeError, match=f"another choice of: {name};"):
        fit_series(ENERGY, [counts()], like, Parameters())


def test_all_that_makes_another_model_is_named_at_once_and_a_splitting_is_no_ratio():
    like = fit_spectrum(ENERGY, counts(), Parameters(**TWO, **MODELS["free_splitting"]))
    with pytest.raises(ShirubeError, match="another choice of: share_width, free_splitting, free_ratio, scale;"):
        fit_series(ENERGY, [counts()], like, Parameters(share_width=True, free_ratio=True), scale="kinetic")


def test_a_series_is_on_the_scale_of_its_fit_and_another_one_is_refused():
    kinetic = 1486.6 - ENERGY
    asked = Parameters(**TWO, lineshape="asymmetric", doublet="2.0:0.5")
    like = fit_spectrum(kinetic, counts(), asked, scale="kinetic")
    (same,) = fit_series(kinetic, [counts()], like)
    assert same.best.deviance == pytest.approx(like.best.deviance, rel=1e-6)
    for other in ("binding", "unknown"):
        with pytest.raises(ShirubeError, match="another choice of: scale;"):
            fit_series(kinetic, [counts()], like, scale=other)
    with pytest.raises(ShirubeError, match="no energy scale"):
        fit_series(kinetic, [counts()], like, scale="bindng")


def test_a_fit_that_was_given_way_to_a_straight_line_is_followed_as_it_is():
    like = fit_spectrum(ENERGY, counts(rise=-200.0), Parameters(**TWO, slope=True))
    assert like.background == "linear"
    (same,) = fit_series(ENERGY, [counts(rise=-200.0)], like)
    assert (same.background, "background-fallback" in [one.code for one in same.remarks]) == ("linear", True)
    assert same.best.deviance == pytest.approx(like.best.deviance, rel=1e-6)


@pytest.mark.parametrize("like", [None, (), "fit"])
def test_what_is_no_fit_cannot_be_followed(like):
    with pytest.raises(ShirubeError, match="`like` must be what fit_spectrum"):
        fit_series(ENERGY, [counts()], like)


def test_parameters_that_are_none_are_refused():
    like = fit_spectrum(ENERGY, counts(), Parameters(**TWO))
    with pytest.raises(ShirubeError, match=r"`parameters` must be .* not dict"):
        fit_series(ENERGY, [counts()], like, {"max_peaks": 2})
    with pytest.raises(ShirubeError, match=r"`parameters` must be .* not dict"):
        fit_spectra(ENERGY, [counts()], {"max_peaks": 2})
