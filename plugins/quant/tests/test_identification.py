"""Identification: real surveys show what is known to be in them, and nothing is proposed that cannot be seen."""

import gzip
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from shirube.errors import MissingPluginError, SettingsError
from shirube.progress import NoProgress
from shirube.records import AnalysisTarget, Axis, EnergyReference, Facts, Quantity, Spectrum
from shirube_quant import crosssections
from shirube_quant.elements import applies, draw, run
from shirube_quant.elementsdrawing import spread_out
from shirube_quant.parameters import ElementsParameters

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def ses(text):
    """Return the two columns of the first region of an SES text."""
    lines = text.splitlines()
    rows = [line.split() for line in lines[lines.index("[Data 1]") + 1 :]]
    return np.array([[float(cell) for cell in row] for row in rows if len(row) == 2]).T


def target(energy, intensity, scale="binding", photon_energy=None):
    reference = EnergyReference(scale, photon_energy, 0.0 if scale == "binding" else None)
    return AnalysisTarget(
        "entry", (Spectrum("s.txt#1", "survey", np.array(intensity), (Axis("energy", energy, "eV"),), "", reference),)
    )


@pytest.fixture(scope="module")
def film():
    text = (ROOT / "examples/cu-hhtp/Cu-HHTP_0001.txt").read_text(encoding="latin-1")
    return target(*ses(text), photon_energy=700.0)


@pytest.fixture(scope="module")
def found_in_film(film):
    return run(film, ElementsParameters(), NoProgress())


@pytest.fixture(scope="module")
def found_in_gold():
    energy, counts = np.loadtxt(HERE / "data/lg4x/Survey_Au_hv_700.csv", delimiter=",").T
    return run(target(energy, counts, "kinetic"), ElementsParameters(photon_energy=700.0), NoProgress())


def elements_in(result):
    return set(str(result.scalars["quant.elements_found"].value).split(", "))


def rows(result, table, *columns):
    return list(zip(*(result.table(table).column(one).values for one in columns), strict=True))


def assigned(result):
    return {name: float(energy) for energy, name in rows(result, "peaks", "energy", "assignment_en")}


def test_an_organic_film_with_copper_shows_its_four_elements_and_no_other(found_in_film):
    assert elements_in(found_in_film) == {"C", "N", "O", "Cu"}
    at = assigned(found_in_film)
    assert (at["C 1s"], at["O 1s"], at["N 1s"], at["Cu 3p"], at["Cu 3s"]) == pytest.approx(
        (284.6, 532.4, 400.0, 77.0, 123.5), abs=1.0
    )
    assert {"O KLL", "C KLL"} <= set(at)


def test_gold_shows_all_its_lines_and_the_tin_beneath_it(found_in_gold):
    assert elements_in(found_in_gold) == {"Au", "Sn"}
    at = assigned(found_in_gold)
    assert {"Au 4f7/2", "Au 4f5/2", "Au 4d5/2", "Au 4d3/2", "Au 4p3/2", "Au 5p3/2", "Sn 3d5/2", "Sn 3d3/2"} <= set(at)
    assert at["Sn 3d3/2"] - at["Sn 3d5/2"] == pytest.approx(8.4, abs=0.4)
    assert found_in_gold.status == "ok"


def test_hard_x_rays_show_the_deep_lines_of_palladium_and_their_auger_electrons():
    packed = ROOT / "plugins/ses2002/tests/data/specqp/scienta_survey_1.txt.gz"
    kinetic, counts = ses(gzip.decompress(packed.read_bytes()).decode("latin-1"))
    result = run(target(kinetic, counts, "kinetic"), ElementsParameters(photon_energy=4600.0), NoProgress())
    assert elements_in(result) == {"Pd", "C"}
    lines = {"Pd 2s", "Pd 2p1/2", "Pd 2p3/2", "Pd 3s", "Pd 3p1/2", "Pd 3p3/2", "Pd 3d3/2", "Pd 3d5/2", "Pd LMM"}
    assert lines <= set(assigned(result))
    assert result.scalars["quant.scale_offset"].value > 0.5


def test_nothing_above_the_photon_energy_is_proposed_expected_or_shown_beside(found_in_film, found_in_gold):
    for result in (found_in_film, found_in_gold):
        assert max(float(one) for (one,) in rows(result, "lines", "cited")) < 700.0
        named = ", ".join(others for (others,) in rows(result, "peaks", "others"))
        assert not {"Cu 2p3/2", "Ba 3d5/2", "Fe 2p3/2", "F 1s"} & set(named.split(", "))


def test_a_shift_of_the_whole_scale_is_allowed_for_and_stated(film):
    moved = target(film.spectrum.energy + 4.0, film.spectrum.intensity, photon_energy=700.0)
    result = run(moved, ElementsParameters(), NoProgress())
    assert {"C", "O", "Cu"} <= elements_in(result)
    assert result.scalars["quant.scale_offset"].value > 1.0
    assert "offset-found" in {code for (code,) in rows(result, "remarks", "code")}
    fixed = run(moved, ElementsParameters(max_offset=0.0), NoProgress())
    assert fixed.scalars["quant.scale_offset"].value == 0.0


def test_elements_that_are_excluded_are_not_looked_for(film, found_in_film):
    without = run(film, ElementsParameters(exclude=("Cu",)), NoProgress())
    assert "Cu" not in elements_in(without)
    only = run(film, ElementsParameters(only=("C", "Cu")), NoProgress())
    assert elements_in(only) == {"C", "Cu"}
    assert only.scalars["quant.unassigned_count"].value > found_in_film.scalars["quant.unassigned_count"].value


def test_every_element_has_its_reasons_in_both_languages(found_in_film):
    for symbol, score, english, japanese in rows(
        found_in_film, "elements", "element", "score", "reasons_en", "reasons_ja"
    ):
        assert 0.0 < float(score) < 1.0
        assert symbol in english
        assert "検出" in japanese


def test_codes_stand_beside_words_in_both_languages(found_in_film):
    words = {kind: (en, ja) for kind, en, ja in rows(found_in_film, "peaks", "kind", "kind_en", "kind_ja")}
    assert words["line"] == ("core level", "内殻準位")
    assert words["loss"] == ("loss or satellite", "損失またはサテライト")
    assert words["valence"] == ("valence band", "価電子帯")
    sources = rows(found_in_film, "lines", "reference_en", "reference_ja")
    assert any(en.startswith("usual position") and ja.startswith("固体での通常の位置") for en, ja in sources)


def test_noise_alone_shows_no_element():
    energy = np.arange(600.0, 0.0, -0.5)
    counts = np.random.default_rng(3).poisson(500.0 + energy)
    result = run(target(energy, counts, photon_energy=700.0), ElementsParameters(), NoProgress())
    assert (result.status, elements_in(result)) == ("doubtful", {""})
    assert result.scalars["quant.peak_count"].value == 0
    assert list(draw(target(energy, counts, photon_energy=700.0), result, "en")) == []


def refused(energy):
    """Return a survey whose file states a photon energy that a conversion did not take."""
    plain = target(ENERGY, COUNTS)
    facts = Facts().add("photon_energy", Quantity(energy, "eV")).decide("photon_energy", None)
    return AnalysisTarget("entry", plain.spectra, {"s.txt#1": facts})


ENERGY = np.arange(600.0, 0.0, -0.5)
COUNTS = np.random.default_rng(4).poisson(500.0, ENERGY.size)


@pytest.mark.parametrize(
    ("made", "settings", "said"),
    [
        (lambda: target(ENERGY, COUNTS, "unknown"), {}, "not known"),
        (lambda: target(ENERGY, COUNTS, "kinetic"), {}, "photon energy is not known"),
        (lambda: target(ENERGY, COUNTS), {}, "photon energy is not known"),
        (lambda: target(ENERGY, COUNTS, photon_energy=3.1e-317), {}, "photon energy is not known"),
        (lambda: target(ENERGY, COUNTS, photon_energy=400.0), {}, "one of them is wrong"),
        (lambda: target(ENERGY, COUNTS, "kinetic"), {"photon_energy": 400.0}, "one of them is wrong"),
        (lambda: target(ENERGY, COUNTS, photon_energy=12.0), {}, "stated as 12 eV, and below 30 eV no core level"),
        (lambda: target(ENERGY, COUNTS, photon_energy=-700.0), {}, "stated as -700 eV"),
        (lambda: target(ENERGY, COUNTS, photon_energy=700.0), {"photon_energy": 1e7}, "has a line with a known cross"),
        (lambda: target(100.0 + ENERGY, COUNTS, photon_energy=700.0), {"only": ("Na",)}, "has a line with a known"),
        (lambda: target(ENERGY, np.full(ENERGY.size, 7.0), photon_energy=700.0), {}, "all intensities are 7: nothing"),
        (lambda: target(ENERGY, np.zeros(ENERGY.size), photon_energy=700.0), {}, "all intensities are 0: nothing"),
        (lambda: target(ENERGY, np.where(ENERGY < 9.0, np.nan, 7.0), photon_energy=700.0), {}, "are no numbers"),
        (lambda: target(ENERGY, -COUNTS, photon_energy=700.0), {}, "as far below zero as above it"),
        (lambda: target(ENERGY, np.gradient(COUNTS), photon_energy=700.0), {}, "as far below zero as above it"),
        (lambda: target(np.round(ENERGY / 50.0) * 50.0, COUNTS, photon_energy=700.0), {}, "energies are no scan"),
        (lambda: target(np.append(ENERGY[1:], -1e6), COUNTS, "kinetic"), {"photon_energy": 700.0}, "are no scan"),
        (lambda: target(ENERGY, 1e300 * COUNTS, photon_energy=700.0), {}, "which no detector gives"),
        (lambda: refused(500.0), {}, "the energies reach 600 eV, but a photon energy of 500 eV"),
        (lambda: refused(3e-317), {}, "photon energy is not known"),
        (lambda: target(ENERGY[:0], COUNTS[:0], photon_energy=700.0), {}, "there are 0 channels"),
        (lambda: target(ENERGY[:100], COUNTS[:100], photon_energy=700.0), {}, "49.5 eV wide"),
        (lambda: target(ENERGY, COUNTS, photon_energy=700.0), {"regions": ("other",)}, "asked for"),
    ],
)
def test_what_is_no_survey_is_refused_with_its_reason(made, settings, said):
    reason = applies(made(), ElementsParameters(**settings))
    assert reason is not None
    assert said in reason.render("en")


@pytest.mark.parametrize("settings", [{"only": ("Xx",)}, {"exclude": ("copper",)}])
def test_an_unknown_element_is_refused(settings):
    with pytest.raises(SettingsError, match="no element from Li to U"):
        ElementsParameters(**settings)


def test_elements_asked_for_that_no_line_can_show_are_told(film):
    deep = film.spectrum.energy > 150.0
    cut = target(film.spectrum.energy[deep], film.spectrum.intensity[deep], photon_energy=700.0)
    result = run(cut, ElementsParameters(only=("C", "Mg", "Ag")), NoProgress())
    (told,) = [text for code, text in rows(result, "remarks", "code", "en") if code == "only-out-of-reach"]
    assert told.endswith("in this range: Mg.")


def test_nothing_that_accounts_for_the_peaks_says_what_to_check(film):
    result = run(film, ElementsParameters(only=("Mg", "Cs")), NoProgress())
    assert "check the photon energy (700 eV)" in result.reasons[0].en


def test_intensities_below_zero_are_counted_and_make_it_doubtful(film):
    spectrum = film.spectrum
    level = np.quantile(spectrum.intensity, 0.1)
    result = run(
        target(spectrum.energy, spectrum.intensity - level, photon_energy=700.0), ElementsParameters(), NoProgress()
    )
    assert result.status == "doubtful"
    below = int((spectrum.intensity < level).sum())
    assert any(f"{below} of {spectrum.intensity.size} intensities lie below zero" in one.en for one in result.reasons)
    assert {"C", "O", "Cu"} <= elements_in(result)


@pytest.mark.parametrize(
    ("deep", "said"),
    [(50.0, "within a factor of 2.0 of"), (2000.0, "do not support it: that of Cu 3s is 77 times")],
)
def test_strengths_far_from_those_expected_are_called_no_support(deep, said):
    energy = np.arange(200.0, 20.0, -0.5)
    rate = np.full(energy.size, 100.0)
    for at, height in ((75.5, 100.0), (122.5, deep)):
        rate += height * np.exp(-4.0 * np.log(2.0) * np.square((energy - at) / 3.0))
    counts = np.random.default_rng(5).poisson(100.0 * rate)
    result = run(target(energy, counts, photon_energy=700.0), ElementsParameters(only=("Cu",)), NoProgress())
    ((reasons,),) = rows(result, "elements", "reasons_en")
    assert said in reasons


def test_without_xraylib_one_sentence_says_what_to_install(film, monkeypatch):
    def absent(_):
        raise ImportError

    crosssections.xraylib.cache_clear()
    monkeypatch.setattr(crosssections, "import_module", absent)
    with pytest.raises(MissingPluginError, match="pip install xraylib"):
        run(film, ElementsParameters(), NoProgress())
    crosssections.xraylib.cache_clear()


def test_labels_of_the_figure_never_overlap(found_in_film, film):
    for lang in ("en", "ja"):
        (drawing,) = draw(film, found_in_film, lang)
        figure = drawing.figure
        figure.canvas.draw()
        (axes,) = figure.axes
        assert axes.get_xlim()[0] > axes.get_xlim()[1]
        boxes = sorted((text.get_window_extent() for text in axes.texts), key=lambda box: box.x0)
        assert len(boxes) >= 8
        assert all(one.x1 <= two.x0 for one, two in pairwise(boxes))
        assert all(box.x0 >= 0.0 and box.y1 <= figure.bbox.y1 for box in boxes)


def test_labels_move_no_more_than_they_must():
    places = np.array([0.1, 0.1, 0.5, 0.99, 1.0])
    spread = spread_out(places, 0.02)
    assert np.diff(spread).min() > 0.02 - 1e-12
    assert spread == pytest.approx([0.09, 0.11, 0.5, 0.98, 1.0])
