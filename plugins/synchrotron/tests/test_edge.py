"""Fermi edges, measured and simulated: the level is found, its uncertainty is right, and what is none is refused."""

from __future__ import annotations

import numpy as np
import pytest

from shirube.errors import InputError
from shirube_synchrotron.edge import fit_fermi_edge
from shirube_synchrotron.finder import find_edge
from shirube_synchrotron.model import broadened_fermi


def simulated(kinetic, level=800.0, fwhm=0.125, slope=0.0, height=1000.0, temperature=300.0):
    """Return the mean intensity of an edge on a background of 5 %."""
    u = kinetic - level
    edge = broadened_fermi(u, temperature, fwhm)
    return height * ((1.0 * edge.value + slope * (u * edge.value + edge.variance * edge.first)) + 0.05)


def test_a_perfect_edge_gives_back_what_it_was_made_of():
    kinetic = np.arange(798.7, 800.9, 0.01)
    edge = fit_fermi_edge(kinetic, simulated(kinetic, slope=-0.1))
    assert edge.fermi_level == pytest.approx(800.0, abs=1e-6)
    assert edge.fwhm == pytest.approx(0.125, abs=1e-5)
    assert edge.coefficients == pytest.approx((1000.0, -100.0, 50.0), rel=1e-4)
    assert edge.temperature == 300.0
    np.testing.assert_allclose(edge.intensity(kinetic), simulated(kinetic, slope=-0.1), rtol=1e-5)


@pytest.mark.parametrize("temperature", [0.0, 20.0, 100.0])
def test_cold_samples_too(temperature):
    kinetic = np.arange(798.7, 800.9, 0.01)
    edge = fit_fermi_edge(kinetic, simulated(kinetic, temperature=temperature), temperature=temperature)
    assert edge.fermi_level == pytest.approx(800.0, abs=1e-6)
    assert edge.fwhm == pytest.approx(0.125, abs=1e-5)


def test_the_order_of_points_does_not_matter():
    kinetic = np.arange(798.7, 800.9, 0.01)
    up = fit_fermi_edge(kinetic, simulated(kinetic))
    down = fit_fermi_edge(kinetic[::-1], simulated(kinetic)[::-1])
    assert (up.fermi_level, up.fwhm) == (down.fermi_level, down.fwhm)


def test_steps_may_vary():
    kinetic = np.sort(np.random.default_rng(3).uniform(798.5, 801.0, 200))
    assert fit_fermi_edge(kinetic, simulated(kinetic)).fermi_level == pytest.approx(800.0, abs=1e-5)


def test_a_background_that_slopes_is_fitted_when_asked_for():
    kinetic = np.arange(798.7, 800.9, 0.01)
    sloping = simulated(kinetic) - 20.0 * (kinetic - 800.0)
    assert fit_fermi_edge(kinetic, sloping, background_slope=True).fwhm == pytest.approx(0.125, abs=1e-5)
    assert fit_fermi_edge(kinetic, sloping).fwhm != pytest.approx(0.125, abs=1e-3)


def test_scatter_of_the_level_is_the_bound_that_counting_statistics_set():
    """Cramer-Rao bound for this edge: 1.51 meV for the level, 4.65 meV for the resolution (1000 counts, 10 meV)."""
    kinetic = np.arange(799.0, 800.605, 0.01)
    random = np.random.default_rng(20181118)
    fits = [fit_fermi_edge(kinetic, random.poisson(simulated(kinetic)), window=(2, 2)) for _ in range(200)]
    levels = np.array([edge.fermi_level for edge in fits]) - 800.0
    claimed = np.array([edge.fermi_level_uncertainty for edge in fits])
    assert abs(levels.mean()) < 4.0 * 1.51e-3 / 200**0.5
    assert levels.std() == pytest.approx(1.51e-3, rel=0.15)
    assert claimed.mean() == pytest.approx(1.51e-3, rel=0.05)
    assert np.std([edge.fwhm for edge in fits]) == pytest.approx(4.65e-3, rel=0.15)
    assert 0.90 < np.mean(np.abs(levels) < 1.96 * claimed) < 0.99
    assert np.mean([edge.reduced_chi_square for edge in fits]) == pytest.approx(1.0, abs=0.05)


def test_uncertainties_follow_the_scatter_and_not_the_unit_of_the_intensity():
    kinetic = np.arange(799.0, 800.605, 0.01)
    counts = np.random.default_rng(5).poisson(simulated(kinetic))
    plain, scaled = fit_fermi_edge(kinetic, counts), fit_fermi_edge(kinetic, 1e-3 * counts)
    assert scaled.fermi_level == pytest.approx(plain.fermi_level, abs=1e-7)
    assert scaled.fermi_level_uncertainty == pytest.approx(plain.fermi_level_uncertainty, rel=1e-3)


def test_gold_at_slri_has_its_level_near_zero_and_not_at_the_steeper_5d_onset(fermi_scan):
    binding, intensity = fermi_scan("slri/slri-au-fermi-edge.csv")
    steepest = binding[:-1][np.argmax(-np.diff(intensity))]
    assert steepest == pytest.approx(2.1, abs=0.2)  # the trap
    edge = fit_fermi_edge(-binding, intensity, window=(0.8, 0.8))
    assert -edge.fermi_level == pytest.approx(0.029, abs=0.002)
    assert edge.fermi_level_uncertainty == pytest.approx(0.004, abs=0.001)
    assert edge.fwhm == pytest.approx(0.213, abs=0.013)


def test_the_level_at_delta_is_that_of_an_independent_fit(fermi_scan):
    kinetic, intensity = fermi_scan("delta/delta-fermi-edge.csv")
    edge = fit_fermi_edge(kinetic, intensity, window=(9.0, 9.0))
    assert edge.points == 46
    assert edge.fermi_level == pytest.approx(236.264, abs=0.002)
    assert edge.fermi_level_uncertainty == pytest.approx(0.014, abs=0.001)
    assert edge.fwhm == pytest.approx(0.33, abs=0.04)
    assert fit_fermi_edge(kinetic, intensity).fermi_level == pytest.approx(236.264, abs=0.014)


@pytest.mark.parametrize("name", ["scienta_fermi_level_1.txt", "scienta_fermi_level_2.txt"])
def test_hard_x_ray_edges_give_the_photon_energy_that_the_header_lost(fermi_scan, name):
    """An edge as wide as a step or two is half as high at its level as just below it, whatever model is fitted."""
    kinetic, intensity = fermi_scan(f"specqp/{name}")
    edge = fit_fermi_edge(kinetic, intensity)
    last = np.flatnonzero(intensity > 0.5 * np.median(intensity[:20]))[-1]
    assert kinetic[last] - 0.1 < edge.fermi_level < kinetic[last + 1] + 0.1
    assert edge.photon_energy() == edge.fermi_level
    assert edge.photon_energy(4.5) == edge.fermi_level + 4.5


def test_the_photon_energy_of_the_fe_2p_example_is_that_of_its_edge(fermi_scan):
    kinetic, intensity = fermi_scan("specqp/scienta_fermi_level_1.txt")
    edge = fit_fermi_edge(kinetic, intensity)
    assert round(edge.photon_energy(), 2) == 4596.20
    for window in ((1.5, 0.9), (2.0, 1.2), (9.0, 9.0)):
        assert fit_fermi_edge(kinetic, intensity, window=window).fermi_level == pytest.approx(4596.20, abs=0.01)


def test_a_valence_band_without_resolved_edge_is_refused(fermi_scan):
    binding, intensity = fermi_scan("pynxtools-xps/Ag_0002.txt")
    with pytest.raises(InputError, match="no Fermi edge stands out"):
        fit_fermi_edge(-binding, intensity)


def test_noise_is_refused():
    kinetic = np.arange(798.7, 800.9, 0.01)
    with pytest.raises(InputError, match="no Fermi edge stands out"):
        fit_fermi_edge(kinetic, np.random.default_rng(1).poisson(100.0, kinetic.size))


def test_a_scan_that_stops_at_its_edge_is_refused():
    kinetic = np.arange(798.7, 800.1, 0.01)
    with pytest.raises(InputError, match="nearer to the end of the data") as caught:
        fit_fermi_edge(kinetic, simulated(kinetic))
    assert "データの端に近すぎます" in caught.value.render("ja")


def test_too_few_points_are_refused():
    kinetic = np.arange(799.5, 800.5, 0.2)
    with pytest.raises(InputError, match="5 points are too few"):
        fit_fermi_edge(kinetic, simulated(kinetic))


def test_a_narrow_window_that_holds_too_few_points_is_refused():
    kinetic = np.arange(798.0, 801.0, 0.1)
    with pytest.raises(InputError, match="are too few to fit a Fermi edge, 6 are needed"):
        fit_fermi_edge(kinetic, simulated(kinetic), window=(0.2, 0.2))


def test_a_wide_scan_with_steps_of_200_mev_is_found_and_fitted():
    kinetic = np.arange(780.0, 803.0, 0.2)
    band = 4000.0 / (1.0 + np.exp((kinetic - 797.8) / 0.1))
    intensity = simulated(kinetic) + band
    assert find_edge(kinetic, intensity) == pytest.approx(800.0, abs=0.3)


def test_points_measured_twice_or_not_at_all_do_no_harm():
    kinetic = np.repeat(np.arange(798.7, 800.9, 0.01), 2)
    intensity = simulated(kinetic)
    intensity[7] = np.nan
    assert fit_fermi_edge(kinetic, intensity).fermi_level == pytest.approx(800.0, abs=1e-6)
