"""Levenberg-Marquardt within bounds, for many starts at once."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray

#: Doubles in the Jacobians of a block of starts: about 1 MB, so that a block stays in cache.
_BLOCK: Final = 1 << 17
_DAMPING_START: Final = 1e-2
_DAMPING_LEAST: Final = 1e-9
_DAMPING_MOST: Final = 1e12
#: A start has converged when so many steps in turn neither promised nor brought an improvement.
_SMALL_STEPS: Final = 2
_TINY: Final = 1e-300

__all__ = ["Fitted", "Loss", "Model", "Precision", "minimise"]


class Model(Protocol):
    """A model of n channels with p parameters, for stacks of parameter vectors."""

    @property
    def channels(self) -> int:
        """The number n."""

    def evaluate(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return values (starts, n) and derivatives (starts, p, n) for vectors (starts, p)."""


class Loss(Protocol):
    """A deviance, and the weighted least-squares problem that stands for it near a model."""

    def deviance(self, value: FloatArray) -> FloatArray:
        """Return the deviances of models (starts, n), shape (starts,)."""

    def residual(self, value: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return data minus model and the reciprocal standard deviations, both (starts, n)."""


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


@frozen(eq=False)
class Fitted:
    """Where each start ended.

    Attributes:
        theta: Shape (starts, p).
        deviance: Shape (starts,).
        information: Fisher information there, shape (starts, p, p).
        converged: Shape (starts,).
    """

    theta: FloatArray
    deviance: FloatArray
    information: FloatArray
    converged: npt.NDArray[np.bool_]


def minimise(
    model: Model, loss: Loss, starts: FloatArray, lower: FloatArray, upper: FloatArray, precision: Precision
) -> Fitted:
    """Minimise a deviance from many starts within bounds.

    Fisher scoring (Gauss-Newton with weights of the current model) damped after Marquardt and Nielsen. A parameter at
    a bound that the gradient pushes outwards stays there; one that a step takes across a bound stops at it, and the
    others are solved for again.

    Args:
        model: Values and derivatives.
        loss: What is made small.
        starts: Shape (starts, p); clipped into the bounds.
        lower: Shape (p,).
        upper: Shape (p,).
        precision: When to stop.
    """
    descent = _Descent(model, loss, np.clip(starts, lower, upper), lower, upper)
    for _ in range(precision.steps):
        if not descent.alive.size:
            break
        descent.step(precision)
    return descent.result()


class _Descent:
    """The state of all starts; those that have converged are no longer ``alive``."""

    def __init__(self, model: Model, loss: Loss, theta: FloatArray, lower: FloatArray, upper: FloatArray) -> None:
        self._model, self._loss, self._lower, self._upper = model, loss, lower, upper
        self._theta = theta
        self._cost, self._gradient, self._information = _expansion(model, loss, theta)
        number = len(theta)
        self._damping = np.full(number, _DAMPING_START)
        self._growth = np.full(number, 2.0)
        self._small = np.zeros(number, dtype=np.int64)
        self.alive = np.arange(number)

    def step(self, precision: Precision) -> None:
        """Try one step of every start that is alive."""
        at = self.alive
        theta, gradient, information = self._theta[at], self._gradient[at], self._information[at]
        trial = _trial(theta, gradient, information, self._damping[at], self._lower, self._upper)
        move = trial - theta
        bent = np.matmul(information, move[..., None])[..., 0]
        predicted = np.sum(move * (2.0 * gradient - bent), axis=1)
        cost, gradient, information = _expansion(self._model, self._loss, trial)
        gain = self._cost[at] - cost
        better = gain > 0.0
        promised = np.maximum(predicted, _TINY)
        self._adapt_damping(at, better, np.minimum(np.where(better, gain, 0.0), promised) / promised)
        matters = precision.absolute + precision.relative * np.abs(self._cost[at])
        small = ~((gain > matters) | (np.abs(predicted) > matters))
        self._small[at] = np.where(small, self._small[at] + 1, 0)
        taken = at[better]
        self._theta[taken], self._cost[taken] = trial[better], cost[better]
        self._gradient[taken], self._information[taken] = gradient[better], information[better]
        self.alive = at[(self._small[at] < _SMALL_STEPS) & (self._damping[at] < _DAMPING_MOST)]

    def result(self) -> Fitted:
        """Return where the starts are now."""
        converged = np.ones(len(self._theta), dtype=bool)
        converged[self.alive] = False
        return Fitted(self._theta, self._cost, self._information, converged)

    def _adapt_damping(self, at: npt.NDArray[np.int64], better: npt.NDArray[np.bool_], ratio: FloatArray) -> None:
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
    scale = np.sqrt(np.maximum(np.diagonal(information, axis1=1, axis2=2), _TINY))
    scaled = information / (scale[:, :, None] * scale[:, None, :])
    held = ((theta <= lower) & (gradient < 0.0)) | ((theta >= upper) & (gradient > 0.0))
    target = theta
    for _ in range(2):
        step = _solved(scaled, gradient / scale, damping, held, (target - theta) * scale) / scale
        # held ones are exactly where they are held: one rounding inside a bound, and they would count as free
        aim = np.where(held, target, theta + step)
        target = np.clip(aim, lower, upper)
        crossing = target != aim
        if not crossing.any():
            break
        held = held | crossing
    return target


def _solved(
    scaled: FloatArray, gradient: FloatArray, damping: FloatArray, held: npt.NDArray[np.bool_], offset: FloatArray
) -> FloatArray:
    """Solve the damped normal equations, with the steps of ``held`` parameters given by ``offset``."""
    free = ~held
    system = scaled * (free[:, :, None] & free[:, None, :])
    diagonal = np.einsum("spp->sp", system)
    diagonal[...] = np.where(free, 1.0 + damping[:, None], 1.0)
    given = np.where(held, offset, 0.0)
    right = np.where(free, gradient - np.matmul(scaled, given[..., None])[..., 0], given)
    return np.asarray(np.linalg.solve(system, right[..., None])[..., 0], dtype=np.float64)


def _expansion(model: Model, loss: Loss, theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return deviance (starts,), its falling gradient over two (starts, p) and Fisher information (starts, p, p)."""
    starts, size = theta.shape
    cost, gradient, information = np.empty(starts), np.empty((starts, size)), np.empty((starts, size, size))
    block = max(1, _BLOCK // (size * model.channels))
    for first in range(0, starts, block):
        part = slice(first, first + block)
        value, jacobian = model.evaluate(theta[part])
        residual, root = loss.residual(value)
        jacobian *= root[:, None]
        cost[part] = loss.deviance(value)
        gradient[part] = np.matmul(jacobian, (residual * root)[..., None])[..., 0]
        information[part] = np.matmul(jacobian, jacobian.swapaxes(1, 2))
    return cost, gradient, information
