"""The work function is 0 unless something states it, and travels with the photon energy it made."""

from __future__ import annotations

import numpy as np
import pytest

KINETIC = np.linspace(700.0, 720.0, 5)


def test_it_is_0_unless_stated(converted, decision):
    result = converted("kinetic", KINETIC, photon_energy={"sidecar": 800.0})
    np.testing.assert_allclose(result.spectrum.energy, 800.0 - KINETIC, rtol=1e-15)
    chosen = decision(result, "work_function")
    assert (chosen.chosen.value, chosen.chosen.unit, chosen.chosen.origin.kind) == (0.0, "eV", "default")
    assert "SES convention" in chosen.rule.en
    assert "SES の慣例" in chosen.rule.ja


@pytest.mark.parametrize("kind", ["sidecar", "calibration", "settings", "amendment"])
def test_what_is_stated_is_taken_off(converted, decision, kind):
    result = converted("kinetic", KINETIC, photon_energy={"sidecar": 800.0}, work_function={kind: 4.3})
    np.testing.assert_allclose(result.spectrum.energy, 795.7 - KINETIC, rtol=1e-14)
    assert result.spectrum.reference.work_function == 4.3
    assert decision(result, "work_function").chosen.origin.kind == kind


def test_the_one_beside_the_photon_energy_wins_over_settings_and_that_is_said(converted, decision, severities):
    result = converted(
        "kinetic", KINETIC, photon_energy={"sidecar": 804.3}, work_function={"settings": 4.5, "sidecar": 4.3}
    )
    np.testing.assert_allclose(result.spectrum.energy, 800.0 - KINETIC, rtol=1e-13)
    assert severities(result) == {"work-function-conflict": "should"}
    for text in (result.notices[0].text.en, result.notices[0].text.ja):
        assert "4.3 eV" in text
        assert "4.5 eV" in text
    chosen = decision(result, "work_function")
    assert [one.value for one in chosen.rejected] == [4.5]
    assert "the photon energy was made with it" in chosen.rule.en
    assert "光エネルギーの決定に使われた" in chosen.rule.ja


@pytest.mark.parametrize("stated", [{"header": 800.0}, {"settings": 800.0}])
def test_one_alone_in_additional_metadata_is_not_said_to_have_made_the_photon_energy(converted, decision, stated):
    result = converted("kinetic", KINETIC, photon_energy=stated, work_function={"sidecar": 4.3})
    np.testing.assert_allclose(result.spectrum.energy, 795.7 - KINETIC, rtol=1e-14)
    assert decision(result, "work_function").rule.en == (
        "The work function of the additional metadata Fe2p_0091_metadata.json holds, because it is stated there."
    )
    assert decision(result, "work_function").rule.ja == (
        "追加メタデータ Fe2p_0091_metadata.jsonに記された仕事関数を採用しました。"
    )


def test_two_that_agree_are_no_conflict(converted):
    result = converted(
        "kinetic", KINETIC, photon_energy={"sidecar": 804.3}, work_function={"settings": 4.3, "sidecar": 4.3}
    )
    assert result.notices == ()


@pytest.mark.parametrize("stated", [-4.5, 45.0, "gold"])
def test_one_that_no_surface_has_converts_nothing(converted, decision, severities, stated):
    result = converted("kinetic", KINETIC, photon_energy={"sidecar": 800.0}, work_function={"sidecar": stated})
    assert result.spectrum.energy.tolist() == KINETIC.tolist()
    assert severities(result) == {"work-function-refused": "must"}
    assert decision(result, "work_function").chosen is None
