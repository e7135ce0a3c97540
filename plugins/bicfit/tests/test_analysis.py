"""The analysis as the core calls it: where it applies, what it returns, what every parameter does."""

from __future__ import annotations

import json
import pickle
from importlib import resources

import attrs
import numpy as np
import pytest

from shirube.errors import SettingsError
from shirube.parameters import build, fields
from shirube.progress import NoProgress
from shirube.records import AnalysisTarget, Axis, EnergyReference, Spectrum
from shirube.tables import read_csv, write_csv
from shirube.terms import parse_terms
from shirube_bicfit import analysis
from shirube_bicfit.parameters import Parameters

QUICK = Parameters(max_peaks=4, starts=60)


@pytest.fixture(scope="module")
def target(case, target_of):
    p3 = case("p3")
    return target_of(p3.energy[::-1], p3.counts(0)[::-1])


@pytest.fixture(scope="module")
def result(target):
    return analysis.run(target, QUICK, NoProgress())


def reason(target, parameters=QUICK):
    answer = analysis.applies(target, parameters)
    return None if answer is None else answer.render("en")


def flat(low, high, scale="binding"):
    energy = np.linspace(low, high, 41)
    axis = Axis("energy", energy, "eV")
    return AnalysisTarget("entry", (Spectrum("f#1", "x", np.ones(41), (axis,), "", EnergyReference(scale)),))


def test_a_narrow_binding_spectrum_is_fitted(target):
    assert reason(target) is None


def test_a_range_up_to_and_including_the_limit_applies_and_a_wider_one_says_its_width():
    assert reason(flat(0.0, 200.0)) is None
    assert reason(flat(-10.0, 600.0)).startswith("the region is 610 eV wide, more than max_range (200 eV)")
    assert reason(flat(-10.0, 600.0), Parameters(max_range=610.0)) is None


@pytest.mark.parametrize("scale", ["kinetic", "unknown"])
def test_other_scales_apply_only_when_allowed(scale):
    assert "not binding" in reason(flat(0.0, 10.0, scale))
    assert reason(flat(0.0, 10.0, scale), Parameters(any_scale=True)) is None


def test_images_and_spectra_without_energies_do_not_apply():
    energy, angle = Axis("energy", np.arange(3.0), "eV"), Axis("angle", np.arange(2.0), "deg")
    image = Spectrum("f#1", "x", np.ones((3, 2)), (energy, angle), "", EnergyReference("binding"))
    scan = Spectrum("f#1", "x", np.ones(2), (angle,), "", EnergyReference("binding"))
    assert "2 axes" in reason(AnalysisTarget("entry", (image,)))
    assert "no energy axis" in reason(AnalysisTarget("entry", (scan,)))


def test_the_result_holds_a_row_for_each_number_of_peaks_and_ranks_them(result):
    models = result.table("models")
    assert models.column("peaks").values.tolist() == [1, 2, 3, 4]
    bic, delta, rank = (models.column(name).values for name in ("bic", "delta_bic", "rank"))
    assert rank.tolist() == [4, 3, 1, 2]
    assert delta == pytest.approx(bic - bic.min())
    assert models.column("weight").values.sum() == pytest.approx(1.0)


def test_scalars_are_the_terms_that_the_plugin_declares_with_units_and_uncertainties(result):
    declared = {
        term.key: term
        for term in parse_terms(
            resources.files("shirube_bicfit").joinpath("terms.toml").read_text("utf-8"), "terms.toml"
        )
    }
    assert set(result.scalars) == set(declared)
    for key, quantity in result.scalars.items():
        assert quantity.unit == declared[key].unit
        assert (declared[key].type == "string") == isinstance(quantity.value, str)
    position = result.scalars["bicfit.main_peak_position"]
    assert position.value == pytest.approx(284.8, abs=5 * position.uncertainty)
    assert result.scalars["bicfit.peak_count"].value == 3


def test_peaks_come_in_order_of_energy_with_areas_that_sum_to_all(result, case):
    peaks = result.table("peaks")
    assert peaks.column("position").values == pytest.approx([284.8, 286.3, 288.7], abs=0.05)
    assert peaks.column("area_percent").values.sum() == pytest.approx(100.0)
    height, width, fraction = (peaks.column(name).values for name in ("height", "fwhm", "lorentz_fraction"))
    area = height * width / 2 * (fraction * np.pi + (1 - fraction) * np.sqrt(np.pi / np.log(2)))
    assert peaks.column("area").values == pytest.approx(area, rel=1e-12)
    assert peaks.column("area").unit == "counts eV"
    truth = case("p3").peaks
    true_area = truth[:, 0] * truth[:, 2] / 2 * (truth[:, 3] * np.pi + (1 - truth[:, 3]) * np.sqrt(np.pi / np.log(2)))
    pulls = (peaks.column("area").values - true_area) / peaks.column("area_uncertainty").values
    assert np.abs(pulls).max() < 5


def test_columns_name_their_terms_and_tables_of_peaks_their_model(result):
    tables = [one for one in result.tables if one.of_term("peak_position") is not None]
    assert [one.rank for one in tables] == list(range(1, 1 + len(tables)))
    models = result.table("models")
    counts = dict(zip(models.of_term("model_rank").values, models.of_term("component_count").values, strict=True))
    assert [len(one) for one in tables] == [counts[one.rank] for one in tables]
    assert [tables[0].of_term(term).name for term in ("component_name", "peak_width", "peak_area")] == [
        "component",
        "fwhm",
        "area",
    ]
    assert models.of_term("bic").values.min() == result.scalars["bicfit.bic"].value


def test_tables_say_what_their_numbers_count_and_what_intensities_without_a_unit_are_in(target):
    bare = AnalysisTarget("entry", (attrs.evolve(target.spectrum, intensity_unit=""),))
    made = analysis.run(bare, attrs.evolve(QUICK, max_peaks=1), NoProgress())
    peaks, models = made.table("peaks"), made.table("models")
    header = write_csv(peaks, lang="en").splitlines()[0].split(",")
    assert "Area (intensity × eV)" in header
    assert {peaks.column("height").unit, models.column("background_low").unit} == {"intensity"}
    assert write_csv(peaks).splitlines()[1].startswith("1,")
    assert [line.split(",")[:2] for line in write_csv(models).splitlines()[1:]] == [["1", "1"]]


def test_arrays_hold_what_a_figure_shows_in_the_order_of_the_spectrum(result, target):
    assert result.array("energy").tolist() == target.spectrum.energy.tolist()
    for rank in range(1, 5):
        parts = result.array(f"rank_{rank}_components")
        envelope = result.array(f"rank_{rank}_envelope")
        assert parts.sum(axis=0) + result.array(f"rank_{rank}_background") == pytest.approx(envelope)
        sigma = (target.spectrum.intensity - envelope) / np.sqrt(envelope)
        assert result.array(f"rank_{rank}_residuals") == pytest.approx(sigma)


def test_a_poor_fit_of_scaled_counts_says_so_in_scalars_table_and_reasons(case, target_of):
    p3 = case("p3")
    poor = analysis.run(target_of(p3.energy, 0.0137 * p3.counts(0)), Parameters(max_peaks=1, starts=10), NoProgress())
    value = poor.scalars["bicfit.reduced_deviance"].value
    assert value > 100
    assert poor.table("models").column("reduced_deviance").values.tolist() == [value]
    assert any(f"{round(value, 2)} times the noise" in reason.en for reason in poor.reasons)


def test_each_ranked_model_has_its_table_of_peaks(result):
    assert [len(result.table(name)) for name in ("peaks", "peaks_rank_2", "peaks_rank_3", "peaks_rank_4")] == [
        3,
        4,
        2,
        1,
    ]


def test_starts_are_counted_by_where_they_came_from(result):
    starts = result.table("starts")
    assert len(starts) == result.scalars["bicfit.starts"].value <= 60
    assert {"mixture", "ladder", "added"} <= set(starts.column("origin").values)


def test_tables_read_back_from_csv_and_scalars_from_json(result):
    for table in result.tables:
        assert table.same_as(read_csv(write_csv(table), table))
    json.dumps({key: [one.value, one.uncertainty] for key, one in result.scalars.items()}, allow_nan=False)


def test_the_same_input_gives_the_same_bytes(target, result):
    assert pickle.dumps(analysis.run(target, QUICK, NoProgress())) == pickle.dumps(result)


def test_a_refusal_has_reasons_in_both_languages_and_nothing_else(target_of):
    refused = analysis.run(target_of(np.arange(50.0), np.zeros(50)), QUICK, NoProgress())
    assert refused.status == "refused"
    assert (refused.reasons[0].en, refused.reasons[0].ja) == ("all intensities are zero", "強度がすべて 0 です")
    assert not refused.scalars
    assert not refused.tables
    assert not refused.arrays


def test_remarks_are_a_table_in_both_languages(target):
    narrow = analysis.run(target, Parameters(max_peaks=3, starts=30, fwhm_max=1.15), NoProgress())
    remarks = narrow.table("remarks")
    assert "at-bound" in remarks.column("code").values
    assert all(text and "{" not in text for lang in ("en", "ja") for text in remarks.column(lang).values)


class Told:
    """Remembers what it was told."""

    def __init__(self):
        self.done = []

    def update(self, done, label=""):
        assert isinstance(label, str)
        self.done.append(done)


def test_progress_grows_to_the_end(target):
    told = Told()
    analysis.run(target, Parameters(max_peaks=3, starts=12), told)
    assert told.done == sorted(told.done)
    assert told.done[-1] == 1.0


# every parameter does something


def fitted(target, **values):
    return analysis.run(target, Parameters(**{"max_peaks": 3, "starts": 40, **values}), NoProgress())


def test_max_peaks_ends_the_search(target):
    assert len(fitted(target, max_peaks=2).table("models")) == 2


def test_starts_are_not_exceeded(target):
    assert fitted(target, starts=9).scalars["bicfit.starts"].value <= 9
    assert fitted(target, starts=1).scalars["bicfit.starts"].value == 1


def test_widths_stay_within_their_bounds(target):
    wide = fitted(target, fwhm_min=1.3, fwhm_max=1.4).table("peaks").column("fwhm").values
    assert np.all((wide >= 1.3) & (wide <= 1.4))


def test_the_criterion_and_the_background_are_as_chosen(target):
    gauss, line = fitted(target, noise="gauss"), fitted(target, background="linear")
    assert gauss.scalars["bicfit.noise"].value == "gauss"
    assert line.scalars["bicfit.background"].value == "linear"


def test_top_models_are_kept(target):
    kept = fitted(target, top=2)
    assert [array.name for array in kept.arrays if array.name.endswith("envelope")] == [
        "rank_1_envelope",
        "rank_2_envelope",
    ]


def test_every_parameter_has_help_in_both_languages_and_appears_in_the_result(result):
    for one in fields(Parameters):
        assert one.help.en.endswith(".")
        assert one.help.ja.endswith("。")
    assert list(result.parameters) == [one.name for one in attrs.fields(Parameters)]


def test_crossed_widths_are_a_settings_error_that_says_so():
    with pytest.raises(SettingsError, match=r"fwhm_min \(2\.0 eV\) is not below fwhm_max \(1\.0 eV\)"):
        build(Parameters, {"fwhm_min": 2.0, "fwhm_max": 1.0}, "analyses.bicfit")


@pytest.mark.parametrize("values", [{"max_peaks": 0}, {"starts": 0}, {"noise": "aic"}, {"max_range": 0.0}, {"top": 0}])
def test_values_out_of_range_are_refused(values):
    with pytest.raises(SettingsError):
        build(Parameters, values, "analyses.bicfit")


def test_the_other_reading_of_the_limit_is_off_until_it_is_set():
    assert reason(flat(280.0, 290.0)) is None
    assert reason(flat(280.0, 290.0), Parameters(max_be=290.0)) is None
    assert "beyond max_be (200 eV)" in reason(flat(280.0, 290.0), Parameters(max_be=200.0))


def test_the_width_limit_holds_for_what_is_fitted():
    assert reason(flat(-10.0, 600.0), Parameters(range_low=200.0, range_high=400.0)) is None
    assert "7 channels between 280 and 400 eV are too few" in reason(
        flat(-10.0, 600.0), Parameters(range_low=280.0, range_high=400.0)
    )
    assert "no channel" in reason(flat(0.0, 10.0), Parameters(range_low=20.0))


def test_a_region_is_meant_by_name_number_or_id():
    for regions in ((), ("x",), ("1",), ("f#1",), ("y", "x")):
        assert reason(flat(0.0, 10.0), Parameters(regions=regions)) is None
    assert reason(flat(0.0, 10.0), Parameters(regions=("y", "2"))) == "only y, 2 is meant"


def test_the_report_tells_what_iso_19830_asks_for(result):
    report = result.table("report")
    told = dict(zip(report.column("item").values, report.column("value_en").values, strict=True))
    assert told["range"] == "280 to 295 eV, 301 channels, step 0.05 eV"
    assert told["noise"] == "counts, whose variance is the model"
    assert told["background"].startswith("active Shirley, fitted together with the peaks")
    assert "counts at 280 eV" in told["background"]
    assert "counts at 295 eV" in told["background"]
    assert told["line-shape"].startswith("pseudo-Voigt")
    assert "FWHM 0.2 to 2.5 eV" in told["constraints"]
    assert told["parameters"] == "14 for 3 peaks"
    assert "from Gaussian mixtures" in told["initial-values"]
    assert told["optimisation"] == "Levenberg-Marquardt within bounds, Poisson deviance"
    assert "Durbin-Watson" in told["residuals"]
    assert "1 to 4 peaks" in told["selection"]
    assert told["software"].startswith("shirube-bicfit ")
    assert "95 % intervals" in told["uncertainties"]
    assert all(value and "{" not in value for value in report.column("value_ja").values)


def test_constraints_of_doublets_and_shared_numbers_are_reported(target):
    tied = Parameters(max_peaks=2, starts=12, doublet="1.5:0.4", free_ratio=True, share_width=True, share_fraction=True)
    result = analysis.run(target, tied, NoProgress())
    report = result.table("report")
    told = dict(zip(report.column("item").values, report.column("value_en").values, strict=True))
    for part in ("splitting fixed at 1.5 eV", "height ratio of the doublets fitted", "one FWHM for all lines"):
        assert part in told["constraints"]
    peaks = result.table("peaks")
    assert len(peaks) == 2 * result.scalars["bicfit.peak_count"].value
    assert set(peaks.column("component").values) >= {"p1", "p1b"}


def test_the_best_model_has_intervals_and_the_others_have_none(result):
    names = [column.name for column in result.table("peaks").columns]
    assert {"position_low", "position_high", "area_percent_low"} <= set(names)
    low, value, high = (result.table("peaks").column(f"position{end}").values for end in ("_low", "", "_high"))
    assert np.all((low < value) & (value < high))
    assert "position_low" not in [column.name for column in result.table("peaks_rank_2").columns]
