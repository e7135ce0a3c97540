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
        self._growth = np.full(number, 2.0)
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
        self._adapt_damping(better, np.clip(gain, 0.0, promised) / promised)
        matters = precision.absolute + precision.relative * np.abs(cost)
        self._small += 1
        self._small[np.maximum(gain, np.abs(predicted)) > matters] = 0
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
        self._all_information[self.alive] = self._quadratic.information()
        unfinished = np.zeros(self._out.size, dtype=bool)
        unfinished[self.alive] = True
        return Fitted(self._all_theta, self._all_cost, self._all_information, ~(self._out | unfinished), unfinished)

    def _expanded(self, theta: FloatArray, ceiling: FloatArray) -> tuple[FloatArray, _Quadratic]:
        cost, gradient, information = self._objective.expand(theta, self.alive, ceiling)
        return cost, _Quadratic.of(gradient, information)

    def _note(self) -> None:
        self._all_theta[self.alive], self._all_cost[self.alive] = self._theta, self._cost

    def _keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Go on with these of the starts that are alive."""
        if kept.all():
            return
        ended = self.alive[~kept]
        self._all_theta[ended], self._all_cost[ended] = self._theta[~kept], self._cost[~kept]
        self._all_information[ended] = self._quadratic.kept(~kept).information()
        self.alive, self._lower, self._upper = self.alive[kept], self._lower[kept], self._upper[kept]
        self._theta, self._cost, self._quadratic = self._theta[kept], self._cost[kept], self._quadratic.kept(kept)
        self._damping, self._growth, self._small = self._damping[kept], self._growth[kept], self._small[kept]

    def _adapt_damping(self, better: npt.NDArray[np.bool_], ratio: FloatArray) -> None:
        # Nielsen (1999): damping follows how well the quadratic model predicted, and grows ever faster after failures.
        shrink = np.clip(1.0 - (2.0 * ratio - 1.0) ** 3, 0.1, 2.0)
        damping = np.where(better, self._damping * shrink, self._damping * self._growth)
        self._damping = np.maximum(damping, _DAMPING_LEAST, out=damping)
        self._growth = np.where(better, 2.0, 2.0 * self._growth)


class _Quadratic:
    """What stands for the deviances near their starts: gradient and information, in units that make its diagonal 1.

    Args:
        unit: Of each parameter, shape (starts, p).
        gradient: Falling gradient over two, shape (starts, p).
        scaled: Information, shape (starts, p, p).
    """

    def __init__(self, unit: FloatArray, gradient: FloatArray, scaled: FloatArray) -> None:
        self._unit, self._gradient, self._scaled = unit, gradient, scaled

    @classmethod
    def of(cls, gradient: FloatArray, information: FloatArray) -> _Quadratic:
        """Return the quadratic of gradients and information matrices, which are used up."""
        unit = 1.0 / np.sqrt(np.maximum(np.einsum("spp->sp", information), _TINY))
        information *= unit[:, :, None]
        information *= unit[:, None, :]
        gradient *= unit
        return cls(unit, gradient, information)

    def information(self) -> FloatArray:
        """Return the information in the parameters' own units."""
        return np.asarray(self._scaled / self._unit[:, :, None] / self._unit[:, None, :], dtype=np.float64)

    def kept(self, kept: npt.NDArray[np.bool_]) -> _Quadratic:
        """Return the same for some of the starts."""
        return _Quadratic(self._unit[kept], self._gradient[kept], self._scaled[kept])

    def replace(self, other: _Quadratic, where: npt.NDArray[np.bool_]) -> None:
        """Take over from another what it knows of some of the starts."""
        self._unit[where], self._gradient[where] = other._unit[where], other._gradient[where]
        self._scaled[where] = other._scaled[where]

    def gain(self, move: FloatArray) -> FloatArray:
        """Return by how much a move is expected to make the deviances smaller, shape (starts,)."""
        step = move / self._unit
        bent = np.matmul(self._scaled, step[..., None])[..., 0]
        return np.asarray(np.einsum("sp,sp->s", step, 2.0 * self._gradient - bent), dtype=np.float64)

    def trial(self, theta: FloatArray, damping: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
        """Return where damped steps lead that stay within the bounds, shape (starts, p)."""
        unit, downhill = self._unit, self._gradient
        held = np.where(downhill < 0.0, theta <= lower, (theta >= upper) & (downhill > 0.0))
        aim = theta + _solved(self._scaled, downhill, damping, held, None) * unit
        target = np.minimum(np.maximum(aim, lower), upper)
        crossing = target != aim
        again = np.flatnonzero(crossing.any(axis=1))
        if again.size:
            held = (held | crossing)[again]
            few, its = theta[again], unit[again]
            offset = (target[again] - few) / its
            step = _solved(self._scaled[again], downhill[again], damping[again], held, offset) * its
            target[again] = np.clip(np.where(held, target[again], few + step), lower[again], upper[again])
        return target


def _solved(
    scaled: FloatArray,
    gradient: FloatArray,
    damping: FloatArray,
    held: npt.NDArray[np.bool_],
    offset: FloatArray | None,
) -> FloatArray:
    """Solve the damped normal equations, with the steps of ``held`` parameters given by ``offset``; 0 if None."""
    system = scaled.copy()
    right = gradient
    diagonal = np.einsum("spp->sp", system)
    diagonal[...] = (1.0 + damping)[:, None]
    if held.any():
        if offset is not None:
            given = np.where(held, offset, 0.0)
            right = gradient - np.matmul(scaled, given[..., None])[..., 0]
            right[held] = offset[held]
        else:
            right = np.where(held, 0.0, gradient)
        # without what ties them to the others, held ones are as given
        rows, columns = np.nonzero(held)
        system[rows, columns] = 0.0
        system[rows, :, columns] = 0.0
        system[rows, columns, columns] = 1.0
    return np.asarray(np.linalg.solve(system, right[..., None])[..., 0], dtype=np.float64)
