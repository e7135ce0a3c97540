"""The policy as a whole: its registration, its texts in both languages, and that no dataset makes a rule raise."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from datetime import date
from importlib import resources
from importlib.metadata import entry_points

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.errors import SettingsError
from shirube.findings import from_json, level_reached, render_text, to_json
from shirube.hooks import Policy
from shirube.judging import judge
from shirube.messages import catalogue
from shirube.parameters import build, fields
from shirube.records import Dataset, DatasetEntry, Person, Registration, Sample, Subject, Waiver
from shirube.rules import RuleContext
from shirube.ruletables import rule_texts
from shirube.text import is_japanese
from shirube_policy import rules as implementation
from shirube_policy.parameters import Parameters
from shirube_policy.rules import JUDGES, TEXTS, rules

GATES = {"registration", "catalogue", "doi", "sharing", "licence", "access"}


def judged(dataset, today=date(2028, 4, 1), waivers=(), **parameters):
    chosen = Parameters(**parameters)
    context = RuleContext(today=today, parameters=chosen)
    return judge(rules(chosen), dataset, context, "arim", Subject("dataset", "d"), waivers)


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


class TestRegistration:
    def test_the_installed_plugin_registers_one_policy(self):
        (point,) = [one for one in entry_points(group="shirube.plugins") if one.name == "policy"]
        (policy,) = point.load().shirube_policies()
        assert isinstance(policy, Policy)
        assert (policy.name, policy.implementation) == ("arim", "shirube_policy.rules")
        assert policy.parameters == "shirube_policy.parameters:Parameters"
        assert callable(implementation.rules)

    def test_listing_it_costs_nothing(self):
        code = "import sys, shirube_policy.plugin as p; p.shirube_policies(); print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        assert "shirube_policy.plugin" in loaded
        assert not {"numpy", "shirube_policy.rules", "shirube.records", "cattrs"} & set(loaded)


class TestTexts:
    def test_every_rule_has_a_function_and_every_function_a_rule(self):
        assert set(rule_texts(TEXTS)) == set(JUDGES)
        assert len(rule_texts(TEXTS)) == 20

    @pytest.mark.parametrize("rule", rule_texts(TEXTS).values(), ids=lambda rule: rule.id)
    def test_a_rule_is_complete_in_both_languages(self, rule):
        for text in (rule.message, rule.remedy, rule.passed, rule.section):
            if text is not None:
                assert is_japanese(text.ja)
                assert not is_japanese(text.en)
                assert places(text.ja) == places(text.en)
        assert rule.remedy is not None or rule.severity == "info"
        assert is_japanese(rule.quote)
        assert rule.quote == rule.quote.strip()

    @pytest.mark.parametrize("rule", rule_texts(TEXTS).values(), ids=lambda rule: rule.id)
    def test_a_rule_is_well_formed(self, rule):
        assert re.fullmatch(r"ARIM-[A-Z]{3}-\d{3}", rule.id)
        assert set(rule.blocks) <= GATES
        assert set(rule.requires) <= set(rule_texts(TEXTS))
        assert rule.severity in ("must", "should", "may", "info")

    def test_the_sentences_have_both_languages_with_the_same_places(self):
        for code, text in catalogue("shirube_policy").items():
            assert is_japanese(text.ja), code
            assert not is_japanese(text.en), code
            assert places(text.ja) == places(text.en), code

    def test_every_sentence_is_used(self):
        modules = [path for path in resources.files("shirube_policy").iterdir() if path.name.endswith(".py")]
        sources = "".join(path.read_text(encoding="utf-8") for path in modules)
        assert [code for code in catalogue("shirube_policy") if f'"{code}"' not in sources] == []


class TestSwitches:
    def test_settings_reach_the_parameters(self):
        built = build(Parameters, {"about_tolerance": "0.2", "derived": "off", "disable": "ARIM-TTL-002"})
        assert built == Parameters(about_tolerance=0.2, derived="off", disable=("ARIM-TTL-002",))

    @pytest.mark.parametrize("wrong", [{"about_tolerance": 2}, {"about_tolerance": -0.1}, {"derived": "maybe"}])
    def test_values_out_of_range_are_refused(self, wrong):
        with pytest.raises(SettingsError, match=next(iter(wrong))):
            build(Parameters, wrong, "policies.arim")

    def test_every_parameter_is_explained_in_both_languages(self):
        for one in fields(Parameters):
            assert is_japanese(one.help.ja)
            assert not is_japanese(one.help.en)

    @pytest.mark.parametrize("rule", ["ARIM-EMB-003", "ARIM-ANO-002", "ARIM-DOI-002"])
    def test_limits_that_nobody_may_lift_can_be_neither_disabled_nor_waived(self, rule):
        with pytest.raises(SettingsError, match=rule):
            rules(Parameters(disable=(rule,)))
        waiver = Waiver(rule=rule, reason="agreed with the office", approved_by="M. Sato")
        bad = Dataset(registered_on="2020-04-01", embargo_end="2026-03-31", is_anonymized=True, doi="10.1/x")
        found = {one.rule: one for one in judged(bad, waivers=[waiver])}
        assert found[rule].counts
        assert "waiver-locked" in found

    def test_others_can_be_waived(self):
        waiver = Waiver(rule="ARIM-MAT-001", reason="the sample is confidential", approved_by="M. Sato")
        (found,) = [one for one in judged(Dataset(sample=Sample()), waivers=[waiver]) if one.rule == "ARIM-MAT-001"]
        assert found.waiver == waiver

    def test_a_misspelt_rule_is_refused_with_a_suggestion(self):
        with pytest.raises(SettingsError, match="ARIM-TTL-002"):
            rules(Parameters(disable=("ARIM-TTL-02",)))

    def test_without_parameters_the_defaults_hold(self):
        dataset = Dataset(title="あ" * 55)
        found = judge(
            rules(Parameters()), dataset, RuleContext(today=date(2028, 4, 1)), "arim", Subject("dataset", "d")
        )
        assert [one.note for one in found if one.rule == "ARIM-TTL-002"] == [True]


dates = st.none() | st.dates().map(str) | st.datetimes().map(lambda one: f"{one.isoformat()}Z") | st.text(max_size=12)
texts = (
    st.none() | st.text(max_size=40) | st.sampled_from(["", " ", "-", "テスト", "{x}", "%s", "あ" * 300, "a" * 1200])
)
people = st.none() | st.builds(Person, name=texts, organization=texts)
samples = st.builds(
    Sample,
    names=st.lists(st.text(max_size=5), max_size=2),
    composition=texts,
    description=texts,
    attributes=st.dictionaries(
        st.sampled_from(["0aadfff2-37de-411f-883a-38b62b2abbce", "x"]), st.text(max_size=4), max_size=2
    ),
)
roles = st.sampled_from(["raw", "nonshared_raw", "structured", "meta"])
entries = st.builds(
    DatasetEntry,
    name=texts,
    submitted_on=dates,
    description=texts,
    registration=st.none() | st.builds(Registration, sample=st.none() | samples),
    metadata=st.none() | st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4), max_size=2),
    files=st.none() | st.dictionaries(roles, st.lists(st.text(max_size=4), max_size=2).map(tuple), max_size=3),
)
booleans = st.none() | st.booleans()
datasets = st.builds(
    Dataset,
    title=texts,
    description=texts,
    manager=people,
    project_end=dates,
    registered_on=dates,
    embargo_end=dates,
    embargo_extension_reason=texts,
    is_anonymized=booleans,
    doi=texts,
    doi_requested=booleans,
    sample=st.none() | samples,
    sibling_titles=st.none() | st.lists(st.text(max_size=6), max_size=3).map(tuple),
    entries=st.lists(entries, max_size=3),
)


class TestAnyDataset:
    @settings(max_examples=250, deadline=None)
    @given(datasets, st.dates(), st.sampled_from(["off", "note", "fail"]), st.floats(0, 1))
    def test_no_rule_raises_and_every_rule_answers(self, dataset, today, derived, tolerance):
        found = judged(dataset, today, derived=derived, about_tolerance=tolerance)
        assert [one.message.en for one in found if one.error] == []
        asked = [one.id for one in rules(Parameters(derived=derived))]
        assert list(dict.fromkeys(one.rule for one in found)) == asked

    @settings(max_examples=60, deadline=None)
    @given(datasets, st.dates())
    def test_findings_are_shown_in_both_languages_and_travel_as_json(self, dataset, today):
        found = judged(dataset, today)
        assert from_json(to_json(found)) == found
        assert render_text(found, "ja") != render_text(found, "en")

    @settings(max_examples=60, deadline=None)
    @given(datasets, st.dates())
    def test_judging_twice_finds_the_same(self, dataset, today):
        assert judged(dataset, today) == judged(dataset, today)

    @settings(max_examples=100, deadline=None)
    @given(datasets, st.dates(date(2000, 1, 1), date(2150, 1, 1)))
    def test_under_the_standard_embargo_no_rule_on_it_fails(self, dataset, registered):
        year = registered.year + (3 if registered.month >= 4 else 2)
        standard = evolve(dataset, registered_on=str(registered), embargo_end=f"{year}-03-31")
        embargo = [one for one in judged(standard) if "-EMB-" in one.rule]
        assert {one.kind for one in embargo} == {"pass", "notApplicable", "informational"}

    @settings(max_examples=100, deadline=None)
    @given(datasets, st.sampled_from(["title", "description", "manager", "sample", "sibling_titles", "is_anonymized"]))
    def test_taking_information_away_never_makes_a_failure(self, dataset, field):
        """What is not supplied is open, so that less information can only fail less."""
        before = {one.rule for one in judged(dataset) if one.kind == "fail"}
        after = {one.rule for one in judged(evolve(dataset, **{field: None}, entries=())) if one.kind == "fail"}
        # A blank description stops the rules on its length; they stay silent when it is not supplied at all.
        assert after <= before


def test_the_exit_level_follows_the_severity():
    found = judged(Dataset(registered_on="2025-04-01", embargo_end="2030-03-31"))
    assert level_reached(found, "must")
    assert not level_reached(judged(Dataset(title="あ" * 70)), "must")
    assert level_reached(judged(Dataset(title="あ" * 70)), "should")
