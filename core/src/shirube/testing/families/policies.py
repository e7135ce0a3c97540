"""Policies: every rule has a source and an answer, one of six, to every subject, and changes nothing."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from attrs import evolve, frozen

from shirube.blame import Registered, call
from shirube.guides import GuideData
from shirube.hooks import Policy
from shirube.judging import evaluation_order, judge
from shirube.messages import Text
from shirube.records import Dataset, Entry, Finding, FindingKind, Outcome
from shirube.records import Subject as About
from shirube.rules import Judgement, Rule, RuleContext
from shirube.testing._check import Failed, check
from shirube.testing._standard import DAYS, standard_datasets
from shirube.testing._subject import Subject, speaks_both
from shirube.testing._surroundings import watched
from shirube.vocabulary import guide_data

KINDS: Final = get_args(FindingKind)
_PLACE: Final = re.compile(r"\{[a-z_]+\}")


@frozen(eq=False)
class _Asked:
    """A rule, and a subject that it is asked about on a day."""

    policy: str
    rule: Rule
    subject: Dataset | Entry
    context: RuleContext
    about: About

    @property
    def shown(self) -> str:
        """Rule and subject, for messages."""
        return f"{self.rule.id} of {self.about.id} on {self.context.today}"


@check("POL01", requires=["API07", "API09"])
def rules_agree(subject: Subject) -> None:
    """A policy gives its rules: ids of their own, prerequisites that exist, none in a circle.

    ポリシーは規則を返す。ID は重複せず、前提は実在し、循環しない。
    """
    for one, rules in _policies(subject):
        if not rules:
            raise Failed.because("conformance-seen-no-rules", name=one.name)
        call(one.note, evaluation_order, rules)


@check("POL02", requires=["POL01"])
def rules_speak_both(subject: Subject) -> None:
    """What a rule says stands in English and in Japanese: of a failure, of a pass, and what to do.

    規則の文（不合格・合格・対処）は英語と日本語で書かれている。
    """
    for one, rules in _policies(subject):
        for rule in rules:
            texts = {"message": rule.message, "remedy": rule.remedy, "passed": rule.passed}
            silent = [name for name, text in texts.items() if text is not None and not _both(text)]
            if silent:
                raise Failed(f"{one.name}: {rule.id}: {silent[0]}")


@check("POL03", requires=["POL01"])
def rules_have_sources(subject: Subject) -> None:
    """A rule says where it comes from: its source and the sentence there; one that the authors added is derived.

    規則は出典とその文を示す。作者が加えた規則は derived とする。
    """
    for one, rules in _policies(subject):
        # The rules of a guide are of that guide.
        guides = one.record.guides
        lacking = [rule.id for rule in rules if not rule.derived and not (rule.quote and (rule.source or guides))]
        if lacking:
            raise Failed(f"{one.name}: {', '.join(lacking[:5])}")


@check("POL04", requires=["POL01"])
def gates_are_named(subject: Subject) -> None:
    """A gate that a rule blocks is one of those that its policy names.

    規則が閉じるゲートは、ポリシーが名前を付けたものである。
    """
    for one, rules in _policies(subject):
        unknown = {gate for rule in rules for gate in rule.blocks} - set(one.record.gates)
        if unknown:
            raise Failed(f"{one.name}: {', '.join(sorted(unknown))}")


@check("POL05", requires=["POL01", "READ09", "AMD03", "API10"])
def rules_are_total(subject: Subject) -> None:
    """A rule answers about every subject: blank or full, of whatever date; it never raises.

    規則は、空でも完全でも、どの日付でも、例外を出さずに答える。
    """
    _written(subject)


@check("POL06", requires=["POL05"])
def answers_are_judgements(subject: Subject) -> None:
    """A rule answers with judgements of the six kinds: pass, fail, notApplicable, open, review, informational.

    規則の答えは六種類（pass・fail・notApplicable・open・review・informational）のいずれかである。
    """
    for asked in _asked(subject):
        for answer in _answers(asked):
            kind = answer.kind if isinstance(answer, Judgement) else type(answer).__name__
            if kind not in KINDS:
                raise Failed(f"{asked.shown}: {kind!r}")


@check("POL07", requires=["POL06"])
def answers_are_declared(subject: Subject) -> None:
    """A rule that declares its outcomes answers with no other.

    結果を宣言した規則は、それ以外の結果を返さない。
    """
    for asked in _asked(subject):
        if asked.rule.outcomes:
            others = {asked.rule.outcome(one) for one in _answers(asked)} - set(asked.rule.outcomes)
            if others:
                raise Failed(f"{asked.shown}: {', '.join(sorted(others))}")


@check("POL08", requires=["POL07"])
def messages_are_filled(subject: Subject) -> None:
    """The places of a rule's message are filled by its answers, in both languages.

    規則の文の差し込み箇所は、両言語とも答えの値で埋まる。
    """
    for asked in _asked(subject):
        for finding in _findings(asked):
            unfilled = _PLACE.search(f"{finding.message.en} {finding.message.ja}")
            if finding.error or unfilled:
                raise Failed.told(asked.shown, finding.message)


@check("POL09", requires=["POL05"])
def rules_change_nothing(subject: Subject) -> None:
    """A rule leaves what it judges as it was.

    規則は、判断する対象を変えない。
    """
    for asked in _asked(subject):
        before = pickle.dumps(asked.subject)
        list(_answers(asked))
        if pickle.dumps(asked.subject) != before:
            raise Failed(asked.shown)


@check("POL10", requires=["POL08"])
def rules_judge_the_same_twice(subject: Subject) -> None:
    """Asked again on the same day, a rule answers the same.

    同じ日付で再び尋ねると、規則は同じ答えを返す。
    """
    for asked in _asked(subject):
        if _findings(asked) != _findings(asked):
            raise Failed(asked.shown)


@check("POL11", requires=["POL05"])
def rules_write_nothing(subject: Subject) -> None:
    """A rule writes no file.

    規則はファイルを書かない。
    """
    for shown, path in _written(subject):
        raise Failed.because("conformance-seen-file-written", file=shown, written=path.name)


def _written(subject: Subject) -> tuple[tuple[str, Path], ...]:
    """Return the files that the rules wrote when they were asked first, each with who wrote it."""

    def asked_first() -> Iterator[tuple[str, Path]]:
        for asked in _asked(subject):
            with watched() as watch:
                list(_answers(asked))
            yield from ((asked.shown, path) for path in watch.left)

    return subject.once("written", lambda: tuple(asked_first()))


def _both(text: Text) -> bool:
    # A message of places alone ("{value}") says in both languages what is put there.
    bare = _PLACE.sub("", text.en).strip(" .:;,")
    return speaks_both(text) if any(letter.isalpha() for letter in bare) else bool(text.ja.strip())


def _policies(subject: Subject) -> Iterator[tuple[Registered[Policy], tuple[Rule, ...]]]:
    def rules_of(one: Registered[Policy]) -> tuple[Rule, ...]:
        answer = subject.plugins.call(one, "rules", subject.parameters(one))
        return subject.plugins.checked_all(one, answer, Rule)

    for one in subject.own("shirube_policies"):
        yield one, subject.once(f"rules-{one.name}", lambda one=one: rules_of(one))  # type: ignore[misc]


def _asked(subject: Subject) -> tuple[_Asked, ...]:
    return subject.once("asked", lambda: tuple(_questions(subject)))


def _questions(subject: Subject) -> Iterator[_Asked]:
    policies = list(_policies(subject))
    datasets = (*standard_datasets(), *subject.samples.datasets)
    outcomes: list[Outcome] = list(subject.outcomes()[0])
    if subject.samples.files and subject.plugins.readers:
        outcomes.append(Outcome(entry=subject.entry))
    guides = guide_data(subject.plugins, subject.settings)
    for one, rules in policies:
        parameters = subject.parameters(one)
        known: list[GuideData | None] = [guides[name] for name in one.record.guides if name in guides]
        for rule in rules:
            for day in DAYS:
                if rule.subject == "dataset":
                    yield from _of_datasets(one.name, rule, datasets, day, parameters)
                elif rule.subject == "entry":
                    context = RuleContext(today=day, parameters=parameters)
                    yield from _of_entries(one.name, rule, outcomes, known or [None], context)


def _of_datasets(policy: str, rule: Rule, datasets: Iterable[Dataset], day: date, parameters: Any) -> Iterator[_Asked]:
    for number, dataset in enumerate(datasets):
        context = RuleContext(today=day, dataset=dataset, parameters=parameters)
        yield _Asked(policy, rule, dataset, context, About("dataset", f"dataset {number}"))


def _of_entries(
    policy: str, rule: Rule, outcomes: Iterable[Outcome], guides: Iterable[GuideData | None], context: RuleContext
) -> Iterator[_Asked]:
    for outcome in outcomes:
        for guide in guides:
            asked = evolve(context, outcome=outcome, guide=guide)
            yield _Asked(policy, rule, outcome.entry, asked, About("entry", outcome.entry.name))


def _answers(asked: _Asked) -> Iterator[Any]:
    answer = asked.rule.judge(asked.subject, asked.context)
    if asked.rule.due is not None:
        asked.rule.due(asked.subject, asked.context)
    yield from (answer,) if isinstance(answer, Judgement) or not hasattr(answer, "__iter__") else answer


def _findings(asked: _Asked) -> tuple[Finding, ...]:
    alone = evolve(asked.rule, requires=())
    return judge([alone], asked.subject, asked.context, asked.policy, asked.about)
