"""Dates as the policy counts them: Japanese days and fiscal years."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

JAPAN: Final = timezone(timedelta(hours=9), "JST")
#: First month of the Japanese fiscal year (1 April to 31 March).
_FIRST_MONTH: Final = 4
#: Years outside are another calendar's (Heisei 31, Buddhist 2568) or a slip; no dataset of ARIM has them.
_YEARS: Final = range(2000, 2200)

__all__ = ["JAPAN", "day_of", "fiscal_year", "fiscal_year_end", "japanese_date"]


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


def day_of(text: str | None) -> date | None:
    """Return the day in Japan that ``text`` names, None when there is none or it cannot be read."""
    try:
        return japanese_date(text or "")
    except ValueError:
        return None


def fiscal_year(day: date) -> int:
    """Return the Japanese fiscal year of ``day``, named after the calendar year in which it begins."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def fiscal_year_end(day: date) -> date:
    """Return the last day, a 31 March, of the fiscal year of ``day``."""
    return date(fiscal_year(day) + 1, 3, 31)
