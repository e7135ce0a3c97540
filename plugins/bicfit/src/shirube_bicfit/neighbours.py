"""Neighbours: starts of one spectrum for a number of lines from what other starts came to, none of them twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from shirube.records import FloatArray
from shirube_bicfit.chunks import Begin
from shirube_bicfit.gathering import Gathering
from shirube_bicfit.moves import Sight, with_one_dropped, with_one_more, with_one_moved
from shirube_bicfit.starts import Start, distinct
from shirube_bicfit.task import Task

#: Most moves from the best fit with one line less and from that with one more.
_MORE: Final = 6
_FEWER: Final = 3
#: From so many ends of each neighbour a look around begins, with so many moves of each, and so many come out of it.
_ENDS: Final = 3
_OF_EACH: Final = 4
_AROUND: Final = 10
#: The most moves that are asked for of one solution.
_MOST: Final = 6
#: How many lines are added to repair a number of lines that fits no better than one less.
_REPAIRS: Final = 2

__all__ = ["Neighbours"]


class Neighbours:
    """Makes starts of one spectrum from the ends that others with nearly as many lines came to.

    Args:
        task: The spectrum.
        spectrum: Its number.
        gathering: The ends so far.
        sight: Tells how a solution in free form leaves the spectrum.
    """

    def __init__(
        self, task: Task, spectrum: int, gathering: Gathering, sight: Callable[[FloatArray, int], Sight]
    ) -> None:
        self._task, self._spectrum, self._gathering = task, spectrum, gathering
        self._look = sight
        self._sights: dict[bytes, Sight] = {}
        self._moves: dict[tuple[bool, bytes], list[Start]] = {}
        self._tried: set[tuple[int, ...]] = set()

    def new(self, count: int, starts: Sequence[Start]) -> list[Begin]:
        """Return those of the starts that have not been tried, from now on as tried."""
        return self._begins(count, distinct(starts, self._task.limits, self._task.layout, self._tried))

    def of_news(self, count: int) -> list[Begin]:
        """Return moves from the best fits with one line less and one more, where these have become better."""
        less, more = self._gathering.news(count - 1), self._gathering.news(count + 1)
        starts = [] if less is None else self._more(less, _MORE)
        return self.new(count, starts if more is None else [*starts, *self._dropped(more, _FEWER)])

    def around(self, count: int) -> list[Begin]:
        """Return moves from several ends with one line less and one more, and from the best with a line moved."""
        starts: list[Start] = []
        for end in self._gathering.ends(count, 1):
            lines, sight = self._task.layout.to_lines(end), self._sight(end)
            starts += with_one_moved(lines, self._task.layout, sight, self._task.limits, _OF_EACH)
        for end in self._gathering.ends(count - 1, _ENDS):
            starts += self._more(end, _OF_EACH)
        for end in self._gathering.ends(count + 1, _ENDS):
            starts += self._dropped(end, _OF_EACH)
        starts.sort(key=lambda start: start.left)
        untried = distinct(starts, self._task.limits, self._task.layout, set(self._tried))
        return self.new(count, untried[:_AROUND])

    def repairs(self, count: int) -> list[Begin]:
        """Return starts for a number of lines that fits no better than one line less does, if it is one."""
        less = self._gathering.ahead_of(count)
        return [] if less is None else self._begins(count, self._more(less, _REPAIRS))

    def _sight(self, free: FloatArray) -> Sight:
        """Return how a solution leaves the spectrum; several moves look at each."""
        key = free.tobytes()
        if key not in self._sights:
            self._sights[key] = self._look(free, self._spectrum)
        return self._sights[key]

    def _more(self, free: FloatArray, number: int) -> list[Start]:
        return self._known(free, more=True)[:number]

    def _dropped(self, free: FloatArray, number: int) -> list[Start]:
        return self._known(free, more=False)[:number]

    def _known(self, free: FloatArray, *, more: bool) -> list[Start]:
        """Return the moves from a solution, the most promising first; it is looked at once, however often it is met."""
        key = more, free.tobytes()
        if key not in self._moves:
            task, sight = self._task, self._sight(free)
            lines = task.layout.to_lines(free)
            self._moves[key] = (
                with_one_more(lines, task.layout, sight, task.limits, _MOST)
                if more
                else with_one_dropped(lines, task.layout, sight, _MOST)
            )
        return self._moves[key]

    def _begins(self, count: int, starts: Sequence[Start]) -> list[Begin]:
        to_free = self._task.layout.to_free
        return [Begin(self._spectrum, count, start.origin, to_free(start.vector)) for start in starts]
