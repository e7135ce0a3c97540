"""The search: for every number of lines the best fit that up to 155 starts lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve

from shirube.progress import NoProgress, Progress
from shirube_bicfit.bounds import Limits
from shirube_bicfit.chunks import Begin, Workers
from shirube_bicfit.fitter import Ends, Fitter
from shirube_bicfit.gathering import Gathering
from shirube_bicfit.layout import Layout
from shirube_bicfit.moves import with_one_dropped, with_one_more, with_one_moved
from shirube_bicfit.optima import Optimum
from shirube_bicfit.starts import Start, distinct, start_sources
from shirube_bicfit.task import Task

_MIXTURES: Final = 1
_MORE: Final = 4
_FEWER: Final = 2
#: Part of all starts that come from what a spectrum shows, not from other fits.
_SHOWN: Final = 0.3
#: Starts that are kept for numbers of lines that fit worse than one line less.
_KEPT: Final = 8
#: After the first wave, only so many numbers of lines below the best one are looked at again.
_BELOW: Final = 3
#: Part of all starts that is kept for a second look, how many ends of a neighbour it begins with, how many starts of a
#: number of lines it makes, how often it is taken, and how often a best end must have been reached to need none.
_LATE: Final = 0.2
_NEIGHBOURS_ENDS: Final = 3
_AGAIN: Final = 4
_LOOKS: Final = 2
_SURE: Final = 3
#: A second look is taken at up to so many numbers of lines more than the best one.
_BEYOND: Final = 2
#: How often starts are made from neighbouring numbers of lines.
_WAVES: Final = 6
#: Numbers of lines that the search begins with.
_FIRST: Final = 6
#: So many numbers of lines beyond the best one are tried.
RISES: Final = 3

__all__ = ["RISES", "Search", "most_peaks"]


def most_peaks(channels: int, wanted: int, layout: Layout | None = None) -> int:
    """Return how many lines may be tried: at most one parameter for every two channels."""
    shape = Layout() if layout is None else layout
    most = (channels // 2 - len(shape.shared_names)) // shape.per_line
    return min(wanted, max(most, 0))


class Search:
    """Fits spectra with growing numbers of lines; what one spectrum gets does not depend on the others.

    All numbers of lines are fitted at once, in waves: first from what the spectrum shows, then from the best fit with
    one line less (a line added or split) and with one more (a line dropped), as long as these have become better.

    Args:
        tasks: Spectra that share energies, bounds, layout, background and kind of noise.
        most: Largest number of lines.
        starts: Most starts of a spectrum over all numbers of lines.
        workers: Threads.
        culling: See :class:`Fitter`; without it every start is fitted on all channels to its end.
        exhaustive: Whether to go on to the largest number of lines although the criterion keeps rising.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        most: int,
        starts: int,
        workers: Workers,
        *,
        culling: bool = True,
        exhaustive: bool = False,
    ) -> None:
        self.tasks, self._most, self._exhaustive = tasks, most, exhaustive
        self.fitter = Fitter(tasks, workers, culling=culling)
        first = tasks[0]
        self._sources = start_sources(first.energy, self.fitter.counts, first.limits, first.layout, self.fitter.binning)
        self._shown = max(1, int(_SHOWN * starts / most))
        self._late = int(_LATE * starts)
        self._tops = [0 for _ in tasks]
        self._tried: list[set[tuple[int, ...]]] = [set() for _ in tasks]
        self._gatherings = [Gathering(task, spectrum, starts) for spectrum, task in enumerate(tasks)]

    def run(self, progress: Progress | None = None) -> list[tuple[Optimum, ...]]:
        """Return the best fits for 1, 2, … lines of each spectrum."""
        told = NoProgress() if progress is None else progress
        self._grow(told)
        for wave in range(_WAVES):
            moves = [
                self._moves(at, count)
                for at, top in enumerate(self._tops)
                for count in _worth_moving(self._best(at), top, first=wave == 0)
            ]
            for gathering in self._gatherings:
                gathering.settle()
            if not self._wave(moves):
                break
            told.update(0.5 + 0.4 * (wave + 1) / _WAVES)
            self._grow(told)
        for _ in range(_LOOKS):
            looks = [
                self._looked_at_again(at, count)
                for at, top in enumerate(self._tops)
                for count in range(min(top, self._best(at) + _BEYOND), 0, -1)
            ]
            if not self._wave(looks):
                break
        while self._wave([self._mended(at, count) for at, top in enumerate(self._tops) for count in range(2, top + 1)]):
            pass
        optima = self._finished()
        told.update(1.0)
        return optima

    def _grow(self, told: Progress) -> None:
        """Go on to more lines while the criterion still falls."""
        spectra = range(len(self.tasks))
        while growing := {at: top for at in spectra if (top := self._top(at)) > self._tops[at]}:
            self._wave(
                [self._seen(at, count) for at, top in growing.items() for count in range(self._tops[at] + 1, top + 1)]
            )
            for at, top in growing.items():
                self._tops[at] = top
            told.update(0.5 * max(self._tops) / self._most, f"K = {max(self._tops)}")

    def to_the_last_digit(self, optima: Mapping[int, Optimum], limits: Limits | None = None) -> dict[int, Optimum]:
        """Return optima, by spectrum, that no longer depend on the way to them, within other bounds if given."""
        if not optima:
            return {}
        within = self.fitter.limits if limits is None else limits
        begins = [Begin(spectrum, one.count, "given", one.free) for spectrum, one in optima.items()]
        ends = self.fitter.within(within).to_the_last_digit(begins)
        return {
            spectrum: evolve(one, free=free, deviance=float(cost), converged=True, limits=within)
            if cost <= one.deviance
            else one
            for (spectrum, one), free, cost in zip(optima.items(), ends.free, ends.cost, strict=True)
        }

    def _top(self, spectrum: int) -> int:
        """Return up to how many lines the spectrum is to be fitted, as far as is known."""
        if self._exhaustive:
            return self._most
        if not self._gatherings[spectrum].left:
            return self._tops[spectrum]
        return min(self._most, max(_FIRST, self._best(spectrum) + RISES))

    def _best(self, spectrum: int) -> int:
        return self._gatherings[spectrum].best_count()

    def _wave(self, parts: Sequence[list[Begin]]) -> bool:
        """Run new starts together with those that have not come to an end; tell whether there were any."""
        begins = [begin for part in parts for begin in part]
        begins += [begin for gathering in self._gatherings for begin in gathering.unfinished()]
        if begins:
            ends = self.fitter.roughly(begins)
            for place, begin in enumerate(begins):
                self._gatherings[begin.spectrum].add(begin, place, ends)
            for gathering in self._gatherings:
                gathering.choose()
        return bool(begins)

    def _seen(self, spectrum: int, count: int) -> list[Begin]:
        """Return starts from what the spectrum shows."""
        source, task = self._sources[spectrum], self.tasks[spectrum]
        quota = min(self._shown, 2 * count, self._gatherings[spectrum].left)
        starts = source.mixtures(count, min(_MIXTURES, quota))
        starts += source.ladder(count, quota - len(starts))
        return self._begins(spectrum, count, distinct(starts, task.limits, task.layout))

    def _moves(self, spectrum: int, count: int) -> list[Begin]:
        """Return starts from the best fits with one line less and one more, where these are new."""
        gathering, task = self._gatherings[spectrum], self.tasks[spectrum]
        layout = task.layout
        starts: list[Start] = []
        less, more = gathering.news(count - 1), gathering.news(count + 1)
        if less is not None:
            sight = self.fitter.sight(less, spectrum)
            starts += with_one_more(layout.to_lines(less), layout, sight, task.limits, _MORE)
        if more is not None:
            starts += with_one_dropped(layout.to_lines(more), layout, self.fitter.sight(more, spectrum), _FEWER)
        # what is still needed to look at more lines is not spent on those that are known
        spare = gathering.left - _KEPT - self._late - (self._shown if self._tops[spectrum] < self._most else 0)
        return self._begins(spectrum, count, distinct(starts, task.limits, layout)[: max(0, spare)])

    def _looked_at_again(self, spectrum: int, count: int) -> list[Begin]:
        """Return starts for a number of lines whose best fit few starts have found.

        They come from several ends with one line less and one more, not from the best only, and from moving lines.
        """
        gathering, task = self._gatherings[spectrum], self.tasks[spectrum]
        if not gathering.left or gathering.sure(count, _SURE):
            return []
        layout, limits, sight = task.layout, task.limits, self.fitter.sight
        starts: list[Start] = []
        for end in gathering.ends(count, 1):
            starts += with_one_moved(layout.to_lines(end), layout, sight(end, spectrum), limits, _AGAIN)
        for end in gathering.ends(count - 1, _NEIGHBOURS_ENDS):
            starts += with_one_more(layout.to_lines(end), layout, sight(end, spectrum), limits, _AGAIN)
        for end in gathering.ends(count + 1, _NEIGHBOURS_ENDS):
            starts += with_one_dropped(layout.to_lines(end), layout, sight(end, spectrum), _AGAIN)
        starts.sort(key=lambda start: start.left)
        new = distinct(starts, limits, layout, set(self._tried[spectrum]))
        return self._begins(spectrum, count, new[: min(_AGAIN, gathering.left)])

    def _mended(self, spectrum: int, count: int) -> list[Begin]:
        """Return starts for a number of lines that fits no better than one line less does."""
        gathering, task = self._gatherings[spectrum], self.tasks[spectrum]
        less = gathering.ahead_of(count)
        if less is None or not gathering.left:
            return []
        sight = self.fitter.sight(less, spectrum)
        starts = with_one_more(task.layout.to_lines(less), task.layout, sight, task.limits, 2)
        return self._begins(spectrum, count, starts[: gathering.left])

    def _begins(self, spectrum: int, count: int, starts: Sequence[Start]) -> list[Begin]:
        self._gatherings[spectrum].spend(len(starts))
        task = self.tasks[spectrum]
        layout = task.layout
        distinct(starts, task.limits, layout, self._tried[spectrum])
        return [Begin(spectrum, count, start.origin, layout.to_free(start.vector)) for start in starts]

    def _finished(self) -> list[tuple[Optimum, ...]]:
        """Return what the best ends come to on all channels."""
        finals = [begin for gathering in self._gatherings for begin in gathering.finalists()]
        ends = self.fitter.finely(finals)
        found = []
        at = 0
        for gathering in self._gatherings:
            number = len(gathering.finalists())
            found.append(gathering.optima(_part(ends, at, number)))
            at += number
        return found


def _worth_moving(best: int, top: int, *, first: bool) -> list[int]:
    """Return the numbers of lines that get starts from their neighbours, those near the best one first.

    Starts may run out, and what is far below the best number only leads to it: one round is enough there.
    """
    least = 1 if first else max(1, best - _BELOW)
    return sorted(range(least, top + 1), key=lambda count: (abs(count - best), -count))


def _part(ends: Ends, first: int, number: int) -> Ends:
    part = slice(first, first + number)
    return Ends(ends.free[part], ends.cost[part], ends.converged[part], ends.unfinished[part], np.arange(number))
