"""Rules are applied to a subject: what every answer, and every failure to answer, becomes."""

from __future__ import annotations

from datetime import date

import pytest

from shirube.errors import PluginError, SettingsError
from shirube.findings import category
from shirube.judging import evaluation_order, judge, select
from shirube.messages import Text
from shirube.records import Dataset, Subject, Waiver
from shirube.rules import (
    Judgement,
    Rule,
    RuleContext,
    failed,
    informational,
    not_applicable,
    open_,
    passed,
    review,
)
from shirube.waivers import misspelt_subjects

TODAY = date(2026, 6, 1)
DATASET = Dataset(id="d-1", title="x")
SUBJECT = Subject("dataset", "d-1")


def rule(rule_id, answer, **more):
    def answered(subject, context):
        return answer(subject, context) if callable(answer) else answer

    given = {"severity": "should", "message": Text(en="fails {n}", ja="不可 {n}"), "subject": "dataset"}
    return Rule(id=rule_id, judge=answered, **{**given, **more})


def findings(*rules, waivers=(), today=TODAY, **more):
    return judge(rules, DATASET, RuleContext(today=today), "house", SUBJECT, waivers, **more)


def only(*rules, **more):
    (found,) = findings(*rules, **more)
    return found


def raising(*_):
    msg = "no such key\nin the record"
    raise KeyError(msg)


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (passed(), "pass"),
            (failed(n=3), "fail"),
            (not_applicable(), "notApplicable"),
            (open_("the title"), "open"),
            (review(n=3), "review"),
            (informational(n=3), "informational"),
        ],
    )
    def test_each_of_the_six_kinds_becomes_a_finding_of_that_kind(self, answer, kind):
        found = only(rule("A", answer, quote="原文", blocks=("doi",)))
        assert (found.kind, found.rule, found.policy, found.subject) == (kind, "A", "house", SUBJECT)
        assert (found.severity, found.quote, found.blocks) == ("should", "原文", ("doi",))
        assert found.message.en
        assert found.message.ja
        assert not found.error

    def test_a_failure_says_the_rule_message_and_remedy_with_the_places_filled(self):
        found = only(rule("A", failed(n=3, path="title"), remedy=Text(en="make it {n}", ja="{n} に")))
        assert found.message == Text(en="fails 3", ja="不可 3")
        assert found.remedy == Text(en="make it 3", ja="3 に")
        assert found.path == "title"

    def test_a_parameter_may_itself_be_in_two_languages(self):
        found = only(rule("A", failed(n=Text(en="three", ja="三"))))
        assert found.message == Text(en="fails three", ja="不可 三")

    def test_the_judgement_may_bring_its_own_words_and_braces_in_finished_words_are_safe(self):
        found = only(rule("A", failed(Text(en="odd {title}", ja="変 {title}"))))
        assert found.message.en == "odd {title}"

    def test_a_pass_says_what_passed_when_the_rule_knows_it(self):
        assert only(rule("A", passed(n=1), passed=Text(en="{n} is fine", ja="{n} で可"))).message.ja == "1 で可"

    def test_an_open_question_names_what_is_missing_in_both_languages(self):
        message = only(rule("A", open_("title"))).message
        assert "title" in message.en
        assert "title" in message.ja

    def test_one_rule_may_look_at_several_places(self):
        found = findings(rule("A", lambda *_: (failed(n=n, path=f"entries[{n}]") for n in (1, 2))))
        assert [one.path for one in found] == ["entries[1]", "entries[2]"]

    def test_a_rule_that_finds_no_place_to_look_at_does_not_apply(self):
        assert only(rule("A", lambda *_: [])).kind == "notApplicable"

    def test_failures_of_a_heuristic_and_of_an_about_are_notes_that_do_not_count(self):
        heuristic = only(rule("A", failed(n=1), heuristic=True))
        about = only(rule("A", failed(n=1, note=True)))
        assert (heuristic.note, heuristic.counts) == (True, False)
        assert (about.note, about.counts) == (True, False)

    @pytest.mark.parametrize("kind", ["heuristic", "advisory"])
    @pytest.mark.parametrize("answer", [open_("title"), failed(n=1), review(n=1)])
    def test_what_can_only_be_a_note_keeps_no_gate_shut(self, kind, answer):
        assert only(rule("A", answer, blocks=("doi",), **{kind: True})).blocks == ()

    def test_findings_come_in_the_order_of_the_rules_whatever_they_require(self):
        found = findings(rule("B", passed(), requires=["A"]), rule("C", passed()), rule("A", passed()))
        assert [one.rule for one in found] == ["B", "C", "A"]

    def test_rules_for_another_kind_of_subject_are_left_alone(self):
        assert only(rule("A", passed()), rule("E", passed(), subject="entry")).rule == "A"


class TestRaising:
    def test_a_rule_that_raises_is_an_error_and_a_failure_of_its_own_severity(self):
        found = only(rule("A", raising, severity="must", blocks=["doi"]))
        assert (found.kind, found.error, found.severity, found.blocks) == ("fail", True, "must", ("doi",))
        assert found.counts
        assert "KeyError" in found.message.en
        assert "no such key" in found.message.ja
        assert "\n" not in found.message.en

    def test_raising_on_the_way_through_several_places_is_an_error_too(self):
        def some(*_):
            yield passed()
            raise ZeroDivisionError

        assert only(rule("A", some)).error

    @pytest.mark.parametrize("answer", [None, True, "pass", ["pass"]])
    def test_an_answer_that_is_no_judgement_is_an_error(self, answer):
        assert only(rule("A", lambda *_: answer)).error

    def test_a_message_whose_places_stay_empty_is_an_error_not_a_silent_brace(self):
        assert only(rule("A", failed(m=1))).error

    def test_a_due_date_that_cannot_be_computed_is_an_error(self):
        assert only(rule("A", passed(), due=raising)).error

    def test_other_rules_are_judged_all_the_same(self):
        assert [one.kind for one in findings(rule("A", raising), rule("B", passed()))] == ["fail", "pass"]


class TestPrerequisites:
    def test_one_cause_gives_one_failure(self):
        found = findings(
            rule("A", failed(n=1)), rule("B", failed(n=2), requires=["A"]), rule("C", raising, requires=["B"])
        )
        assert [one.kind for one in found] == ["fail", "notApplicable", "notApplicable"]
        assert "A" in found[1].message.en
        assert "A" in found[2].message.ja

    def test_a_prerequisite_that_raises_stops_what_stands_on_it(self):
        assert findings(rule("A", raising), rule("B", passed(), requires=["A"]))[1].kind == "notApplicable"

    def test_every_cause_is_named_once(self):
        bad = [rule(name, failed(n=1)) for name in "AB"]
        found = findings(*bad, rule("C", passed(), requires=["A", "B"]), rule("D", passed(), requires=["C", "A"]))
        assert found[3].message.en.count("A") == 1
        assert "B" in found[3].message.en

    @pytest.mark.parametrize("answer", [not_applicable(), open_("x"), review(n=1), failed(note=True, n=1), passed()])
    def test_only_a_failure_stops_the_dependants(self, answer):
        assert findings(rule("A", answer), rule("B", passed(), requires=["A"]))[1].kind == "pass"

    def test_a_failure_that_is_waived_or_not_yet_due_still_stops_the_dependants(self):
        waiver = Waiver(rule="A", reason="agreed with the office", approved_by="M. Sato")
        later = rule("A", failed(n=1), due=lambda *_: date(2027, 1, 1))
        dependant = rule("B", failed(n=1), requires=["A"])
        assert findings(rule("A", failed(n=1)), dependant, waivers=[waiver])[1].kind == "notApplicable"
        assert findings(later, dependant)[1].kind == "notApplicable"

    def test_an_unknown_prerequisite_is_the_policys_fault_and_nothing_is_judged(self):
        judged = []
        with pytest.raises(PluginError, match="B requires Z"):
            findings(rule("A", lambda *_: judged.append(1) or passed()), rule("B", passed(), requires=["Z"]))
        assert judged == []

    def test_a_prerequisite_on_another_kind_of_subject_is_refused(self):
        with pytest.raises(PluginError, match="requires E"):
            findings(rule("E", passed(), subject="entry"), rule("A", passed(), requires=["E"]))

    def test_a_circle_is_refused_and_shown(self):
        with pytest.raises(PluginError, match=r"A -> B -> A|B -> A -> B"):
            evaluation_order([rule("A", passed(), requires=["B"]), rule("B", passed(), requires=["A"])])

    def test_two_rules_of_one_id_are_refused(self):
        with pytest.raises(PluginError, match="the id A"):
            findings(rule("A", passed()), rule("A", passed()))

    def test_prerequisites_come_first(self):
        order = evaluation_order(
            [rule("C", passed(), requires=["B"]), rule("B", passed(), requires=["A"]), rule("A", passed())]
        )
        assert order == ("A", "B", "C")


class TestDue:
    def late(self, answer, **more):
        return rule("A", answer, due=lambda *_: TODAY, remedy=Text(en="mend {n}", ja="直す {n}"), **more)

    def test_before_its_date_a_failure_informs_and_says_from_when_it_counts(self):
        found = only(self.late(failed(n=1)), today=date(2026, 5, 31))
        assert (found.kind, found.due, found.counts) == ("informational", "2026-06-01", False)
        assert found.message.en == "fails 1"
        assert found.remedy == Text(en="mend 1", ja="直す 1")

    def test_on_its_date_it_counts(self):
        found = only(self.late(failed(n=1)), today=TODAY)
        assert (found.kind, found.due) == ("fail", None)

    def test_a_note_before_its_date_informs_and_a_pass_is_a_pass(self):
        early = date(2026, 1, 1)
        note = only(self.late(failed(n=1), heuristic=True), today=early)
        assert (note.kind, note.note) == ("informational", False)
        assert only(self.late(passed(n=1)), today=early).kind == "pass"

    def test_without_a_date_a_rule_counts_always(self):
        assert only(rule("A", failed(n=1), due=lambda *_: None)).kind == "fail"


@pytest.mark.parametrize(
    ("subject", "said"),
    [("goldfoil-1", True), ("gold_foil-01", True), ("gold-foil-2", False), ("gold-foil-1", False), (None, False)],
)
def test_a_subject_that_looks_like_a_slip_for_what_was_judged_is_told(subject, said):
    told = [one.text() for one in misspelt_subjects([waiver(subject=subject)], {"gold-foil-1", "silver-3"})]
    assert [("'gold-foil-1'" in one.en, "「gold-foil-1」" in one.ja) for one in told] == [(True, True)] * said


def waiver(**changes):
    given = {"rule": "A", "reason": "the instrument was lent out", "approved_by": "M. Sato"}
    return Waiver(**{**given, **changes})


class TestWaivers:
    def test_a_waived_failure_stays_visible_and_does_not_count(self):
        found = only(rule("A", failed(n=1)), waivers=[waiver()])
        assert (found.kind, found.waiver, found.counts) == ("fail", waiver(), False)

    def test_the_last_day_still_counts_and_the_day_after_does_not(self):
        last = waiver(expires="2026-06-01")
        assert category(only(rule("A", failed(n=1)), waivers=[last])) == "waived"
        again, note = findings(rule("A", failed(n=1)), waivers=[last], today=date(2026, 6, 2))
        assert again.counts
        assert (note.rule, note.note) == ("waiver-expired", True)
        assert "2026-06-01" in note.message.ja

    def test_a_locked_rule_cannot_be_waived_and_the_waiver_says_so(self):
        found, note = findings(rule("A", failed(n=1), locked=True), waivers=[waiver()])
        assert found.counts
        assert note.rule == "waiver-locked"

    @pytest.mark.parametrize(
        "lacking",
        [{"reason": "because  "}, {"reason": "   short      "}, {"approved_by": " "}, {"expires": "next year"}],
    )
    def test_an_incomplete_waiver_does_not_apply(self, lacking):
        found, note = findings(rule("A", failed(n=1)), waivers=[waiver(**lacking)])
        assert found.counts
        assert note.rule == "waiver-incomplete"

    def test_a_waiver_that_nothing_needs_is_said(self):
        found, note = findings(rule("A", passed()), waivers=[waiver()])
        assert found.waiver is None
        assert (note.rule, note.counts) == ("waiver-unused", False)

    @pytest.mark.parametrize("answer", [open_("title"), review(n=1)])
    def test_a_waiver_is_not_unused_while_its_rule_is_undecided(self, answer):
        assert only(rule("A", answer), waivers=[waiver()]).waiver is None

    def test_a_misspelt_rule_is_said_with_a_suggestion(self):
        known = rule("ARIM-TTL-002", passed())
        note = findings(known, waivers=[waiver(rule="ARIM-TTL-02")])[-1]
        assert note.rule == "waiver-unknown-rule"
        assert "ARIM-TTL-002" in note.message.en

    def test_a_rule_that_is_judged_elsewhere_is_not_unknown(self):
        assert len(findings(rule("A", passed()), waivers=[waiver(rule="B")], known=["B"])) == 1

    def test_a_rule_that_nobody_has_is_said_whatever_the_waivers_subject(self):
        note = findings(rule("A", passed()), waivers=[waiver(rule="AA", subject="d-2")])[-1]
        assert (note.rule, note.subject) == ("waiver-unknown-rule", SUBJECT)

    def test_a_waiver_for_another_subject_is_left_alone(self):
        assert only(rule("A", failed(n=1)), waivers=[waiver(subject="d-2")]).counts

    def test_a_waiver_of_one_place_accepts_what_lies_in_it_and_nothing_beside_it(self):
        places = ("entries[1].files.raw", "entries[1]", "entries[10].files.raw", "entries", None)
        several = rule("A", lambda *_: [failed(n=1, path=place) for place in places])
        found = findings(several, waivers=[waiver(path="entries[1]")])
        assert [one.path for one in found if one.waiver] == ["entries[1].files.raw", "entries[1]"]
        assert [one.path for one in found if one.counts] == ["entries[10].files.raw", "entries", None]

    def test_a_waiver_of_a_place_that_nothing_fails_at_is_said_although_another_place_fails(self):
        found, note = findings(rule("A", failed(n=1, path="sample")), waivers=[waiver(path="entries[1]")])
        assert found.counts
        assert note.rule == "waiver-unused"

    def test_a_waiver_is_not_unused_while_its_rule_waits_for_another(self):
        waiting = rule("B", failed(n=1), requires=["A"])
        assert len(findings(rule("A", failed(n=1)), waiting, waivers=[waiver(rule="B")])) == 2

    def test_a_rule_may_ask_what_is_waived_of_another(self):
        def asking(_, context):
            return passed() if context.accepts("A", "title.text") else failed(n=1)

        for given, kind in (
            ({}, "pass"),
            ({"path": "title"}, "pass"),
            ({"path": "sample"}, "fail"),
            ({"subject": "d-2"}, "fail"),
            ({"expires": "2020-01-01"}, "fail"),
            ({"reason": "short"}, "fail"),
        ):
            found = findings(rule("A", failed(n=1)), rule("B", asking), waivers=[waiver(**given)])
            assert found[1].kind == kind, given
        locked = findings(rule("A", failed(n=1), locked=True), rule("B", asking), waivers=[waiver()])
        assert locked[1].kind == "fail"

    def test_of_two_waivers_the_first_that_is_in_force_is_taken(self):
        old, new = waiver(expires="2020-01-01"), waiver(approved_by="T. Ito")
        found, note = findings(rule("A", failed(n=1)), waivers=[old, new])
        assert found.waiver == new
        assert note.rule == "waiver-expired"

    def test_a_rule_that_raised_cannot_be_waived(self):
        assert findings(rule("A", raising), waivers=[waiver()])[0].counts

    def test_notes_on_waivers_are_written_in_both_languages(self):
        cases = [waiver(rule="Z"), waiver(reason="short"), waiver(expires="2020-01-01"), waiver()]
        notes = findings(rule("A", passed()), waivers=cases)[1:]
        assert len(notes) == len(cases)
        assert all(one.message.en != one.message.ja and "{" not in one.message.ja for one in notes)


class TestSelection:
    RULES = (
        rule("A", passed()),
        rule("B", failed(n=1), requires=["A"]),
        rule("D", passed(), derived=True),
        rule("L", passed(), locked=True),
    )

    def ids(self, **more):
        return [one.id for one in select(self.RULES, **more)]

    def test_everything_is_on_by_default(self):
        assert self.ids() == ["A", "B", "D", "L"]

    def test_a_rule_is_switched_off_by_its_id_and_is_no_prerequisite_any_more(self):
        chosen = select(self.RULES, disable=["A"])
        assert [one.id for one in chosen] == ["B", "D", "L"]
        assert chosen[0].requires == ()
        assert findings(*chosen)[0].kind == "fail"

    def test_derived_rules_go_as_a_group(self):
        assert self.ids(derived=False) == ["A", "B", "L"]

    def test_a_locked_rule_cannot_be_switched_off(self):
        with pytest.raises(SettingsError, match="L cannot be switched off"):
            self.ids(disable=["L"])

    def test_a_misspelt_id_is_refused_with_a_suggestion(self):
        rules = [rule("ARIM-TTL-002", passed())]
        with pytest.raises(SettingsError, match="Did you mean 'ARIM-TTL-002'"):
            select(rules, disable=["ARIM-TTL-02"])


def test_judging_leaves_the_subject_and_the_rules_as_they_were():
    rules = (rule("A", failed(n=1)), rule("B", passed(), requires=["A"]))
    before = (DATASET, tuple(one.requires for one in rules))
    assert findings(*rules) == findings(*rules)
    assert (DATASET, tuple(one.requires for one in rules)) == before


def test_the_context_reaches_the_rule():
    seen = []

    def look(subject, context):
        seen.append((subject, context.today, context.parameters))
        return Judgement(kind="pass")

    judge([rule("A", look)], DATASET, RuleContext(today=TODAY, parameters="p"), "house", SUBJECT)
    assert seen == [(DATASET, TODAY, "p")]


class TestWhatRulesMayDo:
    @pytest.mark.parametrize("error", [SystemExit(0), EOFError("cut")], ids=repr)
    def test_a_rule_that_would_end_the_program_is_an_error_finding(self, error):
        def ends(*_):
            raise error

        found = only(rule("A", ends))
        assert (found.kind, found.error) == ("fail", True)
        assert type(error).__name__ in found.message.en

    def test_an_interrupt_is_no_finding(self):
        def interrupted(*_):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            only(rule("A", interrupted))

    @pytest.mark.parametrize("said", ["file {1}.txt is bad", "{", "}{", "{x.y}", "k{x}"])
    def test_braces_in_a_finished_text_stay_as_they_are(self, said):
        found = only(rule("A", failed(Text(en=said, ja=said), n=3)))
        assert (found.message.en, found.error) == (said, False)

    def test_places_in_a_text_of_the_judgement_are_filled(self):
        assert only(rule("A", failed(Text(en="is {n}", ja="{n} です"), n=3))).message == Text(en="is 3", ja="3 です")


class TestDeclaredOutcomes:
    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (passed(), "pass"),
            (failed(n=1), "fail"),
            (failed(n=1, note=True), "note"),
            (not_applicable(), "notApplicable"),
            (open_("x"), "open"),
            (review(n=1), "review"),
            (informational(n=1), "informational"),
            ((), "notApplicable"),
        ],
    )
    def test_a_declared_outcome_is_as_any_other_and_one_that_is_not_declared_is_an_error(self, answer, outcome):
        kinds = ["pass", "note", "fail", "open", "review", "notApplicable", "informational"]
        assert not only(rule("A", answer, outcomes=[outcome])).error
        kinds.remove(outcome)
        found = only(rule("A", answer, outcomes=kinds, severity="may"))
        assert (found.kind, found.error, found.severity) == ("fail", True, "may")
        assert f"answered {outcome}, but declares" in found.message.en
        assert outcome in found.message.ja

    def test_a_heuristic_only_notes(self):
        assert not only(rule("A", failed(n=1), heuristic=True, outcomes=["note"])).error
        assert only(rule("A", failed(n=1), heuristic=True, outcomes=["fail"])).error

    def test_what_the_core_says_in_the_place_of_a_rule_needs_no_declaration(self):
        blocked = rule("B", passed(), requires=["A"], outcomes=["pass"])
        _, found = findings(rule("A", failed(n=1)), blocked)
        assert (found.kind, found.error) == ("notApplicable", False)
        early = only(rule("A", failed(n=1), outcomes=["fail"], due=lambda *_: date(2030, 1, 1)))
        assert (early.kind, early.error) == ("informational", False)

    @pytest.mark.parametrize("wrong", [["maybe"], ["pass", "pass"]])
    def test_outcomes_that_there_are_not_or_twice_are_refused(self, wrong):
        with pytest.raises(PluginError, match="outcomes"):
            rule("A", passed(), outcomes=wrong)
