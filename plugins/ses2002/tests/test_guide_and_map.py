"""The guide is the whole source document as data, and the map types every key that it selects."""

from __future__ import annotations

import re

import pytest

from shirube.guides import parse_guide, registry_key
from shirube.hooks import Resource
from shirube.mapping import map_facts, parse_map
from shirube.terms import core_terms
from shirube_ses2002.reader import read
from shirube_ses2002.testing import SesRegion, ses_bytes


@pytest.fixture(scope="module")
def guide():
    return parse_guide(Resource("shirube_ses2002", "guide.toml").read_bytes().decode("utf-8"), "ses2002", "guide.toml")


@pytest.fixture(scope="module")
def mapped():
    return parse_map(Resource("shirube_ses2002", "metadata.toml").read_bytes().decode("utf-8"), "metadata.toml")


@pytest.fixture(scope="module")
def vocabulary(mapped):
    return core_terms().extended(mapped.terms, "ses2002")


# The tables of the guide, first column and unit, as printed.
MANUAL = [
    ("Annotation", None),
    ("Form", None),
    ("Sample Mounting", None),
    ("Charge Neutralization On", None),
    ("Ion Sputtering On", None),
    ("Ion Beam Species", None),
    ("Ion Beam Acceleration Voltage", "V"),
    ("Ion Sputtering Time", "sec"),
    ("Take off Angle (TOA)", "deg"),
    ("Vacuum", "10⁻⁸ Pa"),
    ("BIC-Fitting On/Off", None),
    ("limit_energy_range", "eV"),
    ("remark", None),
]
SELECTED = """RAW File Name|Version|Region Name|Lens Mode|Pass Energy|Number of Sweeps|Excitation Energy|Energy Scale
|Acquisition Mode|Center Energy|Low Energy|High Energy|Energy Step|Step Time|Detector First X-Channel
|Detector Last X-Channel|Detector First Y-Channel|Detector Last Y-Channel|Number of Slices|Spectrum Name|Instrument
|Location|User|Sample|Comments|Date|Time|Time per Spectrum Channel|DetectorMode|Name""".replace("\n", "").split("|")
PRINTED_UNITS = dict.fromkeys(("Center Energy", "Low Energy", "High Energy", "Energy Step"), "eV") | {
    "Step Time": "msec"
}


def test_all_thirteen_items_entered_by_hand_are_there_in_order_with_their_units(guide):
    assert [(item.name, item.unit) for item in guide.manual] == MANUAL


def test_all_thirty_selected_metadata_are_there_in_order_with_their_units(guide):
    assert len(SELECTED) == 30
    assert [(item.name, item.unit) for item in guide.metadata] == [(n, PRINTED_UNITS.get(n)) for n in SELECTED]


def test_every_key_is_the_registry_key_of_its_name(guide):
    items = (*guide.manual, *guide.metadata)
    assert [item.key for item in items] == [registry_key(item.name) for item in items]
    assert len({item.key for item in items}) == 43
    assert {"raw_file_name", "detector_mode", "bic_fitting_on_off", "take_off_angle_toa"} <= {
        item.key for item in items
    }


def test_every_label_is_in_both_languages(guide):
    labels = [item.label for item in (*guide.manual, *guide.metadata)]
    assert all(re.search("[A-Za-z]", label.en) and re.search("[ぁ-んァ-ヶ一-龠]", label.ja) for label in labels)
    assert (labels[14].en, labels[14].ja) == ("Software Version", "ソフトウェアバージョン")
    assert (labels[-1].en, labels[-1].ja) == ("Name of Run Mode", "アナライザーモード")


def test_types_choices_and_defaults_are_those_of_the_guide(guide):
    items = {item.key: item for item in guide.manual}
    assert {key for key, item in items.items() if item.type == "boolean"} == {
        "charge_neutralization_on",
        "ion_sputtering_on",
        "bic_fitting_on_off",
    }
    assert {key for key, item in items.items() if item.type == "number"} == {
        "ion_beam_acceleration_voltage",
        "ion_sputtering_time",
        "take_off_angle_toa",
        "vacuum",
        "limit_energy_range",
    }
    assert items["form"].choices == ("粉末", "フィルム", "バルク", "線材", "その他")
    assert items["limit_energy_range"].default == 200.0
    assert "チェックしてください" in items["bic_fitting_on_off"].help.ja


def test_only_the_version_stands_once_for_the_file(guide):
    assert [item.key for item in guide.metadata if item.placement == "constant"] == ["version"]


def test_every_term_of_guide_and_map_is_known(guide, mapped, vocabulary):
    of_axis = {"binding_energy_min", "binding_energy_max"}
    used = [item.term for item in guide.metadata] + [key.term for key in guide.files.sidecar_keys]
    used += [one.term for scan in guide.conditions.values() for one in scan.conditions if one.term not in of_axis]
    used += [rule.term for rule in mapped.rules]
    assert [term for term in used if term not in vocabulary] == []


def test_every_selected_item_and_sidecar_key_has_a_rule_in_the_map(guide, mapped):
    terms = {rule.term for rule in mapped.rules}
    assert [item.name for item in guide.metadata if item.term not in terms] == []
    sidecar = {(rule.key, rule.term, rule.unit) for rule in mapped.rules if rule.kind == "sidecar"}
    assert sidecar == {(key.key, key.term, key.unit) for key in guide.files.sidecar_keys}


def test_rules_keep_numbers_apart_from_texts_by_their_units(mapped, vocabulary):
    for rule in mapped.rules:
        assert (rule.unit is not None) == (vocabulary[rule.term].unit is not None), rule.key


@pytest.mark.parametrize(
    "instrument",
    ["SES-2002-123", "SES 2002-567", "SES2002", "ses_2002", "SES 200-16", "SES-200", "AE-007", "BL23SU XPS"],
)
def test_the_guide_is_for_instruments_of_this_name(instrument, guide):
    assert re.search(guide.match.terms["instrument"], instrument, re.IGNORECASE)
    assert guide.match.readers == ("ses2002",)


@pytest.mark.parametrize(
    "instrument", ["HiPP-2 10kV-9862", "R3000-6MS014", "xde-12125", "DA30L-10476", "SES-20025", "R4000"]
)
def test_the_guide_is_not_for_sister_instruments(instrument, guide):
    assert not re.search(guide.match.terms["instrument"], instrument, re.IGNORECASE)


def test_conditions_sample_and_calibration_are_those_of_the_guide(guide):
    wide, narrow = guide.conditions["wide"], guide.conditions["narrow"]
    numbers = {
        name: {one.term: one.value for one in scan.conditions if isinstance(one.value, float)}
        for name, scan in guide.conditions.items()
    }
    assert numbers["wide"] == {
        "photon_energy": 800.0,
        "pass_energy": 50.0,
        "energy_resolution": 0.125,
        "binding_energy_min": -2.0,
        "binding_energy_max": 600.0,
        "energy_step": 0.2,
    }
    assert numbers["narrow"] == {
        "photon_energy": 800.0,
        "pass_energy": 50.0,
        "energy_resolution": 0.1,
        "energy_step": 0.01,
    }
    for scan in (wide, narrow):
        texts = {one.term: one.comparison for one in scan.conditions if isinstance(one.value, str)}
        matches = dict.fromkeys(("instrument", "location", "xray_source"), "matches")
        assert texts == {**matches, "xray_output": "blank"}
    assert wide.min_width == narrow.max_width == 100.0
    assert "15 mm × 15 mm" in guide.sample.size.ja
    assert guide.calibration.operator.ja == "装置管理者"
    assert guide.conversions["synchrotron"]["photon_energy_difference"] == 2.0


def test_overview_tells_maker_model_holder_edition_and_upkeep(guide):
    overview = guide.overview
    assert (overview.model, overview.issued) == ("SES2002", "2025-12")
    assert [(holder.instrument_id, holder.name.ja) for holder in overview.holders] == [
        ("AE-007", "日本原子力研究開発機構")
    ]
    assert len(overview.features) == 6
    assert [text.en for text in overview.consumables] == ["MCP detector", "Ion gauge filament"]
    assert "hν = K.E. + B.E. + Φ" in overview.principle.ja
    assert any("10.1016/j.elspec.2019.146903" in reference for reference in overview.references)


def test_the_fit_is_switched_and_limited_by_items_entered_by_hand(guide):
    (analysis,) = guide.analyses
    keys = {item.key for item in guide.manual}
    assert (analysis.analysis, analysis.switch) == ("bicfit", "bic_fitting_on_off")
    assert dict(analysis.manual) == {"max_range": "limit_energy_range"}
    assert {analysis.switch, *analysis.manual.values()} <= keys


def test_every_selected_item_of_a_full_file_becomes_a_typed_fact_with_its_unit(place, guide, mapped, vocabulary):
    info = {"User": "A. Author", "Sample": "Au", "Excitation Energy": "800", "Step Time": "243", "Date": "3/23/2025"}
    region = SesRegion(energies=[3.0, 2.0, 1.0], intensity=[5.0, 6.0, 7.0], info=info, run_mode=["Name=CIS"] * 2)
    measurement = read(place(ses_bytes([region]), sidecar=b'{"Excitation Energy": 799.85}'))
    found = map_facts(measurement.spectra[0], measurement, mapped.rules, vocabulary)
    assert found.remarks == ()
    header = found.facts.candidate("photon_energy", "header")
    sidecar = found.facts.candidate("photon_energy", "sidecar")
    assert (header.value, sidecar.value, sidecar.unit) == (800.0, 799.85, "eV")
    facts = {item.key: found.facts.get(item.term) for item in guide.metadata if item.term != "photon_energy"}
    assert [key for key, fact in facts.items() if fact is None] == []
    expected = {
        "raw_file_name": (r"D:\data\sample_0001.ibw,.txt", None),
        "version": ("1.3.1", None),
        "pass_energy": (50.0, "eV"),
        "number_of_sweeps": (3, None),
        "center_energy": (798.0, "eV"),
        "step_time": (243.0, "ms"),
        "time_per_spectrum_channel": (60.0, "s"),
        "detector_last_x_channel": (1064, None),
        "number_of_slices": (1, None),
        "date": ("2025-03-23", None),
        "time": ("09:30:00", None),
        "name": ("CIS", None),
    }
    assert {key: (facts[key].value, facts[key].unit) for key in expected} == expected


def test_a_real_file_gives_all_but_what_it_leaves_blank(real, guide, mapped, vocabulary):
    measurement = read(real("pynxtools-xps/Cu-HHTP_0001.txt"))
    found = map_facts(measurement.spectra[0], measurement, mapped.rules, vocabulary)
    assert found.remarks == ()
    assert [item.name for item in guide.metadata if item.term not in found.facts] == ["Name"]
    assert found.facts.get("photon_energy").value == 700.0
    assert found.facts.get("instrument").value == "R3000-6MS014"
