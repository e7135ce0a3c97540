"""The rules of the ARIM policy: their texts joined with the functions that judge them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shirube.hooks import Resource
from shirube.judging import select
from shirube.rules import Rule
from shirube.ruletables import Judge, as_notes, join_rules, rule_texts
from shirube_policy import citing, descriptions, embargo, managers, materials, sharing, titles
from shirube_policy.parameters import Parameters
from shirube_policy.stages import DUE

#: Identity, severity, sentence of the policy and texts of each rule.
TEXTS: Final = Resource("shirube_policy", "rules.toml")
#: The function that judges each rule.
JUDGES: Final[Mapping[str, Judge]] = {
    rule_id: judge
    for family in (materials, descriptions, titles, managers, sharing, embargo, citing)
    for rule_id, judge in family.JUDGES.items()
}

__all__ = ["JUDGES", "TEXTS", "rules"]


def rules(parameters: Parameters) -> tuple[Rule, ...]:
    """Return the rules that are asked under ``parameters``, in the order of the policy.

    Raises:
        SettingsError: ``parameters.disable`` names a rule that does not exist or that is locked.
    """
    joined = join_rules(rule_texts(TEXTS), JUDGES, subject="dataset", due=DUE)
    # What the policy does not state itself is to look at, not to count.
    every = (as_notes(rule) if rule.derived and parameters.derived == "note" else rule for rule in joined)
    return select(every, disable=parameters.disable, derived=parameters.derived != "off")
