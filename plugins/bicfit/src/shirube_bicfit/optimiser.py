"""Levenberg-Marquardt within bounds, for many starts at once."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.objective import Index, Objective

_DAMPING_START: Final = 3e-3
_DAMPING_LEAST: Final = 1e-9
_DAMPING_MOST: Final = 1e12
#: A start has converged when so many steps in turn neither promised nor brought an improvement.
_SMALL_STEPS: Final = 2
#: How often the referee looks.
_ROUND: Final = 4
_TINY: Final = 1e-300

__all__ = ["Fitted", "Precision", "Referee", "minimise"]


@frozen
class Precision:
    """When to stop.

    Attributes:
        absolute: Improvement of the deviance that no longer matters.
        relative: The same as a fraction of the deviance.
        steps: Most steps of a start.
    """

    absolute: float
    relative: float
    steps: int


class Referee(Protocol):
    """Takes starts out that need not go on."""

    def out(self, theta: FloatArray, cost: FloatArray, gained: FloatArray, alive: Index) -> npt.NDArray[np.bool_]:
        """Return which of the starts that are alive are out, shape (alive,).

        Args:
            theta: Where every start is, shape (starts, p).
            cost: Its deviance, shape (starts,).
            gained: What each has gained since the referee looked last, shape (starts,).
            alive: The numbers of those that still move.
        """


@frozen(eq=False)
class Fitted:
    """Where each start ended.

    Attributes:
        theta: Shape (starts, p).
        deviance: Shape (starts,).
        information: The optimiser's Fisher information there, shape (starts, p, p).
        converged: Whether it ended by itself, shape (starts,); not so if a referee took it out.
        unfinished: Whether it was still moving when its steps were over, shape (starts,).
    """

    theta: FloatArray
    deviance: FloatArray
    information: FloatArray
    converged: npt.NDArray[np.bool_]
    unfinished: npt.NDArray[np.bool_]


def minimise(
    objective: Objective,
    starts: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    precision: Precision,
    referee: Referee | None = None,
) -> Fitted:
    """Minimise a deviance from many starts within bounds.

    Fisher scoring (Gauss-Newton with weights of the current model) damped after Marquardt and Nielsen. A parameter at
    a bound that the gradient pushes outwards stays there; one that a step takes across a bound stops at it, and the
    others are solved for again.

    Args:
        objective: What is made small.
        starts: Shape (starts, p); clipped into the bounds.
        lower: Shape (p,) or (starts, p).
        upper: Shape (p,) or (starts, p).
        precision: When to stop.
        referee: Takes starts out before they have converged.
    """
    shape = starts.shape
    descent = _Descent(objective, starts, np.broadcast_to(lower, shape), np.broadcast_to(upper, shape))
    for step in range(1, precision.steps + 1):
        if not descent.alive.size:
            break
        descent.step(precision)
        if referee is not None and step % _ROUND == 0 and descent.alive.size:
            descent.ask(referee)
    return descent.result()


class _Descent:
    """The state of all starts; those that have converged are no longer ``alive``."""

    def __init__(self, objective: Objective, starts: FloatArray, lower: FloatArray, upper: FloatArray) -> None:
        self._objective, self._lower, self._upper = objective, lower, upper
        self._theta = np.clip(starts, lower, upper)
        number = len(starts)
        self.alive = np.arange(number)
        self._cost, self._gradient, self._information = objective.expand(
            self._theta, self.alive, np.full(number, np.inf)
        )
        self._damping = np.full(number, _DAMPING_START)
        self._growth = np.full(number, 2.0)
        self._small = np.zeros(number, dtype=np.int64)
        self._seen = self._cost.copy()
        self._out = np.zeros(number, dtype=bool)

    def step(self, precision: Precision) -> None:
        """Try one step of every start that is alive."""
        at = self.alive
        theta, gradient, information = self._theta[at], self._gradient[at], self._information[at]
        trial = _trial(theta, gradient, information, self._damping[at], self._lower[at], self._upper[at])
        move = trial - theta
        bent = np.matmul(information, move[..., None])[..., 0]
        predicted = np.einsum("sp,sp->s", move, 2.0 * gradient - bent)
        before = self._cost[at]
        cost, gradient, information = self._objective.expand(trial, at, before)
        gain = before - cost
        better = gain > 0.0
        promised = np.maximum(predicted, _TINY)
        self._adapt_damping(at, better, np.minimum(np.where(better, gain, 0.0), promised) / promised)
        matters = precision.absolute + precision.relative * np.abs(before)
        small = ~((gain > matters) | (np.abs(predicted) > matters))
        self._small[at] = np.where(small, self._small[at] + 1, 0)
        taken = at[better]
        self._theta[taken], self._cost[taken] = trial[better], cost[better]
        self._gradient[taken], self._information[taken] = gradient[better], information[better]
        self.alive = at[(self._small[at] < _SMALL_STEPS) & (self._damping[at] < _DAMPING_MOST)]

    def ask(self, referee: Referee) -> None:
        """Let the referee take starts out."""
        out = referee.out(self._theta, self._cost, self._seen - self._cost, self.alive)
        self._out[self.alive[out]] = True
        self.alive = self.alive[~out]
        self._seen = self._cost.copy()

    def result(self) -> Fitted:
        """Return where the starts are now."""
        unfinished = np.zeros(len(self._theta), dtype=bool)
        unfinished[self.alive] = True
        return Fitted(self._theta, self._cost, self._information, ~(self._out | unfinished), unfinished)

    def _adapt_damping(self, at: Index, better: npt.NDArray[np.bool_], ratio: FloatArray) -> None:
        # Nielsen (1999): damping follows how well the quadratic model predicted, and grows ever faster after failures.
        damping, growth = self._damping[at], self._growth[at]
        shrink = np.clip(1.0 - (2.0 * ratio - 1.0) ** 3, 0.1, 2.0)
        self._damping[at] = np.where(better, np.maximum(damping * shrink, _DAMPING_LEAST), damping * growth)
        self._growth[at] = np.where(better, 2.0, 2.0 * growth)


def _trial(
    theta: FloatArray,
    gradient: FloatArray,
    information: FloatArray,
    damping: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
) -> FloatArray:
    """Return damped steps that stay within the bounds, shape (starts, p)."""
    scale = np.sqrt(np.maximum(np.einsum("spp->sp", information), _TINY))
    scaled = information / scale[:, :, None]
    scaled /= scale[:, None, :]
    downhill = gradient / scale
    held = ((theta <= lower) & (gradient < 0.0)) | ((theta >= upper) & (gradient > 0.0))
    step = _solved(scaled, downhill, damping, held, np.zeros_like(theta)) / scale
    # held ones are exactly where they are held: one rounding inside a bound, and they would count as free
    aim = np.where(held, theta, theta + step)
    target = np.clip(aim, lower, upper)
    crossing = target != aim
    again = np.flatnonzero(crossing.any(axis=1))
    if again.size:
        held = (held | crossing)[again]
        offset = (target[again] - theta[again]) * scale[again]
        step = _solved(scaled[again], downhill[again], damping[again], held, offset) / scale[again]
        target[again] = np.clip(np.where(held, target[again], theta[again] + step), lower[again], upper[again])
    return target


def _solved(
    scaled: FloatArray, gradient: FloatArray, damping: FloatArray, held: npt.NDArray[np.bool_], offset: FloatArray
) -> FloatArray:
    """Solve the damped normal equations, with the steps of ``held`` parameters given by ``offset``."""
    system = scaled.copy()
    diagonal = np.einsum("spp->sp", system)
    right = gradient
    if held.any():
        free = ~held
        given = np.where(held, offset, 0.0)
        right = np.where(free, gradient - np.matmul(scaled, given[..., None])[..., 0], given)
        system *= free[:, :, None]
        system *= free[:, None, :]
        diagonal[...] = np.where(free, 1.0 + damping[:, None], 1.0)
    else:
        diagonal[...] = 1.0 + damping[:, None]
    return np.asarray(np.linalg.solve(system, right[..., None])[..., 0], dtype=np.float64)
