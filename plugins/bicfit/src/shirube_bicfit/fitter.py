"""The fitter: where starts end, first on merged channels, the best ones then on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from shirube.records import FloatArray
from shirube_bicfit.binning import MIDDLE, Binning
from shirube_bicfit.bounds import Limits, box
from shirube_bicfit.chunks import Begin, Chunk, Workers, chunks_of
from shirube_bicfit.culling import BasinReferee, Patience
from shirube_bicfit.layout import Layout
from shirube_bicfit.lineshapes import DOUBLE, SINGLE
from shirube_bicfit.losses import Loss
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.moves import Sight
from shirube_bicfit.noise import loss_of
from shirube_bicfit.objective import SpectrumObjective
from shirube_bicfit.optimiser import Fitted, Precision, minimise
from shirube_bicfit.polishing import polished
from shirube_bicfit.task import Task

#: A start that needs more steps goes on with the next wave, in better company.
COARSE: Final = Precision(absolute=2e-2, relative=1e-5, steps=16)
#: By so many steps moves are judged before the best of them are started.
SCREEN: Final = evolve(COARSE, steps=3)
FINE: Final = Precision(absolute=1e-5, relative=1e-9, steps=120)
LAST: Final = Precision(absolute=0.0, relative=1e-11, steps=100)
#: Straight lines alone leave so much that nobody asks for the last digits.
_STRAIGHT: Final = evolve(FINE, relative=1e-6)
#: When starts on merged channels are given up, finalists of one number of lines, and starts from anywhere.
_HOPELESS: Final = Patience(3.0, 0.003)
_BEATEN: Final = Patience(0.5, 1e-4)
_FAR_BEHIND: Final = Patience(30.0, 0.1, prospect=10.0)
#: Middle channels are worth it if they are fewer than this part of all.
_WORTH: Final = 0.6
#: Up to so many counts, single precision tells deviances apart well enough to find the way.
_FEW: Final = 1e7
#: Derivatives of a chunk below which threads wait for each other more than they share.
_WORTH_SHARING: Final = 1_000_000
#: Rise of the background over the height of the peaks above which the steps must know that it follows them.
_STRONG: Final = 0.25

__all__ = ["COARSE", "FINE", "LAST", "SCREEN", "Ends", "Fitter", "follows_strongly"]


@frozen(eq=False)
class Ends:
    """Where starts ended.

    Attributes:
        free: Parameter vectors in free form, one a start.
        cost: Deviances, shape (starts,).
        converged: Whether each ended by itself, shape (starts,).
        unfinished: Whether each was still moving when its steps were over, shape (starts,).
        leader: The start whose basin each is in; its own number, unless it was taken out as a follower.
    """

    free: tuple[FloatArray, ...]
    cost: FloatArray
    converged: npt.NDArray[np.bool_]
    unfinished: npt.NDArray[np.bool_]
    leader: npt.NDArray[np.int64]


class Fitter:
    """Fits spectra that share energies, bounds, layout, background and kind of noise.

    Args:
        tasks: The spectra.
        workers: Threads.
        culling: Whether starts run on merged channels first and are taken out when they need not go on.
    """

    def __init__(self, tasks: Sequence[Task], workers: Workers, *, culling: bool = True) -> None:
        first = tasks[0]
        self.layout: Layout = first.layout
        self.limits: Limits = first.limits
        self.model = SpectrumModel(first.energy, first.background, first.layout)
        self.counts = np.array([task.intensity / task.noise.unit for task in tasks])
        self.binning = Binning.of(first.energy, first.limits.fwhm_min)
        self._workers, self._culling, self._kind = workers, culling, first.noise.kind
        self._loss = loss_of(self._kind, self.counts)
        self._coarse = self._merged(self.binning)
        self._few = float(np.abs(self.counts).max()) < _FEW
        middle = Binning.of(first.energy, first.limits.fwhm_min, MIDDLE)
        self._middle = self._merged(middle) if middle.size.size < _WORTH * self.model.channels else None
        self._strong = first.background == "shirley" and any(follows_strongly(one) for one in self.counts)

    @property
    def workers(self) -> Workers:
        """The threads."""
        return self._workers

    def roughly(self, begins: Sequence[Begin]) -> Ends:
        """Return where starts end on merged channels, to a few hundredths of a unit of deviance."""
        if not self._culling:
            return self._run(begins, (self.model, self._loss), FINE, None)
        return self._run(begins, self._coarse, COARSE, _HOPELESS)

    def screened(self, begins: Sequence[Begin]) -> tuple[list[Begin], FloatArray]:
        """Return starts after a few steps on merged channels, culling or not, and their deviances there."""
        if not begins:
            return [], np.empty(0)
        ends = self._run(begins, self._coarse, SCREEN, None)
        return [evolve(begin, free=free) for begin, free in zip(begins, ends.free, strict=True)], ends.cost

    def finely(self, begins: Sequence[Begin]) -> Ends:
        """Return where starts end on all channels."""
        if not self._culling:
            return self._run(begins, (self.model, self._loss), FINE, None)
        if self._middle is not None:
            ends = self._run(begins, self._middle, FINE, _BEATEN)
            begins = [evolve(begin, free=free) for begin, free in zip(begins, ends.free, strict=True)]
        return self._run(begins, (self.model, self._loss), FINE, _BEATEN)

    def finely_from_afar(self, begins: Sequence[Begin]) -> Ends:
        """Return where starts end on all channels; those that are far behind may still catch up."""
        return self._run(begins, (self.model, self._loss), FINE, _FAR_BEHIND if self._culling else None)

    def to_the_last_digit(self, begins: Sequence[Begin]) -> Ends:
        """Return where starts end on all channels when nothing more can be gained."""
        return self._run(begins, (self.model, self._loss), LAST, None)

    def within(self, limits: Limits) -> Fitter:
        """Return the fitter with other bounds."""
        other = object.__new__(Fitter)
        other.__dict__.update(self.__dict__)
        other.limits = limits
        return other

    def sight(self, free: FloatArray, spectrum: int) -> Sight:
        """Return a spectrum, on merged channels, as a solution in free form leaves it."""
        model, losses = self._coarse
        full = self.layout.to_components(free[None])
        peaks, background = model.components(full[0])
        value = peaks.sum(axis=0) + background
        residual, root = losses.of(np.array([spectrum])).residual(value[None])
        return Sight(model.energy, value + residual[0] - background, residual[0] * root[0], root[0], model.step)

    def above_background(self, free: FloatArray, spectrum: int) -> FloatArray:
        """Return a spectrum without the background of a solution in free form, shape (n,)."""
        return np.asarray(self.counts[spectrum] - self.model.components(self.layout.to_components(free[None])[0])[1])

    def straight_lines(self) -> FloatArray:
        """Return the deviances of straight lines without any peak, shape (spectra,)."""
        model = SpectrumModel(self.model.energy, "linear")
        lower, upper = box(self.limits, model.layout, 0, self._kind)
        objective = SpectrumObjective(model, self._loss, np.arange(len(self.counts)), exact=True)
        # least squares between the ends come near, so that few steps remain
        basis = np.stack([1.0 - model.ramp, model.ramp], axis=1)
        near = np.linalg.lstsq(basis, self.counts.T, rcond=None)[0].T
        return minimise(objective, near, lower, upper, _STRAIGHT).deviance

    def _merged(self, binning: Binning) -> tuple[SpectrumModel, Loss]:
        if not binning.merges:
            return self.model, self._loss
        model = SpectrumModel(binning.mean(self.model.energy), self.model.background, self.layout)
        return model, loss_of(self._kind, binning.mean(self.counts), binning.size)

    def _run(
        self,
        begins: Sequence[Begin],
        on: tuple[SpectrumModel, Loss],
        precision: Precision,
        patience: Patience | None,
    ) -> Ends:
        exact = self._strong or (patience is None and precision is not SCREEN)
        kind = SINGLE if on is self._coarse and self._few else DOUBLE

        def run(chunk: Chunk) -> tuple[Fitted, npt.NDArray[np.int64]]:
            free, lower, upper = self._filled([begins[place] for place in chunk.places], chunk.count)
            objective = SpectrumObjective(*on, chunk.spectrum_of, exact=exact, kind=kind)
            referee = BasinReferee(self.layout, chunk.group, patience or _HOPELESS)
            fitted = minimise(objective, free, lower, upper, precision, referee if patience else None)
            if precision is LAST:
                theta, deviance = polished(objective, fitted.theta, lower, upper)
                fitted = evolve(fitted, theta=theta, deviance=deviance)
            return fitted, chunk.places[referee.leaders()]

        number = len(begins)
        free: list[FloatArray] = [np.empty(0)] * number
        cost, leader = np.empty(number), np.empty(number, dtype=np.int64)
        converged, unfinished = np.empty(number, dtype=bool), np.empty(number, dtype=bool)
        chunks = chunks_of(begins)
        numbers = sum(chunk.places.size * self.layout.free_count(chunk.count) for chunk in chunks)
        crew = self._workers if numbers * on[0].channels > _WORTH_SHARING * len(chunks) else Workers(1)
        for chunk, (fitted, leads) in zip(chunks, crew.map(run, chunks), strict=True):
            cost[chunk.places], leader[chunk.places] = fitted.deviance, leads
            converged[chunk.places], unfinished[chunk.places] = fitted.converged, fitted.unfinished
            for place, vector in zip(chunk.places.tolist(), fitted.theta, strict=True):
                free[place] = self.layout.first_lines(vector, begins[place].count)
        return Ends(tuple(free), cost, converged, unfinished, leader)

    def _filled(self, begins: Sequence[Begin], count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return starts filled up to ``count`` lines with lines that are nothing and stay so, and their bounds."""
        lower, upper = box(self.limits, self.layout, count, self._kind)
        shape = (len(begins), lower.size)
        lowers, uppers = np.broadcast_to(lower, shape).copy(), np.broadcast_to(upper, shape).copy()
        free = np.empty(shape)
        end = self.layout.per_line * count
        free[:, :end] = np.tile(self._nothing(), count)
        for row, begin in enumerate(begins):
            own = self.layout.per_line * begin.count
            free[row, :own] = begin.free[:own]
            free[row, end:] = begin.free[own:]
            if own < end:
                lowers[row, own:end] = uppers[row, own:end] = free[row, own:end]
        return free, lowers, uppers

    def _nothing(self) -> FloatArray:
        middle = {
            "height": 0.0,
            "centre": 0.5 * (self.limits.low + self.limits.high),
            "fwhm": self.limits.fwhm_max,
            "fraction": 0.0,
        }
        return np.array([middle[name] for name in self.layout.line_names])


def follows_strongly(counts: FloatArray) -> bool:
    """Tell whether the background rises by much of what the peaks are high."""
    ends = max(1, counts.size // 20)
    low, high = float(counts[:ends].mean()), float(counts[-ends:].mean())
    height = float(counts.max()) - max(low, high)
    return abs(high - low) > _STRONG * max(height, 1e-300)
