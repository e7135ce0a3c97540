"""Waivers: failures that somebody accepted, with a reason, an approver and perhaps a last day."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from attrs import evolve

from shirube.errors import core_message
from shirube.messages import Message
from shirube.parameters import suggestion
from shirube.records import Finding, Subject, Waiver
from shirube.rules import Rule

#: Shortest reason, in characters, that tells anybody anything.
REASON_LENGTH: Final = 10
POLICY: Final = "shirube"

__all__ = ["POLICY", "REASON_LENGTH", "granted", "misspelt_subjects", "waive", "waiver_findings"]


def granted(waivers: Iterable[Waiver], rules: Sequence[Rule], subject: Subject, today: date) -> tuple[Waiver, ...]:
    """Return the waivers that can accept something of a subject: complete, in force, of no locked rule."""
    locked = {rule.id for rule in rules if rule.locked}
    return tuple(
        one for one in waivers if one.subject in (None, subject.id) and one.rule not in locked and _in_force(one, today)
    )


def waive(finding: Finding, waivers: Sequence[Waiver]) -> Finding:
    """Return ``finding`` with the first waiver that accepts it; unchanged when none does.

    Args:
        finding: A finding. Errors of a rule and what is no failure are never accepted.
        waivers: Those that are :func:`granted` for its subject.
    """
    if finding.kind != "fail" or finding.error:
        return finding
    waiver = next((one for one in waivers if one.covers(finding.rule, finding.path)), None)
    return finding if waiver is None else evolve(finding, waiver=waiver)


def waiver_findings(
    waivers: Sequence[Waiver],
    rules: Sequence[Rule],
    findings: Sequence[Finding],
    subject: Subject,
    today: date,
    known: Collection[str],
    blocked: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Return a note on each waiver that does nothing here: unknown rule, locked, incomplete, expired or unused.

    Args:
        waivers: All waivers; those for another subject are left alone, unless nobody has their rule.
        rules: Rules of the policy that was judged.
        findings: What was found, waivers applied.
        subject: What was judged.
        today: The date on which is judged.
        known: Ids of every rule that is no misspelling, also of those judged elsewhere.
        blocked: Ids of rules that were not judged because a rule that they require failed.
    """
    locked = {rule.id for rule in rules if rule.locked}
    found = []
    for waiver in waivers:
        if waiver.subject not in (None, subject.id) and waiver.rule in known:
            continue
        said = _standing(waiver, locked, today, known)
        if said is None and waiver.rule not in blocked:
            said = _idle(waiver, findings)
        if said is not None:
            found.append(_note(said, subject))
    return tuple(found)


def misspelt_subjects(waivers: Iterable[Waiver], judged: Collection[str]) -> Iterator[Message]:
    """Yield a sentence for each waiver whose subject looks like a slip for something that was judged.

    A waiver for something that is not there today is none; so names that differ in a number are different things.

    Args:
        waivers: All waivers.
        judged: Ids of everything that was judged.
    """
    for waiver in waivers:
        if waiver.subject is None or waiver.subject in judged:
            continue
        alike = sorted(one for one in judged if _numbers(one) == _numbers(waiver.subject))
        hint = suggestion(waiver.subject, alike)
        if hint.en:
            yield core_message("waiver-subject-absent", rule=waiver.rule, subject=waiver.subject, hint=hint)


def _numbers(name: str) -> list[int]:
    return [int(one) for one in re.findall(r"[0-9]+", name)]


def _standing(waiver: Waiver, locked: Collection[str], today: date, known: Collection[str]) -> Message | None:
    """Say why a waiver cannot apply, whatever was found."""
    if waiver.rule not in known:
        return core_message("waiver-unknown-rule", rule=waiver.rule, hint=suggestion(waiver.rule, sorted(known)))
    if waiver.rule in locked:
        return core_message("waiver-locked", rule=waiver.rule)
    if not _complete(waiver):
        return core_message("waiver-incomplete", rule=waiver.rule, length=REASON_LENGTH)
    if not _in_force(waiver, today):
        return core_message("waiver-expired", rule=waiver.rule, expires=waiver.expires, approver=waiver.approved_by)
    return None


def _idle(waiver: Waiver, findings: Sequence[Finding]) -> Message | None:
    """Say that a waiver is not needed: its rule was judged, and no place of it failed or is still undecided."""
    judged = [finding for finding in findings if finding.rule == waiver.rule]
    needed = any(
        finding.waiver == waiver if finding.kind == "fail" else finding.kind not in ("pass", "notApplicable")
        for finding in judged
    )
    if needed or not judged:
        return None
    return core_message("waiver-unused", rule=waiver.rule, approver=waiver.approved_by)


def _complete(waiver: Waiver) -> bool:
    return (
        len(waiver.reason.strip()) >= REASON_LENGTH and bool(waiver.approved_by.strip()) and _readable(waiver.expires)
    )


def _in_force(waiver: Waiver, today: date) -> bool:
    """Whether a waiver is complete and its last day, if it has one, is not over."""
    return _complete(waiver) and (waiver.expires is None or today <= date.fromisoformat(waiver.expires))


def _readable(expires: str | None) -> bool:
    try:
        return expires is None or bool(date.fromisoformat(expires))
    except ValueError:
        return False


def _note(said: Message, subject: Subject) -> Finding:
    return Finding(
        rule=said.code,
        policy=POLICY,
        subject=subject,
        kind="fail",
        severity="should",
        message=said.text(),
        note=True,
    )
