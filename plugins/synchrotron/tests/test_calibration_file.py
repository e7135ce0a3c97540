"""The calibration file: what is written reads back the same, and nothing else is read."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shirube.errors import InputError
from shirube.messages import Text
from shirube.records import Source
from shirube_synchrotron.calibration.document import LARGEST, document_of, read_calibration
from shirube_synchrotron.calibration.record import Calibration, Conditions, Measured, Stated

ONE = Calibration(
    status="doubtful",
    reasons=(Text(en="near the end", ja="端に近い"),),
    fermi_level=Measured(795.6, 0.0015, 0.002),
    work_function=4.4,
    resolution=Measured(0.12, 0.005, None),
    resolution_limit=None,
    edge_width=Measured(0.18, 0.004, 0.001),
    temperature=300.0,
    temperature_origin="default",
    stated=Stated(standard="高純度Au蒸着膜", date="2026-04-01"),
    conditions=Conditions(pass_energy=50.0, lens_mode="Transmission", photon_energy=None),
    header_photon_energy=3.1e-317,
    source=Source("金.txt", 12, "ab" * 32),
    spectrum="金.txt#1",
    region="EF",
    window=(794.6, 796.2),
    points=81,
    core="0.1.0",
    plugin="0.1.0",
)
LEVELS = st.floats(1.0, 10_000.0)
SPREADS = st.floats(0.0, 10.0)
TEXTS = st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@pytest.fixture
def written(tmp_path):
    """Return ``written(document)``: the path of a file that holds it."""

    def write(document):
        path = tmp_path / "one.json"
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        path.write_bytes(text.encode("utf-8"))
        return path

    return write


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    level=LEVELS, spread=SPREADS, model=st.none() | SPREADS, phi=st.floats(0.0, 10.0), standard=TEXTS, lens=TEXTS,
    header=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
def test_what_is_written_reads_back_the_same(written, level, spread, model, phi, standard, lens, header):
    one = evolve(
        ONE,
        fermi_level=Measured(level, spread, model),
        work_function=phi,
        stated=Stated(standard=standard if standard is None or standard.strip() else None, date="2026-02-28"),
        conditions=Conditions(lens_mode=lens),
        header_photon_energy=header,
    )
    assert read_calibration(written(document_of(one))) == one


def changed(**changes):
    document = document_of(ONE)
    for place, value in changes.items():
        *parents, leaf = place.split("__")
        table = document
        for parent in parents:
            table = table[parent]
        if value is ...:
            del table[leaf]
        else:
            table[leaf] = value
    return document


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"photon_energy": "800"}, "photon_energy is no finite number: '800'"),
        ({"photon_energy": True}, "photon_energy is no finite number: True"),
        ({"photon_energy": 796.0}, "photon energy 796.0 eV is not Fermi level plus work function"),
        ({"work_function": 45.0}, "photon energy 800.0 eV is not Fermi level"),
        ({"work_function": -1.0}, "work function -1.0 eV is not possible"),
        ({"fermi_level": 3.0}, "fermi_level is not a table"),
        ({"fermi_level__statistical": ...}, "fermi_level.statistical is missing"),
        ({"stated__operator": "x"}, "stated.operator is no key of a calibration file. Did you mean 'operator_role'?"),
        ({"stated__date": "2026-2-1"}, "stated.date is no date YYYY-MM-DD: 2026-2-1"),
        ({"stated__date": 20260201}, "stated.date is no text"),
        ({"reasons": "x"}, "reasons is not a list"),
        ({"reasons": [{"en": "x"}]}, "reasons[0].ja is missing"),
        ({"status": "refused"}, "'refused' is neither ok nor doubtful"),
        ({"status": "ok"}, "status is ok, but reasons lists doubts"),
        ({"reasons": []}, "status is doubtful, but reasons is empty"),
        ({"energy_resolution__value": 0.0}, "energy_resolution.value must be greater than 0: 0.0"),
        ({"energy_resolution__limit": -0.1}, "energy_resolution.limit must be greater than 0: -0.1"),
        ({"edge_width__value": -1}, "edge_width.value must be greater than 0: -1"),
        ({"fermi_level__statistical": -0.001}, "fermi_level.statistical is no uncertainty in eV (0 to 10.0): -0.001"),
        ({"fermi_level__model": 1e9}, "fermi_level.model is no uncertainty in eV"),
        ({"temperature__value": 0}, "temperature.value must be greater than 0: 0"),
        ({"conditions__pass_energy": -50}, "conditions.pass_energy must be greater than 0: -50"),
        ({"gold__sha256": "zz"}, "gold.sha256 is no SHA-256"),
        ({"gold__size": 1.5}, "gold.size is no whole number"),
        ({"gold__size": -1}, "gold.size is no whole number"),
        ({"gold__fitted": {"from": 794.0, "to": 796.0, "points": 80.5}}, "gold.fitted.points is no whole number"),
        ({"gold__fitted": {"from": 796.0, "to": 794.0, "points": 80}}, "from 796.0 to 794.0 eV is no range"),
        ({"stated__standard": " "}, "stated.standard is empty"),
        ({"stated__date": "2026-02-30"}, "stated.date is no date"),
        ({"photon_energy": 10**400}, "photon_energy is no finite number"),
        ({"gold__size": 10**400}, "gold.size is no finite number"),
        ({"schema": "shirube-calibration/2"}, "schema shirube-calibration/1"),
        ({"schema": ...}, "schema shirube-calibration/1"),
    ],
)
def test_what_it_should_not_hold_is_refused_by_name(written, changes, said):
    path = written(changed(**changes))
    with pytest.raises(InputError) as raised:
        read_calibration(path)
    assert said in raised.value.render("en")
    assert raised.value.path == str(path)
    assert raised.value.render("ja") != raised.value.render("en")


def test_all_problems_are_said_at_once(written):
    with pytest.raises(InputError) as raised:
        read_calibration(written(changed(photon_energy="x", gold__file=3, versions=..., more=1)))
    for word in ("photon_energy", "gold.file", "versions", "more"):
        assert word in raised.value.render("en")
    with pytest.raises(InputError) as raised:
        read_calibration(written(changed(status="ok", gold__sha256="zz", temperature__value=-1, stated__reason="")))
    for word in ("reasons", "gold.sha256", "temperature.value", "stated.reason"):
        assert word in raised.value.render("en")


@given(level=st.integers(100_000_000, 9_999_999_999), phi=st.integers(0, 100_000))
def test_the_photon_energy_is_the_sum_as_people_write_it(level, phi):
    one = evolve(ONE, fermi_level=Measured(level / 1e6, 0.001), work_function=phi / 1e4)
    assert one.photon_energy == float(Decimal(level).scaleb(-6) + Decimal(phi).scaleb(-4))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1]", "schema"),
        ('{"a": NaN}', "NaN"),
        ('{"a": 1, "a": 2}', "twice"),
        ("[" * 100_000, "not JSON"),
        (" " * (LARGEST + 1), "256 KiB"),
    ],
)
def test_what_is_no_such_json_is_refused_in_one_sentence(written, text, said):
    with pytest.raises(InputError, match=said):
        read_calibration(written(text))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(value=JSON, key=st.sampled_from(sorted(document_of(ONE))))
def test_whatever_stands_at_a_key_is_taken_or_refused_and_never_crashes(written, value, key):
    path = written(json.dumps({**document_of(ONE), key: value}))
    with contextlib.suppress(InputError):
        one = read_calibration(path)
        assert read_calibration(written(document_of(one))) == one
