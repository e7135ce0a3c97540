"""What a guide asks becomes rules: of manual items, metadata and conditions, each with what it says in words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from shirube.errors import SettingsError
from shirube.findings import category
from shirube.guidechecks import guide_rules, region_list
from shirube.guides import parse_guide, switched_on
from shirube.judging import judge
from shirube.records import (
    Axis,
    EnergyReference,
    Entry,
    Facts,
    Measurement,
    Origin,
    Quantity,
    Registration,
    Source,
    Spectrum,
    Subject,
)
from shirube.rules import RuleContext

GUIDE = """
[overview]
title = "Guide"
instrument = "Toy"
maker = "Us"
model = "T1"
edition = "1"
issued = "2026-01"
publisher = "Us"

[match]
terms = { instrument = "T1" }

[files]
data = ["*.txt"]
sidecars = ["*_extra.json"]

[[manual]]
key = "gas_on"
name = "Gas On"
label = { en = "Gas", ja = "ガス" }
type = "boolean"

[[manual]]
key = "gas"
name = "Gas"
label = "Kind of gas"
when = "gas_on"
pattern = "Ar|N2"

[[manual]]
key = "pressure"
name = "Pressure"
label = "Pressure"
type = "number"
above = 0.0
usual_minimum = 1.0
usual_maximum = 10.0
below_usual = { en = "In kPa?", ja = "kPa ですか。" }

[[manual]]
key = "form"
name = "Form"
label = "Form"
choices = ["film", "bulk"]
expected = true
synonyms = { layer = "film" }

[[metadata]]
key = "sweeps"
name = "Sweeps"
label = "Sweeps"
term = "sweeps"
minimum = 1.0

[[metadata]]
key = "mode"
name = "Mode"
label = "Mode"
term = "acquisition_mode"
choices = ["Swept", "Fixed"]

[conditions.any]
label = { en = "scan", ja = "スキャン" }

[[conditions.any.conditions]]
term = "energy_step"
label = "Step"
comparison = "equal"
value = 0.1
unit = "eV"
tolerance = 0.001
better = "lower"

[[conditions.any.conditions]]
term = "xray_source"
label = "Source"
comparison = "matches"
value = "synchrotron"
printed = { en = "a synchrotron", ja = "放射光" }
refused = "lamp"

[[conditions.any.conditions]]
term = "location"
label = "Location"
comparison = "matches"
value = "here"
optional = true

[[conditions.any.conditions]]
term = "xray_output"
label = "Output"
comparison = "blank"
value = "—"
unit = "W"
"""


def entry(*regions, manual=None, files=("a.txt",), **facts):
    """Return an entry of the file a.txt with one region for each mapping of facts; ``facts`` are of all regions."""
    spectra = [
        Spectrum(
            id=f"a.txt#{number}",
            name="C1s",
            intensity=[1.0, 2.0, 3.0],
            axes=[Axis("energy", np.array([283.0, 285.0, 287.0]), "eV")],
            reference=EnergyReference("binding"),
        )
        for number in range(1, max(1, len(regions)) + 1)
    ]
    stated = [{**facts, **one} for one in (regions or [{}])]
    return Entry(
        name="e",
        measurements=[Measurement(name="a.txt", reader="toy", spectra=spectra, sources=[Source("a.txt", 1, "0")])],
        facts={
            spectrum.id: Facts(
                {term: (Quantity(value, None, origin=Origin("header", "a.txt")),) for term, value in one.items()}
            )
            for spectrum, one in zip(spectra, stated, strict=True)
        },
        files=[Source(name, 1, "0") for name in files],
        registration=None if manual is None else Registration(manual=manual, document="{}"),
    )


def answers(rule, one, overrides=None):
    guide = parse_guide(GUIDE, "toy", "guide.toml", overrides)
    context = RuleContext(today=date(2026, 4, 1), guide=guide)
    found = judge(guide_rules(guide), one, context, "guide.toy", Subject("entry", "e"))
    return [(category(each), each.message.en) for each in found if each.rule == f"guide.toy.{rule}"]


@pytest.mark.parametrize(
    ("item", "manual", "expected"),
    [
        ("gas_on", {"gas_on": True}, ("pass", "holds")),
        ("gas_on", {"gas_on": "有"}, ("pass", "holds")),
        ("gas_on", {"gas_on": "maybe"}, ("fail", "Gas: 'maybe' is not of type boolean")),
        ("gas", {"gas_on": True}, ("fail", "Kind of gas: left blank, although it is needed when “Gas” is on")),
        (
            "gas",
            {"gas_on": "on", "gas": "  "},
            ("fail", "Kind of gas: left blank, although it is needed when “Gas” is on"),
        ),
        ("gas", {"gas_on": 0, "gas": "Ar"}, ("note", "Kind of gas: filled in, although “Gas” is off")),
        ("gas", {"gas_on": True, "gas": "He"}, ("note", "Kind of gas: 'He' is unusual")),
        ("gas", {"gas_on": True, "gas": "Ar 5.0"}, ("pass", "holds")),
        ("gas", {}, ("notApplicable", "left blank")),
        ("pressure", {"pressure": 0}, ("fail", "Pressure: 0 is not allowed (allowed: > 0)")),
        ("pressure", {"pressure": True}, ("fail", "Pressure: True is not of type number")),
        ("pressure", {"pressure": 0.5}, ("note", "Pressure: 0.5 is unusual. In kPa?")),
        ("pressure", {"pressure": 11}, ("note", "Pressure: 11 is unusual")),
        ("pressure", {"pressure": 5}, ("pass", "holds")),
        ("form", {}, ("note", "Form: left blank")),
        ("form", {"form": "layer"}, ("informational", "Form: layer is taken as film.")),
        ("form", {"form": "plate"}, ("fail", "Form: 'plate' is none of film, bulk")),
        ("form", {"form": "film"}, ("pass", "holds")),
        ("form", None, ("notApplicable", "There is no invoice.")),
    ],
)
def test_items_entered_by_hand_are_held_against_what_the_guide_says_of_them(item, manual, expected):
    assert answers(f"manual.{item}", entry(manual=manual)) == [expected]


@pytest.mark.parametrize(
    ("item", "facts", "expected"),
    [
        ("sweeps", {"sweeps": 3}, ("pass", "holds")),
        ("sweeps", {"sweeps": 0}, ("fail", "Selected metadata “Sweeps” (a.txt#1): 0 is not allowed (allowed: >= 1).")),
        ("sweeps", {}, ("fail", "Selected metadata “Sweeps” (a.txt#1): missing or blank.")),
        ("mode", {"acquisition_mode": "swept"}, ("pass", "holds")),
        (
            "mode",
            {"acquisition_mode": "CIS"},
            ("fail", "Selected metadata “Mode” (a.txt#1): 'CIS' is none of Swept, Fixed."),
        ),
    ],
)
def test_selected_metadata_are_there_and_can_be_what_they_are(item, facts, expected):
    assert answers(f"metadata.{item}", entry(**facts)) == [expected]


@pytest.mark.parametrize(
    ("term", "value", "expected"),
    [
        ("energy_step", 0.1, ("pass", "holds")),
        ("energy_step", 0.5, ("note", "Step: 0.5 eV in a.txt#1; recommended for a scan: 0.1 eV.")),
        (
            "energy_step",
            0.05,
            ("informational", "Step: 0.05 eV in a.txt#1 is better than what is recommended for a scan, 0.1 eV."),
        ),
        ("xray_source", "Synchrotron", ("pass", "holds")),
        ("xray_source", "laser", ("note", "Source: laser in a.txt#1; recommended for a scan: a synchrotron.")),
        ("xray_source", "He lamp", ("fail", "Source: He lamp in a.txt#1; recommended for a scan: a synchrotron.")),
        ("location", "a hall", ("note", "Location: a hall in a.txt#1; recommended for a scan: here.")),
        ("xray_output", 300.0, ("note", "Output: 300 W in a.txt#1; recommended for a scan: —.")),
    ],
)
def test_a_deviation_is_noted_a_better_value_told_and_a_wrong_one_refused(term, value, expected):
    assert answers(f"conditions.any.{term}", entry(**{term: value})) == [expected]


def test_what_is_not_stated_is_open_unless_it_may_be_left_out():
    assert answers("conditions.any.energy_step", entry()) == [
        ("open", "Step: not known for a.txt#1; recommended: 0.1 eV.")
    ]
    assert answers("conditions.any.location", entry()) == [("pass", "holds")]
    assert answers("conditions.any.xray_output", entry()) == [("pass", "holds")]


def test_regions_of_one_value_are_told_together_in_few_words():
    steps = [{"energy_step": step} for step in (0.5, 0.5, 0.5, 0.1, 0.5, 0.2)]
    (first, second) = answers("conditions.any.energy_step", entry(*steps))
    assert first == ("note", "Step: 0.5 eV in a.txt#1-3, 5; recommended for a scan: 0.1 eV.")
    assert second == ("note", "Step: 0.2 eV in a.txt#6; recommended for a scan: 0.1 eV.")
    assert "every region" in answers("metadata.sweeps", entry({}, {}))[0][1]


def test_ids_without_a_number_are_told_as_they_are():
    one = entry()
    assert region_list(one, ["a.txt#1"]).en == "a.txt#1"
    assert region_list(one, ["of nobody"]).en == ""


def test_files_and_sidecars_are_those_of_the_guide():
    (unread, there) = answers("files", entry(files=("a.txt", "b.TXT")))
    assert unread == ("fail", "b.TXT looks like a measurement file, but no reader can read it; export it again.")
    assert there == ("pass", "holds")
    assert answers("sidecars", entry(files=("a.txt", "b_extra.json"))) == [
        ("fail", "b_extra.json belongs to no data file; name it after its data file.")
    ]


def test_a_named_guide_of_another_instrument_is_a_note():
    assert answers("match", entry(instrument="T2")) == [
        ("note", "The guide is for T1; the files name T2. It was applied because it was named.")
    ]
    assert answers("match", entry(instrument="our T1")) == [("pass", "holds")]


@pytest.mark.parametrize(
    ("value", "meaning"),
    [(True, True), ("ON", True), (1, True), ("無", False), (0, False), ("false", False), ("maybe", None), (2, None)],
)
def test_forms_spell_on_and_off_in_several_ways(value, meaning):
    assert switched_on(value) is meaning


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('pattern = "Ar|N2"', 'pattern = "("', r"manual\[1\]\.pattern"),
        ('refused = "lamp"', 'refused = "("', r"conditions\[1\]\.refused"),
        ('model = "T1"', 'model = "T1"\nmodel_pattern = "("', r"overview\.model_pattern"),
        ("[match]", '[sample]\nmounting_pattern = "("\n[match]', r"sample\.mounting_pattern"),
    ],
)
def test_what_is_no_regular_expression_is_refused_when_the_guide_is_read(old, new, key):
    with pytest.raises(SettingsError, match=key):
        parse_guide(GUIDE.replace(old, new), "toy", "guide.toml")
