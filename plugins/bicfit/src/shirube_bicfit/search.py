"""The search: for every number of peaks the best fit that up to 155 starts lead to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.progress import Progress
from shirube.records import FloatArray
from shirube_bicfit.bounds import box
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.moves import with_one_added, with_one_dropped
from shirube_bicfit.optima import Optimum
from shirube_bicfit.optimiser import Fitted, Precision, minimise
from shirube_bicfit.starts import Start, StartSource, distinct
from shirube_bicfit.task import Task

_MIXTURES: Final = 3
_ADDED: Final = 5
#: How many different ends of a number of peaks are fitted to the last digit.
_POLISHED: Final = 4
_COARSE: Final = Precision(absolute=2e-2, relative=1e-5, steps=40)
_FINE: Final = Precision(absolute=1e-8, relative=1e-12, steps=200)
#: The search ends when the criterion has risen for so many successive numbers of peaks.
RISES: Final = 3

__all__ = ["RISES", "Search", "most_peaks"]


def most_peaks(channels: int, wanted: int) -> int:
    """Return how many peaks may be tried: at most one parameter for every two channels."""
    return min(wanted, (channels // 2 - 2) // 4)


class Search:
    """Fits one spectrum with growing numbers of peaks."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._model = SpectrumModel(task.energy, task.background)
        self._loss = task.noise.loss(task.intensity)
        self._source = StartSource(task.energy, task.intensity / task.noise.unit, task.limits)

    def run(self, most: int, starts: int, progress: Progress) -> tuple[Optimum, ...]:
        """Return the best fits for 1, 2, … peaks.

        The number grows until BIC has risen three times in a row, then shrinks again: the best fit with one peak more,
        each peak left out in turn, may show a better one with one less.

        Args:
            most: Largest number of peaks.
            starts: Most starts over all numbers of peaks.
            progress: Told after every number of peaks.
        """
        found: list[Optimum] = []
        budget = _Budget(starts, most)
        while len(found) < most and budget.left and not self._has_risen(found):
            count = len(found) + 1
            found.append(self._best(self._starts(count, budget.share(count), found[-1] if found else None), count))
            budget.spend(len(found[-1].origins))
            progress.update(count / (most + 1), f"K = {count}")
        for index in range(len(found) - 2, -1, -1):
            dropped = with_one_dropped(found[index + 1].theta)[: budget.left]
            if dropped:
                budget.spend(len(dropped))
                found[index] = found[index].joined(self._best(dropped, index + 1))
        progress.update(1.0)
        return tuple(found)

    def straight_line(self) -> float:
        """Return the deviance of a straight line without any peak."""
        model = SpectrumModel(self._task.energy, "linear")
        lower, upper = box(self._task.limits, 0, self._task.noise)
        ends = self._loss.data[[0, -1]]
        return float(minimise(model, self._loss, ends[None], lower, upper, _FINE).deviance[0])

    def _starts(self, count: int, quota: int, fewer: Optimum | None) -> list[Start]:
        starts = self._source.mixtures(count, min(_MIXTURES, quota))
        if fewer is not None:
            starts += with_one_added(
                fewer.theta,
                self._task.energy,
                self._residual(fewer.theta),
                self._task.limits,
                min(_ADDED, quota - len(starts)),
            )
        starts += self._source.ladder(count, quota - len(starts))
        return distinct(starts, self._task.limits)

    def _has_risen(self, found: Sequence[Optimum]) -> bool:
        last = [self._task.bic(one.deviance, one.count) for one in found[-RISES - 1 :]]
        return len(last) > RISES and all(after > before for before, after in pairwise(last))

    def _residual(self, theta: FloatArray) -> FloatArray:
        residual, root = self._loss.residual(self._model.value(theta[None]))
        return np.asarray((residual * root)[0], dtype=np.float64)

    def _best(self, starts: Sequence[Start], count: int) -> Optimum:
        lower, upper = box(self._task.limits, count, self._task.noise)
        coarse = minimise(self._model, self._loss, np.array([one.theta for one in starts]), lower, upper, _COARSE)
        chosen = _different_ends(coarse)
        fine = minimise(self._model, self._loss, coarse.theta[chosen], lower, upper, _FINE)
        best = int(np.argmin(fine.deviance))
        deviances = coarse.deviance.copy()
        deviances[chosen] = fine.deviance
        return Optimum(
            theta=fine.theta[best],
            deviance=float(fine.deviance[best]),
            information=fine.information[best],
            converged=bool(fine.converged[best]),
            origins=tuple(one.origin for one in starts),
            deviances=deviances,
        )


class _Budget:
    """Shares starts among numbers of peaks, and keeps some for the way back."""

    def __init__(self, starts: int, most: int) -> None:
        self.left = starts
        self._most = most

    def share(self, count: int) -> int:
        """Return how many starts ``count`` peaks may have."""
        # going back from k + 1 to k peaks takes k + 1 starts
        back = sum(range(2, self._most + 1)) if self._most > 1 else 0
        ahead = self._most - count + 1
        return min(self.left, max(1, (self.left - min(back, self.left // 3)) // ahead))

    def spend(self, number: int) -> None:
        """Take ``number`` starts from what is left."""
        self.left = max(0, self.left - number)


def _different_ends(fitted: Fitted) -> npt.NDArray[np.int64]:
    """Return the indices of the best ends that differ in deviance."""
    chosen: list[int] = []
    for index in np.argsort(fitted.deviance, kind="stable").tolist():
        deviance = fitted.deviance[index]
        if all(abs(deviance - fitted.deviance[other]) > 1e-3 + 1e-6 * deviance for other in chosen):
            chosen.append(index)
        if len(chosen) == _POLISHED:
            break
    return np.array(chosen, dtype=np.int64)
