"""Rules as data: tables of texts, templates and sections, joined with the functions that judge."""

from __future__ import annotations

from datetime import date

import pytest

from shirube.errors import PluginError
from shirube.hooks import Resource
from shirube.judging import judge
from shirube.messages import Text
from shirube.records import Dataset, Subject
from shirube.rules import RuleContext, failed, passed
from shirube.ruletables import as_notes, join_rules, rule_texts
from shirube.testing import on_path

TABLE = """
[sections.TTL]
en = "Titles"
ja = "題名"

[templates.plain]
severity = "should"
message = { en = "bad {n}", ja = "不可 {n}" }
outcomes = ["pass", "fail"]

[rules.HOUSE-TTL-001]
like = "plain"
quote = "題名を記す"
stage = "later"

[rules.HOUSE-TTL-002]
like = "plain"
severity = "must"
quote = "短く"
requires = ["HOUSE-TTL-001"]
"""
JUDGES = {"HOUSE-TTL-001": lambda *_: failed(n=1), "HOUSE-TTL-002": lambda *_: passed()}


@pytest.fixture
def table(tmp_path):
    """Return a function that puts a rules.toml into an importable package and reads it."""
    package = tmp_path / f"house_{tmp_path.name}".replace("-", "_")
    package.mkdir()
    (package / "__init__.py").touch()

    def read(text):
        (package / "rules.toml").write_text(text, encoding="utf-8")
        return rule_texts(Resource(package.name, "rules.toml"))

    with on_path(tmp_path):
        yield read


def test_a_rule_is_completed_by_its_template_and_its_section(table):
    first, second = table(TABLE).values()
    assert (first.id, first.severity, first.quote, first.stage) == ("HOUSE-TTL-001", "should", "題名を記す", "later")
    assert (second.severity, second.requires) == ("must", ("HOUSE-TTL-001",))
    assert first.message == second.message == Text(en="bad {n}", ja="不可 {n}")
    assert first.section == Text(en="Titles", ja="題名")
    assert first.outcomes == ("pass", "fail")


def test_joined_rules_judge_with_their_functions_from_their_due_dates(table):
    rules = join_rules(table(TABLE), JUDGES, subject="dataset", due={"later": lambda *_: date(2030, 1, 1)})
    dates = {date(2029, 1, 1): "informational", date(2030, 1, 1): "fail"}
    for today, kind in dates.items():
        first, _ = judge(rules, Dataset(), RuleContext(today=today), "house", Subject("dataset", "d"))
        assert (first.kind, first.message.ja, first.quote) == (kind, "不可 1", "題名を記す")


def test_a_rule_turned_into_notes_counts_no_more_and_declares_it(table):
    first, *_ = join_rules(table(TABLE), JUDGES, subject="dataset", due={"later": None})
    (found,) = judge([as_notes(first)], Dataset(), RuleContext(today=date(2030, 1, 1)), "h", Subject("dataset", "d"))
    assert (found.kind, found.note, found.error, found.counts) == ("fail", True, False, False)
    assert as_notes(first).outcomes == ("pass", "note")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('quote = "短く"', "", r"rules\.HOUSE-TTL-002\.quote"),
        ('quote = "短く"', 'quote = "短く"\nremdy = "x"', r"rules\.HOUSE-TTL-002\.remdy.*remedy"),
        ('like = "plain"\nseverity', 'like = "plein"\nseverity', r"HOUSE-TTL-002\.like"),
        ('["pass", "fail"]', '["pass", "bad"]', r"outcomes\[1\]"),
        ('severity = "must"', 'severity = "grave"', r"HOUSE-TTL-002\.severity"),
        ("[sections.TTL]", "[sections.XXX]", r"HOUSE-TTL-001\.section"),
        ("[rules.HOUSE-TTL-002]", "[rules.HOUSE-TTL-002", "cannot be read"),
    ],
)
def test_a_mistake_in_a_table_is_named_by_file_and_key(table, old, new, says):
    assert old in TABLE
    with pytest.raises(PluginError, match=says) as caught:
        table(TABLE.replace(old, new))
    assert caught.value.path.endswith("rules.toml")


@pytest.mark.parametrize("judges", [{"HOUSE-TTL-001": passed}, {**JUDGES, "HOUSE-TTL-003": passed}])
def test_rules_without_functions_and_functions_without_rules_are_refused(table, judges):
    with pytest.raises(PluginError, match=r"HOUSE-TTL-00[23]"):
        join_rules(table(TABLE), judges, subject="dataset", due={"later": None})


def test_a_stage_without_a_meaning_is_refused(table):
    with pytest.raises(PluginError, match=r"HOUSE-TTL-001.*later"):
        join_rules(table(TABLE), JUDGES, subject="dataset")
