"""Stages: from which day a rule counts, so that a new dataset is not blamed for what is due when the project ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, TypeAlias

from shirube.records import Dataset
from shirube.rules import RuleContext
from shirube_policy.dates import default_end, fiscal_year_end, japanese_date, open_from

Due: TypeAlias = Callable[[Dataset, RuleContext], "date | None"]

__all__ = ["DUE", "Due", "after_use", "day_of", "release"]


def day_of(text: str | None) -> date | None:
    """Return the day in Japan that ``text`` names, None when there is none or it cannot be read."""
    try:
        return japanese_date(text or "")
    except ValueError:
        return None


def release(dataset: Dataset, _: RuleContext | None = None) -> date | None:
    """Return the first day after the embargo, the standard one when its end is not known; None without any date."""
    end = day_of(dataset.embargo_end)
    registered = day_of(dataset.registered_on)
    if end is None and registered is not None:
        end = default_end(registered)
    return None if end is None else open_from(end)


def after_use(dataset: Dataset, _: RuleContext | None = None) -> date | None:
    """Return the day after the instrument's use: after the project's end, else after the fiscal year of registration.

    What is due then is due at the latest when the embargo ends, because the policy asks for corrections before that.
    """
    end = day_of(dataset.project_end)
    registered = day_of(dataset.registered_on)
    if end is None and registered is not None:
        end = fiscal_year_end(registered)
    days = [day for day in (None if end is None else open_from(end), release(dataset)) if day is not None]
    return min(days, default=None)


#: ``registration`` from the beginning; ``after_use`` when the project or the fiscal year is over; ``release`` when the
#: embargo is.
DUE: Final[Mapping[str, Due | None]] = {"registration": None, "after_use": after_use, "release": release}
