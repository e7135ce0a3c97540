"""The timeline of a dataset as a figure: embargo and sharing as bars, what is due as marks on them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from shirube.figures import OKABE_ITO, new_figure, printable, style
from shirube.messages import Language, Text
from shirube_policy.documents.texts import label
from shirube_policy.embargo import open_from
from shirube_policy.timeline import Timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ORANGE, _, _GREEN, _, _BLUE, _VERMILION, _, _BLACK = OKABE_ITO
_MARGIN: Final = 60

__all__ = ["draw_timeline", "marks"]


def marks(days: Timeline) -> list[tuple[date, Text]]:
    """Return the days that a person must know, in their order."""
    found = [
        (days.registered_on, "timeline-registered"),
        (days.due_on, "timeline-due"),
        (days.notice_on, "timeline-notice"),
        (days.ends_on, "timeline-end" if days.embargo_end is not None else "timeline-standard-end"),
        (days.open_from, "timeline-open"),
    ]
    return sorted(((day, label(code)) for day, code in found if day is not None), key=lambda one: one[0])


def draw_timeline(days: Timeline, today: date, lang: Language, title: str = "") -> Figure:
    """Return the figure; the days that are not known are not on it.

    Args:
        days: The days of the dataset.
        today: Marked by a line.
        lang: Language of the labels.
        title: Title of the dataset; may be empty.
    """
    figure = new_figure(8.0, 2.9)
    with style():
        axes = figure.subplots()
        shown = marks(days)
        first, last = _range(shown, today)
        _bars(axes, days, lang, (first, last), [today, *(day for day, _ in shown)])
        for place, (day, text) in enumerate(shown):
            # The first day has the lowest row, so that no later mark crosses its label.
            _mark(axes, day, text.render(lang), len(shown) - 1 - place)
        axes.plot([today.toordinal()] * 2, [0.05, 1.02], color=_VERMILION, linewidth=1.6)
        axes.annotate(
            f"{label('timeline-today').render(lang)} {today}",
            (today.toordinal(), 1.05),
            color=_VERMILION,
            ha="center",
            va="bottom",
            fontsize=8,
            annotation_clip=False,
        )
        _axis(axes, first, last)
        if title:
            axes.set_title(printable(title), pad=18)
    return figure


def _range(shown: list[tuple[date, Text]], today: date) -> tuple[int, int]:
    days = [today.toordinal(), *(day.toordinal() for day, _ in shown)]
    span = max(max(days) - min(days), 365)
    # The labels of the last days stand to their right.
    return min(days) - max(_MARGIN, span // 12), max(days) + max(_MARGIN, span // 2)


def _bars(axes: Any, days: Timeline, lang: Language, span: tuple[int, int], lines: list[date]) -> None:
    if days.ends_on is None:
        return
    first, last = span
    opens = open_from(days.ends_on).toordinal()
    begins = first if days.registered_on is None else days.registered_on.toordinal()
    for left, right, colour, code in ((begins, opens, _ORANGE, "embargo"), (opens, last, _GREEN, "wide-share")):
        if right <= left:
            continue
        axes.barh(0.5, right - left, left=left, height=0.7, color=colour, alpha=0.55, edgecolor="none")
        middle = _free(left, right, lines)
        axes.text(middle, 0.5, label(f"timeline-{code}").render(lang), ha="center", va="center", fontsize=9)


def _free(left: int, right: int, lines: list[date]) -> float:
    """Return the middle of the widest part of a bar that no line crosses."""
    edges = sorted({left, right, *(day.toordinal() for day in lines if left < day.toordinal() < right)})
    start, end = max(itertools.pairwise(edges), key=lambda one: one[1] - one[0])
    return (start + end) / 2


def _mark(axes: Any, day: date, text: str, row: int) -> None:
    place = day.toordinal()
    depth = -0.3 - 0.42 * row
    axes.plot([place, place], [depth, 0.85], color=_BLACK, linewidth=0.8)
    axes.plot([place], [0.5], marker="o", color=_BLACK, markersize=3.5)
    axes.text(place, depth, f" {day}  {text}", ha="left", va="center", fontsize=8)


def _axis(axes: Any, first: int, last: int) -> None:
    """Let the axis begin each Japanese fiscal year, and hide everything else."""
    years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
    starts = [day for year in years for day in _starts(year, first, last)]
    axes.set_xticks([day.toordinal() for day in starts], [day.isoformat() for day in starts])
    axes.set_xlim(first, last)
    axes.set_ylim(-2.3, 1.05)
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)


def _starts(year: int, first: int, last: int) -> Iterator[date]:
    start = date(year, 4, 1)
    if first <= start.toordinal() <= last:
        yield start
