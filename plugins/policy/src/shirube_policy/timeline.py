"""The days of a dataset: registration, what is due when, notice, end of the embargo, first day of sharing."""

from __future__ import annotations

import functools
from datetime import date

from attrs import frozen

from shirube.records import Dataset
from shirube_policy.dates import day_of, fiscal_year, fiscal_year_end
from shirube_policy.embargo import (
    STANDARD,
    Basis,
    Phase,
    default_end,
    maximum_end,
    notice_date,
    notice_window,
    open_from,
    phase,
)

__all__ = ["Timeline", "timeline"]


@frozen(kw_only=True)
class Timeline:
    """The days of a dataset; None for what cannot be told.

    Attributes:
        registered_on: The day of registration.
        fiscal_year: Its fiscal year.
        due_on: First day on which description, title and manager are due: after the project or the fiscal year of
            registration, at the latest when the embargo is over.
        standard_end: Last day of the standard embargo.
        maximum_end: Last day of an embargo that is extended once.
        embargo_end: Last day of the embargo as it was set; None when it was not, or cannot be read.
        ends_on: ``embargo_end``, lacking that ``standard_end``.
        notice_on: About when the release is announced.
        notice_window: First and last day that are about a month before the end.
        open_from: First day of sharing.
    """

    registered_on: date | None
    fiscal_year: int | None
    due_on: date | None
    standard_end: date | None
    maximum_end: date | None
    embargo_end: date | None
    ends_on: date | None
    notice_on: date | None
    notice_window: tuple[date, date] | None
    open_from: date | None

    def phase(self, today: date) -> Phase | None:
        """Return the phase of ``today``, None when the end of the embargo is not known."""
        return None if self.embargo_end is None else phase(self.embargo_end, today)


def timeline(dataset: Dataset, basis: Basis = STANDARD) -> Timeline:
    """Return the days of ``dataset``, the end of its embargo counted on ``basis``."""
    return _timeline(dataset.registered_on, dataset.embargo_end, dataset.project_end, basis)


# Each of many rules asks for the days of the same dataset.
@functools.lru_cache(maxsize=256)
def _timeline(registered_on: str | None, embargo_end: str | None, project_end: str | None, basis: Basis) -> Timeline:
    registered, set_end, project = day_of(registered_on), day_of(embargo_end), day_of(project_end)
    standard = None if registered is None else default_end(registered, basis)
    end = set_end or standard
    opens = None if end is None else open_from(end)
    over = project or (None if registered is None else fiscal_year_end(registered))
    return Timeline(
        registered_on=registered,
        fiscal_year=None if registered is None else fiscal_year(registered),
        due_on=min(
            (day for day in (None if over is None else open_from(over), opens) if day is not None), default=None
        ),
        standard_end=standard,
        maximum_end=None if registered is None else maximum_end(registered, basis),
        embargo_end=set_end,
        ends_on=end,
        notice_on=None if end is None else notice_date(end),
        notice_window=None if end is None else notice_window(end),
        open_from=opens,
    )
