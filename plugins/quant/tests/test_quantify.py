"""Quantification of whole entries: known compositions at several photon energies, and what is said of bad input."""

import math
import re

import numpy as np
import pytest
from attrs import evolve

from shirube.errors import InputError, SettingsError
from shirube.figures import to_png
from shirube.messages import Text
from shirube.parameters import build
from shirube.progress import NoProgress
from shirube.records import (
    AnalysisTarget,
    Axis,
    EnergyReference,
    Entry,
    Facts,
    Measurement,
    Origin,
    Quantity,
    Result,
    Spectrum,
)
from shirube.reduction import entry_target
from shirube.tables import Column, Table
from shirube_quant.quantifyanalysis import applies, draw, run
from shirube_quant.quantifyparameters import QuantifyParameters
from shirube_quant.quantifytelling import composition_lines

#: J. J. Yeh and I. Lindau, At. Data Nucl. Data Tables 32, 1 (1985), Mb: not the tables that the program uses.
CROSS_SECTIONS = {
    "C 1s": {800.0: 0.077, 1041.0: 0.037, 1253.6: 0.022},
    "O 1s": {800.0: 0.2044, 1041.0: 0.1042, 1253.6: 0.063},
    "F 1s": {800.0: 0.2923, 1041.0: 0.1525, 1253.6: 0.094},
    "Si 2p": {800.0: 0.076, 1041.0: 0.034, 1253.6: 0.019},
    "Al 2p": {800.0: 0.051, 1041.0: 0.022, 1253.6: 0.012},
}
ENERGIES = {"C 1s": 284.8, "O 1s": 532.5, "F 1s": 689.0, "Si 2p": 103.4, "Al 2p": 74.5}
COMPOUNDS = {
    "SiO2": {"O 1s": 2.0, "Si 2p": 1.0},
    "Al2O3": {"O 1s": 3.0, "Al 2p": 2.0},
    "PET": {"C 1s": 10.0, "O 1s": 4.0},
    "PTFE": {"F 1s": 2.0, "C 1s": 1.0},
}


def region(name, photon_energy=800.0, area=3e4, *, at=None, called=None, seed=0, **changes):
    """Return a line of 1.5 eV on a Shirley background, in counts with their noise."""
    centre = ENERGIES.get(name, 284.8) if at is None else at
    energy = np.linspace(centre + 8.0, centre - 8.0, 161)
    sigma = 1.5 / 2.3548
    line = 0.1 * area / (sigma * math.sqrt(2.0 * math.pi)) * np.exp(-0.5 * np.square((energy - centre) / sigma))
    below = np.cumsum(line[::-1])[::-1]
    counts = np.random.default_rng(seed).poisson(10.0 * (line + 20.0 + 0.02 * below)).astype(float)
    return evolve(
        Spectrum(
            id=f"{name}.txt#{photon_energy:g}",
            name=name if called is None else called,
            intensity=counts,
            axes=(Axis("energy", energy, "eV"),),
            intensity_unit="counts",
            reference=EnergyReference("binding", photon_energy, 0.0),
        ),
        **changes,
    )


def facts(**values):
    units = {"channel_time": "s", "pass_energy": "eV", "step_time": "ms"}
    return Facts({key: (Quantity(one, units.get(key), None, Origin("header")),) for key, one in values.items()})


def target(*spectra, results=(), each=None):
    """Return an entry in which every region was measured for a second a channel."""
    each = each or {}
    found = {one.id: facts(channel_time=1.0, pass_energy=50.0) for one in spectra}
    return AnalysisTarget("sample", spectra, {**found, **each}, results)


def quantify(entry, **settings):
    return run(entry, build(QuantifyParameters, settings), NoProgress())


def percentages(result):
    table = result.table("composition")
    return dict(zip(table.column("element").values, table.column("percent").values, strict=True))


def said(result, lang="en"):
    return "\n".join(result.table("remarks").column(lang).values)


def fit(spectrum, rows, *, shares=None, analysis="anyfit", status="ok"):
    """Return a fit as any analysis may leave it: rows of name, position, its uncertainty, area, its uncertainty."""
    names, positions, unsure, areas, spread = zip(*rows, strict=True)
    columns = [
        Column("component", Text("", ""), names, term="component_name"),
        Column("position", Text("", ""), positions, "eV", term="peak_position"),
        Column("position_uncertainty", Text("", ""), unsure, "eV"),
        Column("area", Text("", ""), areas, term="peak_area"),
        Column("area_uncertainty", Text("", ""), spread),
    ]
    if shares is not None:
        columns.append(Column("area_percent_uncertainty", Text("", ""), shares, "%"))
    table = Table("peaks", Text("", ""), tuple(columns), rank=1)
    return Result(analysis=analysis, target=spectrum.id, status=status, tables=(table,))


def measured_compound(name, photon_energy):
    """Return regions whose areas follow another author's cross sections and paths as the energy to the power 0.75."""
    spectra = []
    for place, (level, atoms) in enumerate(COMPOUNDS[name].items()):
        sigma = CROSS_SECTIONS[level][photon_energy] / CROSS_SECTIONS["O 1s"][photon_energy]
        path = ((photon_energy - ENERGIES[level]) / 500.0) ** 0.75
        spectra.append(region(level, photon_energy, 2e4 * atoms * sigma * path, seed=place))
    return target(*spectra)


@pytest.mark.parametrize("photon_energy", [800.0, 1041.0, 1253.6])
@pytest.mark.parametrize("name", COMPOUNDS)
def test_a_compound_has_its_ratio_at_every_photon_energy(name, photon_energy):
    result = quantify(measured_compound(name, photon_energy))
    atoms = COMPOUNDS[name]
    table = result.table("composition")
    for level, percent, by_factors in zip(
        table.column("level").values,
        table.column("percent").values,
        table.column("percent_by_factors").values,
        strict=True,
    ):
        expected = 100.0 * atoms[level] / sum(atoms.values())
        # well within the stated uncertainty, so that factors of another energy would not do
        assert abs(percent - expected) < 0.5 * by_factors


def test_factors_of_another_photon_energy_would_not_do():
    entry = measured_compound("SiO2", 800.0)
    spectra = tuple(evolve(one, reference=EnergyReference("binding", 1253.6, 0.0)) for one in entry.spectra)
    wrong = percentages(quantify(evolve(entry, spectra=spectra)))
    assert abs(wrong["O"] - 200.0 / 3.0) > 5.0


def test_repetitions_scatter_as_the_uncertainty_of_areas_says():
    found = [
        quantify(target(region("O 1s", area=3e3, seed=2 * one), region("C 1s", area=2e3, seed=2 * one + 1)))
        for one in range(60)
    ]
    percent = np.array([percentages(one)["O"] for one in found])
    stated = np.mean([one.table("composition").column("percent_by_areas").values[0] for one in found])
    assert percent.std() == pytest.approx(stated, rel=0.3)


def test_the_uncertainty_of_factors_is_stated_apart():
    table = quantify(measured_compound("SiO2", 800.0), sensitivity_uncertainty=0.2).table("composition")
    both, areas, factors = (
        table.column(name).values[0] for name in ("percent_uncertainty", "percent_by_areas", "percent_by_factors")
    )
    assert both == pytest.approx(math.hypot(areas, factors))
    # 2 : 1 with 20 % each: 66.7 % (1 - 0.667) 0.2 sqrt(2)
    assert factors == pytest.approx(100.0 * (2.0 / 9.0) * 0.2 * math.sqrt(2.0), rel=0.02)


def test_scalars_carry_composition_units_and_uncertainty():
    scalars = quantify(measured_compound("SiO2", 800.0), material="SiO2").scalars
    main = scalars["quant.main_percent"]
    assert scalars["quant.main_element"].value == "O"
    assert (main.unit, main.uncertainty) == ("%", pytest.approx(4.7, abs=0.2))
    assert scalars["quant.quantified_elements"].value == "O, Si"
    assert scalars["quant.composition"].value.startswith("O 6")
    assert scalars["quant.depth_most"].number == pytest.approx(3 * 2.30, rel=0.02)
    assert scalars["quant.depth_most"].unit == "nm"


def test_depth_is_told_along_the_normal():
    straight, tilted = (
        quantify(measured_compound("SiO2", 800.0), emission_angle=angle).table("lines").column("depth").values
        for angle in (0.0, 60.0)
    )
    np.testing.assert_allclose(tilted, 0.5 * straight)


def test_areas_of_fits_go_before_integrals_and_components_share_the_fraction():
    oxygen, carbon = region("O 1s"), region("C 1s")
    made = fit(carbon, [("p1", 284.8, 0.01, 300.0, 3.0), ("p2", 286.5, 0.02, 100.0, 4.0)], shares=[0.8, 0.8])
    result = quantify(target(oxygen, carbon, results=(made, fit(oxygen, [("p1", 532.5, 0.01, 400.0, 4.0)]))))
    parts = result.table("components")
    lines = result.table("lines")
    told = [lines.column(one).values[0] for one in ("source", "source_en", "source_ja")]
    assert told == ["fit", "fit", "フィット"]
    carbons = [
        percent
        for level, percent in zip(parts.column("level").values, parts.column("percent").values, strict=True)
        if level == "C 1s"
    ]
    assert carbons[0] == pytest.approx(3.0 * carbons[1])
    assert sum(carbons) == pytest.approx(percentages(result)["C"])
    assert "C 1s: area by the fit (anyfit)" in said(result)


def test_counts_are_divided_by_the_time_of_a_channel():
    entry = measured_compound("SiO2", 800.0)
    longer = evolve(entry.spectra[0], intensity=4.0 * entry.spectra[0].intensity)
    each = {longer.id: facts(channel_time=4.0, pass_energy=50.0)}
    result = quantify(target(longer, entry.spectra[1], each=each))
    assert percentages(result)["O"] == pytest.approx(percentages(quantify(entry))["O"], abs=1e-6)
    assert "divided by the measuring time" in said(result)


def test_sweeps_and_time_of_a_step_make_the_time_of_a_channel():
    entry = measured_compound("SiO2", 800.0)
    longer = evolve(entry.spectra[0], intensity=3.0 * entry.spectra[0].intensity)
    each = {
        longer.id: facts(sweeps=6, step_time=500.0, pass_energy=50.0),
        entry.spectra[1].id: facts(sweeps=2, step_time=500.0, pass_energy=50.0),
    }
    result = quantify(target(longer, entry.spectra[1], each=each))
    assert percentages(result)["O"] == pytest.approx(percentages(quantify(entry))["O"], abs=1e-6)


@pytest.mark.parametrize(("unit", "settings"), [("counts", {}), ("", {}), ("", {"intensities": "rates"})])
def test_summed_iterations_count_as_so_much_measuring_time_and_noise_is_that_of_the_sum(unit, settings):
    oxygen, carbon = region("O 1s", intensity_unit=unit), region("C 1s", intensity_unit=unit)
    scans = np.stack([region("O 1s", seed=seed).intensity for seed in range(4)])
    repeated = evolve(oxygen, intensity=scans, axes=(Axis("iteration", np.arange(1.0, 5.0)), *oxygen.axes))
    once = target(oxygen, carbon)
    file = Measurement("a.txt", "any", (repeated, carbon))
    summed = entry_target(Entry("sample", (file,), once.facts, axes={"iteration": "sum"}))
    assert summed.spectra[0].intensity.shape == (161,)
    before, after = quantify(once, **settings), quantify(summed, **settings)
    assert percentages(after)["O"] == pytest.approx(percentages(before)["O"], abs=1.0)
    assert "divided by the number of iterations that were summed (1, 4)" in said(after)
    relative = [
        one.table("lines").column("area_uncertainty").values[0] / one.table("lines").column("area").values[0]
        for one in (before, after)
    ]
    assert relative[1] == pytest.approx(0.5 * relative[0], rel=0.3)
    assert after.table("lines").column("exposure").values.tolist() == [4.0, 1.0]


def test_in_an_unknown_unit_different_times_leave_the_ratio_unknown_until_it_is_stated():
    spectra = tuple(evolve(one, intensity_unit="") for one in measured_compound("SiO2", 800.0).spectra)
    entry = target(*spectra, each={spectra[0].id: facts(channel_time=2.0, pass_energy=50.0)})
    refused = quantify(entry)
    assert refused.status == "refused"
    assert "set intensities to counts or rates" in said(refused)
    counts, rates = (percentages(quantify(entry, intensities=one))["O"] for one in ("counts", "rates"))
    assert rates / (100.0 - rates) == pytest.approx(2.0 * counts / (100.0 - counts))


def test_times_that_are_not_stated_are_taken_as_equal_and_make_it_doubtful():
    entry = measured_compound("SiO2", 800.0)
    result = quantify(evolve(entry, facts={}))
    assert result.status == "doubtful"
    assert any("measuring times are not known" in one.en for one in result.reasons)


def test_regions_at_other_photon_energies_are_not_compared():
    result = quantify(target(region("O 1s", 800.0), region("C 1s", 650.0), region("C 1s", 400.0)))
    assert result.status == "refused"
    (reason,) = result.reasons
    assert "at 800 eV only O was measured" in reason.en
    assert "the flux or the scale between them is not known" in reason.en
    assert not result.scalars


def test_the_set_with_most_elements_is_the_result_and_others_stand_beside_it():
    silica = measured_compound("SiO2", 800.0)
    alone = region("C 1s", 400.0)
    result = quantify(target(alone, *silica.spectra))
    assert result.scalars["quant.photon_energy"].number == 800.0
    assert set(result.table("composition").column("photon_energy").values) == {800.0}
    assert set(result.table("lines").column("photon_energy").values) == {400.0, 800.0}


@pytest.mark.parametrize("fact", [{"pass_energy": 100.0}, {"pass_energy": 50.0, "lens_mode": "Angular"}])
def test_regions_of_another_pass_energy_or_lens_mode_are_not_compared(fact):
    entry = measured_compound("SiO2", 800.0)
    other = {entry.spectra[0].id: facts(channel_time=1.0, **fact)}
    assert quantify(target(*entry.spectra, each=other)).status == "refused"


def test_two_lines_of_an_element_check_each_other():
    entry = measured_compound("SiO2", 800.0)
    weak = region("Si 2s", area=2e3, at=150.0)
    lines = quantify(target(*entry.spectra, weak)).table("lines")
    used = dict(zip(lines.column("level").values, lines.column("used").values, strict=True))
    ratio = dict(zip(lines.column("level").values, lines.column("ratio").values, strict=True))
    assert used == {"O 1s": 1.0, "Si 2p": 1.0, "Si 2s": 0.0}
    assert ratio["Si 2p"] == 1.0
    assert 0.0 < ratio["Si 2s"] < 0.6


def test_every_assumption_is_said_in_both_languages():
    result = quantify(measured_compound("SiO2", 800.0))
    for word in ("homogeneous", "hydrogen", "angular asymmetry: not corrected", "power 0.75", "transmission", "15 %"):
        assert word in said(result)
    for word in ("均一", "水素", "非対称性", "0.75 乗", "透過率", "15 %"):
        assert word in said(result, "ja")


def test_an_angle_corrects_all_levels_or_none():
    entry = measured_compound("SiO2", 800.0)
    plain = percentages(quantify(entry))["O"]
    lacking = quantify(entry, polarisation_angle=0.0)
    assert percentages(lacking)["O"] == plain
    assert "no asymmetry parameter is given for Si 2p" in said(lacking)
    # 1 + beta: 3 for O 1s, 2 for Si 2p
    corrected = quantify(entry, polarisation_angle=0.0, asymmetry="Si 2p = 1.0")
    ratio = percentages(corrected)["O"] / percentages(corrected)["Si"]
    assert ratio == pytest.approx(plain / (100.0 - plain) * 2.0 / 3.0)
    magic = quantify(entry, polarisation_angle=math.degrees(math.acos(math.sqrt(1.0 / 3.0))), asymmetry="Si 2p = 1.0")
    assert percentages(magic)["O"] == pytest.approx(plain)


def test_for_unpolarised_light_the_correction_is_the_other_way():
    entry = measured_compound("SiO2", 800.0)
    lines = quantify(entry, light_angle=90.0, asymmetry="Si 2p = 1.0").table("lines")
    assert sorted(lines.column("angular").values) == pytest.approx([1.25, 1.5])


def test_across_the_polarisation_s_levels_vanish_and_that_is_said():
    result = quantify(measured_compound("SiO2", 800.0), polarisation_angle=90.0, asymmetry="Si 2p = 1.0")
    assert result.status == "refused"
    assert "almost nothing of O 1s is emitted" in said(result)


def test_a_transmission_curve_divides(tmp_path):
    entry = measured_compound("SiO2", 800.0)
    curve = tmp_path / "T.csv"
    curve.write_text("energy,T\n200,2.0\n300,2.0\n600,1.0\n800,1.0\n", encoding="utf-8")
    plain, divided = percentages(quantify(entry)), percentages(quantify(entry, transmission=str(curve)))
    assert divided["O"] / divided["Si"] == pytest.approx(0.5 * plain["O"] / plain["Si"])


def test_a_material_takes_the_place_of_the_power_law():
    paths = quantify(measured_compound("SiO2", 800.0), material="SiO2").table("lines").column("mean_free_path").values
    # another implementation's TPP-2M at 200, 300 and 700 eV: 1.02, 1.29 and 2.31 nm
    assert paths[0] == pytest.approx(1.20, abs=0.03)
    assert paths[1] == pytest.approx(2.30, abs=0.03)


@pytest.mark.parametrize(
    ("spectrum", "words"),
    [
        (
            region("O 1s", reference=EnergyReference("kinetic")),
            "its energies are kinetic; the photon energy must be known",
        ),
        (region("O 1s", reference=EnergyReference("unknown")), "its energies are"),
        (region("O 1s", reference=EnergyReference("binding")), "the photon energy is not known"),
        (region("O 1s", photon_energy=-5.0), "O 1s at 532.5 eV lies beyond the photon energy of -5 eV"),
        (region("O 1s", photon_energy=530.0), "O 1s at 532.5 eV lies beyond the photon energy of 530 eV"),
        (region("O 1s", called="Region 1"), "its name holds no core level"),
        (region("O 1s", called="C 1s"), "C 1s does not lie between 524.5 and 540.5 eV"),
        (region("O 1s", called="O KLL"), "its name holds no core level"),
        (region("O 1s", intensity=np.full(161, math.nan)), "intensities that are no numbers"),
        (region("O 1s", intensity=-np.ones(161)), "reach from -1 to -1, as far below zero as above it"),
        (region("O 1s", intensity=np.zeros(161)), "O 1s is not quantified, because its area is not above zero"),
        (
            region("O 1s", intensity=np.linspace(10.0, 30.0, 161) ** 2),
            "is not quantified, because its area is not above",
        ),
    ],
)
def test_a_region_that_cannot_be_quantified_is_left_out_with_its_reason(spectrum, words):
    result = quantify(target(spectrum, region("C 1s", 530.0 if spectrum.reference.photon_energy == 530.0 else 800.0)))
    assert result.status == ("skipped" if "its name holds no" in words else "refused")
    assert words in said(result)
    assert words in result.reasons[0].en
    assert all(said(result, "ja").splitlines())


def test_percentages_without_a_level_that_was_measured_are_doubtful():
    entry = target(region("O 1s", intensity=np.zeros(161)), region("C 1s"), region("F 1s"), region("F 1s", called="VB"))
    result = quantify(entry, transmission_exponent=0.0)
    assert set(percentages(result)) == {"C", "F"}
    assert (result.status, [one.en for one in result.reasons]) == (
        "doubtful",
        ["region O 1s: O 1s is not quantified, because its area is not above zero (0)"],
    )


def test_a_region_of_no_level_is_no_doubt_whatever_its_scale():
    valence = region("F 1s", id="VB", called="VB", reference=EnergyReference("kinetic"))
    result = quantify(target(region("C 1s"), region("F 1s"), valence), transmission_exponent=0.0)
    assert result.status == "ok"
    assert "VB: left out, because its name holds no core level" in said(result)


def test_an_image_is_left_out_and_said():
    plain = region("O 1s")
    image = evolve(plain, intensity=np.ones((161, 3)), axes=(*plain.axes, Axis("angle", np.arange(3.0), "deg")))
    assert "because it has 2 axes" in said(quantify(target(image, region("C 1s"))))
    assert applies(target(image), QuantifyParameters()) is not None


def test_counts_below_zero_are_told_and_their_noise_is_that_of_neighbours():
    entry = measured_compound("SiO2", 800.0)
    oxygen, silicon = entry.spectra
    shifted = evolve(oxygen, intensity=oxygen.intensity - np.quantile(oxygen.intensity, 0.2))
    plain = quantify(entry, transmission_exponent=0.0)
    result = quantify(target(shifted, silicon), transmission_exponent=0.0)
    (reason,) = result.reasons
    below = int((shifted.intensity < 0.0).sum())
    assert reason.en.startswith(f"O 1s: {below} of 161 intensities lie below zero")
    assert (plain.status, result.status) == ("ok", "doubtful")
    assert percentages(result)["O"] == pytest.approx(percentages(plain)["O"])
    spread, before = (one.table("lines").column("area_uncertainty").values for one in (result, plain))
    # neighbours scatter as counts of the background do, in the middle of what counts said before
    assert 0.3 * before[0] < spread[0] < 1.5 * before[0]
    assert spread[1] == before[1]


def test_a_fit_without_area_above_zero_is_said():
    oxygen = region("O 1s")
    result = quantify(target(oxygen, region("C 1s"), results=(fit(oxygen, [("p1", 532.0, 0.1, 0.0, 5.0)]),)))
    assert "its area is not above zero (0)" in said(result)


def test_an_area_of_no_significance_makes_it_doubtful():
    oxygen = region("O 1s")
    result = quantify(target(oxygen, region("C 1s"), results=(fit(oxygen, [("p1", 532.0, 0.1, 8.0, 5.0)]),)))
    assert result.status == "doubtful"
    assert "only 1.6 times its standard uncertainty" in result.reasons[0].en


def test_near_an_edge_and_beyond_the_range_of_the_paths_it_is_doubtful():
    entry = target(region("O 1s", 560.0), region("C 1s", 560.0))
    reasons = " ".join(one.en for one in quantify(entry, material="SiO2").reasons)
    assert "O 1s: the photon energy of 560 eV lies within 50 eV of the edge" in reasons
    assert "O 1s: at 28 eV the mean free path lies outside the range" in reasons


@pytest.mark.parametrize(
    ("name", "at", "level"),
    [
        ("O1s_4600", 532.5, "O 1s"),
        ("Si_K1s_4600", 1840.0, "Si 1s"),
        ("Cu 2p32 narrow", 932.6, "Cu 2p3/2"),
        ("Cu_2p", 932.6, "Cu 2p3/2"),
        ("Pd3d", 337.0, "Pd 3d"),
        ("Au4f7/2", 84.0, "Au 4f7/2"),
        ("試料A Ti2p", 459.0, "Ti 2p"),
    ],
)
def test_names_as_people_write_them_are_understood_where_energies_agree(name, at, level):
    result = quantify(target(region(name, 4600.0, at=at), region("C 1s", 4600.0)))
    assert level in result.table("lines").column("level").values


def test_a_line_can_be_stated():
    result = quantify(target(region("O 1s", called="Region 1"), region("C 1s")), lines="Region 1 = O 1s")
    assert set(percentages(result)) == {"O", "C"}
    assert "as the settings state" in said(result)
    assert not any("lines" in one.en for one in result.reasons)


@pytest.mark.parametrize("name", ["O 1s", "O 1s.txt#1041", "1041"])
def test_what_is_stated_of_a_region_goes_before_its_name_and_changes_the_result(name):
    entry = target(region("O 1s", 1041.0), region("C 1s", 1041.0, id="C 1s.txt#2"))
    assert set(percentages(quantify(entry))) == {"O", "C"}
    assert set(percentages(quantify(entry, lines=f"{name} = Ｐｄ 3p3/2"))) == {"Pd", "C"}


@pytest.mark.parametrize(
    ("line", "words", "elements"),
    [
        ("Region 1 = O 1s", "lines names Region 1, and no region of this entry is called so; there are O 1s, C 1s,", 3),
        ("wide = O 1s", "lines names wide, which is a survey, 160 eV wide", 3),
        ("O 1s = Si 2p", "Si 2p, which lines states, lies at 99.2, 99.8 eV and not between 524.5 and 540.5 eV", 2),
        ("O 1s = Cu 2p", "Cu 2p, which lines states, lies at 932.7, 952.3 eV, and the photon energy of 800 eV does", 2),
    ],
)
def test_a_statement_about_a_region_that_comes_to_nothing_is_said(line, words, elements):
    wide = region("O 1s", id="wide.txt#1", called="wide")
    survey = evolve(wide, axes=(Axis("energy", np.linspace(600.0, 440.0, 161), "eV"),))
    entry = target(region("O 1s"), region("C 1s"), region("F 1s"), survey)
    result = quantify(entry, lines=line)
    assert words in said(result)
    assert all(said(result, "ja").splitlines())
    assert len(percentages(result)) == elements
    assert result.status == "doubtful"
    assert any(words in one.en for one in result.reasons)


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"lines": "Region 1"}, SettingsError, "is not understood"),
        ({"lines": "O 1s = oxygen"}, SettingsError, "is no core level"),
        ({"lines": "O 1s = Xx 1s"}, SettingsError, "no element from Li to U is called Xx"),
        ({"lines": "O 1s = O 3d"}, SettingsError, "of O there are O 1s, O 2s"),
        ({"lines": ["O 1s = O 1s", "O 1s = C 1s"]}, SettingsError, "is given twice"),
        ({"lines": ["O 1s = Xx 1s", "C 1s"]}, SettingsError, "called Xx.*'C 1s' is not understood"),
        ({"asymmetry": "Silicon = 1"}, SettingsError, "is no core level"),
        ({"density": 2.0, "asymmetry": "Si 2p = x"}, SettingsError, "(?s)none is named.*is not understood"),
        ({"asymmetry": "Si 2p = 3"}, SettingsError, "lie between -1 and 2"),
        ({"asymmetry": "Si 2p = x"}, SettingsError, "is not understood"),
        ({"polarisation_angle": 0.0, "light_angle": 90.0}, SettingsError, "give one of them"),
        ({"transmission": "T.csv", "transmission_exponent": 1.0}, SettingsError, "give one of them"),
        ({"density": 2.0}, SettingsError, "none is named"),
        ({"material": "unobtainium"}, SettingsError, "neither a chemical formula"),
        ({"transmission": "no such file.csv"}, InputError, "cannot be read"),
    ],
)
def test_settings_that_cannot_be_are_said(settings, error, words):
    with pytest.raises(error, match=words):
        quantify(measured_compound("SiO2", 800.0), **settings)


def test_real_polyester_has_its_three_carbons_in_their_ratio():
    # areas of a fit of the measured C 1s of PET: C-C, C-O, O=C-O in 3 : 1 : 1, and a shake-up beside them
    spectrum = region("C 1s", 1486.6)
    lines = [
        ("p1", 284.609, 0.003, 4187.0, 62.0),
        ("p2", 286.152, 0.006, 1334.0, 135.0),
        ("p3", 288.572, 0.004, 1192.0, 80.0),
        ("p4", 291.132, 0.076, 294.0, 195.0),
    ]
    result = quantify(target(spectrum, results=(fit(spectrum, lines),)), calibrated=True)
    percent = result.table("components").column("percent").values
    assert percent[0] / percent[1] == pytest.approx(3.0, rel=0.15)
    assert percent[1] / percent[2] == pytest.approx(1.0, rel=0.15)
    # alone it is no composition, and nobody is bothered with that
    assert result.status == "skipped"
    assert "only C was measured" in result.reasons[0].en


def test_figures_are_drawn_in_both_languages_and_not_for_a_refusal():
    entry = measured_compound("PET", 800.0)
    result = quantify(entry)
    pictures = {lang: to_png(drawing.figure) for lang in ("en", "ja") for drawing in draw(entry, result, lang)}
    assert len(set(pictures.values())) == 2
    texts = [one.get_text() for one in next(iter(draw(entry, result, "ja"))).figure.axes[0].texts]
    assert [text.split(" ± ")[0] for text in texts] == [f"{one:.1f}" for one in percentages(result).values()]
    alone = target(region("C 1s"))
    assert tuple(draw(alone, quantify(alone), "en")) == ()


def test_what_an_unknown_transmission_may_do_is_told_in_numbers():
    entry = measured_compound("SiO2", 800.0)
    plain = percentages(quantify(entry))
    # electrons of O 1s have 267.5 eV, those of Si 2p 696.6 eV
    oxygen, silicon = 267.5 * plain["O"], 696.6 * plain["Si"]
    expected = 100.0 * oxygen / (oxygen + silicon)
    (line,) = [one for one in said(quantify(entry)).splitlines() if "1 / kinetic energy" in one]
    assert float(re.search(r"O ([0-9.]+)", line)[1]) == pytest.approx(expected, abs=0.1)
    # so far off that the stated uncertainty does not cover it
    assert quantify(entry).status == "doubtful"
    for stated in (0.0, 1.0):
        assert "1 / kinetic energy" not in said(quantify(entry, transmission_exponent=stated))
        assert quantify(entry, transmission_exponent=stated).status == "ok"
    assert percentages(quantify(entry, transmission_exponent=1.0))["O"] == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("lang", "head", "assumption"), [("en", "doubtful", "assumption: "), ("ja", "要確認", "仮定：")]
)
def test_a_composition_is_told_with_uncertainties_depths_and_assumptions(lang, head, assumption):
    result = quantify(measured_compound("SiO2", 800.0), material="SiO2")
    first, *lines = composition_lines(result, lang)
    assert head in first
    percent = percentages(result)["O"]
    assert lines[0].split()[:2] == ["O", f"{percent:.1f}"]
    assert "3.6 nm" in lines[0]
    assert "O 1s" in lines[0]
    assert sum(one.strip().startswith(assumption) for one in lines) == 6


def test_a_line_of_another_element_of_the_entry_in_a_region_makes_it_doubtful():
    oxygen, palladium = region("O 1s", 1200.0), region("Pd 3d", 1200.0, at=337.0)
    result = quantify(target(oxygen, palladium), transmission_exponent=0.0)
    assert result.status == "doubtful"
    (reason,) = result.reasons
    assert reason.en.startswith("O 1s: Pd 3p3/2 (532 eV) lies there, too")
    assert quantify(target(oxygen, region("C 1s", 1200.0)), transmission_exponent=0.0).status == "ok"
