"""A calibration file as a source of facts, and the photon energy that is never parted from its work function."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shirube.api import process_paths
from shirube.messages import Text
from shirube.records import Axis, EnergyReference, Facts, Origin, Quantity, Source, Spectrum
from shirube.settings import Settings
from shirube_synchrotron.calibration.amendment import facts_of
from shirube_synchrotron.calibration.document import document_of
from shirube_synchrotron.calibration.record import Calibration, Conditions, Measured, Stated
from shirube_synchrotron.conversion import convert
from shirube_synchrotron.parameters import Parameters

CONDITIONS = Conditions(pass_energy=50.0, lens_mode="Transmission", photon_energy=800.0)
MADE = Calibration(
    status="ok",
    reasons=(),
    fermi_level=Measured(795.6, 0.0015, 0.002),
    work_function=4.4,
    resolution=Measured(0.12, 0.005, 0.002),
    resolution_limit=None,
    edge_width=Measured(0.18, 0.004, 0.001),
    temperature=300.0,
    temperature_origin="default",
    stated=Stated(standard="gold", operator_role="manager", date="2026-04-01", changed_on="2026-03-31"),
    conditions=CONDITIONS,
    header_photon_energy=800.0,
    source=Source("gold.bench", 12, "ab" * 32),
    spectrum="gold.bench#1",
    region="EF",
    window=(794.6, 796.2),
    points=81,
    core="0.1.0",
    plugin="0.1.0",
)


@pytest.fixture
def calibrated(bench):
    """Return ``calibrated(file, calibration, ...)``: the outcome of a run with these calibrations."""

    def run(file, *calibrations, **values):
        names = []
        for number, one in enumerate(calibrations):
            name = f"calibration_{number}.json"
            (bench / name).write_text(json.dumps(document_of(one)), encoding="utf-8")
            names.append(name)
        settings = Settings().with_values(
            {"amendments.calibration.files": tuple(names), "run.analyses": ("none",), "run.policies": ("none",)}
        )
        (outcome,) = process_paths([file], settings=settings.with_values(values))
        return outcome

    return run


def facts(outcome):
    return outcome.entry.facts[outcome.entry.spectra()[0].id]


def remarks(outcome):
    return {one.rule: one.message.en for one in outcome.findings if one.rule.startswith("reading.calibration")}


def test_a_calibration_that_fits_states_its_terms(calibrated, data_file):
    outcome = calibrated(data_file(), MADE)
    stated = {term: one.value for term, one in facts(outcome).terms().items() if one.origin.kind == "calibration"}
    assert stated == {
        "photon_energy": 800.0,
        "work_function": 4.4,
        "calibration_photon_energy": 800.0,
        "fermi_level": 795.6,
        "energy_resolution": 0.12,
        "edge_width": 0.18,
        "calibration_standard": "gold",
        "calibration_operator_role": "manager",
        "calibrated_on": "2026-04-01",
        "photon_energy_changed_on": "2026-03-31",
    }
    assert facts(outcome).get("energy_resolution").origin == Origin("calibration", "calibration_0.json")
    assert facts(outcome).get("fermi_level").uncertainty == pytest.approx(0.0025)
    (spectrum,) = outcome.entry.spectra()
    np.testing.assert_allclose(spectrum.energy[0], 795.6 - 505.0, rtol=1e-12)
    assert remarks(outcome) == {}


def test_a_work_function_of_0_is_stated_too_so_that_settings_cannot_slip_in(calibrated, data_file):
    flat = evolve(MADE, work_function=0.0)
    outcome = calibrated(data_file(), flat, **{"facts.work_function": 4.5})
    assert outcome.entry.spectra()[0].reference.work_function == 0.0
    assert any(one.rule.endswith("work-function-conflict") for one in outcome.findings)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"pass": 100.0}, "pass energy 100 eV"),
        ({"pass": None}, "pass energy is known of one of the two only"),
        ({"lens": "Angular"}, "lens mode Angular"),
        ({"lens": None}, "lens mode is known of one of the two only"),
        ({"photons": 802.0}, "photon energy 802 eV in the header"),
    ],
)
def test_one_that_does_not_fit_states_nothing_and_that_is_said(calibrated, data_file, header, said):
    outcome = calibrated(data_file(**header), MADE)
    assert not any(one.origin.kind == "calibration" for one in facts(outcome).terms().values())
    assert said in remarks(outcome)["reading.calibration-none-fits"]


def test_without_calibration_files_nothing_is_said(calibrated, data_file):
    assert remarks(calibrated(data_file())) == {}


def dated(level, day, status="ok"):
    reasons = () if status == "ok" else (Text(en="one point is a spike", ja="1 点が突出"),)
    return evolve(
        MADE,
        status=status,
        reasons=reasons,
        fermi_level=Measured(level, 0.001),
        stated=evolve(MADE.stated, date=day),
    )


@pytest.mark.parametrize(
    ("day", "level", "later"),
    [("2026-04-08", 795.5, False), ("2026-04-09", 795.7, False), (None, 795.7, False), ("2026-04-01", 795.5, True)],
)
def test_of_several_that_fit_the_last_one_not_later_than_the_data_holds(calibrated, data_file, day, level, later):
    several = [dated(795.5, "2026-04-02"), dated(795.7, "2026-04-09"), dated(795.6, None)]
    outcome = calibrated(data_file(day=day), *several)
    said = remarks(outcome)
    assert facts(outcome).get("fermi_level").value == level
    assert f"calibration_{int(level == 795.7)}.json holds" in said["reading.calibration-chosen"]
    assert ("reading.calibration-later" in said) is later
    assert "differ by more than their uncertainties" in said["reading.calibrations-apart"]
    severities = {one.rule: (one.severity, one.kind) for one in outcome.findings}
    assert severities["reading.calibrations-apart"] == ("should", "fail")


def test_calibrations_that_agree_are_not_told_apart(calibrated, data_file):
    said = remarks(calibrated(data_file(), dated(795.5, "2026-04-01"), dated(795.502, "2026-03-01")))
    assert set(said) == {"reading.calibration-chosen"}


def test_a_doubtful_calibration_leaves_its_doubt_in_finding_and_decision(calibrated, data_file):
    outcome = calibrated(data_file(), dated(795.6, "2026-04-01", "doubtful"))
    (found,) = [one for one in outcome.findings if one.rule == "reading.calibration-doubtful"]
    assert (found.severity, found.kind) == ("should", "fail")
    assert "one point is a spike" in found.message.en
    assert "1 点が突出" in found.message.ja
    photon = next(one for one in outcome.decisions if one.term == "photon_energy")
    assert "doubtful" in photon.rule.en
    sure = calibrated(data_file(), dated(795.6, "2026-04-01"))
    assert "doubtful" not in next(one for one in sure.decisions if one.term == "photon_energy").rule.en


def test_what_is_ok_goes_before_what_is_doubtful_and_later(calibrated, data_file):
    several = [dated(795.601, "2026-03-01"), dated(795.6, "2026-04-01", "doubtful")]
    assert facts(calibrated(data_file(), *several)).get("fermi_level").value == 795.601


def test_a_resolution_that_is_hidden_is_no_fact(calibrated, data_file):
    outcome = calibrated(data_file(), evolve(MADE, resolution_limit=0.15))
    assert facts(outcome).get("energy_resolution") is None
    assert facts(outcome).get("edge_width").value == 0.18
    assert "0.15 eV, 95 %" in remarks(outcome)["reading.calibration-resolution-hidden"]


def test_where_headers_are_garbage_only_one_photon_energy_may_fit(calibrated, data_file):
    blind = evolve(MADE, conditions=evolve(CONDITIONS, photon_energy=None))
    file = data_file(photons=3.1e-317)
    assert facts(calibrated(file, blind)).get("fermi_level").value == 795.6
    other = evolve(blind, fermi_level=Measured(645.6, 0.001))
    outcome = calibrated(file, blind, other)
    assert facts(outcome).get("fermi_level") is None
    assert "different photon energies" in remarks(outcome)["reading.calibration-ambiguous"]
    known = data_file("known.bench", photons=650.0)
    assert facts(calibrated(known, blind, other)).get("fermi_level").value == 645.6


def test_a_sidecar_goes_before_a_calibration_with_its_own_work_function(calibrated, data_file):
    file = data_file()
    Path("c1s.bench.side.json").write_text('{"hv": 795.9}', encoding="utf-8")
    outcome = calibrated(file, MADE)
    reference = outcome.entry.spectra()[0].reference
    # 4.4 eV made the calibration's photon energy, not the sidecar's.
    assert (reference.photon_energy, reference.work_function) == (795.9, 0.0)
    assert any(one.rule.endswith("work-function-conflict") for one in outcome.findings)


def test_what_a_person_states_of_an_entry_goes_before_the_calibration(calibrated, data_file):
    outcome = calibrated(data_file(), MADE, **{"facts.energy_resolution": 0.2})
    assert facts(outcome).get("energy_resolution").value == 0.2


def test_files_that_cannot_be_used_are_all_named(shirube, data_file):
    Path("broken.json").write_text("{", encoding="utf-8")
    names = "broken.json,absent.json"
    code, _, err = shirube(
        "run", data_file(), "-o", "out", "--lang", "en", "--set", f"amendments.calibration.files={names}"
    )
    assert code == 2
    assert "broken.json" in err
    assert "absent.json" in err


# The photon energy and the work function that made it.


@given(
    level=st.floats(400.0, 1900.0),
    phi=st.floats(0.0, 10.0),
    # Steps of 1 meV at least: points that rounding alone keeps apart are no axis.
    offsets=st.lists(st.integers(1, 390_000).map(lambda one: one / 1000), min_size=3, max_size=6, unique=True),
)
def test_binding_energies_are_the_same_for_any_work_function(level, phi, offsets):
    kinetic = np.sort(level - np.array([-1.0, *offsets]))
    axis = Axis("energy", kinetic, "eV")
    spectrum = Spectrum("x#1", "x", np.zeros(kinetic.size), (axis,), reference=EnergyReference("kinetic"))
    energies = []
    for work in (0.0, phi):
        known = Facts()
        made = evolve(MADE, fermi_level=Measured(level, 0.001), work_function=work)
        for term, quantity in facts_of(made, Origin("calibration", "c.json")).items():
            known = known.add(term, quantity)
        converted = convert(spectrum, known, Parameters(fermi_margin=20.0))
        assert converted.spectrum.reference.work_function == work
        energies.append(converted.spectrum.energy)
    np.testing.assert_allclose(energies[1], energies[0], rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(energies[0], level - kinetic, rtol=0.0, atol=1e-12)


def converted_with(**terms):
    axis = Axis("energy", np.linspace(700.0, 720.0, 5), "eV")
    spectrum = Spectrum("x#1", "x", np.zeros(5), (axis,), reference=EnergyReference("kinetic"))
    known = Facts()
    for term, candidates in terms.items():
        for kind, value in candidates.items():
            known = known.add(term, Quantity(value, "eV", origin=Origin(kind, kind)))
    return {one.code: one.severity for one in convert(spectrum, known, Parameters()).notices}


def test_another_work_function_than_the_calibrations_is_said_aloud():
    assert converted_with(
        photon_energy={"calibration": 804.4}, work_function={"calibration": 4.4, "settings": 4.0}
    ) == {"work-function-conflict": "should"}


def test_a_work_function_that_the_registered_photon_energy_does_not_state_is_said_aloud():
    assert converted_with(photon_energy={"sidecar": 800.0}, work_function={"settings": 4.4}) == {
        "work-function-unpaired": "should"
    }
    assert converted_with(photon_energy={"header": 800.0}, work_function={"settings": 4.4}) == {}


def test_a_work_function_that_looks_applied_twice_is_said_aloud():
    found = converted_with(photon_energy={"header": 800.0, "sidecar": 795.6}, work_function={"sidecar": 4.4})
    assert found["work-function-twice"] == "should"
    right = converted_with(photon_energy={"header": 800.0, "sidecar": 800.1}, work_function={"sidecar": 4.4})
    assert right == {}
