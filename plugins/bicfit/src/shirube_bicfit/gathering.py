"""Gathering: what the starts of one spectrum came to, number of lines by number of lines."""

from __future__ import annotations

from typing import Final

import numpy as np

from shirube.records import FloatArray
from shirube_bicfit.choices import Origin
from shirube_bicfit.chunks import Begin
from shirube_bicfit.culling import canonical, same_basin
from shirube_bicfit.fitter import Ends
from shirube_bicfit.optima import Optimum
from shirube_bicfit.task import Task

#: How many different ends of a number of lines are fitted on all channels, and how far they may be behind.
_FINALISTS: Final = 4
_BEHIND: Final = 10.0
_BEHIND_PART: Final = 0.02
#: Improvement of the deviance that makes a best fit new to its neighbours.
_NEWS: Final = 0.05

__all__ = ["Gathering"]


class _Trail:
    """The starts with one number of lines."""

    def __init__(self) -> None:
        self.origins: list[Origin] = []
        self.ends: list[FloatArray] = []
        self.costs: list[float] = []
        self.unfinished: list[bool] = []
        self.given_up: list[bool] = []
        self.finals: list[int] = []
        self.different: list[int] | None = None
        self.told = np.inf
        self.fresh = False

    @property
    def best(self) -> int:
        return self.costs.index(min(self.costs))


class Gathering:
    """The starts of one spectrum and where they ended.

    Args:
        task: The spectrum.
        spectrum: Its number.
        starts: Most starts.
    """

    def __init__(self, task: Task, spectrum: int, starts: int) -> None:
        self._task, self._spectrum = task, spectrum
        self.left = starts
        self._trails: dict[int, _Trail] = {}

    def spend(self, number: int) -> None:
        """Take ``number`` starts from those that are left."""
        self.left = max(0, self.left - number)

    def add(self, begin: Begin, place: int, ends: Ends) -> None:
        """Add the end of the start at this place."""
        trail = self._trails.setdefault(begin.count, _Trail())
        trail.different = None
        leader = int(ends.leader[place])
        # a follower is where its leader is, and that goes on for both
        unfinished = leader == place and bool(ends.unfinished[place])
        given_up = not (ends.converged[leader] or ends.unfinished[leader])
        if begin.place is None:
            trail.origins.append(begin.origin)
            trail.ends.append(ends.free[leader])
            trail.costs.append(float(ends.cost[leader]))
            trail.unfinished.append(unfinished)
            trail.given_up.append(given_up)
        else:
            at = begin.place
            trail.ends[at], trail.costs[at] = ends.free[leader], float(ends.cost[leader])
            trail.unfinished[at], trail.given_up[at] = unfinished, given_up

    def unfinished(self) -> list[Begin]:
        """Return the starts that have not come to an end."""
        return [
            Begin(self._spectrum, count, trail.origins[at], trail.ends[at], at)
            for count, trail in sorted(self._trails.items())
            for at, waits in enumerate(trail.unfinished)
            if waits
        ]

    def choose(self) -> None:
        """Look which best fits have become new."""
        for trail in self._trails.values():
            trail.fresh = trail.costs[trail.best] < trail.told - _NEWS

    def settle(self) -> None:
        """Note that everybody knows the best fits there are."""
        for trail in self._trails.values():
            trail.told = trail.costs[trail.best]

    def news(self, count: int) -> FloatArray | None:
        """Return the best fit with ``count`` lines if its neighbours do not know it yet."""
        trail = self._trails.get(count)
        return trail.ends[trail.best] if trail is not None and trail.fresh else None

    def ahead_of(self, count: int) -> FloatArray | None:
        """Return the best fit with one line less, if ``count`` lines fit no better than that."""
        less, own = self._trails.get(count - 1), self._trails.get(count)
        if less is None or own is None or own.costs[own.best] < less.costs[less.best]:
            return None
        return less.ends[less.best]

    def ends(self, count: int, number: int) -> list[FloatArray]:
        """Return the best ``number`` different ends with ``count`` lines, as far as there are any."""
        trail = self._trails.get(count)
        return [] if trail is None else [trail.ends[place] for place in self._different(trail)[:number]]

    def best_count(self) -> int:
        """Return the number of lines for which the criterion is smallest so far, 0 if none is known."""
        if not self._trails:
            return 0
        bic = {
            count: self._task.bic(trail.costs[trail.best], trail.ends[trail.best].size)
            for count, trail in self._trails.items()
        }
        return min(bic, key=lambda count: bic[count])

    def finalists(self) -> list[Begin]:
        """Return the best different ends of each number of lines."""
        found = []
        for count, trail in sorted(self._trails.items()):
            if not trail.finals:
                trail.finals = self._different(trail)
            found += [Begin(self._spectrum, count, "given", trail.ends[place]) for place in trail.finals]
        return found

    def optima(self, ends: Ends) -> tuple[Optimum, ...]:
        """Return the best fits, given where the finalists ended."""
        found = []
        at = 0
        for count, trail in sorted(self._trails.items()):
            part = slice(at, at + len(trail.finals))
            at += len(trail.finals)
            best = part.start + int(np.argmin(ends.cost[part]))
            found.append(
                Optimum(
                    count=count,
                    free=ends.free[best],
                    deviance=float(ends.cost[best]),
                    converged=bool(ends.converged[best]),
                    limits=self._task.limits,
                    origins=tuple(trail.origins),
                    deviances=self._deviances(trail, ends.cost[part]),
                    finished=trail.given_up.count(False),
                )
            )
        return tuple(found)

    def _different(self, trail: _Trail) -> list[int]:
        """Return the places of the best ends that are not in one basin."""
        if trail.different is None:
            trail.different = self._looked_through(trail)
        return trail.different

    def _looked_through(self, trail: _Trail) -> list[int]:
        costs = np.array(trail.costs)
        lines = canonical(np.array(trail.ends), self._task.layout)
        limit = costs.min() * (1.0 + _BEHIND_PART) + _BEHIND
        chosen: list[int] = []
        for place in np.argsort(costs, kind="stable").tolist():
            if costs[place] > limit or len(chosen) == _FINALISTS:
                break
            pairs = np.repeat(lines[place, None], len(chosen), axis=0)
            if not chosen or not same_basin(lines[chosen], pairs).any():
                chosen.append(place)
        return chosen

    def _deviances(self, trail: _Trail, finals: FloatArray) -> FloatArray:
        """Return where each start ended: with the finalist of its basin, or by its own, rougher, end."""
        lines = canonical(np.array(trail.ends), self._task.layout)
        reached = np.array(trail.costs)
        rough = reached[trail.finals]
        # an end that is no finalist's is as far behind the best one on all channels as it is on merged ones
        behind = finals.min() + np.maximum(reached - rough.min(), 0.0)
        for place, cost in reversed(list(zip(trail.finals, finals.tolist(), strict=True))):
            same = same_basin(lines, np.repeat(lines[place, None], len(lines), axis=0))
            behind[same] = cost
        return np.asarray(behind, dtype=np.float64)
