"""The policy as a whole: its registration, its texts in both languages, and that no dataset makes a rule raise."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from attrs import evolve

from shirube.errors import SettingsError
from shirube.findings import level_reached
from shirube.hooks import Policy, Resource
from shirube.judging import judge
from shirube.messages import catalogue
from shirube.parameters import build, fields
from shirube.records import Dataset, LicenceRequest, Person, Sample, Subject, Waiver
from shirube.rules import RuleContext
from shirube.ruletables import rule_texts
from shirube.text import is_japanese
from shirube_policy import rules as implementation
from shirube_policy.commands.group import policy
from shirube_policy.parameters import VERSIONS, Parameters
from shirube_policy.rules import JUDGES, TEXTS, rules

SOURCE = Path(implementation.__file__).parent
RULES = TEXTS[VERSIONS[0]]
GUESSING = [one for one in rule_texts(RULES).values() if one.heuristic]
GATES = {"registration", "catalogue", "doi", "sharing", "licence", "access"}


EXAMPLE = Dataset(
    title="High SN-ratio STEM images",
    description="標準的な試料の像を、高速な計測と多重計測により取得し、結果を比べた。" * 8,
    manager=Person(name="KIMOTO,Koji", organization="NIMS"),
    sample=Sample(names=("MoS2-Ref",), composition="MoS2"),
    registered_on="2025-04-01",
    embargo_end="2028-03-31",
    is_anonymized=False,
    sibling_titles=(),
)


def judged(dataset, today=date(2028, 4, 1), waivers=(), chosen=None, **parameters):
    chosen = Parameters(**parameters) if chosen is None else chosen
    context = RuleContext(today=today, parameters=chosen)
    return judge(rules(chosen), dataset, context, "arim", Subject("dataset", "d"), waivers)


def _built(code, sources):
    """Tell whether a code is put together from a prefix and a word of the sources."""
    prefix, _, word = code.partition("-")
    return f'f"{prefix}-{{' in sources and f'"{word}"' in sources


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


class TestRegistration:
    def test_the_installed_plugin_registers_one_policy(self):
        (point,) = [one for one in entry_points(group="shirube.plugins") if one.name == "policy"]
        (registered,) = point.load().shirube_policies()
        assert isinstance(registered, Policy)
        assert (registered.name, registered.implementation) == ("arim", "shirube_policy.rules")
        assert registered.parameters == "shirube_policy.parameters:Parameters"
        assert callable(implementation.rules)

    def test_listing_it_costs_nothing(self):
        code = "import sys, shirube_policy.plugin as p; p.shirube_policies(); print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        assert "shirube_policy.plugin" in loaded
        assert not {"numpy", "shirube_policy.rules", "shirube.records", "cattrs"} & set(loaded)


class TestTexts:
    def test_every_rule_has_a_function_and_every_function_a_rule(self):
        assert set(rule_texts(RULES)) == set(JUDGES)
        assert len(rule_texts(RULES)) == 140

    @pytest.mark.parametrize("rule", rule_texts(RULES).values(), ids=lambda rule: rule.id)
    def test_a_rule_is_complete_in_both_languages(self, rule):
        for text in (rule.message, rule.remedy, rule.passed, rule.section):
            if text is not None:
                assert is_japanese(text.ja)
                assert not is_japanese(text.en)
                assert places(text.ja) == places(text.en)
        assert rule.remedy is not None or not {"fail", "note", "review"} & set(rule.outcomes)
        assert rule.passed is not None or "pass" not in rule.outcomes
        assert is_japanese(rule.quote)
        assert rule.quote == rule.quote.strip()

    @pytest.mark.parametrize("rule", rule_texts(RULES).values(), ids=lambda rule: rule.id)
    def test_a_rule_is_well_formed(self, rule):
        assert re.fullmatch(r"ARIM-[A-Z]{3}-\d{3}", rule.id)
        assert set(rule.blocks) <= GATES
        assert set(rule.requires) <= set(rule_texts(RULES))
        assert rule.severity in ("must", "should", "may", "info")

    def test_the_sentences_have_both_languages_with_the_same_places(self):
        for code, text in catalogue("shirube_policy").items():
            assert is_japanese(text.ja), code
            assert not is_japanese(text.en), code
            assert places(text.ja) == places(text.en), code

    def test_every_sentence_is_used(self):
        paths = list(SOURCE.rglob("*.py"))
        sources = "".join(path.read_text(encoding="utf-8") for path in paths)
        unused = [
            code for code in catalogue("shirube_policy") if f'"{code}"' not in sources and not _built(code, sources)
        ]
        assert unused == []

    @pytest.mark.parametrize(
        "rule", [one for one in rule_texts(RULES).values() if one.heuristic], ids=lambda one: one.id
    )
    def test_a_rule_that_guesses_says_so(self, rule):
        assert re.search(r"\b(?:may|seems?|looks?)\b", rule.message.en)
        assert re.search(r"可能性|よう[でな]|ないか", rule.message.ja)

    def test_rules_that_guess_never_close_a_gate(self):
        """Two that look for what may be wrong close one, because what they look for must not be published."""
        assert [one.id for one in rules(Parameters(derived="fail")) if one.heuristic and one.blocks] == []

    def test_every_rule_names_the_policy_its_date_and_section(self):
        for one in rules(Parameters()):
            assert one.quote
            assert "2025-04-01" in one.source.en
            assert "2025-04-01" in one.source.ja

    @pytest.mark.parametrize("rule", rule_texts(RULES).values(), ids=lambda rule: rule.id)
    def test_commands_that_a_rule_names_exist(self, rule):
        for text in (rule.message, rule.remedy, rule.passed):
            for said in (text.en, text.ja) if text else ():
                for name, sub in re.findall(r"shirube ([a-z]+)(?: ([a-z]+))?", said):
                    assert name == "check" or (name == "policy" and sub in policy.commands), said

    def test_an_older_policy_may_lack_rules_and_word_others_differently(self, monkeypatch, tmp_path):
        (tmp_path / "older_policy").mkdir()
        (tmp_path / "older_policy" / "__init__.py").touch()
        text = RULES.read_bytes().decode("utf-8")
        start = text.index("[rules.ARIM-TTL-006]")
        text = text[:start] + text[text.index("[rules.ARIM-TTL-007]") :]
        text = text.replace('date = "2025-04-01"', 'date = "2024-04-01"')
        text = text.replace("The dataset has no title.", "The dataset is nameless.")
        (tmp_path / "older_policy" / "2024-04-01.toml").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setitem(TEXTS, "2024-04-01", Resource("older_policy", "2024-04-01.toml"))
        older = Parameters()
        # one version ships, so settings admit no other
        object.__setattr__(older, "version", "2024-04-01")
        found = {one.rule: one for one in judged(Dataset(title=""), chosen=older)}
        assert len(found) == 139
        assert "ARIM-TTL-006" not in found
        assert found["ARIM-TTL-001"].message.en == "The dataset is nameless."
        assert all("2024-04-01" in one.source.en for one in rules(older))
        assert len(rules(Parameters())) == 140

    def test_a_version_that_there_is_not_is_refused(self):
        assert rules(build(Parameters, {"version": "2025-04-01"}))
        with pytest.raises(SettingsError, match="2025-04-01"):
            build(Parameters, {"version": "2020-04-01"})


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

    @pytest.mark.parametrize("rule", ["ARIM-EMB-003", "ARIM-ANO-002", "ARIM-DOI-002", "ARIM-ACC-002", "ARIM-LIC-003"])
    def test_limits_that_nobody_may_lift_can_be_neither_disabled_nor_waived(self, rule):
        with pytest.raises(SettingsError, match=rule):
            rules(Parameters(disable=(rule,)))
        waiver = Waiver(rule=rule, reason="agreed with the office", approved_by="M. Sato")
        bad = Dataset(registered_on="2020-04-01", embargo_end="2026-03-31", is_anonymized=True, doi="10.1/x")
        bad = evolve(bad, offered_kinds=("raw",), licence_request=LicenceRequest(affiliations=()))
        found = {one.rule: one for one in judged(bad, waivers=[waiver])}
        assert found[rule].counts
        assert "waiver-locked" in found

    def test_others_can_be_waived(self):
        waiver = Waiver(rule="ARIM-MAT-001", reason="the sample is confidential", approved_by="M. Sato")
        (found,) = [
            one for one in judged(Dataset(sample=Sample(names=())), waivers=[waiver]) if one.rule == "ARIM-MAT-001"
        ]
        assert found.waiver == waiver

    def test_what_is_waived_lacks_neither_for_the_catalogue_nor_for_the_doi(self):
        dataset = evolve(EXAMPLE, title="あ" * 70)
        before = judged(dataset)
        assert {"ARIM-TTL-002", "ARIM-DOI-001", "ARIM-DSC-008"} <= {one.rule for one in before if one.counts}
        waiver = Waiver(rule="ARIM-TTL-002", reason="agreed with the office", approved_by="M. Sato", path="title")
        after = {one.rule: one for one in judged(dataset, waivers=[waiver])}
        assert after["ARIM-TTL-002"].waiver == waiver
        assert not {"ARIM-DOI-001", "ARIM-DSC-008"} & {one.rule for one in after.values() if one.counts}
        assert [after[one].kind for one in ("ARIM-CAT-002", "ARIM-DOI-003", "ARIM-SHR-001")] != ["informational"] * 3
        elsewhere = {one.rule: one for one in judged(dataset, waivers=[evolve(waiver, path="description")])}
        assert elsewhere["ARIM-DOI-001"].counts

    def test_a_misspelt_rule_is_refused_with_a_suggestion(self):
        with pytest.raises(SettingsError, match="ARIM-TTL-002"):
            rules(Parameters(disable=("ARIM-TTL-02",)))

    def test_without_parameters_the_defaults_hold(self):
        dataset = Dataset(title="あ" * 55)
        found = judge(
            rules(Parameters()), dataset, RuleContext(today=date(2028, 4, 1)), "arim", Subject("dataset", "d")
        )
        assert [one.note for one in found if one.rule == "ARIM-TTL-002"] == [True]


def test_the_exit_level_follows_the_severity():
    found = judged(Dataset(registered_on="2025-04-01", embargo_end="2030-03-31"))
    assert level_reached(found, "must")
    assert not level_reached(judged(Dataset(title="あ" * 70)), "must")
    assert level_reached(judged(Dataset(title="あ" * 70)), "should")
