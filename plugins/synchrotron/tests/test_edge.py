"""Fermi edges, simulated and measured: level, resolution and width are found, whatever the axis."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.errors import UsageError
from shirube.records import Origin, Quantity
from shirube_synchrotron.edge import fit_fermi_edge
from shirube_synchrotron.model import broadened_fermi, columns

KINETIC = np.arange(798.7, 800.9, 0.01)


def test_a_perfect_edge_gives_back_what_it_was_made_of(simulated):
    edge = fit_fermi_edge(KINETIC, simulated(KINETIC, slope=-0.1))
    assert (edge.status, edge.reasons) == ("ok", ())
    assert edge.position.value == pytest.approx(800.0, abs=1e-6)
    assert edge.resolution.value == pytest.approx(0.125, abs=1e-5)
    assert edge.height.value == pytest.approx(1000.0, rel=1e-5)
    assert edge.dos_slope.value == pytest.approx(-0.1, abs=1e-5)
    assert edge.background.value == pytest.approx(50.0, rel=1e-4)
    np.testing.assert_allclose(edge.intensity(KINETIC), simulated(KINETIC, slope=-0.1), rtol=1e-5)


@pytest.mark.parametrize(
    ("fwhm", "width"), [(0.05, 0.127), (0.10, 0.159), (0.125, 0.179), (0.20, 0.248), (0.30, 0.348)]
)
def test_the_total_width_is_that_of_the_whole_step(simulated, fwhm, width):
    """10 to 90 % at 300 K, from an independent integration."""
    edge = fit_fermi_edge(KINETIC, simulated(KINETIC, fwhm=fwhm), variants=False)
    assert edge.edge_width.value == pytest.approx(width, abs=6e-4)
    fine = np.arange(799.5, 800.5, 0.001)
    flat = np.interp([0.1, 0.9], simulated(fine, fwhm=fwhm, background=0.0)[::-1] / 1000.0, fine[::-1])
    assert edge.edge_width.value == pytest.approx(flat[0] - flat[1], abs=1e-5)


@pytest.mark.parametrize("temperature", [0.0, 20.0, 100.0])
def test_cold_samples_too(temperature):
    """The mean is exact here: its closed form at 0 K is an error function, which is tested on its own."""
    edge = broadened_fermi(KINETIC - 800.0, temperature, 0.125)
    found = fit_fermi_edge(KINETIC, columns(edge) @ [1000.0, -50.0, 20.0], temperature=temperature)
    assert found.position.value == pytest.approx(800.0, abs=1e-6)
    assert found.resolution.value == pytest.approx(0.125, abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(
    level=st.floats(-5.0, 2000.0),
    fwhm=st.floats(0.06, 0.4),
    slope=st.floats(-0.3, 0.3),
    temperature=st.floats(4.0, 400.0),
    height=st.floats(1e-3, 1e7),
)
def test_every_edge_is_found_whatever_its_unit_and_place(level, fwhm, slope, temperature, height):
    kinetic = level + np.arange(-2.0, 1.5, 0.015)
    shape = columns(broadened_fermi(kinetic - level, temperature, fwhm)) @ [1.0, slope, 0.05]
    edge = fit_fermi_edge(kinetic, height * shape, temperature=temperature, variants=False)
    assert edge.status == "ok"
    assert edge.position.value == pytest.approx(level, abs=1e-5)
    assert edge.resolution.value == pytest.approx(fwhm, abs=1e-4)
    assert edge.dos_slope.value == pytest.approx(slope, abs=1e-4)


def test_a_binding_axis_gives_the_mirrored_edge(simulated):
    counts = np.random.default_rng(2).poisson(simulated(KINETIC, slope=-0.1)).astype(float)
    kinetic = fit_fermi_edge(KINETIC, counts)
    binding = fit_fermi_edge(800.3 - KINETIC, counts, scale="binding")
    assert binding.position.value == pytest.approx(800.3 - kinetic.position.value, abs=1e-9)
    assert binding.position.standard == pytest.approx(kinetic.position.standard, rel=1e-6)
    assert binding.resolution.value == pytest.approx(kinetic.resolution.value, abs=1e-9)
    assert binding.dos_slope.value == pytest.approx(kinetic.dos_slope.value, abs=1e-9)
    assert binding.window == pytest.approx((800.3 - kinetic.window[1], 800.3 - kinetic.window[0]))
    assert (np.diff(binding.curves.energies) > 0.0).all()
    np.testing.assert_allclose(binding.curves.residuals[::-1], kinetic.curves.residuals, atol=1e-5)
    with pytest.raises(UsageError, match="binding energy axis"):
        binding.photon_energy()


def test_the_order_of_points_does_not_matter(simulated):
    up = fit_fermi_edge(KINETIC, simulated(KINETIC))
    down = fit_fermi_edge(KINETIC[::-1], simulated(KINETIC)[::-1])
    assert (up.position, up.resolution) == (down.position, down.resolution)


def test_steps_may_vary(simulated):
    kinetic = np.sort(np.random.default_rng(3).uniform(798.5, 801.0, 200))
    assert fit_fermi_edge(kinetic, simulated(kinetic)).position.value == pytest.approx(800.0, abs=1e-5)


def test_points_measured_twice_or_not_at_all_do_no_harm(simulated):
    kinetic = np.repeat(KINETIC, 2)
    intensity = simulated(kinetic)
    intensity[7] = np.nan
    assert fit_fermi_edge(kinetic, intensity).position.value == pytest.approx(800.0, abs=1e-6)


def test_a_background_that_slopes_is_fitted_when_the_points_demand_it(simulated):
    sloping = simulated(KINETIC) - 20.0 * (KINETIC - 800.0)
    edge = fit_fermi_edge(KINETIC, sloping)
    assert edge.resolution.value == pytest.approx(0.125, abs=1e-5)
    assert edge.background_slope.value == pytest.approx(-20.0, rel=1e-4)
    assert fit_fermi_edge(KINETIC, simulated(KINETIC)).background_slope is None
    stiff = fit_fermi_edge(KINETIC, sloping, background_slope=False)
    assert stiff.resolution.value != pytest.approx(0.125, abs=1e-3)


def test_a_curved_density_of_states_is_fitted_when_asked_for():
    u = KINETIC - 800.0
    edge = broadened_fermi(u, 300.0, 0.125)
    curved = columns(edge, "quadratic") @ [1000.0, -100.0, 200.0, 50.0]
    quadratic = fit_fermi_edge(KINETIC, curved, density_of_states="quadratic")
    assert quadratic.position.value == pytest.approx(800.0, abs=1e-6)
    assert quadratic.dos_curvature.value == pytest.approx(0.2, abs=1e-5)
    linear = fit_fermi_edge(KINETIC, curved)
    assert linear.position.value != pytest.approx(800.0, abs=1e-3)
    assert [reason.code for reason in linear.reasons if reason.code == "edge-model-rejected"]
    np.testing.assert_allclose(quadratic.intensity(KINETIC), curved, rtol=1e-6)


def test_the_curves_are_those_of_the_window_and_cannot_be_changed(simulated):
    counts = np.random.default_rng(4).poisson(simulated(KINETIC)).astype(float)
    edge = fit_fermi_edge(KINETIC, counts)
    curves = edge.curves
    assert (curves.energies[0], curves.energies[-1]) == edge.window
    assert curves.energies.size == edge.points
    np.testing.assert_allclose(curves.model, edge.intensity(curves.energies), rtol=1e-9)
    expected = (curves.counts - curves.model) / np.sqrt(curves.model * edge.dispersion)
    np.testing.assert_allclose(curves.residuals, expected, rtol=1e-9)
    assert curves.background == pytest.approx(edge.background.value)
    with pytest.raises(ValueError, match="read-only"):
        curves.model[0] = 0.0


def test_an_edge_travels_between_processes(simulated):
    edge = fit_fermi_edge(KINETIC, simulated(KINETIC))
    back = pickle.loads(pickle.dumps(edge))  # noqa: S301 our own bytes
    assert (back.position, back.variants, back.temperature) == (edge.position, edge.variants, edge.temperature)
    np.testing.assert_array_equal(back.curves.model, edge.curves.model)
    assert not back.curves.model.flags.writeable


def test_the_temperature_keeps_its_origin_and_is_not_fitted(simulated):
    warm = Quantity(300.0, "K", origin=Origin("settings", "shirube.toml"))
    assert fit_fermi_edge(KINETIC, simulated(KINETIC), temperature=warm).temperature == warm
    cold = fit_fermi_edge(KINETIC, simulated(KINETIC), temperature=100.0)
    assert cold.temperature == Quantity(100.0, "K", origin=Origin("settings", "temperature"))
    assumed = fit_fermi_edge(KINETIC, simulated(KINETIC))
    assert assumed.temperature == Quantity(300.0, "K", origin=Origin("default"))
    assert cold.resolution.value > 0.15
    assert cold.position.value == pytest.approx(800.0, abs=1e-3)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"temperature": -1.0}, "-1.0 K is no temperature"),
        ({"temperature": 5000.0}, "5000.0 K is no temperature"),
        ({"temperature": Quantity(20.0, "degC")}, "20.0 degC is no temperature"),
        ({"scale": "unknown"}, "scale cannot be unknown; choose one of kinetic, binding"),
        ({"weights": "none"}, "weights cannot be none"),
        ({"density_of_states": "cubic"}, "density_of_states cannot be cubic"),
        ({"window": (1.0, -1.0)}, "must be two positive energies"),
    ],
)
def test_impossible_arguments_are_named(simulated, options, sentence):
    with pytest.raises(UsageError, match=sentence) as caught:
        fit_fermi_edge(KINETIC, simulated(KINETIC), **options)
    assert caught.value.render("ja") != caught.value.render("en")


@pytest.mark.parametrize(
    ("first", "step", "temperature", "dos", "status"),
    [(800.0, 1e-13, 0.001, "quadratic", "refused"), (0.0, 1e-4, 0.0, "constant", "doubtful")],
)
def test_unknowns_that_no_point_can_tell_apart_do_not_stop_it(first, step, temperature, dos, status):
    # Both make a matrix that is singular to the last bit.
    kinetic = first + np.arange(60.0) * step
    counts = np.where(np.arange(60) < 30, 1000.0, 0.0)
    edge = fit_fermi_edge(kinetic, counts, temperature=temperature, density_of_states=dos)
    assert edge.status == status
    assert edge.reasons


def test_arrays_of_different_shapes_are_refused():
    with pytest.raises(UsageError, match="two lists of equal length"):
        fit_fermi_edge(KINETIC, KINETIC[1:])


def test_gold_at_slri_has_its_level_near_zero_and_not_at_the_steeper_5d_onset(fermi_scan):
    binding, intensity = fermi_scan("slri/slri-au-fermi-edge.csv")
    steepest = binding[:-1][np.argmax(-np.diff(intensity))]
    assert steepest == pytest.approx(2.1, abs=0.2)  # the trap
    edge = fit_fermi_edge(binding, intensity, scale="binding")
    assert edge.status == "ok"
    assert edge.position.value == pytest.approx(0.03, abs=0.03)
    assert edge.position.standard < 0.03
    narrower = fit_fermi_edge(binding, intensity, scale="binding", window=(0.8, 0.8))
    assert narrower.position.value == pytest.approx(0.029, abs=0.002)
    assert narrower.position.statistical == pytest.approx(0.004, abs=0.001)
    assert narrower.resolution.value == pytest.approx(0.213, abs=0.013)


def test_the_level_at_delta_is_that_of_an_independent_fit(fermi_scan):
    kinetic, intensity = fermi_scan("delta/delta-fermi-edge.csv")
    edge = fit_fermi_edge(kinetic, intensity)
    assert edge.status == "ok"
    assert edge.position.value == pytest.approx(236.264, abs=0.02)
    assert edge.position.standard < 0.02
    whole = fit_fermi_edge(kinetic, intensity, window=(9.0, 9.0))
    assert whole.points == 47
    assert whole.position.value == pytest.approx(236.264, abs=0.002)
    assert whole.position.statistical == pytest.approx(0.014, abs=0.001)
    assert whole.resolution.value == pytest.approx(0.33, abs=0.04)


@pytest.mark.parametrize(
    ("name", "level"), [("scienta_fermi_level_1.txt", 4596.20), ("scienta_fermi_level_2.txt", 3796.23)]
)
def test_hard_x_ray_edges_give_the_photon_energy_that_the_header_lost(fermi_scan, name, level):
    """An edge as wide as a step or two is half as high at its level as just below it, whatever model is fitted."""
    kinetic, intensity = fermi_scan(f"specqp/{name}")
    edge = fit_fermi_edge(kinetic, intensity)
    last = np.flatnonzero(intensity > 0.5 * np.median(intensity[:20]))[-1]
    assert kinetic[last] - 0.1 < edge.position.value < kinetic[last + 1] + 0.1
    assert edge.photon_energy() == pytest.approx(level, abs=0.01)
    assert edge.photon_energy(4.5) == edge.position.value + 4.5
    for window in ((1.5, 0.9), (2.0, 1.2), (9.0, 9.0)):
        other = fit_fermi_edge(kinetic, intensity, window=window, variants=False)
        assert other.position.value == pytest.approx(edge.position.value, abs=2.0 * edge.position.standard)
