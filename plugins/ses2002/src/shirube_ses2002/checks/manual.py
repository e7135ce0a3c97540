"""The items entered by hand: one rule each, in the order of the guide, and one for items that it does not have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from shirube.guidechecks import guide_of, judge_manual, manual_items
from shirube.records import Entry
from shirube.rules import Judgement, RuleContext, informational, not_applicable, passed
from shirube.ruletables import Judge
from shirube_ses2002.checks.stated import say

#: Registry keys of the items, by the rules' numbers from 1.
KEYS: Final = (
    "annotation",
    "form",
    "sample_mounting",
    "charge_neutralization_on",
    "ion_sputtering_on",
    "ion_beam_species",
    "ion_beam_acceleration_voltage",
    "ion_sputtering_time",
    "take_off_angle_toa",
    "vacuum",
    "bic_fitting_on_off",
    "limit_energy_range",
    "remark",
)

__all__ = ["JUDGES", "KEYS", "all_known"]


def all_known(entry: Entry, context: RuleContext) -> Judgement:
    """Compute which items the guide does not have."""
    manual = manual_items(entry)
    if manual is None:
        return not_applicable(say("no-form"))
    known = {item.key for item in guide_of(context).manual}
    strangers = [key for key in manual if key not in known]
    return informational(keys=", ".join(strangers)) if strangers else passed()


JUDGES: Final[Mapping[str, Judge]] = {
    **{f"MAN-{number:03}": partial(judge_manual, key=key) for number, key in enumerate(KEYS, start=1)},
    "MAN-014": all_known,
}
