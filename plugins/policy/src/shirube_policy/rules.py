"""The 140 rules of the ARIM policy: their texts joined with the functions that judge them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Final

from shirube.hooks import Resource
from shirube.judging import select
from shirube.rules import Rule
from shirube.ruletables import Judge, as_notes, join_rules, rule_texts
from shirube_policy.judges import (
    accesses,
    anonymity,
    catalogue,
    citing,
    deletions,
    descriptions,
    devices,
    due,
    embargoes,
    exempted,
    files,
    invoices,
    licences,
    managers,
    materials,
    metals,
    organics,
    registration,
    release,
    rights,
    titles,
)
from shirube_policy.parameters import VERSIONS, Parameters
from shirube_policy.stages import DUE

#: Identity, severity, sentence of the policy and texts of each rule, by the date of the policy.
TEXTS: Final[Mapping[str, Resource]] = {date: Resource("shirube_policy", f"policies/{date}.toml") for date in VERSIONS}
#: The function that judges each rule.
JUDGES: Final[Mapping[str, Judge]] = {
    rule_id: judge
    for family in (
        registration,
        invoices,
        deletions,
        materials,
        metals,
        organics,
        devices,
        descriptions,
        due,
        titles,
        managers,
        rights,
        files,
        embargoes,
        accesses,
        anonymity,
        licences,
        catalogue,
        citing,
        release,
        exempted,
    )
    for rule_id, judge in family.JUDGES.items()
}
#: A derived rule whose failures count all the same: what is hidden must not be published by another way.
_COUNTS_ANYWAY: Final = frozenset({"ARIM-ANO-003"})

__all__ = ["JUDGES", "TEXTS", "rules"]


def rules(parameters: Parameters) -> tuple[Rule, ...]:
    """Return the rules that are asked under ``parameters``, in the order of the policy of its date.

    Raises:
        SettingsError: ``parameters.disable`` names a rule that does not exist or that is locked.
    """
    noted = parameters.derived == "note"
    every = (
        as_notes(rule) if noted and rule.derived and rule.id not in _COUNTS_ANYWAY else rule
        for rule in _joined(parameters.version)
    )
    return select(every, disable=parameters.disable, derived=parameters.derived != "off")


@functools.cache
def _joined(version: str) -> tuple[Rule, ...]:
    texts = rule_texts(TEXTS[version])
    # An older policy may lack rules that a newer one has.
    judges = {rule: judge for rule, judge in JUDGES.items() if rule in texts or version == VERSIONS[0]}
    return join_rules(texts, judges, subject="dataset", due=DUE)
