"""Judging: applies rules to one subject and turns every answer, or the lack of one, into findings."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any

from attrs import evolve, frozen

from shirube.blame import in_place
from shirube.errors import PluginError, SettingsError, core_message, message_of
from shirube.messages import Message, Text
from shirube.parameters import suggestion
from shirube.records import Finding, Subject, Waiver
from shirube.rules import Judgement, Rule, RuleContext
from shirube.waivers import granted, waive, waiver_findings

__all__ = ["evaluation_order", "judge", "select"]


@frozen
class _Case:
    """What all findings of one call share."""

    subject: Any
    context: RuleContext
    policy: str
    about: Subject


@frozen
class _Judged:
    """The findings of one rule, and whose failure (its own, or a prerequisite's) stops the rules that require it."""

    findings: tuple[Finding, ...]
    causes: tuple[str, ...] = ()
    blocked: bool = False


def judge(
    rules: Sequence[Rule],
    subject: object,
    context: RuleContext,
    policy: str,
    subject_ref: Subject,
    waivers: Iterable[Waiver] = (),
    *,
    known: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Return the findings of ``rules`` on one subject, in the order of the rules; findings on waivers come last.

    A rule that requires a failed one is not applicable and names it, so that one cause gives one failure. A failure
    before its due date is informational. A rule that raises, or answers with something that is no judgement or
    an outcome that the rule does not declare, is an error finding: a failure of the rule's own severity, never a pass.

    Args:
        rules: All rules of the policy; those for another kind of subject are checked but not judged.
        subject: The record to judge; a rule must not change it.
        context: What else a rule may look at.
        policy: Name of the policy, for the findings.
        subject_ref: What the findings are about; its ``kind`` selects the rules.
        waivers: Accepted failures. They need a reason and an approver, and never apply to a locked rule.
        known: Ids of rules judged elsewhere, so that a waiver for one of them is not called unknown.

    Raises:
        PluginError: Two rules share an id, or prerequisites are unknown, of another subject, or circular.
    """
    by_id = {rule.id: rule for rule in rules}
    every = tuple(waivers)
    accepting = granted(every, rules, subject_ref, context.today)
    case = _Case(subject, evolve(context, waivers=accepting), policy, subject_ref)
    judged: dict[str, _Judged] = {}
    for rule_id in evaluation_order(rules):
        rule = by_id[rule_id]
        if rule.subject == subject_ref.kind:
            causes = tuple(dict.fromkeys(cause for one in rule.requires for cause in judged[one].causes))
            judged[rule_id] = _blocked(rule, case, causes) if causes else _judged(rule, case)
    findings = [
        waive(finding, accepting) for rule in rules if rule.id in judged for finding in judged[rule.id].findings
    ]
    mentioned = {*by_id, *known}
    blocked = [rule_id for rule_id, one in judged.items() if one.blocked]
    notes = waiver_findings(every, tuple(rules), findings, subject_ref, context.today, mentioned, blocked)
    return (*findings, *notes)


def evaluation_order(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return the ids of ``rules`` so that every rule comes after those it requires.

    Raises:
        PluginError: Two rules share an id, or prerequisites are unknown, of another subject, or circular.
    """
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            raise PluginError(core_message("rule-twice", rule=rule.id))
        by_id[rule.id] = rule
    for rule in rules:
        for needed in rule.requires:
            if needed not in by_id or by_id[needed].subject != rule.subject:
                raise PluginError(core_message("rule-requires-unknown", rule=rule.id, required=needed))
    try:
        return _sorted(tuple((rule.id, rule.requires) for rule in rules))
    except CycleError as error:
        raise PluginError(core_message("rule-cycle", cycle=" -> ".join(error.args[1]))) from None


# Hundreds of records are judged by the same rules.
@functools.lru_cache(maxsize=16)
def _sorted(prerequisites: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    return tuple(TopologicalSorter(dict(prerequisites)).static_order())


def select(rules: Iterable[Rule], *, disable: Iterable[str] = (), derived: bool = True) -> tuple[Rule, ...]:
    """Return the rules that are switched on, without prerequisites that are off.

    Args:
        rules: All rules of a policy.
        disable: Ids of rules to leave out.
        derived: Whether rules that the policy's source does not contain are kept.

    Raises:
        SettingsError: ``disable`` names a rule that does not exist (with a suggestion) or that is locked.
    """
    every = {rule.id: rule for rule in rules}
    off = set()
    for rule_id in disable:
        if rule_id not in every:
            raise SettingsError(core_message("rule-unknown", rule=rule_id, hint=suggestion(rule_id, every)))
        if every[rule_id].locked:
            raise SettingsError(core_message("rule-locked", rule=rule_id))
        off.add(rule_id)
    kept = {key: rule for key, rule in every.items() if key not in off and (derived or not rule.derived)}
    return tuple(evolve(rule, requires=tuple(one for one in rule.requires if one in kept)) for rule in kept.values())


def _judged(rule: Rule, case: _Case) -> _Judged:
    try:
        with in_place():
            judgements = _judgements(rule, case)
            due = rule.due(case.subject, case.context) if rule.due else None
        found = tuple(_finding(rule, case, one, due) for one in judgements)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 whatever a rule raises is a finding of the rule; SystemExit, too
        return _Judged((_error(rule, case, error),), (rule.id,))
    failing = any(one.kind == "fail" and not (one.note or rule.notes) for one in judgements)
    return _Judged(found, (rule.id,) if failing else ())


def _judgements(rule: Rule, case: _Case) -> tuple[Judgement, ...]:
    answer = rule.judge(case.subject, case.context)
    judgements = (answer,) if isinstance(answer, Judgement) else tuple(answer)
    for one in judgements:
        if not isinstance(one, Judgement):
            msg = f"answered {one!r}, which is no judgement"
            raise TypeError(msg)
    # A rule that looks at every place of a kind and finds none does not concern this subject.
    judgements = judgements or (Judgement(kind="notApplicable"),)
    _refuse_undeclared(rule, judgements)
    return judgements


def _refuse_undeclared(rule: Rule, judgements: Iterable[Judgement]) -> None:
    strangers = [one for one in map(rule.outcome, judgements) if one not in rule.outcomes]
    if rule.outcomes and strangers:
        declared, outcomes = (", ".join(dict.fromkeys(some)) for some in (rule.outcomes, strangers))
        raise PluginError(core_message("rule-outcome-undeclared", outcomes=outcomes, declared=declared))


def _finding(rule: Rule, case: _Case, judgement: Judgement, due: date | None) -> Finding:
    early = judgement.kind == "fail" and due is not None and case.context.today < due
    advises = judgement.kind in ("fail", "review", "informational")
    return _found(
        rule,
        case,
        _said(rule, judgement),
        kind="informational" if early else judgement.kind,
        note=judgement.kind == "fail" and (judgement.note or rule.notes) and not early,
        path=judgement.path,
        line=judgement.line,
        remedy=rule.remedy.fill(**judgement.params) if rule.remedy and advises else None,
        due=_iso(due if early else judgement.due),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _said(rule: Rule, judgement: Judgement) -> Text:
    if judgement.text is not None:
        return _filled(judgement.text, judgement)
    if judgement.kind == "pass":
        return rule.passed.fill(**judgement.params) if rule.passed else _standing("rule-holds")
    if judgement.kind == "notApplicable":
        return _standing("rule-not-applicable")
    if judgement.kind == "open":
        return core_message("rule-open", missing=judgement.params.get("missing", "?")).text()
    return rule.message.fill(**judgement.params)


@functools.cache
def _standing(code: str) -> Text:
    return core_message(code).text()


def _filled(text: Text, judgement: Judgement) -> Text:
    """Return ``text`` with its places filled; braces that are no place of the judgement (a file's name) stay."""
    try:
        return text.fill(**judgement.params)
    except (LookupError, ValueError, AttributeError):
        return text


def _blocked(rule: Rule, case: _Case, causes: tuple[str, ...]) -> _Judged:
    said = core_message("rule-blocked", causes=", ".join(causes)).text()
    return _Judged((_found(rule, case, said, kind="notApplicable"),), causes, blocked=True)


def _error(rule: Rule, case: _Case, error: BaseException) -> Finding:
    reasons = {lang: message_of(error, lang) for lang in ("en", "ja")}
    shown: Message = core_message("rule-error", reason=Text(**{key: _one_line(text) for key, text in reasons.items()}))
    return _found(rule, case, shown.text(), kind="fail", error=True, blocks=rule.blocks)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _found(rule: Rule, case: _Case, said: Text, **more: Any) -> Finding:
    # Whose failures are only notes keeps no gate shut, so that its open questions do not either.
    blocks = () if rule.notes else rule.blocks
    return Finding(
        rule=rule.id,
        policy=case.policy,
        subject=case.about,
        severity=rule.severity,
        message=said,
        quote=rule.quote,
        locked=rule.locked,
        **{"blocks": blocks, **more},
    )
