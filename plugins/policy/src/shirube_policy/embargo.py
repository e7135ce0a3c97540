"""The arithmetic of the embargo (非共用期間): its standard and its latest end, its notice, and the phase of a day.

All days are days in Japan; the last day of an embargo belongs to it (3月31日まで).
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from shirube_policy.dates import fiscal_year

Phase: TypeAlias = Literal["embargo", "wide_share"]
#: How a facility counts 最大2年間: to the end of the fiscal year after the next, or two years from the registration.
Basis: TypeAlias = Literal["fy_after_next_end", "two_years_from_registration"]

STANDARD: Final[Basis] = "fy_after_next_end"
#: Days before the end of the embargo that still are 約1ヶ月前.
NOTICE_WINDOW: Final = (45, 15)

__all__ = [
    "NOTICE_WINDOW",
    "STANDARD",
    "Basis",
    "Phase",
    "default_end",
    "maximum_end",
    "notice_date",
    "notice_window",
    "open_from",
    "phase",
]


def default_end(registered: date, basis: Basis = STANDARD) -> date:
    """Return the last day of the standard embargo.

    The policy says "at most two years" and, in the same sentence, the end of the fiscal year after the next
    (翌々年度末). For a dataset registered on 1 April the two differ by a year; the fiscal year is the explicit
    definition. Some facilities count two years from the registration: ``basis`` says which.
    """
    if basis == STANDARD:
        return date(fiscal_year(registered) + 3, 3, 31)
    return _years_later(registered, 2) - timedelta(days=1)


def maximum_end(registered: date, basis: Basis = STANDARD) -> date:
    """Return the last day of the longest embargo: the standard one extended by one year."""
    if basis == STANDARD:
        return date(fiscal_year(registered) + 4, 3, 31)
    return _years_later(registered, 3) - timedelta(days=1)


def open_from(embargo_end: date) -> date:
    """Return the first day of wide-area sharing (広域シェア)."""
    return embargo_end + timedelta(days=1)


def notice_date(embargo_end: date) -> date:
    """Return about when ARIM announces the release: one calendar month before, at most the last day of that month."""
    year, month = divmod(embargo_end.year * 12 + embargo_end.month - 2, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(embargo_end.day, last))


def notice_window(embargo_end: date) -> tuple[date, date]:
    """Return the first and the last day that are about a month (約1ヶ月) before the end."""
    first, last = (embargo_end - timedelta(days=days) for days in NOTICE_WINDOW)
    return first, last


def phase(embargo_end: date, today: date) -> Phase:
    """Return whether a dataset is under embargo on ``today`` or shared."""
    return "embargo" if today <= embargo_end else "wide_share"


def _years_later(day: date, years: int) -> date:
    """Return the same day of a later year; 1 March for a 29 February that there is not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
