"""Dates as the policy counts them: Japanese days, fiscal years, and the arithmetic of the embargo."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta, timezone
from typing import Final, Literal, TypeAlias

Phase: TypeAlias = Literal["embargo", "wide_share"]

JAPAN: Final = timezone(timedelta(hours=9), "JST")
#: First month of the Japanese fiscal year (1 April to 31 March).
_FIRST_MONTH: Final = 4
#: Years outside are another calendar's (Heisei 31, Buddhist 2568) or a slip; no dataset of ARIM has them.
_YEARS: Final = range(2000, 2200)

__all__ = [
    "JAPAN",
    "Phase",
    "default_end",
    "fiscal_year",
    "fiscal_year_end",
    "japanese_date",
    "maximum_end",
    "notice_date",
    "open_from",
    "phase",
]


def japanese_date(text: str) -> date:
    """Return the day in Japan that an ISO 8601 date or date-time names.

    RDE stores dates as UTC date-times: ``2028-03-30T15:00:00.000Z`` is 31 March 2028 in Japan. A date-time without a
    zone is Japanese.

    Raises:
        ValueError: Not an ISO 8601 date of the years 2000 to 2199.
    """
    stripped = text.strip()
    try:
        day = date.fromisoformat(stripped)
    except ValueError:
        moment = datetime.fromisoformat(stripped)
        if moment.year not in _YEARS:
            raise
        day = (moment.astimezone(JAPAN) if moment.tzinfo else moment).date()
    if day.year not in _YEARS:
        msg = f"{text!r} is not in the years {_YEARS.start} to {_YEARS.stop - 1}"
        raise ValueError(msg)
    return day


def fiscal_year(day: date) -> int:
    """Return the Japanese fiscal year of ``day``, named after the calendar year in which it begins."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def fiscal_year_end(day: date) -> date:
    """Return the last day, a 31 March, of the fiscal year of ``day``."""
    return date(fiscal_year(day) + 1, 3, 31)


def default_end(registered: date) -> date:
    """Return the last day of the standard embargo: the end of the fiscal year after the next (翌々年度末).

    The policy also says "at most two years". For a dataset registered on 1 April the two readings differ by a year; the
    end of the fiscal year is the explicit definition and holds.
    """
    return date(fiscal_year(registered) + 3, 3, 31)


def maximum_end(registered: date) -> date:
    """Return the last day of the longest embargo: the standard one extended by one year."""
    return date(fiscal_year(registered) + 4, 3, 31)


def open_from(embargo_end: date) -> date:
    """Return the first day of wide-area sharing; the last day of the embargo still belongs to it (3月31日まで)."""
    return embargo_end + timedelta(days=1)


def notice_date(embargo_end: date) -> date:
    """Return about when ARIM announces the release: one calendar month before, at most the last day of that month."""
    year, month = divmod(embargo_end.year * 12 + embargo_end.month - 2, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(embargo_end.day, last))


def phase(embargo_end: date, today: date) -> Phase:
    """Return whether a dataset is under embargo on ``today`` or shared."""
    return "embargo" if today <= embargo_end else "wide_share"
