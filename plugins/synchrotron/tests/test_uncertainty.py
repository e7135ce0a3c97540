"""Uncertainties of a Fermi edge are what repeated measurements and other admissible models really scatter by.

The same with 2000 trials at each slope is in ``benchmarks/fit_fermi_edge.py``.
"""

from __future__ import annotations

import numpy as np
import pytest

from shirube_synchrotron.edge import fit_fermi_edge
from shirube_synchrotron.fermiedge import Estimate

pytestmark = pytest.mark.thorough

KINETIC = np.arange(799.0, 800.605, 0.01)


def repeated(mean, number, seed=20181118, **options):
    random = np.random.default_rng(seed)
    options = {"window": (2, 2), "variants": False, **options}
    return [fit_fermi_edge(KINETIC, random.poisson(mean), **options) for _ in range(number)]


@pytest.mark.parametrize("weights", ["poisson", "quasi-poisson"])
def test_scatter_and_claim_are_the_bound_that_counting_statistics_set(simulated, weights):
    """Cramer-Rao bound for this edge: 1.51 meV for the level, 4.65 meV for the resolution (1000 counts, 10 meV)."""
    edges = repeated(simulated(KINETIC), 200, weights=weights)
    levels = np.array([edge.position.value for edge in edges]) - 800.0
    claimed = np.array([edge.position.statistical for edge in edges])
    assert abs(levels.mean()) < 4.0 * 1.51e-3 / 200**0.5
    assert levels.std() == pytest.approx(1.51e-3, rel=0.15)
    assert claimed.mean() == pytest.approx(1.51e-3, rel=0.02)
    assert np.std([edge.resolution.value for edge in edges]) == pytest.approx(4.65e-3, rel=0.15)
    assert np.mean([edge.resolution.statistical for edge in edges]) == pytest.approx(4.65e-3, rel=0.05)
    widths = np.array([(edge.edge_width.value, edge.edge_width.statistical) for edge in edges]).T
    assert widths[0].std() == pytest.approx(widths[1].mean(), rel=0.15)
    assert np.mean([edge.dispersion for edge in edges]) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("slope", [-0.3, 0.3])
def test_intervals_cover_the_truth_as_often_as_they_say(simulated, slope):
    """200 trials of 95 %: fewer than 181 or more than 198 happen by chance once in 500 times."""
    edges = repeated(simulated(KINETIC, slope=slope), 200)
    truths = {"position": 800.0, "resolution": 0.125, "dos_slope": slope, "height": 1000.0, "background": 50.0}
    for name, truth in truths.items():
        found: list[Estimate] = [getattr(edge, name) for edge in edges]
        inside = sum(abs(one.value - truth) < 1.96 * one.statistical for one in found)
        assert 181 <= inside <= 198, name


def test_the_claims_are_those_of_the_information_matrix_taken_numerically(simulated):
    """All five unknowns of the mean are varied by hand; 1 / mean weighs each point."""
    truth = {"level": 800.0, "fwhm": 0.125, "height": 1000.0}
    mean = simulated(KINETIC, slope=-0.1, **truth)
    by_height = simulated(KINETIC, slope=-0.1, background=0.0) / 1000.0
    by_slope = (simulated(KINETIC, slope=0.9) - mean) / 1.0
    steps = [
        (simulated(KINETIC, slope=-0.1, **{**truth, key: truth[key] + h}) - mean) / h
        for key, h in (("level", 1e-6), ("fwhm", 1e-6))
    ]
    jacobian = np.array([*steps, by_height, by_slope, np.ones_like(mean)])
    bounds = np.sqrt(np.diag(np.linalg.inv((jacobian / mean) @ jacobian.T)))
    edge = fit_fermi_edge(KINETIC, mean, weights="poisson", window=(2, 2), variants=False)
    claims = [edge.position, edge.resolution, edge.height, edge.dos_slope, edge.background]
    np.testing.assert_allclose([one.statistical for one in claims], bounds, rtol=1e-3)


def test_quasi_poisson_errors_follow_the_scatter_and_not_the_unit(simulated):
    counts = np.random.default_rng(5).poisson(simulated(KINETIC)).astype(float)
    plain, scaled = fit_fermi_edge(KINETIC, counts), fit_fermi_edge(KINETIC, 1e-3 * counts)
    assert scaled.position.value == pytest.approx(plain.position.value, abs=1e-7)
    assert scaled.position.statistical == pytest.approx(plain.position.statistical, rel=1e-3)
    assert scaled.position.model == pytest.approx(plain.position.model, rel=1e-3, abs=1e-9)


def test_every_model_and_window_is_asked_and_the_own_one_is_first(simulated):
    kinetic = np.arange(798.0, 801.0, 0.01)
    edge = fit_fermi_edge(kinetic, np.random.default_rng(6).poisson(simulated(kinetic, slope=-0.1)))
    assert len(edge.variants) == 18
    own = edge.variants[0]
    assert (own.density_of_states, own.background_slope, own.window) == ("linear", False, edge.window)
    assert own.position.value == pytest.approx(edge.position.value, abs=1e-5)
    assert own.admitted
    assert {one.density_of_states for one in edge.variants} == {"constant", "linear", "quadratic"}
    assert len({one.points for one in edge.variants}) == 3
    # -10 %/eV is 6 times its uncertainty here: no constant density of states is admissible in the wide windows.
    assert not any(one.admitted for one in edge.variants if one.density_of_states == "constant" and one.points > 150)
    assert any(one.admitted for one in edge.variants if one.density_of_states == "quadratic")


def test_where_the_model_is_right_it_adds_little(simulated):
    edges = repeated(simulated(KINETIC), 20, variants=True, window=None)
    assert np.median([edge.position.model for edge in edges]) < 1.51e-3


def test_where_the_model_is_wrong_the_model_uncertainty_says_so():
    """A density of states that bends: linear fits are off by 5 meV, far beyond statistics, and the record knows."""
    kinetic = np.arange(798.5, 800.9, 0.01)
    offsets = np.linspace(-8.0, 8.0, 801) * 0.125 / 2.3548
    weights = np.exp(-0.5 * (offsets * 2.3548 / 0.125) ** 2)
    u = (kinetic - 800.0)[:, np.newaxis] - offsets
    bent = (1.0 + 0.4 * u**2) / (1.0 + np.exp(np.clip(u / 0.025852, -500.0, 500.0)))
    mean = 20_000.0 * (bent @ (weights / weights.sum()) + 0.05)
    random = np.random.default_rng(3)
    edges = [fit_fermi_edge(kinetic, random.poisson(mean), window=(1.0, 0.6)) for _ in range(10)]
    errors = np.array([edge.position.value for edge in edges]) - 800.0
    assert abs(errors.mean()) > 4.0 * edges[0].position.statistical
    assert (np.abs(errors) < 2.5 * np.array([edge.position.standard for edge in edges])).all()
    assert all(edge.status == "doubtful" for edge in edges)


def test_without_variants_the_model_uncertainty_is_not_known(simulated):
    edge = fit_fermi_edge(KINETIC, simulated(KINETIC), variants=False)
    assert edge.position.model is None
    assert edge.position.standard == edge.position.statistical
    assert edge.variants == ()


@pytest.mark.parametrize("height", [100.0, 1000.0])
def test_zeros_above_the_edge_do_not_make_the_points_look_better_known(simulated, height):
    """Without any background half the points hold no electron; the others tell how intensities scatter."""
    edges = repeated(simulated(KINETIC, height=height, background=0.0), 200, window=None)
    assert np.mean([edge.dispersion for edge in edges]) == pytest.approx(1.0, abs=0.03)
    inside = sum(abs(edge.position.value - 800.0) < 1.96 * edge.position.statistical for edge in edges)
    assert 181 <= inside <= 198


def test_an_assumed_temperature_widens_the_resolution_and_a_stated_one_does_not(simulated):
    """10 K at 300 K are 3.3 meV of 125 meV: 1.9 meV as the standard deviation of a rectangular distribution."""
    mean = simulated(KINETIC)
    assumed, stated = fit_fermi_edge(KINETIC, mean), fit_fermi_edge(KINETIC, mean, temperature=300.0)
    assert (assumed.temperature_tolerance, stated.temperature_tolerance) == (10.0, 0.0)
    added = (assumed.resolution.model**2 - stated.resolution.model**2) ** 0.5
    assert added == pytest.approx(1.9e-3, rel=0.1)
    assert fit_fermi_edge(KINETIC, mean, temperature=300.0, temperature_tolerance=10.0).resolution == assumed.resolution


def test_an_edge_steeper_than_its_temperature_allows_is_doubtful(simulated):
    counted = np.random.default_rng(1).poisson(simulated(KINETIC, temperature=20.0, fwhm=0.03))
    assert "edge-sharper" in [reason.code for reason in fit_fermi_edge(KINETIC, counted).reasons]
    assert fit_fermi_edge(KINETIC, counted, temperature=20.0).status == "ok"
