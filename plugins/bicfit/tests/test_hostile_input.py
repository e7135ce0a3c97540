"""Odd data: an honest answer or a clear refusal, never an exception, a warning or a nan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shirube.errors import SettingsError, ShirubeError
from shirube_bicfit.batch import fit_spectra
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.lone import lone_channels
from shirube_bicfit.parameters import Parameters

QUICK = Parameters(max_peaks=2, starts=8)
ENERGY = np.linspace(280.0, 295.0, 301)


def check(fit):
    """Check what holds for every fit, whatever the data."""
    assert fit.status in {"ok", "doubtful", "refused"}
    assert (fit.status == "ok") == (not fit.reasons)
    for text in (*fit.reasons, *fit.remarks):
        assert "{" not in text.render("en") + text.render("ja")
    assert (fit.status == "refused") == (not fit.solutions)
    for one in fit.solutions:
        assert np.all(np.isfinite(one.theta))
        assert np.all(np.isfinite(one.envelope))
        assert np.all(np.isfinite([one.standing.bic, one.reduced_deviance]))
        assert np.all(one.peaks[:, 0] >= 0)
        assert np.all((one.peaks[:, 3] >= 0) & (one.peaks[:, 3] <= 1))
        assert np.all((one.peaks[:, 2] >= fit.limits.fwhm_min) & (one.peaks[:, 2] <= one.limits.fwhm_max))
        assert np.all((one.peaks[:, 1] >= one.limits.low) & (one.peaks[:, 1] <= one.limits.high))
        assert not np.any(one.uncertainties < 0)


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(
    intensity=st.one_of(
        arrays(np.float64, st.integers(0, 40), elements=st.floats(allow_nan=True, allow_infinity=True)),
        arrays(np.float64, st.integers(12, 40), elements=st.floats(-1e3, 1e6)),
        arrays(np.float64, st.integers(12, 40), elements=st.integers(0, 5).map(float)),
        arrays(np.float64, st.integers(12, 40), elements=st.sampled_from([0.0, 1.0, 1e9, 1e-9])),
    ),
    step=st.sampled_from([0.05, -0.05, 1.0, 1e-4, -7.0]),
)
@example(intensity=np.array([13.0] + 11 * [2.3e-308]), step=0.05)
def test_any_numbers_are_answered(intensity, step):
    check(fit_spectrum(280.0 + step * np.arange(intensity.size), intensity, QUICK))


@settings(max_examples=25, deadline=None)
@given(arrays(np.float64, 20, elements=st.floats(allow_nan=True, allow_infinity=True)))
def test_any_axis_is_answered(energy):
    check(fit_spectrum(energy, np.random.default_rng(0).poisson(50.0, 20), QUICK))


REFUSALS = {
    "not-finite": (ENERGY, np.where(ENERGY > 290, np.nan, 1.0 + ENERGY)),
    "too-few-channels": (ENERGY[:5], ENERGY[:5]),
    "constant": (ENERGY, np.full(301, 7.0)),
    "all-zero": (ENERGY, np.zeros(301)),
    "beyond-range": (ENERGY, 1e200 * ENERGY),
    "not-monotone": (np.repeat(ENERGY, 2), np.repeat(ENERGY, 2)),
    "not-an-energy-axis": (1e9 * ENERGY, ENERGY),
    "no-peak": (ENERGY, np.random.default_rng(0).poisson(400.0, 301)),
}


@pytest.mark.parametrize("code", REFUSALS)
def test_what_cannot_be_fitted_is_refused_with_its_reason(code):
    fit = fit_spectrum(*REFUSALS[code])
    check(fit)
    assert (fit.status, [reason.code for reason in fit.reasons]) == ("refused", [code])


ROW = np.random.default_rng(0).poisson(100.0, 301).astype(float)
NO_ROWS = {
    "a stack": (ENERGY, ROW[None], "not-a-row"),
    "a channel missing": (ENERGY, ROW[:-1], "not-a-row"),
    "both two-dimensional": (ENERGY[None], ROW[None], "not-a-row"),
    "single numbers": (285.0, 3.0, "not-a-row"),
    "imaginary": (ENERGY, 1j * ROW, "not-real"),
    "words": (ENERGY, ["many"] * 301, "not-real"),
    "times": (ENERGY.astype("M8[s]"), ROW, "not-real"),
    "masked intensities": (ENERGY, np.ma.masked_greater(ROW, 110.0), "masked"),
    "masked energies": (np.ma.masked_greater(ENERGY, 290.0), ROW, "masked"),
}


@pytest.mark.parametrize("name", NO_ROWS)
def test_what_is_no_row_of_numbers_is_refused_for_what_it_is(name):
    energy, intensity, code = NO_ROWS[name]
    fit = fit_spectrum(energy, intensity, QUICK)
    assert (fit.status, [reason.code for reason in fit.reasons]) == ("refused", [code])
    assert "{" not in fit.reasons[0].render("en") + fit.reasons[0].render("ja")


def test_a_mask_that_hides_nothing_and_texts_that_are_numbers_change_nothing():
    plain = fit_spectrum(ENERGY, ROW, QUICK)
    for intensity in (np.ma.masked_array(ROW, mask=False), [str(one) for one in ROW], ROW.astype(int)):
        fit = fit_spectrum(ENERGY, intensity, QUICK)
        assert (fit.status, [one.code for one in fit.reasons]) == (plain.status, [one.code for one in plain.reasons])


def test_masks_and_kinds_of_a_stack_are_looked_at_spectrum_by_spectrum():
    mask = np.zeros((2, 301), dtype=bool)
    mask[1, 5:8] = True
    clear, hidden = fit_spectra(ENERGY, np.ma.masked_array(np.stack([ROW, ROW]), mask), QUICK)
    assert "masked" not in [one.code for one in clear.reasons]
    assert [(one.code, one.params["number"]) for one in hidden.reasons] == [("masked", 3)]
    (imaginary,) = fit_spectra(ENERGY, 1j * ROW[None], QUICK)
    assert [one.code for one in imaginary.reasons] == ["not-real"]


def test_no_spectra_have_no_fits():
    assert fit_spectra(ENERGY, np.zeros((0, ENERGY.size)), QUICK) == ()


def test_a_scale_that_does_not_exist_is_an_error_that_names_those_that_do():
    for call in (fit_spectrum, fit_spectra):
        with pytest.raises(ShirubeError, match="'bindng' is no energy scale; give one of kinetic, binding, unknown"):
            call(ENERGY, ROW if call is fit_spectrum else ROW[None], QUICK, scale="bindng")


def test_unsorted_energies_are_refused_before_they_are_misread():
    shuffled = np.random.default_rng(0).permutation(ENERGY)
    assert [reason.code for reason in fit_spectrum(shuffled, ENERGY).reasons] == ["not-monotone"]


@pytest.mark.parametrize("factor", [20.0, 100.0])
@pytest.mark.parametrize("channel", [0, 60, 96, 299])
def test_one_lone_channel_is_left_out_and_said_and_the_true_peaks_are_found(case, channel, factor):
    p3 = case("p3")
    counts = p3.counts(0)
    counts[channel] *= factor
    fit = fit_spectrum(ENERGY, counts, Parameters(max_peaks=4, starts=40))
    check(fit)
    assert (fit.status, fit.best.count, fit.best.rejected) == ("doubtful", 3, ())
    assert [(one.code, one.params["channel"]) for one in fit.reasons] == [("left-out", channel + 1)]
    assert fit.reasons[0].params["energy"] == f"{ENERGY[channel]:.2f}"
    assert np.delete(ENERGY, channel).tolist() == fit.energy.tolist()
    assert np.abs((fit.best.theta - p3.theta) / fit.best.uncertainties).max() < 5


def test_a_dead_channel_is_left_out_and_numbered_as_the_file_has_it(case):
    counts = case("p3").counts(0)[::-1].copy()
    counts[204] = 0.0
    fit = fit_spectrum(ENERGY[::-1], counts, Parameters(max_peaks=4, starts=40))
    assert [(one.code, one.params["channel"]) for one in fit.reasons] == [("left-out", 205)]
    assert fit.best.count == 3


def test_a_stack_leaves_out_of_each_spectrum_what_sticks_out_there(case):
    counts = np.array([case("p3").counts(seed) for seed in range(3)])
    counts[1, 60] *= 20.0
    fits = fit_spectra(ENERGY, counts, Parameters(max_peaks=4, starts=40))
    assert [fit.energy.size for fit in fits] == [301, 300, 301]
    assert [fit.best.count for fit in fits] == [3, 3, 3]
    assert [[one.code for one in fit.reasons] for fit in fits] == [[], ["left-out"], []]


@settings(max_examples=60, deadline=None)
@given(
    place=st.floats(281.0, 294.0),
    width=st.floats(0.2, 2.5),
    height=st.floats(10.0, 1e7),
    fraction=st.floats(0.0, 1.0),
    seed=st.integers(0, 10**6),
    factor=st.sampled_from([1.0, 0.0137]),
)
def test_no_channel_of_a_line_or_of_noise_is_taken_for_a_spike(place, width, height, fraction, seed, factor):
    square = np.square((ENERGY - place) / (0.5 * width))
    line = height * (fraction / (1 + square) + (1 - fraction) * np.exp(-np.log(2.0) * square))
    counts = np.random.default_rng(seed).poisson(20.0 + line).astype(float)
    for kind in ("poisson", "quasi-poisson") if factor == 1.0 else ("quasi-poisson",):
        assert lone_channels(ENERGY, factor * counts, kind, 0.2) == ()


def test_more_channels_than_can_be_fitted_are_refused_with_what_to_do():
    energy = np.linspace(280.0, 295.0, 50001)
    (reason,) = fit_spectrum(energy, np.ones(50001) + energy).reasons
    assert (reason.code, reason.params["merged"]) == ("too-many-channels", 3)
    assert fit_spectrum(energy[::3], np.ones(16667), QUICK).reasons[0].code == "constant"


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("centre", [279.4, 295.3, 295.6, 295.8])
def test_a_peak_beyond_the_region_is_neither_taken_for_one_channel_nor_believed(centre, seed):
    flank = 5000 * np.exp(-4 * np.log(2) * ((ENERGY - centre) / 1.2) ** 2)
    fit = fit_spectrum(ENERGY, np.random.default_rng(seed).poisson(100 + flank), Parameters(max_peaks=3, starts=40))
    check(fit)
    assert fit.status == "doubtful"
    assert {one.code for one in fit.reasons} <= {
        "unsettled-areas",
        "unsettled-positions",
        "unsettled-background",
        "undetermined",
    }
    assert all(line.gain >= 0.0 for one in fit.solutions for line in one.rejected)


def test_a_fall_without_a_peak_is_not_believed_to_be_peaks():
    counts = np.random.default_rng(0).poisson(1000 * np.exp(-(ENERGY - 280) / 3))
    fit = fit_spectrum(ENERGY, counts, Parameters(max_peaks=5, starts=60))
    check(fit)
    assert "unsettled-areas" in [one.code for one in fit.reasons]


def test_a_large_offset_does_not_hide_the_signal(case):
    p3 = case("p3")
    fit = fit_spectrum(ENERGY, p3.counts(0) + 1e12, Parameters(max_peaks=4, starts=40))
    check(fit)
    assert (fit.status, fit.best.count) == ("ok", 3)
    assert fit.best.peaks[:, 1] == pytest.approx(p3.peaks[:, 1], abs=0.03)


@pytest.mark.parametrize("starts", [1, 2])
def test_numbers_of_peaks_that_were_not_tried_for_want_of_starts_are_said(case, starts):
    fit = fit_spectrum(ENERGY, case("p3").counts(0), Parameters(starts=starts))
    check(fit)
    (reason,) = [one for one in fit.reasons if one.code == "starts-used-up"]
    assert (reason.params["number"], reason.params["tried"]) == (starts, len(fit.solutions))
    assert "starts-used-up" not in [one.code for one in fit_spectrum(ENERGY, case("p3").counts(0)).reasons]


def test_three_counts_at_the_tallest_peak_give_one_peak_with_wide_uncertainty(case):
    p3 = case("p3")
    counts = np.random.default_rng(1).poisson(3e-4 * p3.model(p3.theta).real)
    fit = fit_spectrum(ENERGY, counts)
    check(fit)
    assert fit.best.count == 1
    assert fit.best.peaks[0, 1] == pytest.approx(284.8, abs=0.3)
    assert fit.best.uncertainties[0] > 0.1 * fit.best.peaks[0, 0]


def test_negative_intensities_are_fitted_with_one_variance(case):
    fit = fit_spectrum(ENERGY, case("p3").counts(0) - 2000.0, Parameters(max_peaks=3))
    check(fit)
    assert fit.noise.kind == "gauss"
    assert "negative-intensities" in [one.code for one in fit.remarks]
    assert fit.best.peaks[:, 1] == pytest.approx([284.8, 286.3, 288.7], abs=0.05)


def test_a_noise_free_spectrum_is_fitted_exactly(case):
    p3 = case("p3")
    fit = fit_spectrum(ENERGY, p3.model(p3.theta).real, Parameters(max_peaks=3))
    check(fit)
    assert fit.best.theta == pytest.approx(p3.theta, rel=1e-5)


def test_a_peak_at_the_edge_is_reported_at_its_bound():
    slope = 500 + 5000 * np.exp(-((ENERGY - 295.0) ** 2))
    fit = fit_spectrum(ENERGY, np.random.default_rng(0).poisson(slope), Parameters(max_peaks=1))
    check(fit)
    assert fit.best.peaks[0, 1] == pytest.approx(295.0, abs=0.1)


def test_a_step_without_a_peak_does_not_hang():
    check(fit_spectrum(ENERGY, np.where(ENERGY > 287, 100.0, 0.0), Parameters(max_peaks=4, starts=60)))


def test_an_answer_at_a_bound_is_said_and_has_no_uncertainty_there(case):
    fit = fit_spectrum(ENERGY, case("p3").counts(0), Parameters(max_peaks=3, fwhm_max=1.15))
    check(fit)
    assert any("fwhm_max" in bounds for bounds in fit.best.at_bound)
    assert "at-bound" in [one.code for one in fit.remarks]
    for spread, bounds in zip(fit.best.uncertainties[:-2].reshape(-1, 4), fit.best.at_bound, strict=True):
        assert np.isnan(spread[2]) == ("fwhm_max" in bounds)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("centre", [295.0, 295.3])
def test_a_peak_that_the_end_of_the_region_cuts_is_said_to_be_cut(centre, seed):
    model = 300 + 4000 * np.exp(-4 * np.log(2) * ((ENERGY - centre) / 1.1) ** 2)
    fit = fit_spectrum(ENERGY, np.random.default_rng(seed).poisson(model), Parameters(max_peaks=2, starts=16))
    check(fit)
    assert "at-the-edge" in [one.code for one in fit.remarks]
    assert fit.best.peaks[-1, 1] == pytest.approx(centre, abs=0.5)
    # where a line and the rise of the background cannot be told apart, that is said, and nothing is claimed
    spread = fit.best.areas.uncertainties[-1]
    lost = bool(np.isnan(fit.best.uncertainties[-6])) or spread > fit.best.areas.values[-1]
    codes = {one.code for one in fit.reasons}
    assert lost == bool(codes)
    assert codes <= {"undetermined", "unsettled-areas", "unsettled-positions", "unsettled-background"}


def test_duplicate_energies_are_refused(case):
    energy = ENERGY.copy()
    energy[100] = energy[101]
    assert [one.code for one in fit_spectrum(energy, case("p3").counts(0)).reasons] == ["not-monotone"]


@pytest.mark.parametrize("channels", [12, 13, 14, 20])
def test_few_channels_get_no_more_numbers_than_half_of_them(channels):
    energy = np.linspace(283.0, 287.0, channels)
    counts = np.random.default_rng(0).poisson(50 + 500 * np.exp(-((energy - 285) ** 2)))
    fit = fit_spectrum(energy, counts)
    check(fit)
    assert all(2 * one.parameters <= channels for one in fit.solutions)
    assert all(np.isfinite(one.standing.aicc) for one in fit.solutions)


def test_three_counts_in_all_are_answered():
    counts = np.zeros(301)
    counts[[100, 103, 160]] = 1.0
    fit = fit_spectrum(ENERGY, counts, Parameters(max_peaks=2, starts=12))
    check(fit)
    # three counts are no evidence for a peak
    assert (fit.status, [one.code for one in fit.reasons]) == ("refused", ["no-peak"])


def test_channels_without_counts_beside_a_peak_are_fitted():
    counts = np.random.default_rng(0).poisson(200 * np.exp(-4 * np.log(2) * (ENERGY - 287.0) ** 2)).astype(float)
    assert np.count_nonzero(counts == 0.0) > 200
    fit = fit_spectrum(ENERGY, counts, Parameters(max_peaks=3, starts=24))
    check(fit)
    assert fit.best.count == 1
    assert fit.best.peaks[0, 1] == pytest.approx(287.0, abs=0.03)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_value_that_is_no_number_is_refused_and_counted(case, bad):
    counts = case("p3").counts(0)
    counts[7] = bad
    (reason,) = fit_spectrum(ENERGY, counts).reasons
    assert (reason.code, reason.params["number"]) == ("not-finite", 1)


def test_a_region_in_kinetic_energy_is_fitted_as_it_stands_with_its_background_on_the_other_side(case):
    p3 = case("p3")
    fit = fit_spectrum(1253.6 - ENERGY, p3.counts(0), Parameters(max_peaks=4, starts=30), scale="kinetic")
    check(fit)
    assert (fit.status, fit.background) == ("ok", "shirley")
    assert 1253.6 - fit.best.peaks[:, 1] == pytest.approx([288.7, 286.3, 284.8], abs=0.03)
    assert fit.best.theta[-2] > fit.best.theta[-1]


@pytest.mark.parametrize(("fwhm_min", "low", "high"), [(3.0, 280.0, 295.0), (1.0, 283.4, 286.3), (2.85, 283.4, 286.3)])
def test_a_smallest_width_that_is_asked_for_holds_and_moves_the_largest(case, fwhm_min, low, high):
    p3 = case("p3")
    within = (low - 0.01 < ENERGY) & (high + 0.01 > ENERGY)
    fit = fit_spectrum(ENERGY[within], p3.counts(0)[within], Parameters(max_peaks=2, starts=8, fwhm_min=fwhm_min))
    check(fit)
    assert fit.limits.fwhm_min == fwhm_min
    assert fit.limits.fwhm_max > min(1.5 * fwhm_min, high - low)
    assert fit.best.limits.fwhm_max <= 1.06 * (high - low)
    said = [one.params["bound"].code for one in fit.remarks if one.code == "at-bound"]
    assert "bound-fwhm_min" in said


@pytest.mark.parametrize(
    ("asked", "code", "numbers"),
    [
        ({"fwhm_min": 15.0}, "wider-than-the-region", ("15", "15")),
        ({"fwhm_min": 40.0, "fwhm_max": 60.0}, "wider-than-the-region", ("40", "15")),
        ({"fwhm_max": 1e-9}, "narrower-than-a-step", ("1e-09", "0.05")),
        ({"fwhm_max": 0.04}, "narrower-than-a-step", ("0.04", "0.05")),
    ],
)
def test_widths_that_no_line_of_the_region_can_have_are_refused_with_both_numbers(case, asked, code, numbers):
    for energy in (ENERGY, ENERGY[::-1]):
        fit = fit_spectrum(energy, case("p3").counts(0), Parameters(**asked))
        check(fit)
        assert [(one.code, tuple(one.params.values())) for one in fit.reasons] == [(code, numbers)]


@pytest.mark.parametrize("asked", [{"fwhm_max": 0.05}, {"fwhm_min": 1e-9}])
def test_widths_of_one_step_or_next_to_nothing_are_fitted_without_a_warning(case, asked):
    check(fit_spectrum(ENERGY, case("p3").counts(0), Parameters(max_peaks=2, starts=8, **asked)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("background", "foo"),
        ("random_starts", -1),
        ("random_starts", 2.5),
        ("random_starts", 1_000_000),
        ("max_peaks", 0),
        ("max_peaks", "3"),
        ("starts", 0),
        ("fwhm_min", np.nan),
    ],
)
def test_settings_made_in_python_are_held_to_what_they_may_be(name, value):
    with pytest.raises(SettingsError, match=name) as refused:
        Parameters(**{name: value})
    assert repr(value) in str(refused.value)


def test_all_wrong_settings_are_named_at_once_and_numbers_of_numpy_are_numbers():
    with pytest.raises(SettingsError) as refused:
        Parameters(max_peaks=0, starts=0, noise="pink")
    assert all(name in str(refused.value) for name in ("max_peaks", "starts", "noise"))
    taken = Parameters(max_peaks=np.int64(3), fwhm_min=np.float32(0.5))
    assert (type(taken.max_peaks), type(taken.fwhm_min)) == (int, float)
    assert (taken.max_peaks, taken.fwhm_min) == (3, 0.5)


@pytest.mark.parametrize("processes", [0, -1, True, 2.5, "2", np.nan])
def test_a_number_of_processes_that_is_none_is_refused(processes):
    with pytest.raises(ShirubeError, match="processes"):
        fit_spectra(ENERGY, np.ones((2, ENERGY.size)), QUICK, processes=processes)


@pytest.mark.parametrize("threads", [0, -2, True, 2.5, "2", np.nan])
def test_a_number_of_threads_that_is_none_is_refused(threads):
    with pytest.raises(ShirubeError, match="`threads` must be a whole number from 1 on"):
        fit_spectrum(ENERGY, ROW, QUICK, threads=threads)
