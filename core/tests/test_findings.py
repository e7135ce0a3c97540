"""Findings are shown to people in two languages and to programs as JSON, and decide the exit code."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.errors import InputError
from shirube.findings import CATEGORIES, SCHEMA, category, counts, from_json, level_reached, render_text, to_json, worst
from shirube.messages import Text
from shirube.records import Finding, Subject, Waiver
from shirube.text import display_width

DATASET = Subject("dataset", "MoS2-2025")
ENTRY = Subject("entry", "C1s")
WAIVER = Waiver(rule="A", reason="agreed with the office", approved_by="M. Sato", expires="2027-03-31")


def finding(rule="ARIM-TTL-002", kind="fail", severity="should", subject=DATASET, **more):
    message = more.pop("message", Text(en="The title is too long.", ja="データセット名が長すぎます。"))
    return Finding(rule=rule, policy="arim", subject=subject, kind=kind, severity=severity, message=message, **more)


MANY = (
    finding("P-1", "pass"),
    finding("P-2", "pass", subject=ENTRY),
    finding("N-1", "notApplicable"),
    finding("O-1", "open", message=Text(en="supply the title", ja="データセット名を与えてください")),
    finding("I-1", "informational", "info", due="2026-04-01"),
    finding("F-1", remedy=Text(en="Shorten it.", ja="短くしてください。"), path="title", quote="50 文字程度以内"),
    finding("F-2", severity="must", path="a.txt", line=7),
    finding("H-1", note=True),
    finding("W-1", severity="must", waiver=WAIVER),
    finding("E-1", severity="may", error=True),
    finding("R-1", "review"),
)


class TestCategories:
    def test_every_finding_is_exactly_one_thing(self):
        assert [category(one) for one in MANY] == [
            "pass", "pass", "notApplicable", "open", "informational", "fail", "fail", "note", "waived", "error",
            "review",
        ]  # fmt: skip

    def test_counts_add_up_and_name_what_does_not_occur(self):
        assert counts([]) == dict.fromkeys(CATEGORIES, 0)
        assert counts(MANY)["fail"] == 2
        assert sum(counts(MANY).values()) == len(MANY)

    def test_only_failures_that_count_make_the_worst_severity(self):
        assert worst([finding(note=True, severity="must"), finding(waiver=WAIVER, severity="must")]) is None
        assert worst([finding(severity="may"), finding(severity="should")]) == "should"

    def test_an_error_is_as_grave_as_a_must(self):
        assert worst([finding(severity="may", error=True)]) == "must"


class TestExitLevel:
    @pytest.mark.parametrize(
        ("severity", "reached"),
        [("must", {"must", "should", "may"}), ("should", {"should", "may"}), ("may", {"may"}), ("info", set())],
    )
    def test_a_failure_reaches_its_own_level_and_those_below(self, severity, reached):
        levels = {
            level for level in ("must", "should", "may", "never") if level_reached([finding(severity=severity)], level)
        }
        assert levels == reached

    @pytest.mark.parametrize("kind", ["pass", "notApplicable", "open", "review", "informational"])
    def test_nothing_but_a_failure_reaches_a_level(self, kind):
        assert not level_reached([finding(kind=kind, severity="must")], "may")

    def test_notes_and_waived_failures_reach_none(self):
        assert not level_reached([finding(note=True), finding(waiver=WAIVER)], "may")

    def test_never_is_never(self):
        assert not level_reached([finding(error=True, severity="must")], "never")


class TestText:
    def test_failures_come_first_and_passes_are_counted(self):
        lines = render_text(MANY, "en").splitlines()
        order = [word for line in lines for word in line.split() if word[1:2] == "-" and word[0].isupper()]
        assert order == ["E-1", "F-2", "F-1", "W-1", "H-1", "R-1", "O-1", "I-1"]
        assert "P-1" not in "\n".join(lines)
        assert lines[-1] == "error 1, fail 2, waived 1, note 1, review 1, open 1, info 1, n/a 1, pass 2"

    def test_rules_that_wait_for_the_same_input_stand_together(self):
        asked = Text(en="supply sample", ja="sample を与えてください")
        waiting = [
            finding(f"O-{number}", "open", message=asked, severity=one) for number, one in enumerate(["may", "must"])
        ]
        lines = render_text([*waiting, finding("O-9", "open")], "en").splitlines()
        assert lines[1].split() == ["open", "must", "2", "rules", "supply", "sample"]
        assert lines[2].split() == ["O-1,", "O-0"]
        assert lines[3].split()[:3] == ["open", "should", "O-9"]
        assert render_text(waiting, "en", verbose=True).count("supply sample") == 2

    def test_each_subject_has_its_block_in_the_order_of_the_findings(self):
        text = render_text(MANY, "en")
        assert text.index("dataset MoS2-2025") < text.index("entry C1s")
        assert "entry C1s\n  pass 1" in text

    def test_verbose_shows_passes_and_quotes(self):
        text = render_text(MANY, "en", verbose=True)
        assert "P-1" in text
        assert "N-1" in text
        assert "「50 文字程度以内」" in text
        assert "「50 文字程度以内」" not in render_text(MANY, "en")

    def test_remedy_place_due_date_and_waiver_are_said(self):
        text = render_text(MANY, "en")
        assert "-> Shorten it." in text
        assert "[title]" in text
        assert "[a.txt:7]" in text
        assert "counts from 2026-04-01" in text
        assert "accepted by M. Sato until 2027-03-31: agreed with the office" in text

    def test_japanese_is_complete(self):
        text = render_text(MANY, "ja")
        for word in (
            "データセット MoS2-2025",
            "不適合",
            "必須",
            "推奨",
            "短くしてください。",
            "2026-04-01 から適用",
            "適合 2",
        ):
            assert word in text
        assert "fail" not in text

    @pytest.mark.parametrize("lang", ["en", "ja"])
    def test_columns_are_aligned_as_a_terminal_shows_them(self, lang):
        lines = [line for line in render_text(MANY, lang).splitlines() if line.startswith("  ") and "-1 " in line]
        starts = {display_width(line[: line.index("-1 ")]) for line in lines}
        assert len(lines) == 7
        assert len(starts) == 1

    def test_nothing_checked_is_not_nothing_wrong(self):
        assert render_text((), "en") == "Nothing was checked.\n"
        assert render_text((), "ja") == "チェックした項目はありません。\n"

    def test_control_sequences_out_of_the_data_do_not_reach_the_terminal(self):
        odd = finding(message=Text(en="title \x1b[31mred\nnext", ja="題"), subject=Subject("dataset", "a\x07b"))
        text = render_text([odd], "en")
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "[31mred next" in text


texts = st.builds(Text, en=st.text(max_size=12), ja=st.text(max_size=12))
any_finding = st.builds(
    Finding,
    rule=st.text(min_size=1, max_size=8),
    policy=st.just("p"),
    subject=st.builds(Subject, st.sampled_from(["dataset", "entry", "tree"]), st.text(max_size=6)),
    kind=st.sampled_from(["pass", "fail", "notApplicable", "open", "review", "informational"]),
    severity=st.sampled_from(["must", "should", "may", "info"]),
    message=texts,
    note=st.booleans(),
    error=st.booleans(),
    path=st.none() | st.text(max_size=6),
    line=st.none() | st.integers(1, 99),
    remedy=st.none() | texts,
    quote=st.none() | st.text(max_size=6),
    blocks=st.lists(st.sampled_from(["doi", "sharing"]), max_size=2),
    due=st.none() | st.just("2026-04-01"),
    waiver=st.none() | st.just(WAIVER),
)


class TestJson:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(any_finding, max_size=4))
    def test_what_is_written_reads_back_the_same(self, listed):
        assert from_json(json.loads(json.dumps(to_json(listed)))) == tuple(listed)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(any_finding, max_size=4), st.sampled_from(["en", "ja"]), st.booleans())
    def test_any_findings_can_be_shown(self, listed, lang, verbose):
        assert render_text(listed, lang, verbose=verbose).endswith("\n")

    def test_it_names_its_schema_and_holds_both_languages_and_the_counts(self):
        value = to_json(MANY)
        assert value["schema"] == SCHEMA == "shirube-findings/1"
        assert value["worst"] == "must"
        assert value["counts"]["fail"] == 2
        assert value["findings"][0]["message"] == {"en": "The title is too long.", "ja": "データセット名が長すぎます。"}

    @pytest.mark.parametrize("value", [None, [], {}, {"schema": "shirube-findings/2", "findings": []}])
    def test_another_schema_is_refused(self, value):
        with pytest.raises(InputError, match="shirube-findings/1"):
            from_json(value)

    @pytest.mark.parametrize(
        ("spoil", "named"),
        [
            ({"kind": "maybe"}, "kind"),
            ({"severty": "must"}, "severty"),
            ({"message": 3}, "message"),
            ({"line": "x"}, "line"),
        ],
    )
    def test_a_spoilt_finding_is_refused_with_the_key(self, spoil, named):
        value = to_json([finding()])
        value["findings"][0].update(spoil)
        with pytest.raises(InputError, match=named):
            from_json(value)

    @pytest.mark.parametrize("listed", [None, "x", 3, {}])
    def test_findings_that_are_no_list_are_refused(self, listed):
        with pytest.raises(InputError):
            from_json({"schema": SCHEMA, "findings": listed})
