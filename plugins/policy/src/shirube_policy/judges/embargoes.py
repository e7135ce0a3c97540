"""The embargo (非共用期間): its standard end, its limits, what its extension needs, and its notice."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed, review
from shirube_policy.blanks import filled
from shirube_policy.dates import fiscal_year, japanese_date
from shirube_policy.embargo import default_end, maximum_end, notice_date, notice_window, open_from, phase
from shirube_policy.judges.common import known_day, registered_only
from shirube_policy.parameters import parameters_of
from shirube_policy.wording import say

#: A second extension is none of the policy's.
_EXTENSIONS: Final = 1

__all__ = ["JUDGES"]


def standard_end(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute the standard end of the embargo and the first day of sharing."""
    registered = known_day(dataset.registered_on, "registered_on")
    if isinstance(registered, Judgement):
        return registered
    end = default_end(registered, parameters_of(context).basis)
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
    registered = known_day(dataset.registered_on, "registered_on")
    if isinstance(registered, Judgement):
        return registered
    if end < registered:
        return failed(say("embargo-before-registration"), path="embargo_end", end=end, registered=registered)
    return passed(end=end)


def not_too_long(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the embargo does not last longer than the standard extended by one year."""
    days = _both(dataset)
    if isinstance(days, Judgement):
        return days
    registered, end = days
    limit = maximum_end(registered, parameters_of(context).basis)
    return passed(end=end, limit=limit) if end <= limit else failed(path="embargo_end", end=end, limit=limit)


def extension_explained(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that an embargo beyond its standard end has a reason and was approved."""
    extended = _extended(dataset, context)
    if isinstance(extended, Judgement):
        return extended
    end, standard = extended
    reason, approved = dataset.embargo_extension_reason, dataset.embargo_extension_approved
    if reason is None:
        return open_("embargo_extension_reason")
    if not filled(reason):
        return failed(path="embargo_extension_reason", end=end, standard=standard)
    if approved is False:
        return failed(say("embargo-refused"), path="embargo_extension_approved", end=end, standard=standard)
    if approved:
        return passed(end=end, standard=standard, reason=reason)
    return review(say("embargo-approval"), end=end, standard=standard, reason=reason)


def extension_of_one_year(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that an extension is the one of exactly one year."""
    extended = _extended(dataset, context)
    if isinstance(extended, Judgement):
        return extended
    end, _ = extended
    registered = japanese_date(dataset.registered_on or "")
    expected = maximum_end(registered, parameters_of(context).basis)
    times = dataset.embargo_extensions or 0
    if times > _EXTENSIONS:
        return failed(say("embargo-extended-again"), path="embargo_extensions", count=times, expected=expected)
    return passed(end=end) if end == expected else failed(note=True, path="embargo_end", end=end, expected=expected)


def shortening(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that a shortened embargo is in order, which needs no reason."""
    days = _both(dataset)
    if isinstance(days, Judgement):
        return days
    registered, end = days
    standard = default_end(registered, parameters_of(context).basis)
    return passed(end=end, standard=standard) if end < standard else not_applicable(say("embargo-not-shortened"))


def current_phase(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute whether the dataset is under embargo today or shared."""
    end = known_day(dataset.embargo_end, "embargo_end")
    if isinstance(end, Judgement):
        return end
    text = None if phase(end, context.today) == "embargo" else say("wide-share")
    return informational(text, end=end, opens=open_from(end))


def notice(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute when ARIM announces the release."""
    end = known_day(dataset.embargo_end, "embargo_end")
    if isinstance(end, Judgement):
        return end
    if context.today > end:
        return not_applicable(say("embargo-over"))
    first, last = notice_window(end)
    return informational(notice=notice_date(end), first=first, last=last)


def in_time_for_the_notice(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the end of the embargo was set early enough to be announced a month ahead."""
    days = _both(dataset)
    if isinstance(days, Judgement):
        return days
    registered, end = days
    needed = parameters_of(context).notice_days
    if (end - registered).days < needed:
        # It cannot have been set before the dataset was registered, so that nothing more need be known.
        return failed(note=True, path="embargo_end", days=(end - registered).days)
    decided = known_day(dataset.embargo_set_on, "embargo_set_on")
    if isinstance(decided, Judgement):
        return decided
    left = (end - decided).days
    return failed(note=True, path="embargo_end", days=left) if left < needed else passed(days=left)


def one_fiscal_year(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that all entries were registered in the fiscal year of the dataset; of others the policy says nothing."""
    registered = known_day(dataset.registered_on, "registered_on")
    if isinstance(registered, Judgement):
        return registered
    if not dataset.entries:
        return open_("entries")
    years = {fiscal_year(registered)}
    unknown: Judgement | None = None
    for place, entry in enumerate(dataset.entries):
        day = known_day(entry.submitted_on, f"entries[{place}].submitted_on")
        if isinstance(day, Judgement):
            unknown = unknown or day
        else:
            years.add(fiscal_year(day))
    if len(years) > 1:
        return review(years=", ".join(map(str, sorted(years))))
    return unknown or passed(year=fiscal_year(registered))


def read_in_japan(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the moment stored for the end of the embargo names a day in Japan without doubt."""
    raw = dataset.embargo_end
    if raw is None:
        return open_("embargo_end")
    try:
        day = japanese_date(raw)
    except ValueError:
        return not_applicable(say("embargo-no-date"))
    moment = datetime.fromisoformat(raw.strip())
    if moment.tzinfo is None and moment.time() != time(0):
        return failed(note=True, path="embargo_end", raw=raw, day=day)
    return passed(raw=raw, day=day)


def counted_in_fiscal_years(dataset: Dataset, context: RuleContext) -> Judgement:
    """Note an end that looks as if the fiscal years had been miscounted, unless a shortening was asked for."""
    days = _both(dataset)
    if isinstance(days, Judgement):
        return days
    registered, end = days
    standard = default_end(registered, parameters_of(context).basis)
    if end >= standard:
        return not_applicable(say("embargo-not-shortened"))
    slips = [date(fiscal_year(registered) + years, 3, 31) for years in (1, 2)]
    if end in slips and not dataset.embargo_shortening_requested:
        return failed(path="embargo_end", end=end, standard=standard)
    return passed(end=end)


def _extended(dataset: Dataset, context: RuleContext) -> tuple[date, date] | Judgement:
    """Return the end of an extended embargo and the standard one, or why there is no extension to judge."""
    days = _both(dataset)
    if isinstance(days, Judgement):
        return days
    registered, end = days
    basis = parameters_of(context).basis
    standard = default_end(registered, basis)
    if end <= standard:
        return not_applicable(say("embargo-not-extended"))
    if end > maximum_end(registered, basis):
        return not_applicable(say("embargo-beyond-extension"))
    return end, standard


def _both(dataset: Dataset) -> tuple[date, date] | Judgement:
    """Return the day of registration and the last day of the embargo, or what is missing."""
    registered = known_day(dataset.registered_on, "registered_on")
    if isinstance(registered, Judgement):
        return registered
    end = known_day(dataset.embargo_end, "embargo_end")
    return end if isinstance(end, Judgement) else (registered, end)


JUDGES: Final = {
    f"ARIM-EMB-{number:03}": registered_only(judge)
    for number, judge in enumerate(
        (
            standard_end,
            end_set,
            not_too_long,
            extension_explained,
            extension_of_one_year,
            shortening,
            current_phase,
            notice,
            in_time_for_the_notice,
            one_fiscal_year,
            read_in_japan,
            counted_in_fiscal_years,
        ),
        1,
    )
}
