"""Who used, or wants to use, which data (利用可能なデータの範囲)."""

from __future__ import annotations

import re
from typing import Final

from shirube.records import Access, Dataset
from shirube.rules import Judgement, RuleContext, failed, not_applicable, open_, passed, review
from shirube_policy.access import action_of, actor_of, cell, kind_of
from shirube_policy.dates import day_of
from shirube_policy.stages import days_of
from shirube_policy.wording import say

#: Purposes for which ARIM's organisations may use data: 事業運営やサービス向上.
_PURPOSES: Final = re.compile(r"運営|サービス|operation|service|improvement", re.IGNORECASE)

__all__ = ["JUDGES"]


def within_the_table(dataset: Dataset, context: RuleContext) -> list[Judgement]:
    """Judge that nobody uses data that the policy's table closes to them."""
    return [_judged(one, f"accesses[{place}]", dataset, context) for place, one in enumerate(dataset.accesses or ())]


def only_structured_offered(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that nothing but structured data are offered to data users."""
    if dataset.offered_kinds is None:
        return open_("offered_kinds")
    wrong = [one for one in dataset.offered_kinds if kind_of(one) != "structured"]
    return failed(path="offered_kinds", item=", ".join(wrong)) if wrong else passed()


def for_the_service(dataset: Dataset, _: RuleContext) -> list[Judgement]:
    """Judge that ARIM's organisations use data for the operation and improvement of the service only."""
    judgements = []
    for place, one in enumerate(dataset.accesses or ()):
        if actor_of(one.actor or "") != "arim_organisation":
            judgements.append(not_applicable(say("access-of-others")))
        elif one.purpose is None:
            judgements.append(open_(f"accesses[{place}].purpose"))
        else:
            judgements.append(passed() if _PURPOSES.search(one.purpose) else review())
    return judgements


def _judged(one: Access, path: str, dataset: Dataset, context: RuleContext) -> Judgement:
    actor, action, kind = actor_of(one.actor or ""), action_of(one.action or ""), kind_of(one.data_kind or "")
    day = day_of(one.date) if one.date else context.today
    if actor is None or action is None or kind is None or day is None:
        values = {"actor": actor, "action": action, "data_kind": kind, "date": day}
        return open_(", ".join(f"{path}.{field}" for field, value in values.items() if value is None))
    phase = days_of(dataset, context).phase(day)
    if phase is None:
        return open_("embargo_end")
    said = cell(actor, action, kind, phase)
    own = one.own if actor == "registrant" else True
    if said == "no" or own is False:
        return failed(
            path=path,
            actor=say(f"actor-{actor}"),
            action=say(f"action-{action}"),
            data=say(f"kind-{kind}"),
            phase=say(f"phase-{phase}"),
        )
    return open_(f"{path}.own") if own is None else passed()


JUDGES: Final = {
    "ARIM-ACC-001": within_the_table,
    "ARIM-ACC-002": only_structured_offered,
    "ARIM-ACC-003": for_the_service,
}
