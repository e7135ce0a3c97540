"""Who may be licensed to use shared data (データ利用のライセンスを付与する対象)."""

from __future__ import annotations

from functools import partial
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed, review
from shirube_policy.access import kind_of
from shirube_policy.dates import day_of
from shirube_policy.judges.common import known_day
from shirube_policy.licence import CONDITIONS, condition, decide, licence_end
from shirube_policy.parameters import parameters_of
from shirube_policy.stages import days_of
from shirube_policy.wording import say

__all__ = ["JUDGES"]


def meets(rule: str, dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge one condition of the licence that is asked for."""
    request = dataset.licence_request
    if request is None:
        return not_applicable(say("no-licence-request"))
    found = condition(rule, request, context.today, parameters_of(context).residency_by_employment)
    if found.kind == "open":
        return open_(f"licence_request.{found.missing}")
    if found.kind == "review":
        return review()
    return passed() if found.kind == "pass" else failed(path="licence_request")


def verdict(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge all conditions together, naming those that stand against a licence and nothing of what was declared."""
    request = dataset.licence_request
    if request is None:
        return not_applicable(say("no-licence-request"))
    employed = parameters_of(context).residency_by_employment
    decision = decide(request, context.today, residency_by_employment=employed)
    reasons = ", ".join(one.rule for one in decision.causes)
    if decision.verdict == "eligible":
        return passed()
    if decision.verdict == "ineligible":
        return failed(path="licence_request", reasons=reasons)
    missing = [f"licence_request.{one.missing}" for one in decision.causes if one.missing]
    return open_(", ".join(missing)) if missing else review(say("licence-undecided"), reasons=reasons)


def released_and_structured(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that what is asked for is structured and no longer under embargo."""
    request = dataset.licence_request
    if request is None:
        return not_applicable(say("no-licence-request"))
    if request.data_kind is not None and kind_of(request.data_kind) != "structured":
        return failed(path="licence_request.data_kind")
    phase = days_of(dataset, context).phase(day_of(request.access_on) or context.today)
    if phase == "embargo":
        return failed(path="embargo_end")
    if phase is None or request.data_kind is None:
        return open_("embargo_end" if phase is None else "licence_request.data_kind")
    return passed()


def period(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute the last day of the licence, where the settings ask for what the portal states."""
    request = dataset.licence_request
    if not parameters_of(context).licence_period:
        return not_applicable(say("licence-period-off"))
    if request is None:
        return not_applicable(say("no-licence-request"))
    approved = known_day(request.approved_on, "licence_request.approved_on")
    return approved if isinstance(approved, Judgement) else informational(end=licence_end(approved))


JUDGES: Final = {
    **{rule: partial(meets, rule) for rule in CONDITIONS},
    "ARIM-LIC-007": verdict,
    "ARIM-LIC-008": released_and_structured,
    "ARIM-LIC-009": period,
}
