"""Kinetic energies become binding energies with the photon energy that was registered for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.energy import kinetic_energy_of
from shirube.records import Axis, EnergyReference, Facts, Origin, Quantity, Spectrum
from shirube_synchrotron.conversion import convert
from shirube_synchrotron.parameters import Parameters

#: Fe 2p region of a HAXPES measurement: its axis, and what its header holds for a photon energy.
FE2P = 3855.0 + 0.2 * np.arange(226)
GARBAGE = 3.10021844987699e-317


def test_additional_metadata_go_before_a_usable_header(converted, decision):
    result = converted("kinetic", FE2P, photon_energy={"header": 4596.0, "sidecar": 4596.206})
    np.testing.assert_allclose(result.spectrum.energy, 4596.206 - FE2P, rtol=1e-15)
    chosen = decision(result, "photon_energy")
    assert chosen.chosen.value == 4596.206
    assert chosen.chosen.origin.kind == "sidecar"
    assert [one.value for one in chosen.rejected] == [4596.0]
    assert chosen.subject == "file.txt#1"
    assert chosen.rule.en == (
        "B before A: the photon energy of the additional metadata Fe2p_0091_metadata.json holds. "
        "It differs from the file header's (A) by 0.206 eV."
    )
    assert chosen.rule.ja == (
        "B が A に優先：追加メタデータ Fe2p_0091_metadata.jsonの光エネルギーを採用しました。"
        "ファイルのヘッダー（A）の値との差は 0.206 eV です。"
    )
    assert result.notices == ()


def test_the_result_says_what_is_in_its_axis(converted):
    result = converted("kinetic", FE2P, photon_energy={"sidecar": 4596.206})
    assert result.spectrum.reference == EnergyReference("binding", photon_energy=4596.206, work_function=0.0)


def test_the_order_of_points_and_the_intensities_stay(converted):
    result = converted("kinetic", FE2P, photon_energy={"sidecar": 4596.206})
    assert result.spectrum.energy[0] == pytest.approx(741.206)
    assert (np.diff(result.spectrum.energy) < 0).all()
    assert result.spectrum.intensity.tolist() == list(range(226))


def test_a_garbage_header_is_passed_over_where_additional_metadata_state_the_photon_energy(
    converted, decision, severities
):
    result = converted("kinetic", FE2P, photon_energy={"header": GARBAGE, "sidecar": 4596.206})
    assert result.spectrum.reference.photon_energy == 4596.206
    assert severities(result) == {"photon-energy-passed-over": "info"}
    assert [one.value for one in decision(result, "photon_energy").rejected] == [GARBAGE]
    assert "3.1002184e-317 eV" in decision(result, "photon_energy").rule.en
    assert "3.1002184e-317 eV" in decision(result, "photon_energy").rule.ja


def test_the_header_holds_where_there_are_no_additional_metadata(converted, decision):
    result = converted("kinetic", FE2P, photon_energy={"header": 4596.0})
    assert result.spectrum.reference.photon_energy == 4596.0
    assert decision(result, "photon_energy").chosen.origin.kind == "header"
    assert decision(result, "photon_energy").rule.en.startswith("A: the photon energy of the file header holds")
    assert decision(result, "photon_energy").rule.ja.startswith("A：追加メタデータ（B）に光エネルギーがない")


@pytest.mark.parametrize("garbage", [GARBAGE, 0.0, -4596.0, 100.0, 3890.0, 1e300])
def test_a_header_that_the_axis_does_not_allow_converts_nothing(converted, decision, severities, garbage):
    result = converted("kinetic", FE2P, photon_energy={"header": garbage})
    assert result.spectrum.reference.scale == "kinetic"
    assert result.spectrum.energy.tolist() == FE2P.tolist()
    assert severities(result) == {"photon-energy-garbage": "must"}
    assert decision(result, "photon_energy").chosen is None
    assert len(decision(result, "photon_energy").rejected) == 1
    assert "NAME_metadata.json" in result.notices[0].text.en
    assert "データ名_metadata.json" in result.notices[0].text.ja


def test_without_any_photon_energy_it_is_said_what_to_do(converted, decision, severities):
    result = converted("kinetic", FE2P)
    assert result.spectrum.reference.scale == "kinetic"
    assert severities(result) == {"photon-energy-missing": "must"}
    assert '"Excitation Energy"' in result.notices[0].text.en
    assert "「Excitation Energy」" in result.notices[0].text.ja
    assert decision(result, "photon_energy").chosen is None


@pytest.mark.parametrize("registered", [-4596.206, 459.6206, 0.0])
def test_additional_metadata_that_cannot_be_are_refused_by_their_number(converted, decision, severities, registered):
    result = converted("kinetic", FE2P, photon_energy={"sidecar": registered})
    assert result.spectrum.reference.scale == "kinetic"
    assert severities(result) == {"photon-energy-refused": "must"}
    for text in (result.notices[0].text.en, result.notices[0].text.ja):
        assert f"{registered:.8g} eV" in text
        assert "3855 eV" in text
        assert "3895 eV" in text
    assert decision(result, "photon_energy").chosen is None


def test_the_header_does_not_stand_in_for_refused_additional_metadata(converted, decision):
    result = converted("kinetic", FE2P, photon_energy={"sidecar": 459.6206, "header": 4596.0})
    assert result.spectrum.reference.scale == "kinetic"
    assert [one.value for one in decision(result, "photon_energy").rejected] == [459.6206, 4596.0]


def test_photon_energies_that_differ_by_more_than_2_ev_are_reported_and_the_first_is_used(converted, severities):
    near = converted("kinetic", FE2P, photon_energy={"header": 4598.2, "sidecar": 4596.206})
    far = converted("kinetic", FE2P, photon_energy={"header": 4600.0, "sidecar": 4596.206})
    assert severities(near) == {}
    assert severities(far) == {"photon-energy-differs": "should"}
    assert "-3.794 eV" in far.notices[0].text.en
    assert "-3.794 eV" in far.notices[0].text.ja
    assert far.spectrum.reference.photon_energy == 4596.206


def test_how_far_photon_energies_may_differ_is_a_parameter(converted, severities):
    wide = Parameters(photon_energy_difference=5.0)
    result = converted("kinetic", FE2P, parameters=wide, photon_energy={"header": 4600.0, "sidecar": 4596.206})
    assert severities(result) == {}


def test_a_scan_of_the_fermi_edge_reaches_above_the_photon_energy(converted):
    scan = 4594.0 + 0.1 * np.arange(41)
    assert converted("kinetic", scan, photon_energy={"header": 4596.206}).spectrum.reference.scale == "binding"
    assert converted("kinetic", scan, photon_energy={"header": 4593.9}).spectrum.reference.scale == "kinetic"


def test_how_far_it_may_reach_is_a_parameter(converted):
    scan = 4594.0 + 0.1 * np.arange(41)
    strict = Parameters(fermi_margin=1.0)
    result = converted("kinetic", scan, parameters=strict, photon_energy={"header": 4596.206})
    assert result.spectrum.reference.scale == "kinetic"


def test_wide_scans_may_reach_further_in_proportion(converted):
    survey = np.arange(100.0, 710.5, 0.5)
    assert converted("kinetic", survey, photon_energy={"header": 700.0}).spectrum.reference.scale == "binding"
    strict = Parameters(survey_margin=0.0)
    result = converted("kinetic", survey, parameters=strict, photon_energy={"header": 700.0})
    assert result.spectrum.reference.scale == "kinetic"


def test_settings_state_a_photon_energy_only_where_the_file_has_none(converted, decision):
    silent = converted("kinetic", FE2P, photon_energy={"header": GARBAGE, "settings": 4596.0})
    assert silent.spectrum.reference.photon_energy == 4596.0
    assert decision(silent, "photon_energy").chosen.origin.kind == "settings"
    spoken = converted("kinetic", FE2P, photon_energy={"settings": 4600.0, "header": 4596.0})
    assert spoken.spectrum.reference.photon_energy == 4596.0
    assert [notice.code for notice in spoken.notices] == ["photon-energy-differs", "photon-energy-unheeded"]


@pytest.mark.parametrize(("kind", "name"), [("sidecar", "Fe2p_0091_metadata.json"), ("header", "Fe2p_0091.txt")])
def test_a_photon_energy_in_settings_that_is_passed_over_is_named_with_what_holds(converted, severities, kind, name):
    result = converted("kinetic", FE2P, photon_energy={kind: 4599.206, "settings": 4600.0})
    assert result.spectrum.reference.photon_energy == 4599.206
    assert severities(result) == {"photon-energy-unheeded": "info"}
    (notice,) = result.notices
    for text in (notice.text.en, notice.text.ja):
        assert "4600 eV" in text
        assert "4599.206 eV" in text
        assert name in text
    assert "was passed over, because 4599.206 eV" in notice.text.en


def test_settings_that_agree_with_what_holds_need_no_word(converted):
    assert converted("kinetic", FE2P, photon_energy={"header": 4600.0, "settings": 4600.0}).notices == ()


@pytest.mark.parametrize("stated", [4596.2061234567, 4596.206123456789])
def test_a_stated_photon_energy_is_shown_with_every_digit_it_holds(converted, stated):
    result = converted("kinetic", FE2P, photon_energy={"header": 4590.0, "sidecar": stated})
    for text in (result.notices[0].text.en, result.notices[0].text.ja):
        assert f"{stated} eV" in text
        assert "4590 eV" in text


def test_a_calibration_corrects_the_header_like_additional_metadata_do(converted, decision):
    result = converted("kinetic", FE2P, photon_energy={"header": 4596.0, "calibration": 4596.206})
    assert decision(result, "photon_energy").chosen.origin.kind == "calibration"


def test_a_photon_energy_that_is_a_text_is_no_number(converted, severities):
    assert severities(converted("kinetic", FE2P, photon_energy={"header": "Al Ka"})) == {
        "photon-energy-garbage": "must"
    }


def test_spectra_of_more_dimensions_convert_along_their_energies(facts):
    axes = (Axis("angle", [-1.0, 0.0, 1.0], "deg"), Axis("energy", FE2P, "eV"))
    image = Spectrum("a#1", "a", np.ones((3, 226)), axes, reference=EnergyReference("kinetic"))
    result = convert(image, facts(photon_energy={"sidecar": 4596.206}), Parameters()).spectrum
    np.testing.assert_allclose(result.energy, 4596.206 - FE2P, rtol=1e-15)
    assert result.axis("angle").values.tolist() == [-1.0, 0.0, 1.0]
    assert result.intensity.shape == (3, 226)


def test_an_unknown_scale_is_left_alone_and_that_is_said(converted, severities):
    result = converted("unknown", FE2P, photon_energy={"sidecar": 4596.206})
    assert result.spectrum.energy.tolist() == FE2P.tolist()
    assert result.spectrum.reference == EnergyReference("unknown")
    assert severities(result) == {"energy-scale-unknown": "should"}


def test_a_spectrum_without_energies_is_left_alone_and_that_is_said(facts):
    angles = Spectrum("a#1", "a", np.ones(2), (Axis("angle", [0.0, 1.0]),), reference=EnergyReference("kinetic"))
    result = convert(angles, facts(photon_energy={"sidecar": 800.0}), Parameters())
    assert result.spectrum.same_as(angles)
    assert [notice.code for notice in result.notices] == ["no-energy-axis"]


@given(
    photon=st.floats(400.0, 1900.0),
    work=st.floats(0.0, 6.0),
    depths=st.lists(st.floats(0.0, 300.0), min_size=1, max_size=40),
)
def test_kinetic_energies_come_back_from_binding_energies(photon, work, depths):
    kinetic = photon - work - np.array(depths)
    before = Spectrum("a#1", "a", np.ones_like(kinetic), (Axis("energy", kinetic, "eV"),),
                      reference=EnergyReference("kinetic"))  # fmt: skip
    stated = Facts()
    for term, value in (("photon_energy", photon), ("work_function", work)):
        stated = stated.add(term, Quantity(value, "eV", origin=Origin("sidecar")))
    after = convert(before, stated, Parameters()).spectrum
    assert after.reference.scale == "binding"
    np.testing.assert_allclose(kinetic_energy_of(after), kinetic, rtol=1e-12)
    np.testing.assert_allclose(after.energy, np.array(depths), rtol=0, atol=1e-9)


@given(fermi=st.floats(390.0, 1900.0), depths=st.lists(st.floats(0.0, 300.0), min_size=2, max_size=40))
def test_binding_energies_do_not_depend_on_the_work_function_that_made_the_photon_energy(fermi, depths):
    kinetic = fermi - np.array(depths)
    before = Spectrum("a#1", "a", np.ones_like(kinetic), (Axis("energy", kinetic, "eV"),),
                      reference=EnergyReference("kinetic"))  # fmt: skip
    energies = []
    for work in (0.0, 4.3, 4.5):
        stated = Facts().add("photon_energy", Quantity(fermi + work, "eV", origin=Origin("sidecar")))
        stated = stated.add("work_function", Quantity(work, "eV", origin=Origin("sidecar")))
        energies.append(convert(before, stated, Parameters()).spectrum.energy)
    for one in energies[1:]:
        # 1e-12 of the energies that were added and taken away again.
        np.testing.assert_allclose(one, energies[0], rtol=0, atol=1e-12 * (fermi + 4.5))
