"""Layouts: what is shared, tied or added, and that its derivatives are those of its values."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from shirube.errors import SettingsError
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.levels import doublet_named, known_levels
from shirube_bicfit.losses import GaussLoss, PoissonLoss
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.objective import SpectrumObjective
from shirube_bicfit.parameters import Parameters

ENERGY = 280.0 + np.concatenate([[0.0], np.cumsum(np.random.default_rng(1).uniform(0.05, 0.2, 120))])
START = {
    "asymmetry": 0.3,
    "splitting": 2.1,
    "ratio": 0.55,
    "background_low": 40.0,
    "background_high": 90.0,
    "slope": 7.0,
}
LAYOUTS = {
    "plain": Layout(),
    "asymmetric": Layout(asymmetric=True),
    "sloped": Layout(sloped=True),
    "shared": Layout(shared_width=True, shared_fraction=True),
    "doublet": Layout(doublet=Doublet(2.0, 0.6)),
    "free doublet": Layout(doublet=Doublet(2.0, 0.6, free_splitting=True, free_ratio=True)),
    "all": Layout(
        asymmetric=True,
        shared_width=True,
        doublet=Doublet(2.0, 0.6, free_splitting=True, free_ratio=True),
        sloped=True,
    ),
}


def vector(layout):
    lines = [[1000.0, 283.0, 1.0, 0.3], [400.0, 286.5, 1.4, 0.6]]
    return layout.to_free(np.concatenate([np.ravel(lines), [START[name] for name in layout.names]]))


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("background", ["shirley", "linear"])
def test_the_derivatives_of_every_layout_agree_with_finite_differences(name, background):
    # a straight background has no second slope
    layout = evolve(LAYOUTS[name], sloped=LAYOUTS[name].sloped and background == "shirley")
    model, free = SpectrumModel(ENERGY, background, layout), vector(layout)
    _, jacobian = model.evaluate(layout.to_components(free[None]))
    derivatives = layout.tangent(free[None])[0].T @ jacobian[0]
    assert derivatives.shape == (layout.free_count(2), ENERGY.size)
    for index, row in enumerate(derivatives):
        step = np.zeros(free.size)
        step[index] = 1e-6 * max(1.0, abs(free[index]))
        ends = [model.value(layout.to_components((free + side * step)[None]))[0] for side in (-1, 1)]
        slope = (ends[1] - ends[0]) / (2 * step[index])
        assert row == pytest.approx(slope, abs=2e-6 * max(np.abs(slope).max(), 1e-3))


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("loss", [PoissonLoss, GaussLoss])
def test_the_gradient_is_exact_although_the_information_may_leave_the_background_out(name, loss):
    layout = LAYOUTS[name]
    model, free = SpectrumModel(ENERGY, "shirley", layout), vector(layout)
    data = loss(np.random.default_rng(0).poisson(model.value(layout.to_components(free[None]))[0]).astype(float)[None])
    one, inf = np.array([0]), np.array([np.inf])
    deviance, near = SpectrumObjective(model, data, one, exact=False).expand(free[None], one, inf)
    same, exact = SpectrumObjective(model, data, one, exact=True).expand(free[None], one, inf)
    assert deviance == same
    assert near.gradient == pytest.approx(exact.gradient, rel=1e-10)
    value, jacobian = model.evaluate(layout.to_components(free[None]))
    rows = layout.tangent(free[None])[0].T @ jacobian[0] * data.residual(value)[1]
    assert exact.information[0] == pytest.approx(rows @ rows.T, rel=1e-9, abs=1e-9)
    for index in range(free.size):
        step = np.zeros(free.size)
        step[index] = 1e-5 * max(1.0, abs(free[index]))
        ends = [data.deviance(model.value(layout.to_components((free + side * step)[None])))[0] for side in (-1, 1)]
        # half of the falling deviance
        assert exact.gradient[0, index] == pytest.approx((ends[0] - ends[1]) / (4 * step[index]), rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_written_in_one_form_reads_back_from_the_other(name):
    free = vector(LAYOUTS[name])
    assert LAYOUTS[name].to_free(LAYOUTS[name].to_lines(free)) == pytest.approx(free, rel=1e-14)
    assert LAYOUTS[name].lines_in(free) == 2


def doublet_counts(seed=0):
    """Two chemical states of a 3d level, 6 eV and 2/3, on a Shirley background, on a descending axis."""
    energy = np.linspace(364, 380, 321)
    layout = Layout(doublet=Doublet(6.0, 2 / 3))
    truth = np.array([6000, 368.2, 0.8, 0.4, 2500, 369.3, 1.0, 0.4, 300.0, 700.0])
    model = SpectrumModel(energy, "shirley", layout).value(layout.to_components(truth[None]))[0]
    return energy[::-1], np.random.default_rng(seed).poisson(model).astype(float)[::-1]


def test_a_doublet_is_two_components_a_line_and_spends_half_the_numbers():
    fit = fit_spectrum(*doublet_counts(), Parameters(doublet="Ag 3d", max_peaks=4))
    assert fit.best.count == 2
    assert (fit.best.parameters, len(fit.best.components)) == (10, 4)
    main, partner = fit.best.peaks[[0, 1]], fit.best.peaks[[2, 3]]
    assert partner[:, 1] - main[:, 1] == pytest.approx([6.0, 6.0])
    assert partner[:, 0] / main[:, 0] == pytest.approx([2 / 3, 2 / 3])
    assert main[:, 1] == pytest.approx([368.2, 369.3], abs=0.03)
    single = fit_spectrum(*doublet_counts(), Parameters(max_peaks=5))
    assert fit.best.standing.bic < single.best.standing.bic - 15


def test_a_free_splitting_and_ratio_are_found_with_their_uncertainties():
    fit = fit_spectrum(
        *doublet_counts(1), Parameters(doublet="5.8:0.6", free_splitting=True, free_ratio=True, max_peaks=3)
    )
    commons = {one.name: one for one in fit.best.commons}
    assert fit.best.parameters == 12
    assert abs(commons["splitting"].value - 6.0) < 5 * commons["splitting"].uncertainty < 0.05
    assert abs(commons["ratio"].value - 2 / 3) < 5 * commons["ratio"].uncertainty < 0.1


def test_on_a_kinetic_axis_the_partner_is_on_the_other_side():
    energy, counts = doublet_counts()
    kinetic = fit_spectrum(1486.6 - energy, counts, Parameters(doublet="Ag 3d", max_peaks=3), scale="kinetic")
    assert kinetic.best.count == 2
    assert 1486.6 - kinetic.best.peaks[::-1, 1] == pytest.approx([368.2, 369.3, 374.2, 375.3], abs=0.03)


def test_an_asymmetric_line_is_one_line_when_lines_may_have_tails():
    energy = np.linspace(80, 92, 301)
    layout = Layout(asymmetric=True)
    model = SpectrumModel(energy, "shirley", layout)
    truth = np.array([8000, 84.0, 0.7, 0.5, 0.6, 200.0, 500.0])
    counts = np.random.default_rng(2).poisson(model.value(truth[None])[0]).astype(float)
    tailed = fit_spectrum(energy, counts, Parameters(lineshape="asymmetric", max_peaks=4))
    symmetric = fit_spectrum(energy, counts, Parameters(max_peaks=4))
    assert tailed.best.count == 1 < symmetric.best.count
    assert tailed.best.standing.bic < symmetric.best.standing.bic - 10
    (asymmetry,) = tailed.best.commons
    assert abs(asymmetry.value - 0.6) < 5 * asymmetry.uncertainty


def test_shared_numbers_are_the_same_for_all_lines_and_count_once(case):
    p3 = case("p3")
    shared = Parameters(share_width=True, share_fraction=True, max_peaks=4)
    fit = fit_spectrum(p3.energy, p3.counts(0), shared)
    for one in fit.solutions:
        assert one.parameters == 2 * one.count + 4
        assert np.ptp(one.peaks[:, 2:], axis=0) == pytest.approx([0, 0], abs=1e-12)


def test_the_table_of_levels_has_what_textbooks_have():
    levels = known_levels()
    assert (levels["Ag 3d"].splitting, levels["Ag 3d"].ratio) == (6.0, pytest.approx(2 / 3))
    assert levels["Au 4f"] == Doublet(3.67, 0.75)
    assert levels["Cu 2p"] == Doublet(19.8, 0.5)
    assert doublet_named("au4F") == levels["Au 4f"]
    assert doublet_named("3.1:0.7") == Doublet(3.1, 0.7)


@pytest.mark.parametrize("text", ["Xx 9z", "3.1", "3.1:0", "-1:0.5", "1:2", "nan:0.5"])
def test_a_doublet_that_is_none_is_refused_by_what_could_be_meant(text):
    with pytest.raises(SettingsError, match=r"neither a known level.*6\.0:0\.667"):
        Parameters(doublet=text)
