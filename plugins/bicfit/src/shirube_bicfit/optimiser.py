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
    """All starts; those that still move are kept apart, close together."""

    def __init__(self, objective: Objective, starts: FloatArray, lower: FloatArray, upper: FloatArray) -> None:
        number, size = starts.shape
        self._objective, self._lower, self._upper = objective, lower, upper
        self.alive = np.arange(number)
        self._theta = np.clip(starts, lower, upper)
        self._cost, self._quadratic = self._expanded(self._theta, np.full(number, np.inf))
        self._damping = np.full(number, _DAMPING_START)
        self._growth = np.full(number, _GROWTH)
        self._small = np.zeros(number, dtype=np.int64)
        # of all starts, where those are that have ended, and where the others were when the referee looked
        self._all_theta, self._all_cost = self._theta.copy(), self._cost.copy()
        self._all_information = np.empty((number, size, size))
        self._out = np.zeros(number, dtype=bool)

    def step(self, precision: Precision) -> None:
        """Try one step of every start that is alive."""
        theta, cost, quadratic = self._theta, self._cost, self._quadratic
        trial = quadratic.trial(theta, self._damping, self._lower, self._upper)
        predicted = quadratic.gain(trial - theta)
        reached, beyond = self._expanded(trial, cost)
        gain = cost - reached
        better = gain > 0.0
        promised = np.maximum(predicted, _TINY)
        matters = precision.absolute + precision.relative * np.abs(cost)
        self._small += np.where(self._damping < _HARDLY, 2, 1)
        self._small[np.maximum(gain, np.abs(predicted)) > matters] = 0
        self._adapt_damping(better, np.clip(gain, 0.0, promised) / promised)
        if better.all():
            self._theta, self._cost, self._quadratic = trial, reached, beyond
        else:
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
        self._all_information[self.alive] = self._quadratic.information
        unfinished = np.zeros(self._out.size, dtype=bool)
        unfinished[self.alive] = True
        return Fitted(self._all_theta, self._all_cost, self._all_information, ~(self._out | unfinished), unfinished)

    def _expanded(self, theta: FloatArray, ceiling: FloatArray) -> tuple[FloatArray, _Quadratic]:
        cost, gradient, information = self._objective.expand(theta, self.alive, ceiling)
        return cost, _Quadratic(gradient, information)

    def _note(self) -> None:
        self._all_theta[self.alive], self._all_cost[self.alive] = self._theta, self._cost

    def _keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Go on with these of the starts that are alive."""
        if kept.all():
            return
        ended = self.alive[~kept]
        self._all_theta[ended], self._all_cost[ended] = self._theta[~kept], self._cost[~kept]
        self._all_information[ended] = self._quadratic.information[~kept]
        self.alive, self._lower, self._upper = self.alive[kept], self._lower[kept], self._upper[kept]
        self._theta, self._cost, self._quadratic = self._theta[kept], self._cost[kept], self._quadratic.kept(kept)
        self._damping, self._growth, self._small = self._damping[kept], self._growth[kept], self._small[kept]

    def _adapt_damping(self, better: npt.NDArray[np.bool_], ratio: FloatArray) -> None:
        # after Nielsen (1999): damping follows how well the quadratic model predicted, and grows faster and faster
        shrink = np.clip(1.0 - (2.0 * ratio - 1.0) ** 3, 0.1, 2.0)
        damping = np.where(better, self._damping * shrink, self._damping * self._growth)
        self._damping = np.maximum(damping, _DAMPING_LEAST, out=damping)
        self._growth = np.where(better, _GROWTH, _GROWTH * self._growth)


class _Quadratic:
    """What stands for the deviances near their starts.

    Args:
        gradient: Falling gradient over two, shape (starts, p).
        information: Shape (starts, p, p).
    """

    def __init__(self, gradient: FloatArray, information: FloatArray) -> None:
        self._gradient, self.information = gradient, information

    def kept(self, kept: npt.NDArray[np.bool_]) -> _Quadratic:
        """Return the same for some of the starts."""
        return _Quadratic(self._gradient[kept], self.information[kept])

    def replace(self, other: _Quadratic, where: npt.NDArray[np.bool_]) -> None:
        """Take over from another what it knows of some of the starts."""
        self._gradient[where], self.information[where] = other._gradient[where], other.information[where]

    def gain(self, move: FloatArray) -> FloatArray:
        """Return by how much a move is expected to make the deviances smaller, shape (starts,)."""
        bent = np.matmul(self.information, move[..., None])[..., 0]
        np.subtract(2.0 * self._gradient, bent, out=bent)
        return np.asarray(np.einsum("sp,sp->s", move, bent), dtype=np.float64)

    def trial(self, theta: FloatArray, damping: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
        """Return where damped steps lead that stay within the bounds, shape (starts, p)."""
        downhill = self._gradient
        # in units that make the diagonal of the information 1
        unit = np.maximum(np.einsum("spp->sp", self.information), _TINY)
        np.reciprocal(np.sqrt(unit, out=unit), out=unit)
        held = np.where(downhill < 0.0, theta <= lower, (theta >= upper) & (downhill > 0.0))
        aim = theta + _solved(self.information, downhill, damping, np.where(held, 0.0, unit))
        target = np.minimum(np.maximum(aim, lower), upper)
        crossing = target != aim
        again = np.flatnonzero(crossing.any(axis=1))
        if again.size:
            held = (held | crossing)[again]
            few, end, information = theta[again], target[again], self.information[again]
            given = np.where(held, end - few, 0.0)
            right = downhill[again] - np.matmul(information, given[..., None])[..., 0]
            step = _solved(information, right, damping[again], np.where(held, 0.0, unit[again]))
            target[again] = np.clip(np.where(held, end, few + step), lower[again], upper[again])
        return target


def _solved(information: FloatArray, right: FloatArray, damping: FloatArray, unit: FloatArray) -> FloatArray:
    """Solve the damped normal equations in these units; what has none does not move."""
    system = information * unit[:, :, None]
    system *= unit[:, None, :]
    np.einsum("spp->sp", system)[...] = (1.0 + damping)[:, None]
    return np.asarray(unit * np.linalg.solve(system, (unit * right)[..., None])[..., 0], dtype=np.float64)
