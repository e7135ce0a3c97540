"""Wandering: starts at random around what a search has come to, for a look further than its own moves reach.

They run on all channels: on merged ones, lines that noise makes, of which models with too many lines consist, lie
elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube.progress import Progress
from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Origin
from shirube_bicfit.chunks import Begin
from shirube_bicfit.fitter import Ends, Fitter
from shirube_bicfit.optima import Optimum
from shirube_bicfit.task import Task

#: In how many turns they are made, each around what the one before has come to.
_TURNS: Final = 10
#: How far lines are shaken at most: their centres as a part of their widths, and the logarithms of their widths.
_SHAKEN: Final = (0.6, 0.9)
#: Part of the lines thrown in that lie anywhere in the region, not where the spectrum is high.
_ANYWHERE: Final = 0.3
#: Height of a line that is added, as a part of what the spectrum is there.
_LOW: Final = 0.1
_RANDOM: Final[Origin] = "random"

__all__ = ["wandered"]


@frozen(eq=False)
class _Data:
    """Where a spectrum is high: energies and intensities above the background of a solution, shape (n,) each."""

    energy: FloatArray
    net: FloatArray


def wandered(
    task: Task,
    fitter: Fitter,
    spectrum: int,
    optima: Sequence[Optimum],
    beyond: int,
    number: int,
    progress: Progress,
) -> tuple[Optimum, ...]:
    """Return the optima, or better ones that random starts of each number of lines lead to.

    Args:
        task: The spectrum.
        fitter: Its fitter.
        spectrum: Its number there.
        optima: The best fits with 1, 2, … lines that are known.
        beyond: So many numbers of lines beyond the best one are looked at.
        number: Starts of each number of lines.
        progress: Told how far it is.
    """
    known = list(optima)
    for turn in range(_TURNS):
        bics = [task.bic(one.deviance, one.free.size) for one in known]
        top = min(len(known), int(np.argmin(bics)) + 1 + beyond)
        some = number // _TURNS + (turn < number % _TURNS)
        rng = np.random.default_rng(turn)
        begins = [begin for at in range(top) for begin in _begins(task, fitter, spectrum, known, at, some, rng)]
        ends = fitter.finely_from_afar(begins)
        for at in range(top):
            places = [place for place, begin in enumerate(begins) if begin.count == known[at].count]
            known[at] = _better(known[at], ends, places)
        progress.update((turn + 1) / _TURNS, f"{turn + 1}/{_TURNS}")
    return tuple(known)


def _begins(
    task: Task,
    fitter: Fitter,
    spectrum: int,
    known: Sequence[Optimum],
    at: int,
    number: int,
    rng: np.random.Generator,
) -> list[Begin]:
    """Return the best fit with as many lines, and random starts.

    These are the best fit shaken, that with one line less with a line thrown in, and lines anywhere.
    """
    layout, limits, own = task.layout, task.limits, known[at]
    vector = layout.to_lines(own.free)
    data = _Data(task.energy, fitter.above_background(own.free, spectrum))
    share = -(-number // 3)
    found = [_shaken(layout.lines_of(vector), limits, share, rng)]
    if at and known[at - 1].count == own.count - 1:
        less = layout.lines_of(layout.to_lines(known[at - 1].free))
        found.append(_thrown_in(less, data, limits, min(share, number - share), rng))
    found.append(_scattered(own.count, data, limits, number - sum(len(lines) for lines in found), rng))
    common = vector[-layout.common :]
    vectors = (np.concatenate([lines.ravel(), common]) for lines in np.concatenate(found))
    random = [Begin(spectrum, own.count, _RANDOM, layout.to_free(one)) for one in vectors]
    # the leader, by which the others are judged
    return [Begin(spectrum, own.count, "given", own.free), *random]


def _better(known: Optimum, ends: Ends, places: Sequence[int]) -> Optimum:
    best = min(places, key=lambda place: float(ends.cost[place]))
    found = known
    if ends.cost[best] < known.deviance:
        found = evolve(
            known,
            free=ends.free[best],
            deviance=float(ends.cost[best]),
            converged=bool(ends.converged[best]),
        )
    random = places[1:]
    return evolve(
        found,
        origins=known.origins + (_RANDOM,) * len(random),
        deviances=np.concatenate([known.deviances, ends.cost[random]]),
        finished=known.finished + sum(bool(ends.converged[ends.leader[place]]) for place in random),
    )


def _shaken(lines: FloatArray, limits: Limits, number: int, rng: np.random.Generator) -> FloatArray:
    """Return lines, shape (k, 4), shaken about in ``number`` ways, shape (number, k, 4); areas stay about the same."""
    size = (number, len(lines))
    some = np.tile(lines, (number, 1, 1))
    # from hardly, where only the Lorentz fractions are other ones, to as far as it makes sense
    hard = rng.uniform(size=(number, 1))
    some[..., 1] += hard * rng.normal(0.0, _SHAKEN[0], size) * some[..., 2]
    wider = np.exp(hard * rng.normal(0.0, _SHAKEN[1], size))
    some[..., 2] *= wider
    some[..., 0] /= wider
    some[..., 3] = rng.uniform(0.0, limits.fraction_max, size)
    return some


def _thrown_in(lines: FloatArray, data: _Data, limits: Limits, number: int, rng: np.random.Generator) -> FloatArray:
    """Return lines, shape (k - 1, 4), with one more anywhere, shape (number, k, 4)."""
    energy = rng.uniform(limits.low, limits.high, number)
    height = _LOW * np.maximum(np.interp(energy, data.energy, data.net), _LOW * float(data.net.max()))
    more = np.column_stack(
        [height, energy, _widths(limits, number, rng), rng.uniform(0.0, limits.fraction_max, number)]
    )
    return np.concatenate([np.tile(lines, (number, 1, 1)), more[:, None]], axis=1)


def _scattered(count: int, data: _Data, limits: Limits, number: int, rng: np.random.Generator) -> FloatArray:
    """Return ``count`` lines, most of them where the spectrum is high, shape (number, count, 4)."""
    size = (number, count)
    density = np.maximum(data.net, 0.0) + 1e-9 * max(float(data.net.max()), 1e-300)
    centres = rng.choice(data.energy, size, p=density / density.sum())
    centres = np.where(rng.uniform(size=size) < _ANYWHERE, rng.uniform(limits.low, limits.high, size), centres)
    heights = np.maximum(np.interp(centres, data.energy, data.net), 0.0) * rng.uniform(0.3, 1.0, size)
    fractions = rng.uniform(0.0, limits.fraction_max, size)
    return np.stack([heights, centres, _widths(limits, size, rng), fractions], axis=-1)


def _widths(limits: Limits, size: int | tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    least, most = np.log([limits.fwhm_min, limits.fwhm_max])
    return np.exp(rng.uniform(least, most, size))
