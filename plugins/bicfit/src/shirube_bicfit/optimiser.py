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
#: By how much damping grows after a failure, and how much more after each further one.
_GROWTH: Final = 4.0
#: By how much damping shrinks at most after a success.
_SHRINK: Final = 0.1
#: A start has converged when so many steps in turn neither promised nor brought an improvement; one that is hardly
#: damped counts twice, since all that the quadratic model can offer is then in it.
_SMALL_STEPS: Final = 2
_HARDLY: Final = 1e-3
#: How often the referee looks.
_ROUND: Final = 3
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
            gained: What each that is alive has gained since the referee looked last, shape (alive,).
            alive: The numbers of those that still move.
        """


@frozen(eq=False)
class Fitted:
    """Where each start ended.

    Attributes:
        theta: Shape (starts, p).
        deviance: Shape (starts,).
        converged: Whether it ended by itself, shape (starts,); not so if a referee took it out.
        unfinished: Whether it was still moving when its steps were over, shape (starts,).
    """

    theta: FloatArray
    deviance: FloatArray
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

    Fisher scoring (Gauss-Newton with weights of the current model) damped after Marquardt and Nielsen.

    Args:
        objective: What is made small.
        starts: Shape (starts, p); clipped into the bounds.
        lower: Shape (p,) or (starts, p).
        upper: Shape (p,) or (starts, p).
        precision: When to stop.
        referee: Takes starts out before they have converged.
    """
    shape = starts.shape
    descent = _Descent(objective, starts, np.broadcast_to(lower, shape), np.broadcast_to(upper, shape), precision)
    for step in range(1, precision.steps + 1):
        if not descent.alive.size:
            break
        descent.step(last=step == precision.steps)
        if referee is not None and step % _ROUND == 0 and descent.alive.size:
            descent.ask(referee)
    return descent.result()


class _Descent:
    """All starts; those that still move are kept apart, close together."""

    def __init__(
        self, objective: Objective, starts: FloatArray, lower: FloatArray, upper: FloatArray, precision: Precision
    ) -> None:
        number = len(starts)
        self._objective, self._lower, self._upper, self._precision = objective, lower, upper, precision
        self.alive = np.arange(number)
        self._theta = np.clip(starts, lower, upper)
        self._cost, self._quadratic = objective.expand(self._theta, self.alive, np.full(number, np.inf))
        self._damping = np.full(number, _DAMPING_START)
        self._growth = np.full(number, _GROWTH)
        self._small = np.zeros(number, dtype=np.int64)
        # of all starts, where those are that have ended, and where the others were when the referee looked
        self._all_theta, self._all_cost = self._theta.copy(), self._cost.copy()
        self._out = np.zeros(number, dtype=bool)

    def step(self, *, last: bool) -> None:
        """Try one step of every start that is alive; after the last one no further step can follow."""
        theta, cost, quadratic, precision = self._theta, self._cost, self._quadratic, self._precision
        trial = quadratic.trial(theta, self._damping, self._lower, self._upper)
        predicted = quadratic.gain(trial - theta)
        ceiling = np.full(cost.size, -np.inf) if last else cost
        reached, beyond = self._objective.expand(trial, self.alive, ceiling)
        gain = cost - reached
        better = gain > 0.0
        promised = np.maximum(predicted, _TINY)
        matters = precision.absolute + precision.relative * np.abs(cost)
        moved = np.maximum(gain, np.abs(predicted)) > matters
        self._small = np.where(moved, 0, self._small + np.where(self._damping < _HARDLY, 2, 1))
        self._adapt_damping(better, np.minimum(np.maximum(gain, 0.0), promised) / promised)
        if better.all():
            self._theta, self._cost, self._quadratic = trial, reached, beyond
        elif better.any():
            theta[better], cost[better] = trial[better], reached[better]
            quadratic.replace(beyond, better)
        self._keep((self._small < _SMALL_STEPS) & (self._damping < _DAMPING_MOST))

    def ask(self, referee: Referee) -> None:
        """Let the referee take starts out."""
        gained = self._all_cost[self.alive] - self._cost
        self._note()
        out = referee.out(self._all_theta, self._all_cost, gained, self.alive)
        self._out[self.alive[out]] = True
        self._keep(~out)

    def result(self) -> Fitted:
        """Return where the starts are now."""
        self._note()
        unfinished = np.zeros(self._out.size, dtype=bool)
        unfinished[self.alive] = True
        return Fitted(self._all_theta, self._all_cost, ~(self._out | unfinished), unfinished)

    def _note(self) -> None:
        self._all_theta[self.alive], self._all_cost[self.alive] = self._theta, self._cost

    def _keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Go on with these of the starts that are alive."""
        if kept.all():
            return
        ended = self.alive[~kept]
        self._all_theta[ended], self._all_cost[ended] = self._theta[~kept], self._cost[~kept]
        self.alive, self._lower, self._upper = self.alive[kept], self._lower[kept], self._upper[kept]
        self._theta, self._cost, self._quadratic = self._theta[kept], self._cost[kept], self._quadratic.kept(kept)
        self._damping, self._growth, self._small = self._damping[kept], self._growth[kept], self._small[kept]

    def _adapt_damping(self, better: npt.NDArray[np.bool_], ratio: FloatArray) -> None:
        # after Nielsen (1999): damping follows how well the quadratic model predicted, and grows faster and faster
        surplus = 2.0 * ratio - 1.0
        shrink = np.maximum(1.0 - surplus * surplus * surplus, _SHRINK)
        damping = self._damping * np.where(better, shrink, self._growth)
        self._damping = np.maximum(damping, _DAMPING_LEAST, out=damping)
        self._growth = np.where(better, _GROWTH, _GROWTH * self._growth)
