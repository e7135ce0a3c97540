"""The 93 checks of the SES2002 guide: their texts joined with the functions that judge them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shirube.hooks import Resource
from shirube.judging import select
from shirube.rules import Rule
from shirube.ruletables import Judge, join_rules, rule_texts
from shirube_ses2002.checks import (
    calibration,
    conditions,
    consistency,
    energy,
    files,
    fitting,
    manual,
    metadata,
    samples,
    scope,
)
from shirube_ses2002.checks.parameters import Parameters

#: Identity, severity, sentence of the guide, texts and outcomes of each rule.
TEXTS: Final = Resource("shirube_ses2002", "checks/rules.toml")
#: The function that judges each rule, by the id without what all have in common.
_BY_NUMBER: Final[Mapping[str, Judge]] = {
    number: judge
    for family in (
        scope,
        files,
        energy,
        conditions,
        samples,
        manual,
        metadata,
        consistency,
        calibration,
        fitting,
    )
    for number, judge in family.JUDGES.items()
}
JUDGES: Final[Mapping[str, Judge]] = {f"DRG-SES2002-{number}": judge for number, judge in _BY_NUMBER.items()}

__all__ = ["JUDGES", "TEXTS", "rules"]


def rules(parameters: Parameters) -> tuple[Rule, ...]:
    """Return the rules that are asked under ``parameters``, in the order of the guide.

    Raises:
        SettingsError: ``parameters.disable`` names a rule that does not exist.
    """
    every = join_rules(rule_texts(TEXTS), JUDGES, subject="entry")
    return select(every, disable=parameters.disable, derived=parameters.derived)
