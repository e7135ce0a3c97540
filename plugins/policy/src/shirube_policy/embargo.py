"""The embargo (非共用期間): its standard end, its limits, and what its extension needs."""

from __future__ import annotations

from datetime import date
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed, review
from shirube_policy.blanks import filled
from shirube_policy.dates import default_end, fiscal_year, japanese_date, maximum_end, notice_date, open_from, phase
from shirube_policy.wording import say

__all__ = ["JUDGES", "current_phase", "end_set", "extension_explained", "not_too_long", "standard_end"]


def standard_end(dataset: Dataset, _: RuleContext) -> Judgement:
    """Compute the standard end of the embargo and the first day of sharing."""
    registered = _known(dataset.registered_on, "registered_on")
    if isinstance(registered, Judgement):
        return registered
    end = default_end(registered)
    return informational(end=end, registered=registered, year=fiscal_year(registered), opens=open_from(end))


def end_set(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the end of the embargo is a date not before the registration."""
    if dataset.embargo_end is None:
        return open_("embargo_end")
    if not dataset.embargo_end.strip():
        return failed(path="embargo_end")
    try:
        end = japanese_date(dataset.embargo_end)
    except ValueError:
        return failed(say("embargo-unreadable"), path="embargo_end", value=dataset.embargo_end)
    registered = _known(dataset.registered_on, "registered_on")
    if isinstance(registered, Judgement):
        return registered
    if end < registered:
        return failed(say("embargo-before-registration"), path="embargo_end", end=end, registered=registered)
    return passed(end=end)


def not_too_long(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the embargo does not last longer than the standard extended by one year."""
    days = _both(dataset)
    if isinstance(days, Judgement):
        return days
    registered, end = days
    limit = maximum_end(registered)
    return passed(end=end, limit=limit) if end <= limit else failed(path="embargo_end", end=end, limit=limit)


def extension_explained(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that an embargo beyond its standard end has a reason; whether it is approved a person must confirm."""
    days = _both(dataset)
    if isinstance(days, Judgement):
        return days
    registered, end = days
    standard = default_end(registered)
    if end <= standard:
        return not_applicable(say("embargo-not-extended"))
    if end > maximum_end(registered):
        return not_applicable(say("embargo-beyond-extension"))
    if dataset.embargo_extension_reason is None:
        return open_("embargo_extension_reason")
    if not filled(dataset.embargo_extension_reason):
        return failed(path="embargo_extension_reason", end=end, standard=standard)
    return review(say("embargo-approval"), end=end, standard=standard, reason=dataset.embargo_extension_reason)


def current_phase(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute whether the dataset is under embargo today or shared, and when it opens."""
    end = _known(dataset.embargo_end, "embargo_end")
    if isinstance(end, Judgement):
        return end
    text = None if phase(end, context.today) == "embargo" else say("wide-share")
    return informational(text, end=end, opens=open_from(end), notice=notice_date(end))


def _both(dataset: Dataset) -> tuple[date, date] | Judgement:
    """Return the day of registration and the last day of the embargo, or what is missing."""
    registered = _known(dataset.registered_on, "registered_on")
    if isinstance(registered, Judgement):
        return registered
    end = _known(dataset.embargo_end, "embargo_end")
    return end if isinstance(end, Judgement) else (registered, end)


def _known(text: str | None, field: str) -> date | Judgement:
    """Return the day in Japan that ``text`` names, or that it is missing."""
    if text is None or not text.strip():
        return open_(field)
    try:
        return japanese_date(text)
    except ValueError:
        return open_(field, say("date-unreadable"), value=text)


JUDGES: Final = {
    "ARIM-EMB-001": standard_end,
    "ARIM-EMB-002": end_set,
    "ARIM-EMB-003": not_too_long,
    "ARIM-EMB-004": extension_explained,
    "ARIM-EMB-007": current_phase,
}
