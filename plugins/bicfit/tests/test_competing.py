"""Variants that compete: one ranking by one criterion on the same channels, each with its name."""

from __future__ import annotations

import numpy as np
import pytest

from shirube.errors import SettingsError
from shirube.parameters import build
from shirube_bicfit.batch import fit_series, fit_spectra
from shirube_bicfit.estimating import intervals_of
from shirube_bicfit.fitting import fit_spectrum
from shirube_bicfit.judgement import rejection_message
from shirube_bicfit.levels import doublet_named, level_in
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.variants import Variant, variants_of

LN2 = np.log(2.0)
ENERGY = np.linspace(364.0, 382.0, 241)
RIVALS = Parameters(max_peaks=3, starts=24, doublet=("none", "Ag 3d"), lineshape="auto")


def silver(seed: int) -> np.ndarray:
    """Return counts of two symmetric lines with partners at 6.0 eV and two thirds of the height."""
    total = np.full(ENERGY.size, 200.0)
    for height, centre in ((3000, 367.9), (1500, 369.4)):
        for ratio, shift in ((1.0, 0.0), (2.0 / 3.0, 6.0)):
            total += height * ratio * np.exp(-LN2 * ((ENERGY - centre - shift) / 0.55) ** 2)
    return np.random.default_rng(seed).poisson(total).astype(float)


@pytest.fixture(scope="module")
def rivals():
    return fit_spectrum(ENERGY, silver(0), RIVALS)


def test_the_variant_that_made_the_data_wins_and_the_ranking_names_all(rivals):
    assert rivals.best.variant == Variant("shirley", "symmetric", "Ag 3d") or rivals.best.variant.doublet == "Ag 3d"
    assert rivals.best.count == 2
    assert {one.variant for one in rivals.solutions} == {
        Variant(background, shape, doublet)
        for background in {one.variant.background for one in rivals.solutions}
        for shape in ("symmetric", "asymmetric")
        for doublet in ("none", "Ag 3d")
    }
    assert rivals.best.variant.name.render("en").endswith("Ag 3d doublets")
    assert rivals.best.variant.name.render("ja").endswith("Ag 3d 二重線")


def test_only_free_parameters_count(rivals):
    sizes = {(one.variant.lineshape, one.variant.doublet): one.parameters for one in rivals.solutions if one.count == 2}
    assert sizes == {
        ("symmetric", "none"): 10,
        ("asymmetric", "none"): 11,
        ("symmetric", "Ag 3d"): 10,
        ("asymmetric", "Ag 3d"): 11,
    }


def test_ranks_differences_and_weights_are_those_of_one_ranking(rivals):
    ranked = rivals.ranked
    assert [one.standing.rank for one in ranked] == list(range(1, len(rivals.solutions) + 1))
    accepted = [one for one in ranked if not one.rejected]
    bics = np.array([one.standing.bic for one in accepted])
    assert bics[0] == bics.min()
    assert [one.standing.delta_bic for one in accepted] == pytest.approx(bics - bics[0])
    weights = np.exp(-0.5 * (bics - bics[0]))
    assert [one.standing.weight for one in accepted] == pytest.approx(weights / weights.sum())
    assert sum(one.intervals is not None for one in rivals.solutions) == 1


def test_each_rival_is_what_it_is_alone_but_for_the_dispersion(rivals):
    alone = fit_spectrum(ENERGY, silver(0), Parameters(max_peaks=3, starts=24, doublet="Ag 3d"))
    mine = next(one for one in rivals.solutions if one.variant == alone.best.variant and one.count == alone.best.count)
    assert mine.theta.tolist() == alone.best.theta.tolist()
    assert mine.standing.bic == alone.best.standing.bic


def test_scaled_counts_have_one_dispersion_for_all_and_the_criterion_follows_it():
    fit = fit_spectrum(ENERGY, 0.013 * silver(1), RIVALS)
    assert fit.noise.kind == "quasi-poisson"
    for one in fit.solutions:
        expected = one.deviance / fit.dispersion + one.parameters * np.log(ENERGY.size)
        assert one.standing.bic == pytest.approx(expected, rel=1e-9)


def test_a_variant_that_loses_has_intervals_of_its_own(rivals):
    loser = next(one for one in rivals.ranked if one.variant.doublet == "none")
    found = intervals_of(rivals, loser.standing.rank, "fisher")
    assert found.theta.shape == (loser.theta.size, 2)


def test_auto_takes_the_level_that_the_region_is_named_after():
    auto = Parameters(doublet="auto", lineshape="auto", background="auto")
    assert len(variants_of(auto, "Ag3d scan")) == 8
    assert {one.doublet for one in variants_of(auto, "C 1s")} == {"none"}
    assert variants_of(Parameters(doublet=("auto", "none"))) == (Variant(),)


def test_a_doublet_competes_once_however_it_is_spelt():
    known = doublet_named("Ag 3d")
    spelt = (
        "Ag3d",
        "Ag 3d",
        "none",
        "ag 3D",
        f"{known.splitting!r}:{known.ratio!r}",
        "auto",
        "5.9:0.667",
        "5.90:0.667",
    )
    found = variants_of(Parameters(doublet=spelt), "Ag 3d")
    assert [one.doublet for one in found] == ["Ag3d", "none", "5.9:0.667"]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Fe2p", ("Fe 2p",)),
        ("Ag 3d_1", ("Ag 3d",)),
        ("Cu 2p3/2", ()),
        ("Cu2p 3/2", ()),
        ("0-150W_NiWW4f_W4f", ("W 4f",)),
        ("Survey", ()),
        ("Mg 2p", ()),
    ],
)
def test_levels_are_found_in_names_of_regions(name, level):
    assert level_in(name) == level


def test_stacks_compete_like_single_spectra_and_a_series_follows_the_winner():
    stack = np.stack([silver(seed) for seed in (0, 2)])
    settings = Parameters(max_peaks=2, starts=16, doublet=("none", "Ag 3d"))
    fits = fit_spectra(ENERGY, stack, settings)
    single = fit_spectrum(ENERGY, stack[1], settings)
    assert fits[1].best.variant == single.best.variant
    assert fits[1].best.theta.tolist() == single.best.theta.tolist()
    later = fit_series(ENERGY, stack, fits[0], settings)
    assert {one.best.variant for one in later} == {fits[0].best.variant}


def test_where_nothing_can_be_fitted_there_is_one_refusal():
    fit = fit_spectrum(ENERGY, np.full(ENERGY.size, 5.0), RIVALS)
    assert fit.status == "refused"
    assert [one.render("en") for one in fit.reasons] == ["all intensities are the same, so there is no peak to fit"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lineshape": ""}, "lineshape names nothing"),
        ({"lineshape": "round"}, "lineshape"),
        ({"doublet": "none, Zz 9q"}, "Zz 9q"),
        ({"range_low": 290.0, "range_high": 280.0}, "range_low"),
    ],
)
def test_choices_that_cannot_be_are_refused(values, said):
    with pytest.raises(SettingsError, match=said):
        build(Parameters, values, "analyses.bicfit")


def test_it_is_said_which_variant_gave_way_to_a_straight_line_even_if_it_lost():
    # lines that only doublets explain in few, on a background that falls
    fit = fit_spectrum(ENERGY, silver(0) + np.round(12.0 * (ENERGY[-1] - ENERGY)), Parameters(
        max_peaks=2, starts=16, doublet=("none", "Ag 3d")
    ))  # fmt: skip
    told = {one.params["variant"].render("en") for one in fit.remarks if one.code == "background-fallback"}
    linear = {one.variant.name.render("en") for one in fit.solutions if one.variant.background == "linear"}
    assert "linear, Ag 3d doublets" in told
    assert told == linear


@pytest.fixture(scope="module")
def carbon_rivals(measured):
    energy, counts = measured("pynxtools-xps/Cu-HHTP_0003.txt")
    kept = (energy >= 281.0) & (energy <= 292.0)
    # so few starts that a search of its own misses the optima of many lines
    return fit_spectrum(energy[kept], counts[kept], Parameters(lineshape="auto", max_peaks=6, starts=40))


def test_no_variant_ends_above_one_that_it_contains(carbon_rivals):
    by_kind = {(one.variant.lineshape, one.count): one for one in carbon_rivals.solutions}
    counts = {count for _, count in by_kind}
    assert max(counts) >= 5
    for count in counts:
        symmetric, with_tail = by_kind["symmetric", count], by_kind["asymmetric", count]
        # a tail of nothing is a symmetric line
        assert with_tail.deviance <= symmetric.deviance + 0.02


def test_what_a_variant_learnt_from_another_is_among_its_starts(carbon_rivals):
    learnt = [one for one in carbon_rivals.solutions if "variant" in one.origins]
    assert learnt
    for one in learnt:
        assert len(one.origins) == one.start_bics.size
        assert 1 <= one.hits <= one.finished <= len(one.origins)


def test_single_lines_end_no_higher_than_half_as_many_doublets(rivals):
    by_kind = {(one.variant.lineshape, one.variant.doublet, one.count): one for one in rivals.solutions}
    singles, doublet = by_kind["symmetric", "none", 2], by_kind["symmetric", "Ag 3d", 1]
    assert singles.variant.background == doublet.variant.background
    assert singles.deviance <= doublet.deviance + 0.02


def test_what_is_rejected_is_numbered_among_the_components_that_are_drawn(rivals):
    rejected = [one for one in rivals.solutions if one.rejected and one.variant.doublet == "Ag 3d"]
    assert rejected
    for solution in rejected:
        for one in solution.rejected:
            told = rejection_message(solution, one)
            assert told.params["number"] == len(solution.peaks) == 2 * solution.count
            assert one.peak <= told.params["number"]
            assert solution.peaks[one.peak - 1, 1] == pytest.approx(one.position)


def test_where_bounds_hold_the_winner_as_many_lines_of_all_variants_get_more_room(measured):
    energy, counts = measured("pynxtools-xps/Cu-HHTP_0004.txt")
    kept = (energy >= 70.0) & (energy <= 84.0)
    fit = fit_spectrum(energy[kept], counts[kept], Parameters(lineshape="auto", max_peaks=5, starts=60))
    (said,) = [one for one in fit.remarks if one.code == "widened"]
    assert fit.best.limits.fwhm_max == pytest.approx(float(said.params["limit"]))
    comparable = [one for one in fit.solutions if one.count <= fit.best.count]
    assert {one.limits for one in comparable} == {fit.best.limits}
    assert {one.variant.lineshape for one in comparable} == {"symmetric", "asymmetric"}
    # a line without a tail is one with a tail of nothing
    for one in comparable:
        if one.variant.lineshape == "symmetric":
            (other,) = [two for two in comparable if two.count == one.count and two is not one]
            assert other.deviance <= one.deviance * (1 + 1e-6)
