"""What is due when (データセットの説明, エンバーゴ解除のご案内): the items that must be mended before the release."""

from __future__ import annotations

from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.judges.quality import catalogue_items, description_failing
from shirube_policy.lengths import measure
from shirube_policy.stages import days_of
from shirube_policy.wording import listed, say

__all__ = ["JUDGES"]


def description_in_time(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the description is in order by the end of the use."""
    amiss = description_failing(dataset, context)
    if amiss is not None and amiss.kind == "open":
        return amiss
    due = days_of(dataset, context).due_on
    if amiss is None:
        return passed()
    return open_("registered_on") if due is None else failed(path="description", due=due)


def report_reusable(dataset: Dataset, context: RuleContext) -> Judgement:
    """Offer the summary of the report on the use where the description is missing or too short."""
    if dataset.description is None:
        return open_("description")
    amiss = description_failing(dataset, context)
    if amiss is None or amiss.kind != "fail":
        return not_applicable(say("description-in-order"))
    if dataset.usage_report is None:
        return open_("usage_report")
    if not filled(dataset.usage_report):
        return not_applicable(say("no-report"))
    return informational(characters=measure(dataset.usage_report).characters)


def mended_before_release(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that no item of the section on data quality is missing when the embargo ends."""
    items = catalogue_items(dataset, context)
    if items.lacking:
        end = days_of(dataset, context).ends_on
        if end is None:
            return open_("embargo_end")
        return failed(end=end, count=len(items.lacking), missing=listed(list(items.lacking)))
    return open_(", ".join(items.missing)) if items.missing else passed()


JUDGES: Final = {
    "ARIM-DSC-006": description_in_time,
    "ARIM-DSC-007": report_reusable,
    "ARIM-DSC-008": mended_before_release,
}
