"""The metadata that the guide selects come out of every real file as its text has them: typed, and with their units."""

from __future__ import annotations

import re

import pytest

from shirube.guides import parse_guide
from shirube.hooks import Resource
from shirube.mapping import map_facts, parse_map
from shirube.terms import core_terms
from shirube_ses2002.reader import read
from shirube_ses2002.testing import SesRegion, examples, ses_bytes

FILES = [
    *(
        f"pynxtools-xps/{name}.txt"
        for name in ("Ag_0001", "Ag_0002", *(f"Cu-HHTP_000{number}" for number in range(1, 6)))
    ),
    *(f"specqp/scienta_{name}.txt" for name in ("fermi_level_1", "fermi_level_2", "multiregion_1", "survey_1")),
    *(f"specqp/scienta_{name}_1.txt" for name in ("single_region", "multiregion_adddimension")),
    *(f"specqp/scienta_single_region_{name}.txt" for name in ("2", "adddimension_1")),
]
#: The guide's names of the selected metadata, the type of each in a file of SES, and its unit.
NUMBERS = {
    "Pass Energy": "eV",
    "Excitation Energy": "eV",
    "Center Energy": "eV",
    "Low Energy": "eV",
    "High Energy": "eV",
    "Energy Step": "eV",
    "Step Time": "ms",
    "Time per Spectrum Channel": "s",
}
COUNTS = (
    "Number of Sweeps",
    "Detector First X-Channel",
    "Detector Last X-Channel",
    "Detector First Y-Channel",
    "Detector Last Y-Channel",
    "Number of Slices",
)
TEXTS = (
    *(
        "Region Name",
        "Lens Mode",
        "Energy Scale",
        "Acquisition Mode",
        "Spectrum Name",
        "Instrument",
        "Location",
        "User",
    ),
    *("Sample", "Comments", "Date", "Time", "DetectorMode"),
)
#: How SES spells what the guide calls otherwise.
SPELT = {"RAW File Name": "File"}


@pytest.fixture(scope="module")
def names():
    """Return the terms of the selected metadata by the guide's names."""
    guide = parse_guide(Resource("shirube_ses2002", "guide.toml").read_bytes().decode("utf-8"), "ses2002", "guide.toml")
    return {item.name: item.term for item in guide.metadata}


@pytest.fixture(scope="module")
def facts_of():
    """Return a function that maps the keys of each spectrum of a measurement."""
    mapped = parse_map(Resource("shirube_ses2002", "metadata.toml").read_bytes().decode("utf-8"), "metadata.toml")
    vocabulary = core_terms().extended(mapped.terms, "ses2002")

    def facts(measurement):
        found = [map_facts(spectrum, measurement, mapped.rules, vocabulary) for spectrum in measurement.spectra]
        assert [remark for one in found for remark in one.remarks] == []
        return [one.facts for one in found]

    return facts


def printed(text, number):
    """Return what the text of a file says of a region, by the guide's names: typed, with unit, no blanks."""
    info = re.search(rf"^\[Info {number}\]\r\n(.*?)^\[", text, re.MULTILINE | re.DOTALL)[1]
    mode = re.search(rf"^\[Run Mode Information {number}\]\r\n(.*?)^\[", text, re.MULTILINE | re.DOTALL)[1]

    def said(key, where=info):
        return re.search(rf"^{re.escape(key)}=(.*?)\r$", where, re.MULTILINE)[1]

    values = {"Version": (said("Version", text), None), "RAW File Name": (said("File"), None)}
    values |= {key: (float(said(key)), unit) for key, unit in NUMBERS.items()}
    values |= {key: (int(said(key)), None) for key in COUNTS}
    values |= {key: (said(key), None) for key in TEXTS}
    if "Name=" in mode:
        values["Name"] = (said("Name", mode), None)
    return {name: value for name, value in values.items() if value[0] != ""}


@pytest.mark.parametrize("name", FILES)
def test_every_selected_item_of_every_real_file_is_what_its_text_says(name, real, content_of, names, facts_of):
    text = content_of(name).decode("ascii")
    for number, facts in enumerate(facts_of(read(real(name))), start=1):
        expected = printed(text, number)
        assert {name for name, term in names.items() if term in facts} == set(expected)
        found = {name: facts.get(names[name]) for name in expected}
        assert {name: (fact.value, fact.unit) for name, fact in found.items()} == expected
        assert {name: type(fact.value) for name, fact in found.items()} == {
            name: type(value) for name, (value, _) in expected.items()
        }
        for item, fact in found.items():
            key, _, value = text.split("\r\n")[fact.origin.line - 1].partition("=")
            assert (key, fact.origin.kind) == (SPELT.get(item, item), "header")
            assert value


def test_the_thirty_items_are_all_looked_for(names):
    assert set(names) == {"Version", "RAW File Name", "Name", *NUMBERS, *COUNTS, *TEXTS}
    assert len(names) == 30


@pytest.mark.parametrize("name", FILES[:7])
def test_low_and_high_energy_are_kinetic_where_energy_unit_says_so_though_the_axis_is_binding(name, real, facts_of):
    measurement = read(real(name))
    for spectrum, facts in zip(measurement.spectra, facts_of(measurement), strict=True):
        hv, low, high, centre = (
            facts.get(term).value for term in ("photon_energy", "low_energy", "high_energy", "center_energy")
        )
        assert (facts.get("energy_scale").value, facts.get("ses2002.energy_unit").value) == ("Binding", "Kinetic")
        assert hv - low == pytest.approx(spectrum.energy[0], abs=1e-9)
        assert hv - high == pytest.approx(spectrum.energy[-1], abs=1e-9)
        assert low < centre < high


@pytest.mark.parametrize("name", FILES)
def test_step_time_is_in_milliseconds_and_channel_time_in_seconds(name, real, facts_of):
    for facts in facts_of(read(real(name))):
        seconds = facts.get("step_time").value / 1000 * facts.get("sweeps").value
        steps = facts.get("channel_time").value / seconds
        assert steps == pytest.approx(round(steps), abs=1e-9)
        assert round(steps) > 1


def test_old_spellings_and_us_dates_give_the_same_terms(place, facts_of):
    (facts,) = facts_of(read(place(examples()["old-keys"])))
    terms = ("acquisition_mode", "measured_on", "measured_at", "ses2002.detector_channels", "instrument", "pass_energy")
    assert [facts.get(term).value for term in terms] == ["Swept", "2002-02-11", "04:02:39", 471, "SES-2002-123", 50.0]
    assert facts.get("center_energy") is None


def test_keys_of_deflector_manipulator_and_beamline_are_typed_with_their_units(place, facts_of):
    region = SesRegion(
        energies=[3.0, 2.0, 1.0],
        intensity=[5.0, 6.0, 7.0],
        info={"ThetaX": "1.5"},
        run_mode=["Name=DA30", "Thetax_Low=-7.5", "Thetax_High=7.5"],
        interface=["Sample Stage Temperature=20,5", "Delay(fs)=-50", "T=-3.25"],
        manipulator={"X": "2.302", "Polar": "89.997", "R3": "", "Theta": "12"},
    )
    (facts,) = facts_of(read(place(ses_bytes([region]))))
    expected = {
        "theta_x": (1.5, "deg"),
        "theta_x_low": (-7.5, "deg"),
        "theta_x_high": (7.5, "deg"),
        "sample_stage_temperature": (20.5, "K"),
        "delay": (-50.0, "fs"),
        "manipulator_t": (-3.25, None),
        "manipulator_x": (2.302, None),
        "manipulator_polar": (89.997, None),
        "manipulator_theta": (12.0, None),
        "run_mode": ("DA30", None),
    }
    found = {term: facts.get(f"ses2002.{term}") for term in expected}
    assert {term: (fact.value, fact.unit) for term, fact in found.items()} == expected
    assert facts.get("ses2002.manipulator_r3") is None


def test_no_term_calls_the_ends_of_a_region_kinetic_as_their_scale_is_a_fact_beside_them(facts_of, place):
    info = {"Energy Unit": "Binding", "Center Energy": "285", "Low Energy": "280", "High Energy": "290"}
    region = SesRegion(energies=[290.0, 285.0, 280.0], intensity=[1.0, 2.0, 3.0], info=info)
    (facts,) = facts_of(read(place(ses_bytes([region]))))
    assert facts.get("ses2002.energy_unit").value == "Binding"
    ends = ("center_energy", "low_energy", "high_energy")
    assert [(facts.get(key).number, facts.get(key).unit) for key in ends] == [
        (285.0, "eV"),
        (280.0, "eV"),
        (290.0, "eV"),
    ]
    for key in ends:
        assert not re.search("kinetic|運動", core_terms()[key].label.en + core_terms()[key].label.ja)
