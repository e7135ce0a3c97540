"""Embargo arithmetic: fiscal years, the standard and the longest embargo, opening day, notice, and dates from RDE."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_policy.dates import fiscal_year, fiscal_year_end, japanese_date
from shirube_policy.embargo import (
    default_end,
    maximum_end,
    notice_date,
    open_from,
    phase,
)

# Registered, fiscal year, standard end, opening day, notice, longest end.
EMBARGOES = [
    ("2021-07-01", 2021, "2024-03-31", "2024-04-01", "2024-02-29", "2025-03-31"),
    ("2022-10-03", 2022, "2025-03-31", "2025-04-01", "2025-02-28", "2026-03-31"),
    ("2023-03-31", 2022, "2025-03-31", "2025-04-01", "2025-02-28", "2026-03-31"),
    ("2023-04-01", 2023, "2026-03-31", "2026-04-01", "2026-02-28", "2027-03-31"),
    ("2023-10-27", 2023, "2026-03-31", "2026-04-01", "2026-02-28", "2027-03-31"),
    ("2024-02-29", 2023, "2026-03-31", "2026-04-01", "2026-02-28", "2027-03-31"),
    ("2024-03-31", 2023, "2026-03-31", "2026-04-01", "2026-02-28", "2027-03-31"),
    ("2024-04-01", 2024, "2027-03-31", "2027-04-01", "2027-02-28", "2028-03-31"),
    ("2025-04-01", 2025, "2028-03-31", "2028-04-01", "2028-02-29", "2029-03-31"),
    ("2025-12-31", 2025, "2028-03-31", "2028-04-01", "2028-02-29", "2029-03-31"),
    ("2026-03-31", 2025, "2028-03-31", "2028-04-01", "2028-02-29", "2029-03-31"),
    ("2026-04-01", 2026, "2029-03-31", "2029-04-01", "2029-02-28", "2030-03-31"),
    ("2027-04-01", 2027, "2030-03-31", "2030-04-01", "2030-02-28", "2031-03-31"),
]

days = st.dates(date(2000, 1, 1), date(2190, 12, 31))


@pytest.mark.parametrize(("registered", "year", "end", "opens", "notice", "longest"), EMBARGOES)
def test_the_embargo_follows_from_the_day_of_registration(registered, year, end, opens, notice, longest):
    day = date.fromisoformat(registered)
    standard = default_end(day)
    assert fiscal_year(day) == year
    assert standard == date.fromisoformat(end)
    assert open_from(standard) == date.fromisoformat(opens)
    assert notice_date(standard) == date.fromisoformat(notice)
    assert maximum_end(day) == date.fromisoformat(longest)


@pytest.mark.parametrize(("today", "expected"), [("2028-03-31", "embargo"), ("2028-04-01", "wide_share")])
def test_the_last_day_still_belongs_to_the_embargo(today, expected):
    assert phase(date(2028, 3, 31), date.fromisoformat(today)) == expected


@given(days)
def test_the_standard_embargo_ends_on_a_31_march_two_to_three_years_later(registered):
    end = default_end(registered)
    assert (end.month, end.day) == (3, 31)
    assert registered.replace(year=registered.year + 2, day=min(registered.day, 28)) < end + timedelta(days=4)
    assert timedelta(days=730) <= end - registered < timedelta(days=3 * 366)


@given(days, days)
def test_a_later_registration_never_ends_earlier(one, other):
    early, late = sorted((one, other))
    assert default_end(early) <= default_end(late)
    assert fiscal_year_end(early) <= fiscal_year_end(late)


@given(days)
def test_fiscal_years_meet_on_the_first_of_april(day):
    assert fiscal_year_end(day) >= day
    assert fiscal_year(fiscal_year_end(day)) == fiscal_year(day)
    assert fiscal_year(fiscal_year_end(day) + timedelta(days=1)) == fiscal_year(day) + 1


@given(days)
def test_the_longest_embargo_is_the_standard_one_and_a_year(registered):
    assert maximum_end(registered) == default_end(registered).replace(year=default_end(registered).year + 1)


@given(days)
def test_the_notice_comes_about_a_month_ahead(end):
    ahead = end - notice_date(end)
    assert timedelta(days=28) <= ahead <= timedelta(days=31)
    assert notice_date(end).month == (end.month - 2) % 12 + 1


@given(days, days)
def test_a_dataset_opens_once_and_stays_open(end, today):
    assert (phase(end, today) == "wide_share") == (today >= open_from(end))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2028-03-31", "2028-03-31"),
        (" 2028-03-31 ", "2028-03-31"),
        ("2028-03-31T03:00:00.000Z", "2028-03-31"),
        ("2028-03-30T15:00:00.000Z", "2028-03-31"),
        ("2028-03-30T14:59:59.999Z", "2028-03-30"),
        ("2028-03-31T23:30:00+09:00", "2028-03-31"),
        ("2028-03-31T23:30:00-05:00", "2028-04-01"),
        ("2028-03-31T12:00:00", "2028-03-31"),
        ("2028-03-31 12:00", "2028-03-31"),
    ],
)
def test_a_date_time_is_the_day_in_japan(text, day):
    assert japanese_date(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2028",
        "31.3.2028",
        "2028/03/31",
        "令和10年3月31日",
        "2028-02-30",
        "2571-03-31",
        "0031-03-31",
        "0001-01-01T00:00Z",
        "9999-12-31T23:59-12:00",
    ],
)
def test_other_calendars_and_slips_are_no_dates(text):
    with pytest.raises(ValueError, match=r"."):
        japanese_date(text)


@given(st.text(max_size=30))
def test_any_text_is_a_day_of_this_era_or_a_value_error(text):
    try:
        day = japanese_date(text)
    except ValueError:
        return
    assert 2000 <= day.year < 2200


@given(days)
def test_what_python_writes_is_read(day):
    assert japanese_date(day.isoformat()) == day
    assert japanese_date(f"{day.isoformat()}T03:00:00.000Z") == day
