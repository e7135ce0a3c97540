"""What is no Fermi edge is refused with a reason; what leaves doubt says which."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shirube.errors import InputError
from shirube_synchrotron.edge import fit_fermi_edge

KINETIC = np.arange(798.7, 800.9, 0.01)


def counts(mean, seed=1):
    return np.random.default_rng(seed).poisson(mean).astype(float)


def codes(edge):
    return [reason.code for reason in edge.reasons]


def refused(edge, code):
    """Tell that an edge is refused for this reason, in both languages, and gives no photon energy."""
    assert (edge.status, codes(edge)) == ("refused", [code])
    assert edge.variants == ()
    with pytest.raises(InputError) as caught:
        edge.photon_energy()
    assert caught.value.render("en") == edge.reasons[0].render("en")
    assert caught.value.render("ja") == edge.reasons[0].render("ja") != edge.reasons[0].render("en")
    return True


def test_a_valence_band_without_resolved_edge_is_refused(fermi_scan):
    binding, intensity = fermi_scan("pynxtools-xps/Ag_0002.txt")
    edge = fit_fermi_edge(-binding, intensity)
    assert refused(edge, "edge-smooth")
    assert "no better described by a Fermi edge than by a smooth curve" in edge.reasons[0].render("en")


@pytest.mark.parametrize("level", [1.0, 100.0, 1e5])
def test_noise_is_refused(level):
    edge = fit_fermi_edge(KINETIC, counts(np.full(KINETIC.size, level)))
    assert refused(edge, "edge-not-found")
    assert edge.curves is None
    assert math.isnan(edge.position.value)
    with pytest.raises(InputError, match="no Fermi edge stands out"):
        edge.intensity(KINETIC)


@pytest.mark.parametrize("values", [np.zeros(KINETIC.size), np.full(KINETIC.size, 7.0), KINETIC, -KINETIC])
def test_what_does_not_fall_as_an_edge_is_refused(values):
    assert fit_fermi_edge(KINETIC, values).status == "refused"


def test_a_steady_decline_is_never_an_edge():
    statuses = {fit_fermi_edge(KINETIC, counts(1000.0 - 200.0 * (KINETIC - 799.8), seed)).status for seed in range(30)}
    assert statuses == {"refused"}


def test_the_line_of_a_core_level_is_refused():
    line = 1000.0 * np.exp(-0.5 * ((KINETIC - 799.5) / 0.3) ** 2) + 100.0
    assert refused(fit_fermi_edge(KINETIC, counts(line)), "edge-peak")


def test_a_band_of_2_ev_is_refused():
    kinetic = np.arange(790.0, 805.0, 0.05)
    band = 1000.0 / (1.0 + np.exp((kinetic - 800.0) / 0.9))
    assert fit_fermi_edge(kinetic, counts(band)).status == "refused"


def test_a_scan_that_stops_at_its_edge_is_refused(simulated):
    kinetic = np.arange(798.7, 800.14, 0.01)
    edge = fit_fermi_edge(kinetic, simulated(kinetic))
    assert refused(edge, "edge-at-end")
    assert edge.curves is not None  # it can still be drawn
    assert "データの端に近すぎます" in edge.reasons[0].render("ja")


def test_too_few_points_are_refused(simulated):
    kinetic = np.arange(799.5, 800.5, 0.2)
    edge = fit_fermi_edge(kinetic, simulated(kinetic))
    assert refused(edge, "edge-too-few-points")
    assert edge.reasons[0].render("en").startswith("5 points are too few")


def test_no_points_at_all_are_refused():
    assert refused(fit_fermi_edge([], []), "edge-too-few-points")
    assert refused(fit_fermi_edge([1.0, 2.0], [np.nan, np.nan]), "edge-too-few-points")


def test_a_narrow_window_that_holds_too_few_points_is_refused(simulated):
    kinetic = np.arange(798.0, 801.0, 0.1)
    edge = fit_fermi_edge(kinetic, simulated(kinetic), window=(0.2, 0.2))
    assert refused(edge, "edge-too-few-points")
    assert "6 are needed" in edge.reasons[0].render("en")


def test_a_resolution_hidden_by_the_thermal_width_is_an_upper_limit(simulated):
    """8 meV behind 110 meV: nothing but a limit can be known, and the limit must hold."""
    limits = []
    for seed in range(40):
        edge = fit_fermi_edge(KINETIC, counts(simulated(KINETIC, fwhm=0.008), seed), variants=False)
        assert abs(edge.position.value - 800.0) < 5.0 * edge.position.statistical
        if edge.resolution_limit is not None:
            assert (edge.status, codes(edge)) == ("doubtful", ["edge-resolution-hidden"])
            limits.append(edge.resolution_limit)
    assert len(limits) > 30
    assert np.mean(np.array(limits) > 0.008) > 0.9
    assert max(limits) < 0.08


def test_a_resolved_resolution_has_no_limit(simulated):
    assert fit_fermi_edge(KINETIC, counts(simulated(KINETIC))).resolution_limit is None


def test_intensities_that_are_not_counts_are_told_from_counts(simulated):
    counted = 30.0 * counts(simulated(KINETIC))
    strict = fit_fermi_edge(KINETIC, counted, weights="poisson")
    assert strict.status == "doubtful"
    assert "edge-not-counts" in codes(strict)
    free = fit_fermi_edge(KINETIC, counted)
    assert free.status == "ok"
    assert free.dispersion == pytest.approx(30.0, rel=0.3)
    assert fit_fermi_edge(KINETIC, counts(simulated(KINETIC)), weights="poisson").status == "ok"


def test_a_spike_is_named_with_its_energy(simulated):
    counted = counts(simulated(KINETIC))
    counted[60] += 400.0
    edge = fit_fermi_edge(KINETIC, counted)
    assert edge.status == "doubtful"
    assert "edge-outlier" in codes(edge)
    assert "799.3 eV" in edge.reasons[codes(edge).index("edge-outlier")].render("en")


def test_structure_that_no_model_has_is_doubtful(simulated):
    wavy = simulated(KINETIC) * (1.0 + 0.1 * np.sin((KINETIC - 800.0) / 0.1))
    edge = fit_fermi_edge(KINETIC, counts(wavy))
    assert edge.status == "doubtful"
    assert "edge-structure" in codes(edge)


@settings(max_examples=150, deadline=None)
@given(
    values=arrays(np.float64, st.integers(0, 60), elements=st.floats(width=64)),
    step=st.sampled_from([0.0, 1e-9, 0.01, 0.2, 50.0]),
    options=st.fixed_dictionaries(
        {
            "temperature": st.sampled_from([0.0, 4.0, 300.0]),
            "weights": st.sampled_from(["poisson", "quasi-poisson"]),
            "window": st.sampled_from([None, (0.5, 0.5), (1e-3, 1e-3), (1e6, 1e6)]),
            "density_of_states": st.sampled_from(["constant", "linear", "quadratic"]),
        }
    ),
)
def test_whatever_the_numbers_are_an_edge_comes_back_finite_or_refused(values, step, options):
    edge = fit_fermi_edge(800.0 + step * np.arange(values.size), values, **options)
    assert (edge.status == "ok") == (not edge.reasons)
    if edge.status != "refused":
        assert edge.window[0] < edge.position.value < edge.window[1]
        assert all(math.isfinite(one.standard) for one in (edge.position, edge.resolution, edge.edge_width))


@pytest.mark.parametrize("window", [(0.8, 0.8), (3.0, 3.0), (40.0, 40.0)])
@pytest.mark.parametrize("temperature", [20.0, 300.0])
def test_no_window_makes_an_edge_of_the_valence_band(fermi_scan, window, temperature):
    binding, intensity = fermi_scan("pynxtools-xps/Ag_0002.txt")
    edge = fit_fermi_edge(binding, intensity, scale="binding", window=window, temperature=temperature)
    assert edge.status == "refused"


def band(kinetic, *binding):
    """Return the valence band of an insulator: lines 1.2 eV wide, no metal's edge."""
    return 50.0 + 1500.0 * sum(np.exp(-4.0 * np.log(2.0) * ((800.0 - kinetic - one) / 1.2) ** 2) for one in binding)


def test_the_leading_edge_of_a_band_is_never_taken_for_a_metal_without_doubt():
    kinetic = np.arange(792.0, 803.0, 0.05)
    mean = band(kinetic, 2.0, 3.0, 4.0, 5.0, 6.0)
    edges = [fit_fermi_edge(kinetic, counts(mean, seed), variants=False) for seed in range(20)]
    assert {edge.status for edge in edges} == {"doubtful"}
    assert all("edge-wide" in codes(edge) for edge in edges)
    assert "the edge of a band, not the Fermi level" in edges[0].reasons[0].render("en")


def test_an_onset_that_grows_faster_than_a_metal_does_is_doubtful(simulated):
    onset = np.sqrt(np.clip(800.0 - KINETIC, 0.0, None))
    blurred = np.convolve(np.pad(onset, 40, mode="edge"), np.exp(-0.5 * (np.arange(-40, 41) / 13.0) ** 2), mode="valid")
    edges = [fit_fermi_edge(KINETIC, counts(100.0 * blurred + 50.0, seed), variants=False) for seed in range(20)]
    assert all(edge.status != "ok" for edge in edges)
    assert fit_fermi_edge(KINETIC, counts(simulated(KINETIC, slope=-0.6))).status == "ok"


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5])
def test_steps_wider_than_the_edge_leave_a_limit_of_the_resolution(simulated, phase):
    kinetic = np.arange(798.5, 801.0, 0.1)
    mean = simulated(kinetic, level=800.0 + 0.1 * phase, fwhm=0.05, temperature=20.0, height=3000.0)
    for seed in range(20):
        edge = fit_fermi_edge(kinetic, counts(mean, seed), temperature=20.0, variants=False)
        assert edge.status != "ok"
        if edge.status == "doubtful":
            assert codes(edge)[0] == "edge-step-too-wide"
            assert edge.resolution_limit >= 0.1
        else:
            assert refused(edge, "edge-between-points")
            assert "measure with a smaller step" in edge.reasons[0].render("en")


@pytest.mark.parametrize(("factor", "least"), [(0.0, 8), (0.5, 6)])
def test_a_drop_in_the_dark_at_the_end_of_a_scan_does_not_beat_the_edge(simulated, factor, least):
    """The drop is 50 or 25 counts of 3000: where noise hides that it is too steep, the wrong level is never ``ok``."""
    kinetic = np.arange(798.0, 801.5, 0.01)
    right = []
    for seed in range(10):
        counted = counts(simulated(kinetic, height=3000.0), seed)
        counted[-20:] = np.floor(factor * counted[-20:])
        edge = fit_fermi_edge(kinetic, counted, variants=False)
        right.append(abs(edge.position.value - 800.0) < 5e-3)
        if not right[-1]:
            assert edge.position.value == pytest.approx(801.3, abs=0.05)
            assert (edge.status, codes(edge)[0]) == ("doubtful", "edge-higher-below")
            assert "800 eV" in edge.reasons[0].render("en")
        elif edge.reasons:
            assert (edge.status, codes(edge)) == ("doubtful", ["edge-drop-above"])
            assert "at 801." in edge.reasons[0].render("en")  # within a step or two of 801.3
    assert sum(right) >= least
