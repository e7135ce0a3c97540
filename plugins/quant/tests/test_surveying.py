"""Lines of a survey: windows around what was found, unless something else lies there."""

import numpy as np
import pytest
from attrs import evolve

from shirube.progress import NoProgress
from shirube.records import AnalysisTarget, Axis, EnergyReference, Facts, Quantity, Spectrum
from shirube_quant.crosssections import level_named
from shirube_quant.elements import run
from shirube_quant.parameters import ElementsParameters
from shirube_quant.quantify import quantified
from shirube_quant.quantifyparameters import QuantifyParameters
from shirube_quant.surveying import Found, survey_lines

ENERGY = np.linspace(600.0, -10.0, 1221)
POSITIONS = {"C 1s": 285.0, "O 1s": 532.0, "Cu 3p": 75.1, "Si 2p": 103.0}


def survey(**areas):
    """Return a survey of lines 2 eV wide whose background rises at each of them."""
    rate = np.full(ENERGY.size, 40.0)
    for name, area in areas.items():
        centre = POSITIONS[name.replace("_", " ")]
        rate += 0.5 * area / 2.13 * np.exp(-4.0 * np.log(2.0) * np.square((ENERGY - centre) / 2.0))
        rate += 0.01 * area / (1.0 + np.exp(-(ENERGY - centre)))
    return Spectrum(
        id="survey.txt#1",
        name="survey",
        intensity=np.random.default_rng(1).poisson(20.0 * rate) / 10.0,
        axes=(Axis("energy", ENERGY, "eV"),),
        reference=EnergyReference("binding", 700.0, 0.0),
    )


def found(*names):
    return [Found(level_named(name), POSITIONS[name]) for name in names]


def test_areas_are_those_of_the_lines():
    lines, left_out = survey_lines(survey(C_1s=900.0, O_1s=600.0), Facts(), found("C 1s", "O 1s"))
    assert left_out == ()
    assert {str(one.level): one.area.value for one in lines} == pytest.approx({"C 1s": 900.0, "O 1s": 600.0}, rel=0.1)
    assert all(one.surveyed for one in lines)


def test_a_level_with_another_line_in_its_window_is_left_out():
    near = [*found("C 1s"), Found(level_named("Ru 3d5/2"), 280.5)]
    assert survey_lines(survey(C_1s=900.0), Facts(), near)[0] == ()


def test_a_doublet_is_one_level():
    both = [Found(level_named("Cu 3p3/2"), 75.1), Found(level_named("Cu 3p1/2"), 77.3)]
    (line,) = survey_lines(survey(Cu_3p=500.0), Facts(), both)[0]
    assert str(line.level) == "Cu 3p"


def test_a_window_beyond_the_survey_is_no_line():
    assert survey_lines(survey(), Facts(), [Found(level_named("O 1s"), 597.0)])[0] == ()


def test_a_survey_of_no_photon_energy_says_so():
    plain = survey(C_1s=900.0).with_energy(ENERGY, EnergyReference("binding"))
    lines, (said,) = survey_lines(plain, Facts(), found("C 1s"))
    assert lines == ()
    assert "the photon energy is not known" in said.render("en")


def test_lines_of_a_survey_make_a_composition():
    spectrum = survey(C_1s=900.0, O_1s=600.0)
    lines, _ = survey_lines(spectrum, Facts(), found("C 1s", "O 1s"))
    whole = quantified(AnalysisTarget("sample", (spectrum,)), QuantifyParameters(), lines)
    assert [one.element for one in whole.best.elements] == ["C", "O"]
    assert sum(one.fraction for one in whole.best.elements) == pytest.approx(1.0)


@pytest.mark.parametrize("step", [1, 2])
def test_steps_of_one_electronvolt_are_enough_for_the_lines_of_a_survey(step):
    spectrum = survey(C_1s=900.0, O_1s=600.0)
    coarse = spectrum.with_energy(ENERGY, spectrum.reference)
    coarse = evolve(coarse, axes=(Axis("energy", ENERGY[::step], "eV"),), intensity=spectrum.intensity[::step])
    lines, _ = survey_lines(coarse, Facts(), found("C 1s", "O 1s"))
    assert {str(one.level): one.area.value for one in lines} == pytest.approx({"C 1s": 900.0, "O 1s": 600.0}, rel=0.15)
    # the noise is that of the whole survey: a line makes up much of its window
    assert all(one.area.uncertainty < 0.15 * one.area.value for one in lines)


def test_elements_without_a_line_of_their_own_are_told_and_doubted():
    spectrum = survey(C_1s=9000.0, O_1s=6000.0)
    rate = 2000.0 * np.exp(-4.0 * np.log(2.0) * np.square((ENERGY - 291.0) / 2.0))
    near = evolve(spectrum, intensity=spectrum.intensity + np.random.default_rng(3).poisson(rate))
    alone = AnalysisTarget("sample", (near,))
    identified = run(alone, ElementsParameters(only=("C", "O")), NoProgress())
    crowded = quantified(AnalysisTarget("sample", (near,), {}, (identified,)), QuantifyParameters())
    elements = {line.level.element for group in crowded.sets for line in [one.line for one in group.lines]}
    assert elements == {"O"}
    (told,) = crowded.lacking
    assert told.render("en").endswith("which are of the other elements alone: C")


def test_the_peaks_of_a_survey_are_identified_when_nobody_did():
    spectrum = survey(C_1s=9000.0, O_1s=6000.0)
    whole = quantified(AnalysisTarget("sample", (spectrum,)), QuantifyParameters(transmission_exponent=0.0))
    assert {one.element for one in whole.best.elements} == {"C", "O"}
    # lines of one spectrum were measured equally long, whatever is known of the time
    assert whole.best.doubts == ()


def test_a_survey_on_the_kinetic_scale_is_quantified_once_its_photon_energy_is_known():
    plain = survey(C_1s=9000.0, O_1s=6000.0)
    kinetic = plain.with_energy(700.0 - ENERGY, EnergyReference("kinetic"))
    (reason,) = quantified(AnalysisTarget("sample", (kinetic,)), QuantifyParameters()).left_out
    assert "photon energy" in reason.render("en")
    facts = {kinetic.id: Facts({"photon_energy": (Quantity(700.0, "eV"),)})}
    found = quantified(AnalysisTarget("sample", (kinetic,), facts), QuantifyParameters())
    straight = quantified(AnalysisTarget("sample", (plain,)), QuantifyParameters())
    assert [one.fraction for one in found.best.elements] == pytest.approx(
        [one.fraction for one in straight.best.elements], rel=0.01
    )


def test_what_the_identification_was_told_holds_here_too():
    spectrum = survey(C_1s=9000.0, O_1s=6000.0)
    alone = AnalysisTarget("sample", (spectrum,))
    only = run(alone, ElementsParameters(only=("O",)), NoProgress())
    found = quantified(AnalysisTarget("sample", (spectrum,), {}, (only,)), QuantifyParameters())
    assert {one.element for group in found.sets for one in group.elements} == {"O"}


def test_a_narrow_region_goes_before_a_line_of_a_survey():
    spectrum = survey(C_1s=9000.0, O_1s=6000.0)
    inside = (ENERGY > 525.0) & (ENERGY < 540.0)
    narrow = Spectrum(
        id="narrow.txt#1",
        name="O 1s",
        intensity=2.0 * spectrum.intensity[inside],
        axes=(Axis("energy", ENERGY[inside], "eV"),),
        reference=spectrum.reference,
    )
    whole = quantified(AnalysisTarget("sample", (spectrum, narrow)), QuantifyParameters())
    oxygen = next(one for one in whole.best.elements if one.element == "O")
    assert oxygen.line.line.region == "O 1s"
    (other,) = [one for one in whole.best.lines if not one.used]
    assert other.ratio == pytest.approx(0.5, rel=0.15)


@pytest.mark.parametrize("size", [0, 1, 15])
def test_a_spectrum_of_too_few_channels_is_left_out_once(size):
    short = Spectrum(
        id="short.txt#1",
        name="survey",
        intensity=np.ones(size),
        axes=(Axis("energy", np.linspace(600.0, 0.0, size), "eV"),),
        reference=EnergyReference("binding", 700.0, 0.0),
    )
    (reason,) = quantified(AnalysisTarget("sample", (short,)), QuantifyParameters()).left_out
    assert "16 or more are needed" in reason.render("en")
