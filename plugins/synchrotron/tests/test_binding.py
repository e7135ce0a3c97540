"""A binding-energy axis is shifted when its photon energy is corrected, and otherwise left alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.records import Axis, EnergyReference, Facts, Origin, Quantity, Spectrum
from shirube_synchrotron.conversion import convert
from shirube_synchrotron.parameters import Parameters

#: C 1s of Cu-HHTP: hv 400 eV, region 104 to 120 eV kinetic, axis 296 to 280 eV binding.
C1S = 296.0 - 0.05 * np.arange(321)
REGION = {"low_energy": {"header": 104.0}, "high_energy": {"header": 120.0}}
GARBAGE = 3.10021844987699e-317


def test_without_correction_the_axis_is_left_alone_and_the_header_holds(converted, decision):
    result = converted("binding", C1S, photon_energy={"header": 400.0}, **REGION)
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert result.spectrum.reference == EnergyReference("binding", photon_energy=400.0, work_function=0.0)
    assert decision(result, "photon_energy").chosen.value == 400.0
    assert decision(result, "photon_energy").rule.en.endswith("was left as it is.")
    assert decision(result, "photon_energy").rule.ja.endswith("そのままにしました。")
    assert decision(result, "work_function").chosen.value == 0.0
    assert result.notices == ()


def test_a_correction_shifts_the_axis_by_what_the_photon_energy_was_wrong(converted, decision, severities):
    result = converted("binding", C1S, photon_energy={"header": 400.0, "sidecar": 400.75}, **REGION)
    np.testing.assert_allclose(result.spectrum.energy, C1S + 0.75, rtol=1e-15)
    assert result.spectrum.reference == EnergyReference("binding", photon_energy=400.75, work_function=0.0)
    assert severities(result) == {"binding-axis-shifted": "info"}
    chosen = decision(result, "photon_energy")
    assert (chosen.chosen.value, [one.value for one in chosen.rejected]) == (400.75, [400.0])
    assert chosen.rule.en.endswith("which held 400 eV (file header Fe2p_0091.txt), was shifted by 0.75 eV.")
    assert "束縛エネルギー軸を 0.75 eV ずらしました。" in chosen.rule.ja


def test_the_work_function_that_made_the_correction_is_taken_off(converted, decision):
    result = converted(
        "binding", C1S, photon_energy={"header": 400.0, "sidecar": 404.8}, work_function={"sidecar": 4.3}, **REGION
    )
    np.testing.assert_allclose(result.spectrum.energy, C1S + 0.5, rtol=1e-14)
    assert decision(result, "work_function").chosen.value == 4.3


def test_a_correction_of_more_than_2_ev_is_reported(converted, severities):
    result = converted("binding", C1S, photon_energy={"header": 400.0, "sidecar": 403.0}, **REGION)
    assert severities(result) == {"binding-axis-shifted": "info", "photon-energy-differs": "should"}


def test_a_correction_that_confirms_the_header_moves_nothing(converted, decision):
    result = converted("binding", C1S, photon_energy={"header": 400.0, "sidecar": 400.0}, **REGION)
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert decision(result, "photon_energy").chosen.origin.kind == "sidecar"
    assert result.notices == ()


def test_a_garbage_header_lets_no_correction_reach_the_axis(converted, decision, severities):
    result = converted("binding", C1S, photon_energy={"header": GARBAGE, "sidecar": 400.75})
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert result.spectrum.reference == EnergyReference("binding")
    assert severities(result) == {"photon-energy-not-applied": "should"}
    for text in (result.notices[0].text.en, result.notices[0].text.ja):
        assert "3.1002184e-317 eV" in text
        assert "400.75 eV" in text
    assert decision(result, "photon_energy").chosen.value == 400.75
    assert "could not be shifted" in decision(result, "photon_energy").rule.en


@pytest.mark.parametrize("garbage", [GARBAGE, 0.0, -400.0, 290.0, 1e300, "Al Ka"])
def test_what_the_largest_binding_energy_exceeds_is_no_photon_energy(converted, decision, severities, garbage):
    result = converted("binding", C1S, photon_energy={"header": garbage})
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert result.spectrum.reference.photon_energy is None
    assert decision(result, "photon_energy").chosen is None
    assert severities(result) == {"photon-energy-unknown": "should"}


def test_a_header_that_its_region_contradicts_is_not_what_the_axis_holds(converted, severities):
    header = {"header": 405.0, "sidecar": 400.75}
    result = converted("binding", C1S, photon_energy=header, **REGION)
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert severities(result) == {"photon-energy-not-applied": "should"}
    assert "400 eV" in result.notices[0].text.en
    tolerant = converted("binding", C1S, photon_energy=header, parameters=Parameters(region_tolerance=6.0), **REGION)
    assert tolerant.spectrum.energy[0] == pytest.approx(296.0 - 4.25)


def test_one_end_of_the_region_that_agrees_is_enough(converted):
    short = converted(
        "binding", C1S[:-40], photon_energy={"header": 400.0, "sidecar": 400.75}, **REGION
    )  # the scan stopped 2 eV early
    assert short.spectrum.energy[0] == pytest.approx(296.75)


def test_region_limits_on_the_binding_scale_say_nothing_of_the_photon_energy(converted):
    limits = {"low_energy": {"header": 280.0}, "high_energy": {"header": 296.0}}
    result = converted("binding", C1S, photon_energy={"header": 400.0, "sidecar": 400.75}, **limits)
    assert result.spectrum.energy[0] == pytest.approx(296.75)


def test_a_survey_beyond_the_fermi_edge_is_corrected_too(converted):
    survey = 600.0 - 0.5 * np.arange(1221)
    limits = {"low_energy": {"header": 100.0}, "high_energy": {"header": 710.0}}
    result = converted("binding", survey, photon_energy={"header": 700.0, "sidecar": 699.25}, **limits)
    np.testing.assert_allclose(result.spectrum.energy, survey - 0.75, rtol=0, atol=1e-12)


@pytest.mark.parametrize("registered", [-400.75, 40.075, 100.0])
def test_a_correction_that_cannot_be_is_refused_and_the_axis_left_alone(converted, decision, severities, registered):
    result = converted("binding", C1S, photon_energy={"header": 400.0, "sidecar": registered}, **REGION)
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert severities(result) == {"photon-energy-refused": "must"}
    assert decision(result, "photon_energy").chosen.value == 400.0
    assert result.spectrum.reference.photon_energy == 400.0


def test_without_any_photon_energy_the_axis_is_left_alone_and_that_is_said(converted, decision, severities):
    result = converted("binding", C1S)
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert severities(result) == {"photon-energy-unknown": "info"}
    assert decision(result, "photon_energy").chosen is None


def test_a_correction_without_header_cannot_be_applied(converted, severities):
    result = converted("binding", C1S, photon_energy={"sidecar": 400.75})
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert severities(result) == {"photon-energy-not-applied": "should"}


def test_settings_do_not_correct_a_photon_energy_that_the_file_knows(converted, decision):
    result = converted("binding", C1S, photon_energy={"header": 400.0, "settings": 401.0}, **REGION)
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert [one.value for one in decision(result, "photon_energy").rejected] == [401.0]
    (notice,) = result.notices
    assert (notice.code, notice.severity) == ("photon-energy-unheeded", "info")
    for text in (notice.text.en, notice.text.ja):
        assert "401 eV" in text
        assert "400 eV" in text
        assert "Fe2p_0091.txt" in text


@pytest.mark.parametrize(
    ("stated", "work", "holds"),
    [
        ({"header": 400.0, "sidecar": 400.75}, 0.0, "400.75 eV"),
        ({"header": GARBAGE, "sidecar": 400.75}, 0.0, "400.75 eV"),
        ({"header": 400.0, "sidecar": -1.0}, 0.0, "because 400 eV"),
        ({"header": 400.0, "sidecar": 400.75}, -4.3, "because 400 eV"),
    ],
    ids=["shifted", "not-applicable", "refused", "work-function-refused"],
)
def test_settings_that_are_passed_over_are_named_whatever_becomes_of_the_axis(converted, stated, work, holds):
    result = converted("binding", C1S, photon_energy={**stated, "settings": 401.0}, work_function={"sidecar": work})
    (notice,) = [one for one in result.notices if one.code == "photon-energy-unheeded"]
    assert "401 eV" in notice.text.en
    assert holds in notice.text.en


def test_what_the_reader_knows_to_be_in_the_axis_goes_before_the_header(converted, decision):
    result = converted("binding", C1S, reference=400.0, photon_energy={"header": GARBAGE, "sidecar": 400.75})
    np.testing.assert_allclose(result.spectrum.energy, C1S + 0.75, rtol=1e-15)
    assert [one.value for one in decision(result, "photon_energy").rejected] == [GARBAGE, 400.0]


def test_a_work_function_stated_for_an_axis_left_alone_is_not_applied_and_that_is_said(converted, decision, severities):
    result = converted("binding", C1S, photon_energy={"header": 400.0}, work_function={"settings": 4.3}, **REGION)
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert severities(result) == {"work-function-not-applied": "should"}
    assert decision(result, "work_function").chosen.value == 0.0
    assert [one.value for one in decision(result, "work_function").rejected] == [4.3]


def test_a_work_function_that_cannot_be_stops_the_correction(converted, severities):
    result = converted(
        "binding", C1S, photon_energy={"header": 400.0, "sidecar": 400.75}, work_function={"sidecar": -4.3}, **REGION
    )
    assert result.spectrum.energy.tolist() == C1S.tolist()
    assert severities(result) == {"work-function-refused": "must"}
    assert result.spectrum.reference.photon_energy == 400.0


@given(
    photon=st.floats(400.0, 1900.0),
    correction=st.floats(-2.0, 2.0),
    work=st.floats(0.0, 6.0),
    kinetic_scale=st.booleans(),
)
def test_converting_twice_is_converting_once(photon, correction, work, kinetic_scale):
    kinetic = photon - np.linspace(50.0, 60.0, 7)
    values = kinetic if kinetic_scale else photon - kinetic
    stated = Facts().add("photon_energy", Quantity(photon, "eV", origin=Origin("header")))
    stated = stated.add("photon_energy", Quantity(photon + correction, "eV", origin=Origin("sidecar")))
    stated = stated.add("work_function", Quantity(work, "eV", origin=Origin("sidecar")))
    reference = EnergyReference("kinetic" if kinetic_scale else "binding")
    first = Spectrum("a#1", "a", np.ones(7), (Axis("energy", values, "eV"),), reference=reference)
    once = convert(first, stated, Parameters()).spectrum
    twice = convert(once, stated, Parameters()).spectrum
    assert twice.same_as(once)
    np.testing.assert_allclose(once.energy, photon + correction - work - kinetic, rtol=0, atol=1e-9)
