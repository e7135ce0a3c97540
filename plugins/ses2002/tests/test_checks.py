"""Each of the 93 checks of the guide has an example for every outcome that it can have.

``EXAMPLES`` lists them: the rule, the outcome, and a small job that leads to it. A job is a folder of SES files with
what is known of them besides; it goes through the whole pipeline with this plugin alone.
"""

from __future__ import annotations

import functools
import gzip
import re
import string
import tempfile
import tomllib
from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve, field, frozen

from shirube.errors import SettingsError
from shirube.findings import category
from shirube.guides import parse_guide
from shirube.hooks import Resource
from shirube.intake import item_of
from shirube.messages import catalogue
from shirube.parameters import fields
from shirube.pipeline import process
from shirube.pipeline._judging import entry_findings
from shirube.plugins import load_plugins
from shirube.records import ItemFile, Registration, Sample, Waiver
from shirube.rules import RuleContext
from shirube.ruletables import rule_texts
from shirube.settings import Settings
from shirube.text import is_japanese
from shirube_ses2002.checks import JUDGES, TEXTS, rules
from shirube_ses2002.checks.manual import KEYS as MANUAL_KEYS
from shirube_ses2002.checks.metadata import KEYS as METADATA_KEYS
from shirube_ses2002.checks.parameters import Parameters
from shirube_ses2002.testing import SesRegion, SesStyle, ses_bytes

TODAY = date(2026, 4, 1)
GUIDE = Resource("shirube_ses2002", "guide.toml").read_bytes().decode("utf-8")


@frozen(eq=False)
class Job:
    """Files by name, the registration, and settings."""

    files: dict[str, bytes]
    registration: Registration | None = None
    settings: dict[str, object] = field(factory=dict)
    today: date = TODAY


# --- What jobs are made of

#: All that SES asks for, filled in.
FILLED = {"User": "A. Author", "Sample": "Au film", "Comments": "test", "Excitation Energy": "799.85"}
NARROW = np.arange(87.0, 81.0, -0.01)
WIDE = np.arange(610.0, -3.1, -0.2)
#: The keys of [Info 1] that give selected metadata.
KEYS = [
    *("Region Name", "Lens Mode", "Pass Energy", "Number of Sweeps", "Excitation Energy", "Energy Scale"),
    *("Acquisition Mode", "Center Energy", "Low Energy", "High Energy", "Energy Step", "Step Time"),
    *(f"Detector {end} {axis}-Channel" for end in ("First", "Last") for axis in "XY"),
    *("Number of Slices", "File", "Spectrum Name", "Instrument", "Location", "User", "Sample", "Comments", "Date"),
    *("Time", "Time per Spectrum Channel", "DetectorMode"),
]
OFF = {"policies.ses2002.disable": ("DRG-SES2002-ENE-001", "DRG-SES2002-ENE-008")}


def region(energies=NARROW, scale="Binding", run_mode=("Name=XPS",), **info):
    """Return a region; underscores of ``info`` stand for blanks."""
    keys = {**FILLED, **{key.replace("_", " "): value for key, value in info.items()}}
    counts = 100.0 + np.arange(len(energies)) % 7
    return SesRegion(energies=energies, intensity=counts, scale=scale, info=keys, run_mode=run_mode)


def pass_energy(value):
    return {"Pass Energy": value}


def job(*regions, style=None, files=None, sidecar=None, manual=None, facts=None, sample=None, settings=None, **more):
    """Return a job of the file au.txt with these regions (default: one narrow scan as the guide recommends)."""
    held = {"au.txt": ses_bytes(regions or [region()], style)}
    if sidecar is not None:
        held["au_metadata.json"] = sidecar.encode()
    held |= files or {}
    registration = None
    if manual is not None or facts is not None or sample is not None:
        document = None if manual is None else "{}"
        registration = Registration(manual=manual or {}, facts=facts or {}, sample=sample, document=document)
    return Job(held, registration, settings or {}, **more)


def form(**manual):
    return job(manual=manual)


def known(**facts):
    return job(facts=facts)


def wide(energies=WIDE, facts=None, **info):
    return job(region(energies, **info), facts=facts)


def cut_second_region():
    """Return a file of two regions that ends within the second."""
    content = ses_bytes([region(), region()])
    return Job(
        {"au.txt": content[: content.rindex(b"\r\n", 0, -400)] + b"\r\n"}, settings={"readers.ses2002.lenient": True}
    )


def wrong_number_of_regions():
    """Return a file that states one region more than it has."""
    content = ses_bytes([region()]).replace(b"Regions=0001", b"Regions=0002")
    return Job({"au.txt": content}, settings={"readers.ses2002.lenient": True})


def overridden_unit():
    """Return a job under a facility's guide that calls the milliseconds of Step Time seconds."""
    return job(settings={"guides.ses2002.metadata": [{"key": "step_time", "unit": "s"}]})


CALIBRATED = {
    "calibration_photon_energy": 799.85,
    "calibrated_on": "2025-11-30",
    "photon_energy_changed_on": "2025-11-29",
}

GOOD = job()
#: No measurement file, but one of another format.
EMPTY = Job({"au.pxt": b"IGR"})
FORM = form(remark="-")
GOOD_WIDE = wide(facts={"energy_resolution": 0.12, "xray_source": "undulator"})
OTHER_INSTRUMENT = job(region(Instrument="R3000-6MS014"))
NO_INSTRUMENT = job(region(Instrument=None))
NO_ENERGY = job(region(Excitation_Energy=None))
SPUTTERED = form(
    ion_sputtering_on=True, ion_beam_species="Ar+", ion_beam_acceleration_voltage=1000, ion_sputtering_time=60
)
SPUTTERED_HOW = form(ion_sputtering_on=True)
NOT_SPUTTERED = form(
    ion_sputtering_on=False, ion_beam_species="Ar+", ion_beam_acceleration_voltage=1000, ion_sputtering_time=60
)
WRONG_SPUTTERING = form(
    ion_sputtering_on=True, ion_beam_species=3, ion_beam_acceleration_voltage=0, ion_sputtering_time="1 min"
)
FIT = form(bic_fitting_on_off=True)
FIT_NOTHING = form(bic_fitting_on_off=True, limit_energy_range=1.0)
FULL_FORM = form(
    annotation="first try",
    form="フィルム",
    sample_mounting="Cu plate",
    charge_neutralization_on=False,
    ion_sputtering_on=False,
    take_off_angle_toa=90,
    vacuum=2,
    bic_fitting_on_off="有",
    limit_energy_range=150.0,
    remark="none",
)
WRONG_FORM = form(
    annotation=1,
    form="板",
    sample_mounting=True,
    charge_neutralization_on="maybe",
    ion_sputtering_on=2,
    take_off_angle_toa=91,
    vacuum=0,
    bic_fitting_on_off="yes please",
    limit_energy_range=0.0,
    remark=5,
)
#: Files in which nothing is entered, and in which not even the keys stand.
BLANK = job(region(**dict.fromkeys(KEYS, ""), run_mode=["Name="]), settings=OFF)
BLANK.files["au.txt"] = BLANK.files["au.txt"].replace(b"Version=1.3.1", b"Version=")
BARE = job(region(**dict.fromkeys(KEYS), run_mode=()), settings=OFF)
BARE.files["au.txt"] = BARE.files["au.txt"].replace(b"Version=1.3.1\r\n", b"")


EXAMPLES: list[tuple[str, str, Job]] = [
    ("GEN-001", "pass", GOOD),
    ("GEN-001", "note", OTHER_INSTRUMENT),
    ("GEN-001", "open", NO_INSTRUMENT),
    ("GEN-002", "pass", job(region(Instrument="SES2002"))),
    ("GEN-002", "informational", GOOD),
    ("GEN-002", "notApplicable", OTHER_INSTRUMENT),
    # Files
    ("FIL-001", "pass", GOOD),
    ("FIL-001", "note", job(files={"C1S.TXT": ses_bytes([region()])})),
    ("FIL-001", "fail", EMPTY),
    ("FIL-002", "pass", job(sidecar='{"Excitation Energy": 799.9}')),
    ("FIL-002", "note", job(files={"settings.json": b"{}"})),
    ("FIL-002", "notApplicable", GOOD),
    ("FIL-003", "pass", job(sidecar='{"Excitation Energy": 799.9}')),
    ("FIL-003", "fail", job(files={"gold_metadata.json": b"{}"})),
    ("FIL-003", "notApplicable", GOOD),
    ("FIL-004", "pass", job(sidecar='{"Excitation Energy": 799.9}')),
    ("FIL-004", "note", job(sidecar='{"Excitation Energy": 799.9, "Beamline": "BL23SU"}')),
    ("FIL-004", "notApplicable", GOOD),
    ("FIL-005", "pass", GOOD),
    ("FIL-005", "note", job(files={"au.ibw": b"\5"})),
    ("FIL-005", "fail", EMPTY),
    ("FIL-006", "pass", GOOD),
    ("FIL-006", "note", job(style=SesStyle(last_lines=0))),
    ("FIL-006", "fail", job(files={"notes.txt": b"measured on Monday"})),
    ("FIL-006", "fail", wrong_number_of_regions()),
    ("FIL-006", "informational", job(region(Comments="金の膜"), style=SesStyle(encoding="cp932"))),
    ("FIL-006", "notApplicable", EMPTY),
    # Photon energy and energy scale
    ("ENE-001", "pass", GOOD),
    ("ENE-001", "fail", NO_ENERGY),
    ("ENE-001", "notApplicable", EMPTY),
    ("ENE-002", "informational", GOOD),
    ("ENE-002", "notApplicable", EMPTY),
    ("ENE-003", "pass", job(sidecar='{"Excitation Energy": 799.85}')),
    ("ENE-003", "note", job(sidecar='{"Excitation Energy": 797.8}')),
    ("ENE-003", "informational", job(sidecar='{"Excitation Energy": 797.9}')),
    ("ENE-003", "notApplicable", GOOD),
    ("ENE-004", "pass", GOOD),
    ("ENE-004", "note", job(region(Instrument="HiPP-2", Excitation_Energy="4600"))),
    ("ENE-004", "fail", job(region(Excitation_Energy="399.9"))),
    ("ENE-004", "notApplicable", EMPTY),
    ("ENE-005", "pass", GOOD),
    ("ENE-005", "note", job(region(Excitation_Energy="650.2"))),
    ("ENE-005", "open", evolve(NO_ENERGY, settings=OFF)),
    ("ENE-005", "notApplicable", EMPTY),
    ("ENE-006", "pass", GOOD),
    ("ENE-006", "note", job(region(Excitation_Energy="800"))),
    ("ENE-006", "notApplicable", EMPTY),
    ("ENE-007", "pass", job(region(np.arange(713.0, 719.0, 0.01), "Kinetic"))),
    ("ENE-007", "fail", job(region(np.arange(800.0, 806.0, 0.01), "Kinetic"))),
    ("ENE-007", "notApplicable", GOOD),
    ("ENE-008", "pass", GOOD),
    ("ENE-008", "fail", job(region(Energy_Scale="Analyser"))),
    ("ENE-008", "notApplicable", EMPTY),
    # Recommended conditions
    ("CND-001", "informational", GOOD),
    ("CND-001", "notApplicable", EMPTY),
    ("CND-101", "pass", GOOD_WIDE),
    ("CND-101", "note", wide(**pass_energy("100"))),
    ("CND-101", "open", wide(**pass_energy(None))),
    ("CND-101", "notApplicable", GOOD),
    ("CND-102", "pass", GOOD_WIDE),
    ("CND-102", "note", wide(np.arange(610.0, -1.4, -0.2))),
    ("CND-102", "open", job(region(np.arange(190.0, 803.0, 0.2), "Kinetic"))),
    ("CND-102", "notApplicable", GOOD),
    ("CND-103", "pass", GOOD_WIDE),
    ("CND-103", "note", wide(np.arange(598.0, -3.0, -0.2))),
    ("CND-103", "open", job(region(np.arange(190.0, 803.0, 0.2), "Kinetic"))),
    ("CND-103", "notApplicable", GOOD),
    ("CND-104", "pass", GOOD_WIDE),
    ("CND-104", "note", wide(Energy_Step="0.5")),
    ("CND-104", "informational", wide(Energy_Step="0.1")),
    ("CND-104", "open", wide(Energy_Step=None)),
    ("CND-104", "notApplicable", GOOD),
    ("CND-105", "pass", GOOD_WIDE),
    ("CND-105", "note", wide(facts={"energy_resolution": 0.14})),
    ("CND-105", "open", wide()),
    ("CND-105", "notApplicable", GOOD),
    ("CND-106", "pass", GOOD),
    ("CND-106", "note", known(xray_output=300)),
    ("CND-106", "notApplicable", EMPTY),
    ("CND-107", "notApplicable", GOOD_WIDE),
    ("CND-201", "pass", GOOD),
    ("CND-201", "note", job(region(**pass_energy("20")))),
    ("CND-201", "open", job(region(**pass_energy(None)))),
    ("CND-201", "notApplicable", GOOD_WIDE),
    ("CND-202", "pass", GOOD),
    ("CND-202", "note", job(region(Energy_Step="0.05"))),
    ("CND-202", "informational", job(region(Energy_Step="0.005"))),
    ("CND-202", "open", job(region(Energy_Step=None))),
    ("CND-202", "notApplicable", GOOD_WIDE),
    ("CND-203", "pass", known(energy_resolution=0.105)),
    ("CND-203", "note", known(energy_resolution=0.12)),
    ("CND-203", "open", GOOD),
    ("CND-203", "notApplicable", GOOD_WIDE),
    ("CND-204", "notApplicable", GOOD),
    ("CND-205", "pass", known(xray_source="SPring-8 BL23SU、放射光")),
    ("CND-205", "note", known(xray_source="laser")),
    ("CND-205", "fail", known(xray_source="Al Kα")),
    ("CND-205", "open", GOOD),
    ("CND-205", "notApplicable", EMPTY),
    ("CND-206", "pass", GOOD),
    ("CND-206", "note", job(region(Location="another hall"))),
    ("CND-206", "open", job(region(), region(Instrument=None))),
    ("CND-206", "notApplicable", OTHER_INSTRUMENT),
    # Sample
    ("SMP-001", "pass", known(sample_length=15, sample_width=10)),
    ("SMP-001", "fail", known(sample_length=10, sample_width=16)),
    ("SMP-001", "open", known(sample_length=10)),
    ("SMP-002", "pass", known(sample_thickness=5)),
    ("SMP-002", "fail", known(sample_thickness=5.5)),
    ("SMP-002", "open", GOOD),
    ("SMP-003", "pass", form(sample_mounting="銅板で固定")),
    ("SMP-003", "note", form(sample_mounting="carbon tape")),
    ("SMP-003", "open", FORM),
    ("SMP-004", "pass", known(sample_preparation="cleaved in situ")),
    ("SMP-004", "note", known(sample_preparation="rinsed with acetone")),
    ("SMP-004", "informational", SPUTTERED),
    ("SMP-004", "open", GOOD),
    ("SMP-005", "pass", known(sample_class="inorganic semiconductor")),
    ("SMP-005", "informational", form(form="powder")),
    ("SMP-005", "open", GOOD),
    # Items entered by hand
    *((f"MAN-{n:03}", "notApplicable", GOOD) for n in range(1, 15)),
    *((f"MAN-{n:03}", "pass", FULL_FORM) for n in (1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14)),
    *((f"MAN-{n:03}", "fail", WRONG_FORM) for n in (1, 2, 3, 4, 5, 9, 10, 11, 12, 13)),
    ("MAN-002", "note", FORM),
    ("MAN-002", "informational", form(form="film")),
    ("MAN-003", "note", FORM),
    *((f"MAN-{n:03}", "pass", SPUTTERED) for n in (6, 7, 8)),
    *((f"MAN-{n:03}", "fail", SPUTTERED_HOW) for n in (6, 7, 8)),
    *((f"MAN-{n:03}", "note", NOT_SPUTTERED) for n in (6, 7, 8)),
    ("MAN-010", "note", form(vacuum=2e-8)),
    ("MAN-012", "informational", FORM),
    ("MAN-014", "informational", form(photon_flux="high")),
    # Selected metadata
    *((f"MET-{n:03}", "pass", GOOD) for n in range(1, 31)),
    *((f"MET-{n:03}", "note", BLANK) for n in range(1, 31)),
    *((f"MET-{n:03}", "fail", BARE) for n in range(1, 30)),
    *((f"MET-{n:03}", "notApplicable", EMPTY) for n in range(1, 30)),
    ("MET-030", "notApplicable", BARE),
    # Their consistency
    ("MET-101", "pass", GOOD),
    ("MET-101", "fail", job(region(Center_Energy="700"))),
    ("MET-101", "notApplicable", BARE),
    ("MET-102", "pass", GOOD),
    ("MET-102", "fail", job(region(Energy_Step="0.02"))),
    ("MET-102", "notApplicable", job(region(Acquisition_Mode="Fixed"))),
    ("MET-103", "pass", GOOD),
    ("MET-103", "fail", job(region(**{"Detector Last Y-Channel": "0"}))),
    ("MET-103", "notApplicable", BARE),
    ("MET-104", "pass", GOOD),
    ("MET-104", "fail", job(region(Date="4/2/2026"))),
    ("MET-104", "notApplicable", EMPTY),
    ("MET-105", "pass", job(sample=Sample(names=("Au-01", "金")))),
    ("MET-105", "note", job(sample=Sample(names=("MoS2",)))),
    ("MET-105", "notApplicable", GOOD),
    ("MET-106", "pass", GOOD),
    ("MET-106", "fail", overridden_unit()),
    ("MET-106", "notApplicable", BARE),
    ("MET-107", "pass", job(region(), region())),
    ("MET-107", "fail", cut_second_region()),
    ("MET-107", "notApplicable", EMPTY),
    # Calibration
    ("CAL-001", "pass", known(calibration_standard="高純度Au蒸着膜")),
    ("CAL-001", "note", known(calibration_standard="Ag foil")),
    ("CAL-001", "open", GOOD),
    ("CAL-002", "pass", known(calibration_operator_role="装置管理者")),
    ("CAL-002", "note", known(calibration_operator_role="user")),
    ("CAL-002", "open", GOOD),
    ("CAL-003", "pass", known(**CALIBRATED)),
    ("CAL-003", "note", known(**{**CALIBRATED, "calibration_photon_energy": 801.0})),
    ("CAL-003", "open", GOOD),
    ("CAL-004", "pass", known(energy_resolution=0.1, fermi_level=795.3, calibration_photon_energy=799.85)),
    ("CAL-004", "fail", known(energy_resolution=0.1)),
    ("CAL-004", "open", GOOD),
    # BIC fitting
    ("BIC-001", "informational", FIT),
    ("BIC-001", "notApplicable", FORM),
    ("BIC-002", "pass", FIT),
    ("BIC-002", "note", FIT_NOTHING),
    ("BIC-002", "notApplicable", FORM),
    ("BIC-003", "informational", GOOD),
]


# --- Judging them


@functools.cache
def installed():
    return load_plugins(allow=("ses2002",))


@functools.cache
def judged(one):
    """Return what comes of a job, each job once."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, content in one.files.items():
            path = Path(folder) / name
            path.write_bytes(content)
            files.append(ItemFile(name, path))
        item = evolve(item_of("job", files, installed()), guide="ses2002", registration=one.registration)
        return process(item, installed(), Settings().with_values(one.settings), today=one.today)


def findings(one, number):
    return [found for found in judged(one).findings if found.rule == f"DRG-SES2002-{number}"]


@pytest.mark.parametrize(
    ("number", "outcome", "example"), EXAMPLES, ids=[f"{number}-{outcome}" for number, outcome, _ in EXAMPLES]
)
def test_the_example_comes_to_its_outcome(number, outcome, example):
    found = findings(example, number)
    assert outcome in [category(one) for one in found], [one.message.en for one in found]
    assert not [one.message.en for one in found if one.error]
    # The rule itself answered; it was not passed over because another one failed.
    assert not [one for one in found if "not judged because" in one.message.en]


def test_there_is_an_example_for_exactly_the_outcomes_that_the_rules_declare():
    declared = {(rule.id, outcome) for rule in rule_texts(TEXTS).values() for outcome in rule.outcomes}
    shown = [(f"DRG-SES2002-{number}", outcome) for number, outcome, _ in EXAMPLES]
    assert sorted(set(shown)) == sorted(declared)


@pytest.mark.parametrize("example", {id(one): one for _, _, one in EXAMPLES}.values())
def test_whatever_is_found_is_said_in_both_languages_with_every_place_filled(example):
    for one in judged(example).findings:
        assert not one.error, one.message.en
        for text in filter(None, (one.message, one.remedy)):
            assert not set("{}") & set(text.en + text.ja), one.rule
            assert is_japanese(text.ja), one.rule
            assert text.en != text.ja, one.rule


def test_the_recommended_measurement_under_its_own_guide_fails_in_nothing():
    facts = {**CALIBRATED, "energy_resolution": 0.1, "fermi_level": 795.3, "xray_source": "放射光"}
    facts |= {"sample_length": 10, "sample_width": 10, "sample_thickness": 1, "sample_class": "metal"}
    facts |= {"calibration_standard": "Au", "calibration_operator_role": "manager", "sample_preparation": "cleaved"}
    whole = evolve(FULL_FORM.registration, facts=facts)
    found = judged(evolve(GOOD, registration=whole)).findings
    asked = [one for one in found if one.policy == "ses2002"]
    assert {category(one) for one in asked} == {"pass", "informational", "notApplicable"}
    assert {one.rule for one in asked} == set(JUDGES)


# --- The rules as they stand


def test_there_are_93_rules_in_the_families_of_the_guide():
    ids = list(rule_texts(TEXTS))
    assert len(ids) == 93
    assert all(re.fullmatch(r"DRG-SES2002-[A-Z]{3}-\d{3}", one) for one in ids)
    families = {"GEN": 2, "FIL": 6, "ENE": 8, "CND": 14, "SMP": 5, "MAN": 14, "MET": 37, "CAL": 4, "BIC": 3}
    assert Counter(one.split("-")[2] for one in ids) == families
    assert set(ids) == set(JUDGES)


def places(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


@pytest.mark.parametrize("rule", rule_texts(TEXTS).values(), ids=lambda rule: rule.id)
def test_a_rule_is_complete_in_both_languages(rule):
    for text in (rule.message, rule.remedy, rule.passed, rule.section):
        if text is not None:
            assert is_japanese(text.ja)
            assert not is_japanese(text.en)
            assert places(text.en) == places(text.ja)
    assert rule.remedy is not None or rule.severity == "info"
    assert rule.passed is not None or "pass" not in rule.outcomes
    assert "fail" not in rule.outcomes or not rule.heuristic


def every_text(value):
    if isinstance(value, dict):
        yield from (one for inner in value.values() for one in every_text(inner))
    elif isinstance(value, list):
        yield from (one for inner in value for one in every_text(inner))
    elif isinstance(value, str):
        yield value


#: Headings of tables, which the guide's data have as names of keys.
HEADINGS = {"製造モデル", "対象物", "測定対象", "標準サンプル", "実施者", "実施頻度", "ファイル名"}


def test_the_quotes_are_the_words_of_the_guide():
    """Prose stands in one leaf of the guide's data, rows of tables cell by cell."""
    said = [re.sub(r"\s", "", one) for one in every_text(tomllib.loads(GUIDE))]

    def stands(words):
        return any(re.sub(r"\s", "", words) in text for text in said)

    quotes = {rule.id: rule.quote for rule in rule_texts(TEXTS).values()}
    rows = {rule: re.findall(r"[^\s：:“”,\[\]]+", quote) for rule, quote in quotes.items() if not stands(quote)}
    strange = {rule: [one for one in words if one not in HEADINGS and not stands(one)] for rule, words in rows.items()}
    assert {rule: words for rule, words in strange.items() if words} == {}
    assert len(rows) < 70


def test_the_keys_of_manual_items_and_metadata_are_those_of_the_guide_in_order():
    guide = parse_guide(GUIDE, "ses2002", "guide.toml")
    assert tuple(item.key for item in guide.manual) == MANUAL_KEYS
    assert tuple(item.key for item in guide.metadata) == METADATA_KEYS


def test_sentences_are_in_both_languages_and_each_is_used():
    modules = [path for path in resources.files("shirube_ses2002.checks").iterdir() if path.name.endswith(".py")]
    code = "".join(path.read_text(encoding="utf-8") for path in modules)
    for name, text in catalogue("shirube_ses2002.checks").items():
        assert is_japanese(text.ja) or not re.search("[a-z]{3}", re.sub(r"{\w+}", "", text.ja)), name
        assert places(text.en) == places(text.ja), name
        assert f'"{name}"' in code, name


# --- Switches


def test_every_parameter_is_explained_in_both_languages():
    for one in fields(Parameters):
        assert is_japanese(one.help.ja)
        assert not is_japanese(one.help.en)


def test_rules_of_ours_can_be_left_out_together_and_single_ones_by_id():
    ours = {rule.id for rule in rules(Parameters()) if rule.derived}
    assert 10 < len(ours) < 30
    assert {rule.id for rule in rules(Parameters(derived=False))} == set(JUDGES) - ours
    (left,) = set(JUDGES) - {rule.id for rule in rules(Parameters(disable=("DRG-SES2002-MET-030",)))}
    assert left == "DRG-SES2002-MET-030"
    with pytest.raises(SettingsError, match="DRG-SES2002-MET-030"):
        rules(Parameters(disable=("DRG-SES2002-MET-30",)))


def test_a_failed_prerequisite_gives_one_failure():
    found = {one.rule[12:]: one for one in judged(NO_ENERGY).findings if one.policy == "ses2002"}
    assert category(found["ENE-001"]) == "fail"
    for number in ("ENE-002", "ENE-004", "ENE-005", "ENE-006", "ENE-007", "MET-007"):
        assert found[number].kind == "notApplicable"
        assert "ENE-001" in found[number].message.en


def test_a_rule_can_be_waived():
    waiver = Waiver(rule="DRG-SES2002-ENE-004", reason="tested below the range", approved_by="A. Manager")
    one = job(region(Excitation_Energy="399.9"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "au.txt"
        path.write_bytes(one.files["au.txt"])
        item = evolve(item_of("job", [ItemFile("au.txt", path)], installed()), guide="ses2002")
        outcome = process(item, installed(), Settings(waivers=(waiver,)), today=TODAY)
    (found,) = [one for one in outcome.findings if one.rule == "DRG-SES2002-ENE-004"]
    assert (category(found), found.waiver) == ("waived", waiver)


def rules_of(outcome):
    return {one.rule.split(".")[0] if one.rule.startswith("guide.") else one.rule for one in outcome.findings}


def test_the_rules_stand_in_for_the_derived_checks_which_come_back_when_they_are_switched_off():
    assert "guide" not in rules_of(judged(GOOD))
    assert set(JUDGES) <= rules_of(judged(GOOD))
    off = rules_of(judged(evolve(GOOD, settings={"run.policies": ("none",)})))
    assert "guide" in off
    assert not set(JUDGES) & off


def test_entries_of_no_guide_are_not_judged():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "au.txt"
        path.write_bytes(OTHER_INSTRUMENT.files["au.txt"])
        outcome = process(item_of("job", [ItemFile("au.txt", path)], installed()), installed(), Settings(), today=TODAY)
    assert outcome.entry.guide is None
    assert not set(JUDGES) & rules_of(outcome)


def test_a_rule_asked_without_a_guide_is_an_error_and_no_pass():
    from shirube.judging import judge
    from shirube.records import Subject

    found = judge(rules(Parameters()), judged(GOOD).entry, RuleContext(today=TODAY), "ses2002", Subject("entry", "job"))
    assert "no guide applies" in next(one for one in found if one.rule == "DRG-SES2002-CND-201").message.en


# --- What a facility says otherwise


def test_a_facility_changes_what_a_condition_compares_with():
    settings = {"guides.ses2002.conditions.narrow.conditions": [{"term": "pass_energy", "value": 20.0}]}
    (found,) = findings(evolve(GOOD, settings=settings), "CND-201")
    assert category(found) == "note"
    assert "50 eV" in found.message.en
    assert "20 eV" in found.message.en
    (other,) = findings(job(region(**pass_energy("20")), settings=settings), "CND-201")
    assert other.kind == "pass"


@pytest.mark.parametrize(
    ("leaf", "value", "number", "example"),
    [
        ("overview.photon_energy.maximum", 700.0, "ENE-004", GOOD),
        (
            "conversions.synchrotron.photon_energy_difference",
            0.01,
            "ENE-003",
            job(sidecar='{"Excitation Energy": 799.9}'),
        ),
        ("sample.max_thickness", 1.0, "SMP-002", known(sample_thickness=2)),
        ("calibration.photon_energy_tolerance", 2.0, "CAL-003", known(calibration_photon_energy=801.0)),
        ("conditions.narrow.max_width", 5.0, "CND-201", GOOD),
        # As they are typed after --set.
        ("conditions.narrow.max_width", "5", "CND-201", GOOD),
        ("conditions.narrow.conditions.pass_energy.value", "20", "CND-201", GOOD),
        (
            "conversions.synchrotron.photon_energy_difference",
            "1e-2",
            "ENE-003",
            job(sidecar='{"Excitation Energy": 799.9}'),
        ),
        ("files.data", "*.dat, *.asc", "FIL-001", GOOD),
        ("manual.vacuum.minimum", "3", "MAN-010", FULL_FORM),
    ],
)
def test_a_facility_changes_a_leaf_and_the_rule_that_reads_it_answers_otherwise(leaf, value, number, example):
    (before,) = findings(example, number)
    (after,) = findings(evolve(example, settings={f"guides.ses2002.{leaf}": value}), number)
    assert category(before) != category(after)


def test_what_a_facility_no_longer_asks_for_does_not_apply():
    settings = {"guides.ses2002.manual": [], "guides.ses2002.metadata.name.remove": "true"}
    settings |= {"guides.ses2002.analyses": []}
    example = evolve(FULL_FORM, settings=settings)
    for number in ("MAN-001", "MAN-013", "MET-030", "BIC-001"):
        (found,) = findings(example, number)
        assert found.kind == "notApplicable"
    assert "annotation" in findings(example, "MAN-014")[0].message.en


# --- What free texts say, and take back


@pytest.mark.parametrize(
    ("number", "example", "outcome"),
    [
        ("CAL-001", known(calibration_standard="白金(Pt)薄膜"), "note"),
        ("CAL-001", known(calibration_standard="Ag film, not Au"), "note"),
        ("CAL-001", known(calibration_standard="Au-coated Si"), "pass"),
        ("CAL-001", known(calibration_standard="純金の蒸着膜"), "pass"),
        ("CAL-002", known(calibration_operator_role="user, in the absence of the manager"), "note"),
        ("SMP-003", form(sample_mounting="Cu2O powder on carbon tape"), "note"),
        ("SMP-003", form(sample_mounting="銅は不使用"), "note"),
        ("SMP-003", form(sample_mounting="酸化銅をカーボンテープで固定"), "note"),
        ("SMP-004", known(sample_preparation="as received, not cleaved"), "note"),
        ("SMP-004", known(sample_preparation="劈開せず、大気中で洗浄"), "note"),
        ("SMP-005", known(sample_class="semi-insulating GaAs (semiconductor)"), "pass"),
        ("SMP-005", known(sample_class="半絶縁性 GaAs"), "pass"),
        ("SMP-005", known(sample_class="insulator"), "informational"),
        ("CND-205", known(xray_source="Synchrotron radiation, Al K-edge mirror"), "pass"),
        ("CND-205", known(xray_source="Mg K alpha"), "fail"),
        ("CND-205", known(xray_source="synchrotron radiation, not Al Kα"), "pass"),
        ("CND-205", known(xray_source="synchrotron radiation; Al Kα as reference"), "note"),
        ("CND-205", known(xray_source="laser instead of synchrotron"), "note"),
        ("MET-105", job(region(Sample="Ag"), sample=Sample(names=("Magnetite",))), "note"),
        ("MET-105", job(region(Sample="sample 1"), sample=Sample(names=("sample 2",))), "note"),
        ("MET-105", job(region(Sample="sample 1"), sample=Sample(names=("Sample_1",))), "pass"),
        ("MET-105", job(region(Sample="MoS2_film-3"), sample=Sample(names=("MoS2薄膜",))), "pass"),
        ("SMP-001", known(sample_length=-3.0, sample_width=2), "fail"),
        ("SMP-002", known(sample_thickness=0), "fail"),
    ],
)
def test_a_free_text_is_read_word_by_word(number, example, outcome):
    assert [category(one) for one in findings(example, number)] == [outcome]


def test_a_size_that_cannot_be_is_said_to_be_impossible():
    (found,) = findings(known(sample_length=-3.0, sample_width=2), "SMP-001")
    assert found.message.en == "No sample measures -3 × 2 mm: a size is greater than 0."


def test_argon_may_be_written_in_katakana():
    sputtering = {**SPUTTERED.registration.manual, "ion_beam_species": "アルゴン"}
    assert [category(one) for one in findings(form(**sputtering), "MAN-006")] == ["pass"]


def test_no_message_ends_twice():
    hinted = form(vacuum=2e-8, ion_sputtering_on=True, ion_beam_acceleration_voltage=5, ion_beam_species="foo")
    told = [one.message for _, _, example in EXAMPLES for one in judged(example).findings]
    for text in (*told, *(one.message for one in judged(hinted).findings)):
        assert not re.search(r"(?<!\.)[.?!]\.(?!\.)|。。|\? ?\.$", text.en + "\n" + text.ja), text
    (vacuum,) = findings(hinted, "MAN-010")
    assert vacuum.message.en.endswith("Was it entered in Pa? 2×10⁻⁸ Pa is entered as 2.")


# --- The photon energy that the conversion refused


def without_photons(entry):
    """Return an entry of whose photon energies the conversion decided that none can be right."""
    return evolve(entry, facts={name: facts.decide("photon_energy", None) for name, facts in entry.facts.items()})


def test_the_rules_follow_the_conversion_which_may_refuse_every_photon_energy():
    one = job(region(np.arange(713.0, 719.0, 0.01), "Kinetic"), sidecar='{"Excitation Energy": 500}')
    outcome = judged(one)
    refused = evolve(outcome, entry=without_photons(outcome.entry))
    settings = Settings().with_values({"policies.ses2002.disable": ("DRG-SES2002-ENE-001",)})
    plugins = installed()
    guide = parse_guide(GUIDE, "ses2002", "guide.toml")
    asked = {one.rule[12:]: one for one in entry_findings(refused, guide, plugins, settings, settings.run, TODAY)}
    for number in ("ENE-002", "ENE-003", "ENE-004", "ENE-006", "ENE-007"):
        assert asked[number].kind == "notApplicable", number
    assert asked["ENE-005"].kind == "open"
    assert category(asked["MET-007"]) == "fail"
    assert "not taken" in asked["MET-007"].message.en
    assert asked["CAL-003"].kind == "open"
    assert "photon_energy" in str(asked["CAL-003"].message.en)
    (lacking,) = [
        one
        for one in entry_findings(refused, guide, plugins, Settings(), Settings().run, TODAY)
        if one.rule == "DRG-SES2002-ENE-001"
    ]
    assert "stated are 799.85 eV, 500 eV, of which the conversion took none" in lacking.message.en


# --- Sentences that do not grow with the file


def test_no_sentence_grows_with_the_number_of_regions():
    few, many = (
        job(
            *(region(Sample=f"s{n}", Excitation_Energy=str(700 + 10 * n)) for n in range(count)),
            sample=Sample(names=("x",)),
        )
        for count in (10, 60)
    )
    longest = max(len(one.message.en) for one in judged(few).findings)
    assert max(len(one.message.en) for one in judged(many).findings) < longest + 60


def test_the_photon_energy_of_many_regions_is_told_once():
    (found,) = findings(job(*[region()] * 60), "ENE-002")
    assert found.message.en == "Photon energy: 799.85 eV from file header au.txt (every region)."


def test_a_sidecar_of_two_files_is_told_once():
    two = job(files={"au.TXT": ses_bytes([region()])}, sidecar='{"Excitation Energy": 799.9}')
    (found,) = findings(two, "FIL-003")
    assert category(found) == "fail"
    assert "au.TXT, au.txt" in found.message.en


def test_a_fixed_region_has_no_number_of_points_to_follow_from_its_ends():
    (found,) = findings(job(region(Acquisition_Mode="Fixed")), "MET-102")
    assert found.message.en == "No swept region states its ends and its step."


def test_a_plain_run_has_no_name_of_a_mode():
    (found,) = findings(job(region(run_mode=())), "MET-030")
    assert found.kind == "notApplicable"
    assert "a plain run has none" in found.message.en


@pytest.mark.parametrize(
    ("number", "term"), [("ENE-005", "photon_energy"), ("CND-106", "xray_output"), ("CND-205", "xray_source")]
)
def test_a_condition_that_the_facility_took_out_for_narrow_scans_is_not_asked_of_them(number, term):
    settings = {f"guides.ses2002.conditions.narrow.conditions.{term}.remove": True}
    (found,) = findings(evolve(GOOD, settings=settings), number)
    assert (found.kind, found.message.en) == ("notApplicable", "The guide does not ask for this here.")


# --- Real files


REAL = sorted(
    path
    for path in (Path(__file__).parent / "data").rglob("*.txt*")
    if not {"corrupted", "empty"} & set(path.name.split("_"))
)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_real_file_is_judged_by_every_rule_without_an_error(path):
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    name = path.name.removesuffix(".gz")
    found = [one for one in judged(Job({name: content})).findings if one.policy == "ses2002"]
    assert {one.rule for one in found} == set(JUDGES)
    assert not [one.message.en for one in found if one.error]
    # Other instruments give notes, no violations; but some headers hold no photon energy, and no sidecar is here.
    assert {one.rule for one in found if one.counts and one.severity == "must"} <= {"DRG-SES2002-ENE-001"}
