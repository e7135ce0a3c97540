"""Deleting registered data (登録後の削除)."""

from __future__ import annotations

from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, not_applicable, open_, passed, review
from shirube_policy.blanks import filled
from shirube_policy.dates import day_of, fiscal_year
from shirube_policy.lengths import measure
from shirube_policy.parameters import parameters_of
from shirube_policy.stages import days_of
from shirube_policy.wording import say

#: A reason says something from five full-width characters on, which are ten others.
_SHORTEST_REASON: Final = 5
#: Fewer deletions than these are never too many.
_SOME: Final = 3

__all__ = ["JUDGES"]


def explained(dataset: Dataset, _: RuleContext) -> list[Judgement]:
    """Judge that each request to delete has a reason."""
    judgements = []
    for place, one in enumerate(dataset.deletions or ()):
        path = f"deletions[{place}].reason"
        if one.reason is None:
            judgements.append(open_(path))
        elif filled(one.reason) and measure(one.reason).full_width >= _SHORTEST_REASON:
            judgements.append(passed())
        else:
            judgements.append(failed(path=path, target=one.target or f"{place + 1}"))
    return judgements


def not_too_many(dataset: Dataset, context: RuleContext) -> Judgement:
    """Ask a person to look at many deletions in one fiscal year."""
    if not dataset.deletions:
        return not_applicable(say("no-deletions"))
    days = [day_of(one.date) for one in dataset.deletions]
    this_year = sum(day is not None and fiscal_year(day) == fiscal_year(context.today) for day in days)
    if this_year + days.count(None) < _SOME:
        return passed(count=this_year)
    if this_year < _SOME:
        return open_("deletions[].date")
    if dataset.registered_this_year is None:
        return open_("registered_this_year")
    ratio = this_year / max(dataset.registered_this_year, this_year)
    if ratio > parameters_of(context).deletion_ratio:
        return review(count=this_year, ratio=f"{ratio:.0%}")
    return passed(count=this_year)


def nobody_relies_on_it(dataset: Dataset, context: RuleContext) -> Judgement:
    """Ask a person before data that are cited or shared are deleted."""
    if not dataset.deletions:
        return not_applicable(say("no-deletions"))
    phase = days_of(dataset, context).phase(context.today)
    if (dataset.doi or "").strip() or phase == "wide_share":
        return review()
    if dataset.doi is None or phase is None:
        return open_("doi" if dataset.doi is None else "embargo_end")
    return passed()


JUDGES: Final = {
    "ARIM-DEL-001": explained,
    "ARIM-DEL-002": not_too_many,
    "ARIM-DEL-003": nobody_relies_on_it,
}
