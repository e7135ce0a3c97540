"""The worked examples of the policy, each through the package's public functions or its rules."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from shirube.judging import judge
from shirube.records import Affiliation, Catalogue, Dataset, LicenceRequest, Person, Sample, Subject
from shirube.rules import RuleContext
from shirube_policy.access import action_of, actor_of, cell, kind_of
from shirube_policy.dates import fiscal_year
from shirube_policy.doi import decide as decide_doi
from shirube_policy.embargo import default_end, maximum_end, notice_date, open_from, phase
from shirube_policy.licence import decide, licence_end
from shirube_policy.parameters import Parameters
from shirube_policy.rules import rules

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
TODAY = date(2026, 6, 1)
AFTER = date(2028, 6, 1)

JAPAN = {"country": "JP", "corporation": True}
UNIVERSITY = Affiliation(**JAPAN, kind="academia")
COMPANY = Affiliation(**JAPAN, kind="industry")
OVERSEAS = Affiliation(country="US", kind="academia", corporation=True)
#: A Japanese resident of a domestic university, with everything that is asked for.
FAIR = {
    "affiliations": (UNIVERSITY,),
    "institution_guarantee": True,
    "corporate_approval": True,
    "national": True,
    "residence_country": "JP",
    "specific_category": "none",
}
FOREIGN = {"national": False, "affiliations": (COMPANY,)}
#: What each case of the table declares.
DECLARED = {
    "Japanese resident, JP university, guarantee+approval, category none": {},
    "foreign national, 8 months in JP, JP company, approvals, none": {**FOREIGN, "months_resident": 8},
    "foreign national, 3 months, employed at an office in Japan": {
        **FOREIGN,
        "months_resident": 3,
        "works_at_domestic_office": True,
    },
    "foreign national, 3 months, student": {
        "national": False,
        "months_resident": 3,
        "works_at_domestic_office": False,
    },
    "category 2, permission dated before access": {"specific_category": "2", "permission_on": "2026-05-01"},
    "category 2, permission dated after access": {"specific_category": "2", "permission_on": "2026-07-01"},
    "Japanese at an overseas university": {"affiliations": (OVERSEAS,)},
    "Japanese freelancer in Japan": {"affiliations": ()},
    "JP corporation, approval refused": {"affiliations": (COMPANY,), "corporate_approval": False},
    "dual affiliation JP + US": {"affiliations": (UNIVERSITY, OVERSEAS)},
    "Japanese employed at a JP firm’s overseas office for 3 years": {
        "affiliations": (COMPANY,),
        "residence_country": "DE",
    },
    "institution guarantee missing": {"institution_guarantee": None},
}
#: The further cases of the policy's table of licences that the vectors leave out.
MORE_LICENCES = [
    ({**FOREIGN, "months_resident": 6}, "eligible", []),
    ({"specific_category": "1"}, "ineligible", ["LIC-005"]),
    ({"specific_category": "unknown"}, "undecided", ["LIC-005 open"]),
    ({"affiliations": (COMPANY,), "corporate_approval": None}, "undecided", ["LIC-006 open"]),
    (
        {"affiliations": (Affiliation(**JAPAN, kind="industry", branch_of_foreign=True),)},
        "undecided",
        ["LIC-006 review"],
    ),
]

DESCRIPTION = "二硫化モリブデン薄膜の化学状態を調べるため、硬X線光電子分光で内殻準位を測定した。" * 6
COMPLETE = {
    "title": "二硫化モリブデン薄膜の硬X線光電子分光",
    "description": DESCRIPTION,
    "manager": Person(name="KIMOTO,Koji", organization="NIMS"),
    "sample": Sample(names=("MoS2-Ref",), composition="MoS2"),
    "sibling_titles": (),
    "registered_on": "2025-04-01",
    "embargo_end": "2028-03-31",
}
QUALITY = {
    "all items present": {},
    "description missing": {"description": ""},
    "material info: names only, unknown_reason given": {
        "sample": Sample(names=("A-1",), composition="", unknown_reason="持ち込み試料のため開示されていない")
    },
    "material info: composition=NaN": {"sample": Sample(names=("A-1",), composition="NaN")},
}


def outcomes(dataset, today=TODAY):
    chosen = Parameters()
    found = judge(rules(chosen), dataset, RuleContext(today=today, parameters=chosen), "arim", Subject("dataset", "d"))
    return {
        one.rule.removeprefix("ARIM-"): "note" if one.kind == "fail" and one.note else one.kind
        for one in found
        if not one.error
    }


@pytest.mark.parametrize("vector", [one for one in VECTORS["embargo"] if "fiscal_year" in one])
def test_the_embargo_follows_from_the_registration(vector):
    day = date.fromisoformat(vector["registered"])
    end = default_end(day)
    assert fiscal_year(day) == vector["fiscal_year"]
    assert end.isoformat() == vector["default_end"]
    assert open_from(end).isoformat() == vector["open_from"]
    assert notice_date(end).isoformat() == vector["notice"]
    assert maximum_end(day).isoformat() == vector["max_end_with_extension"]


@pytest.mark.parametrize("vector", [one for one in VECTORS["embargo"] if "expect" in one])
def test_the_end_that_was_set_is_judged(vector):
    dataset = Dataset(
        registered_on=vector["registered"],
        # RDE always has the field: null is one that nobody filled in.
        embargo_end=vector["embargo_end"] or "",
        embargo_extension_reason=vector["extension_reason"] or "",
    )
    found = outcomes(dataset)
    expected = vector["expect"]
    if expected.startswith("pass if approved"):
        approved = outcomes(Dataset(**_of(dataset), embargo_extension_approved=True))
        assert (found["EMB-004"], approved["EMB-004"]) == ("review", "pass")
    elif "fail" in expected:
        assert found[expected.split()[0]] == "fail"
    else:
        assert {found[f"EMB-{number:03}"] for number in (2, 3)} == {"pass"}
        assert found["EMB-004"] == "notApplicable"
        assert (found["EMB-006"] == "pass") == ("shortened" in expected)
        assert (found["EMB-012"] == "note") == ("EMB-012 note" in expected)


def _of(dataset):
    fields = ("registered_on", "embargo_end", "embargo_extension_reason")
    return {field: getattr(dataset, field) for field in fields}


@pytest.mark.parametrize("vector", VECTORS["phase"])
def test_the_phase_of_a_day(vector):
    days = [date.fromisoformat(vector[key]) for key in ("embargo_end", "today")]
    assert phase(*days) == vector["phase"]


@pytest.mark.parametrize("vector", VECTORS["licence_period"])
def test_a_licence_ends_with_its_fiscal_year(vector):
    assert licence_end(date.fromisoformat(vector["approved"])).isoformat() == vector["end"]


@pytest.mark.parametrize("vector", VECTORS["licence"], ids=lambda one: one["case"])
def test_who_may_be_licensed(vector):
    _licensed(DECLARED[vector["case"]], vector["verdict"], vector["rules"])


@pytest.mark.parametrize(("declared", "verdict", "causes"), MORE_LICENCES)
def test_who_else_may_be_licensed(declared, verdict, causes):
    _licensed(declared, verdict, causes)


def _licensed(declared, verdict, causes):
    decision = decide(LicenceRequest(**{**FAIR, **declared}), TODAY)
    assert decision.verdict == verdict
    shown = [
        f"{one.rule.removeprefix('ARIM-')}{'' if one.kind == 'fail' else f' {one.kind}'}" for one in decision.causes
    ]
    assert shown == causes


@pytest.mark.parametrize("vector", VECTORS["doi"], ids=lambda one: f"{one['quality']}, {one['state']}")
def test_whether_a_doi_is_possible(vector):
    public = vector["state"] == "catalogue published"
    page = Catalogue(published_on="2028-04-05" if public else "")
    dataset = Dataset(**{**COMPLETE, **QUALITY[vector["quality"]]}, is_anonymized=vector["anonymised"], catalogue=page)
    today = date(2027, 1, 1) if vector["state"] == "still in embargo" else AFTER
    decision = decide_doi(dataset, today)
    state, _, rule = vector["verdict"].partition(" (")
    assert decision.state == state
    if rule:
        assert decision.rules == (f"ARIM-{rule.rstrip(')')}",)


@pytest.mark.parametrize("vector", VECTORS["length"], ids=lambda one: f"{one['kind']} of {len(one['text'])}")
def test_a_length_is_judged(vector):
    titled = vector["kind"] == "title"
    found = outcomes(Dataset(**{"title" if titled else "description": vector["text"]}))
    asked = ["TTL-002"] if titled else ["DSC-002", "DSC-003"]
    answers = {rule: found[rule] for rule in asked if found[rule] != "pass"}
    expected, _, rule = vector["expect"].partition(" ")
    if rule:
        assert answers == {rule: expected}
    else:
        assert set(answers.values()) == ({expected} - {"pass"})


@pytest.mark.parametrize("vector", VECTORS["access_matrix"], ids=lambda one: "-".join(list(one.values())[:4]))
def test_a_cell_of_the_table_of_access(vector):
    actor, action, kind = actor_of(vector["actor"]), action_of(vector["action"]), kind_of(vector["data"])
    said = {"yes": "yes", "no": "no", "own": "own data only"}
    assert said[cell(actor, action, kind, vector["phase"])] == vector["allowed"]
