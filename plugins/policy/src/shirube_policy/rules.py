"""The rules of the ARIM policy: their texts joined with the functions that judge them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from attrs import evolve

from shirube.judging import select
from shirube.records import Dataset
from shirube.rules import Judgement, Rule, RuleContext
from shirube_policy import citing, descriptions, embargo, managers, materials, sharing, titles
from shirube_policy.parameters import Parameters
from shirube_policy.stages import DUE
from shirube_policy.texts import RuleText, rule_texts

Judge: TypeAlias = Callable[[Dataset, RuleContext], "Judgement | list[Judgement]"]

#: The function that judges each rule.
JUDGES: Final[Mapping[str, Judge]] = {
    rule_id: judge
    for family in (materials, descriptions, titles, managers, sharing, embargo, citing)
    for rule_id, judge in family.JUDGES.items()
}

__all__ = ["JUDGES", "rules"]


def rules(parameters: Parameters) -> tuple[Rule, ...]:
    """Return the rules that are asked under ``parameters``, in the order of the policy.

    Raises:
        SettingsError: ``parameters.disable`` names a rule that does not exist or that is locked.
    """
    every = (_rule(text, as_note=text.derived and parameters.derived == "note") for text in rule_texts().values())
    return select(every, disable=parameters.disable, derived=parameters.derived != "off")


def _rule(text: RuleText, *, as_note: bool) -> Rule:
    judge = JUDGES[text.id]
    return Rule(
        id=text.id,
        subject="dataset",
        severity=text.severity,
        message=text.message,
        judge=_noting(judge) if as_note else judge,
        remedy=text.remedy,
        passed=text.passed,
        requires=text.requires,
        blocks=text.blocks,
        due=DUE[text.stage],
        quote=text.quote,
        derived=text.derived,
        locked=text.locked,
    )


def _noting(judge: Judge) -> Judge:
    """Return ``judge`` with its failures as notes: what the policy does not state is to look at, not to count."""

    def noted(dataset: Dataset, context: RuleContext) -> list[Judgement]:
        answer = judge(dataset, context)
        answers = [answer] if isinstance(answer, Judgement) else answer
        return [evolve(one, note=True) if one.kind == "fail" else one for one in answers]

    return noted
