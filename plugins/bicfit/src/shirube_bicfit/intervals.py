"""Intervals: between which ends a number of a fit lies, within the bounds of the fit.

An end is where the deviance, everything else being free within its bounds, has risen by 3.84 times the variance over
that of the noise (95 %, chi-squared with one degree of freedom). With the quadratic that stands for the deviance at the
optimum these are the intervals of the Fisher information, two-sided and symmetric away from bounds, cut and skew near
them; following the deviance itself they are those of the profile likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.choices import IntervalMethod
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.objective import Index
from shirube_bicfit.targets import Targets, targets_of
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import Vicinity, vicinities

#: Of the intervals.
LEVEL: Final = 0.95
#: Chi-squared with one degree of freedom at this level, and how many standard deviations that is.
RISE: Final = 3.841458820694124
_TURNS: Final = 40
_RIDGE: Final = 1e-10
_CLOSE: Final = 1e-9
#: Steps along the profile, how near its ends come to the rise, and how far one step may overshoot it.
_STEPS: Final = 40
_NEAR: Final = 1e-3
_OVER: Final = 2.0

__all__ = ["LEVEL", "RISE", "Intervals", "fisher_intervals", "intervals_from", "profile_intervals"]


@frozen(eq=False)
class Intervals:
    """Intervals of the numbers of a solution: lower and upper ends, in the units of the spectrum.

    Attributes:
        method: How they came about.
        level: How often they hold the truth.
        theta: Of height, centre, FWHM, Lorentz fraction of each component and of the background's ends,
            shape (4 components + 2, 2).
        commons: Of numbers that all lines have in common, shape (m, 2).
        areas: Of the areas, shape (components, 2).
        parts: Of the parts of the whole area, shape (components, 2).
    """

    method: IntervalMethod
    level: float
    theta: FloatArray
    commons: FloatArray
    areas: FloatArray
    parts: FloatArray


def intervals_from(method: IntervalMethod, ends: FloatArray, targets: Targets, unit: float) -> Intervals:
    """Return intervals from the ends of all targets, shape (m, 2), in units of the noise."""
    scaled = ends * targets.units(unit)[:, None]
    return Intervals(
        method, LEVEL, scaled[targets.theta], scaled[targets.commons], scaled[targets.areas], scaled[targets.parts]
    )


def fisher_intervals(task: Task, at: Vicinity, order: Index, factor: float) -> Intervals:
    """Return intervals of the quadratic at the optimum.

    Args:
        task: The spectrum.
        at: The optimum.
        order: Of the components.
        factor: Variance over that of the noise model.
    """
    targets = targets_of(task.layout, at.free, at.full, at.tangent, order)
    steps = _farthest([at], _both_ways(targets.slopes), np.full(2 * targets.values.size, RISE * factor))
    reach = np.einsum("mp,mp->m", np.tile(targets.slopes, (2, 1)), steps).reshape(2, -1)
    ends = _within(targets, targets.values + reach).T
    return intervals_from("fisher", ends, targets, task.noise.unit)


def profile_intervals(task: Task, model: SpectrumModel, at: Vicinity, order: Index, factor: float) -> Intervals:
    """Return intervals of the profile likelihood.

    Each end is walked to: from wherever it is, a step goes to the farthest point that the quadratic there admits.

    Args:
        task: The spectrum.
        model: Its model.
        at: The optimum.
        order: Of the components.
        factor: Variance over that of the noise model.
    """
    targets = targets_of(task.layout, at.free, at.full, at.tangent, order)
    number = 2 * targets.values.size
    sign = np.repeat([-1.0, 1.0], targets.values.size)
    free, places = np.tile(at.free, (number, 1)), [at] * number
    room = RISE * factor
    reached = np.tile(targets.values, 2)
    spread = np.maximum(np.abs(_spreads(at, targets.slopes)), 1e-300)
    alive = np.arange(number)
    for _ in range(_STEPS):
        now = [places[one] for one in alive]
        slopes = np.array(
            [
                targets_of(task.layout, one.free, one.full, one.tangent, order).slopes[index % targets.values.size]
                for one, index in zip(now, alive.tolist(), strict=True)
            ]
        )
        left = np.array([room - (one.deviance - at.deviance) for one in now])
        step = _farthest(now, slopes * sign[alive, None], left)
        free[alive], trial = _taken(task, model, now, free[alive], step, at.deviance + _OVER * room)
        for one, vicinity in zip(alive.tolist(), trial, strict=True):
            places[one] = vicinity
        value = np.array([_value(task, places[one], order, one % targets.values.size) for one in alive.tolist()])
        moved = np.abs(value - reached[alive]) / spread[alive % targets.values.size]
        reached[alive] = value
        off = np.array([abs(places[one].deviance - at.deviance - room) / room for one in alive.tolist()])
        # an end at a bound need not reach the rise
        alive = alive[(moved > _NEAR) | ((off > _NEAR) & (moved > _NEAR * _NEAR))]
        if not alive.size:
            break
    ends = _within(targets, reached.reshape(2, -1)).T
    return intervals_from("profile", ends, targets, task.noise.unit)


def _value(task: Task, at: Vicinity, order: Index, index: int) -> float:
    return float(targets_of(task.layout, at.free, at.full, at.tangent, order).values[index])


def _taken(
    task: Task, model: SpectrumModel, now: Sequence[Vicinity], free: FloatArray, step: FloatArray, ceiling: float
) -> tuple[FloatArray, list[Vicinity]]:
    """Return where steps lead, halved as long as they overshoot what is allowed."""
    bounds = (now[0].lower, now[0].upper)
    length = np.ones(len(free))
    target, trial = free, list(now)
    for _ in range(_TURNS):
        target = np.clip(free + length[:, None] * step, *bounds)
        trial = vicinities(task, model, target, bounds)
        over = np.array([one.deviance > max(ceiling, here.deviance) for one, here in zip(trial, now, strict=True)])
        if not over.any():
            break
        length[over] *= 0.5
    return target, trial


def _both_ways(slopes: FloatArray) -> FloatArray:
    return np.concatenate([-slopes, slopes])


def _within(targets: Targets, ends: FloatArray) -> FloatArray:
    """Return ends within what a target can be: areas are not negative, parts of a whole lie between 0 and 1."""
    ends = ends.copy()
    ends[:, targets.areas] = np.maximum(ends[:, targets.areas], 0.0)
    ends[:, targets.parts] = np.clip(ends[:, targets.parts], 0.0, 1.0)
    return ends


def _spreads(at: Vicinity, slopes: FloatArray) -> FloatArray:
    steps = _farthest([at], slopes, np.ones(len(slopes)))
    return np.asarray(np.einsum("mp,mp->m", slopes, steps), dtype=np.float64)


def _farthest(at: Sequence[Vicinity], slopes: FloatArray, room: FloatArray) -> FloatArray:
    """Return the steps that go farthest along each slope while the quadratic rises by no more than the room.

    It is a linear function on an ellipsoid within a box: numbers that a step takes across their bounds stop there,
    those at a bound from which a step gains are let go, until neither happens.

    Args:
        at: One vicinity for all slopes, or one for each.
        slopes: Shape (m, p).
        room: Shape (m,).
    """
    information = np.array([one.information for one in at])
    scale = np.sqrt(np.maximum(np.einsum("spp->sp", information), 1e-300))
    scale = np.where(np.einsum("spp->sp", information) > 0.0, scale, 1.0)
    shape = slopes.shape
    system = information / scale[:, :, None] / scale[:, None, :] + _RIDGE * np.eye(shape[1])
    gradient = np.broadcast_to(np.array([one.gradient for one in at]) / scale, shape)
    direction = slopes / scale
    free = np.array([one.free for one in at])
    lowest = np.broadcast_to((np.array([one.lower for one in at]) - free) * scale, shape)
    highest = np.broadcast_to((np.array([one.upper for one in at]) - free) * scale, shape)
    step = _Ellipsoids(system, gradient, direction, lowest, highest, room).steps()
    return np.asarray(step / scale, dtype=np.float64)


class _Ellipsoids:
    """Linear functions on ellipsoids within boxes, all solved at once; one matrix may be that of all of them."""

    def __init__(
        self,
        system: FloatArray,
        gradient: FloatArray,
        direction: FloatArray,
        lowest: FloatArray,
        highest: FloatArray,
        room: FloatArray,
    ) -> None:
        self._system, self._gradient, self._direction = system, gradient, direction
        self._lowest, self._highest, self._room = lowest, highest, room

    def steps(self) -> FloatArray:
        lowest, highest = self._lowest, self._highest
        held = ((lowest >= -_CLOSE) & (self._gradient > 0.0)) | ((highest <= _CLOSE) & (self._gradient < 0.0))
        offset = np.where(held, np.clip(0.0, lowest, highest), 0.0)
        steps = np.zeros_like(self._direction)
        rows, some = np.arange(len(steps)), self
        for turn in range(_TURNS):
            step, pull = some._solved(held, offset)
            steps[rows] = step
            lowest, highest = some._lowest, some._highest
            crossing = ~held & ((step < lowest - _CLOSE) | (step > highest + _CLOSE))
            # what was let go and crosses at once again would go round in circles: late in the game nothing is let go
            gains = held & np.where(offset - lowest < highest - offset, pull > _CLOSE, pull < -_CLOSE)
            gains &= ~crossing.any(axis=1, keepdims=True) & (turn < _TURNS // 2)
            changing = np.flatnonzero((crossing | gains).any(axis=1))
            if not changing.size:
                break
            offset = np.where(crossing, np.clip(step, lowest, highest), offset)
            held = (held | crossing) & ~gains
            offset = np.where(held, offset, 0.0)
            rows, some, held, offset = rows[changing], some._kept(changing), held[changing], offset[changing]
        return np.clip(steps, self._lowest, self._highest)

    def _kept(self, rows: Index) -> _Ellipsoids:
        """Return some of them."""
        every = (self._gradient, self._direction, self._lowest, self._highest, self._room)
        system = self._system if len(self._system) == 1 else self._system[rows]
        return _Ellipsoids(system, *(one[rows] for one in every))

    def _solved(self, held: npt.NDArray[np.bool_], offset: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return steps with what is held given, and how much what is held would gain from being let go."""
        free = ~held
        # where the same is held for all, one matrix serves all of them
        alike = len(self._system) == 1 and bool((held == held[0]).all() and (offset == offset[0]).all())
        some = free[:1] if alike else free
        system = self._system * some[:, :, None] * some[:, None, :]
        index = np.arange(held.shape[1])
        system[:, index, index] = np.where(some, self._system[:, index, index], 1.0)
        given = np.matmul(self._system, offset[..., None])[..., 0]
        down, wanted = np.where(free, -self._gradient - given, offset), np.where(free, self._direction, 0.0)
        if alike:
            solved = np.linalg.solve(system[0], np.vstack([down[:1], wanted]).T).T
            lowest, along = np.broadcast_to(solved[0], wanted.shape), solved[1:]
        else:
            lowest, along = np.moveaxis(np.linalg.solve(system, np.stack([down, wanted], axis=-1)), -1, 0)
        bent = np.matmul(self._system, lowest[..., None])[..., 0]
        least = np.einsum("mp,mp->m", lowest, bent + 2.0 * self._gradient)
        reach = np.einsum("mp,mp->m", along, wanted)
        usable = reach > _RIDGE * np.einsum("mp,mp->m", self._direction, self._direction)
        length = np.sqrt(np.maximum(self._room - least, 0.0) / np.where(usable, reach, 1.0)) * usable
        step = lowest + length[:, None] * along
        slope = np.matmul(self._system, step[..., None])[..., 0] + self._gradient
        moving = length > 0.0
        # where only what is held could move along the direction, all it gains from being let go is that
        pull = self._direction - np.where(moving[:, None], slope / np.where(moving, length, 1.0)[:, None], 0.0)
        return step, pull
