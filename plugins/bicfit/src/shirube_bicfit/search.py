"""The search: for every number of lines the best fit that up to 155 starts lead to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from shirube.progress import NoProgress, Progress
from shirube_bicfit.chunks import Begin, Workers
from shirube_bicfit.fitter import Ends, Fitter
from shirube_bicfit.gathering import Gathering
from shirube_bicfit.layout import Layout
from shirube_bicfit.neighbours import Neighbours
from shirube_bicfit.optima import Optimum
from shirube_bicfit.starts import start_sources
from shirube_bicfit.task import Task

_MIXTURES: Final = 1
#: Part of all starts that come from what a spectrum shows, not from other fits.
_SHOWN: Final = 0.3
#: Starts that are kept for numbers of lines that fit worse than one line less, and the part of all that is kept for a
#: look around.
_KEPT: Final = 8
_LATE: Final = 0.2
#: How many moves of a number of lines are started at once, before and after the look around.
_TAKEN: Final = 3
_LATER: Final = 2
#: After the first wave, only so many numbers of lines below the best one are looked at again.
_BELOW: Final = 3
#: How often starts are made from neighbouring numbers of lines.
_WAVES: Final = 16
#: Numbers of lines that the search begins with.
_FIRST: Final = 5
#: So many numbers of lines beyond the best one are tried: the criterion has then risen twice.
RISES: Final = 2

__all__ = ["RISES", "Search", "most_peaks"]


def most_peaks(channels: int, wanted: int, layout: Layout | None = None) -> int:
    """Return how many lines may be tried: at most one parameter for every two channels."""
    shape = Layout() if layout is None else layout
    most = (channels // 2 - len(shape.shared_names)) // shape.per_line
    return min(wanted, max(most, 0))


class Search:
    """Fits spectra with growing numbers of lines; what one spectrum gets does not depend on the others.

    All numbers of lines are fitted at once, in waves: first from what the spectrum shows, then from the best fit with
    one line less (a line added or split) and with one more (a line dropped), as long as these have become better. When
    none has, it looks around once, from several ends of each number of lines. Of all these moves only those are
    started that lead furthest down within a few steps.

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
        self._looked = [False for _ in tasks]
        self._gatherings = [Gathering(task, spectrum, starts) for spectrum, task in enumerate(tasks)]
        self._neighbours = [
            Neighbours(task, spectrum, gathering, self.fitter.sight)
            for spectrum, (task, gathering) in enumerate(zip(tasks, self._gatherings, strict=True))
        ]

    def run(self, progress: Progress | None = None) -> list[tuple[Optimum, ...]]:
        """Return the best fits for 1, 2, … lines of each spectrum."""
        told = NoProgress() if progress is None else progress
        spectra = range(len(self.tasks))
        self._grow(told)
        for wave in range(_WAVES):
            moves = [part for at in spectra for part in self._moves(at, first=wave == 0)]
            if not self._wave(self._screened(moves), spectra):
                break
            told.update(0.5 + 0.4 * (wave + 1) / _WAVES)
            self._grow(told)
        while repairs := [part for at in spectra for part in self._repairs(at)]:
            self._wave(repairs, {part[0].spectrum for part in repairs})
        optima = self._finished()
        told.update(1.0)
        return optima

    def _grow(self, told: Progress) -> None:
        """Go on to more lines while the criterion still falls."""
        spectra = range(len(self.tasks))
        while growing := {at: top for at in spectra if (top := self._top(at)) > self._tops[at]}:
            seen = [
                self._seen(at, count) for at, top in growing.items() for count in range(self._tops[at] + 1, top + 1)
            ]
            self._wave(seen, growing)
            for at, top in growing.items():
                self._tops[at] = top
            told.update(0.5 * max(self._tops) / self._most, f"K = {max(self._tops)}")

    def _top(self, spectrum: int) -> int:
        """Return up to how many lines the spectrum is to be fitted, as far as is known."""
        if self._exhaustive:
            return self._most
        if not self._gatherings[spectrum].left:
            return self._tops[spectrum]
        return min(self._most, max(_FIRST, self._best(spectrum) + RISES))

    def _best(self, spectrum: int) -> int:
        return self._gatherings[spectrum].best_count()

    def _wave(self, parts: Sequence[Sequence[Begin]], spectra: Collection[int]) -> bool:
        """Run new starts with those of these spectra that have not come to an end; tell whether there were any."""
        begins = [begin for part in parts for begin in part]
        begins += [begin for at in spectra for begin in self._gatherings[at].unfinished()]
        if begins:
            ends = self.fitter.roughly(begins)
            for place, begin in enumerate(begins):
                self._gatherings[begin.spectrum].add(begin, place, ends)
            for gathering in self._gatherings:
                gathering.choose()
        return bool(begins)

    def _seen(self, spectrum: int, count: int) -> list[Begin]:
        """Return starts from what the spectrum shows."""
        source, gathering = self._sources[spectrum], self._gatherings[spectrum]
        quota = min(self._shown, 2 * count, gathering.left)
        starts = source.mixtures(count, min(_MIXTURES, quota))
        starts += source.ladder(count, quota - len(starts))
        begins = self._neighbours[spectrum].new(count, starts)
        gathering.spend(len(begins))
        return begins

    def _moves(self, spectrum: int, *, first: bool) -> list[list[Begin]]:
        """Return moves of a spectrum by their number of lines, those near the best one first."""
        best, top = self._best(spectrum), self._tops[spectrum]
        gathering, neighbours = self._gatherings[spectrum], self._neighbours[spectrum]
        if not self._spare(spectrum):
            moves = []
        else:
            moves = [neighbours.of_news(count) for count in _worth_moving(best, top, first=first)]
        gathering.settle()
        if self._looked[spectrum] or any(moves) or gathering.unfinished():
            return moves
        self._looked[spectrum] = True
        return [neighbours.around(count) for count in range(min(top, best + RISES), 0, -1)]

    def _spare(self, spectrum: int) -> int:
        """Return how many starts may go into moves; what other starts still need is not spent on them."""
        left = self._gatherings[spectrum].left
        if self._looked[spectrum]:
            return left
        more = self._shown if self._tops[spectrum] < self._most else 0
        return max(0, left - _KEPT - self._late - more)

    def _screened(self, parts: Sequence[Sequence[Begin]]) -> list[list[Begin]]:
        """Return the best of moves, each part of which has one spectrum and one number of lines."""
        begins, cost = self.fitter.screened([begin for part in parts for begin in part])
        taken = []
        first = 0
        for part in parts:
            last = first + len(part)
            if part:
                spectrum = part[0].spectrum
                number = min(_LATER if self._looked[spectrum] else _TAKEN, self._spare(spectrum))
                best = first + np.argsort(cost[first:last], kind="stable")[:number]
                self._gatherings[spectrum].spend(best.size)
                taken.append([begins[place] for place in best.tolist()])
            first = last
        return taken

    def _repairs(self, spectrum: int) -> list[list[Begin]]:
        """Return starts for numbers of lines that fit no better than one line less."""
        gathering = self._gatherings[spectrum]
        found = []
        for count in range(2, self._tops[spectrum] + 1):
            begins = self._neighbours[spectrum].repairs(count)[: gathering.left] if gathering.left else []
            gathering.spend(len(begins))
            found.append(begins)
        return [begins for begins in found if begins]

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
