"""Stages: from which day a rule counts, so that a new dataset is not blamed for what is due when the project ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeAlias

from shirube.records import Dataset
from shirube.rules import RuleContext
from shirube_policy.parameters import parameters_of
from shirube_policy.timeline import Timeline, timeline

Due: TypeAlias = Callable[[Dataset, RuleContext], "date | None"]

__all__ = ["DUE", "Due", "days_of"]


def days_of(dataset: Dataset, context: RuleContext) -> Timeline:
    """Return the days of ``dataset`` as the settings count them."""
    return timeline(dataset, parameters_of(context).basis)


def _after_use(dataset: Dataset, context: RuleContext) -> date | None:
    return days_of(dataset, context).due_on


def _notice(dataset: Dataset, context: RuleContext) -> date | None:
    return days_of(dataset, context).notice_on


def _release(dataset: Dataset, context: RuleContext) -> date | None:
    return days_of(dataset, context).open_from


#: ``registration`` from the beginning; ``after_use`` when the project or the fiscal year is over; ``notice`` from about
#: a month before the release; ``release`` when the embargo is over.
DUE: Final[Mapping[str, Due | None]] = {
    "registration": None,
    "after_use": _after_use,
    "notice": _notice,
    "release": _release,
}
