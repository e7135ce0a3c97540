"""Objectives: what the optimiser makes small, with its gradient and its information, for stacks of starts."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.lineshapes import UnitLines
from shirube_bicfit.losses import Loss
from shirube_bicfit.model import Baseline, SpectrumModel
from shirube_bicfit.workspace import Workspace

Index = npt.NDArray[np.int64]
Expansion = tuple[FloatArray, FloatArray, FloatArray]

#: Doubles in the derivatives of a block of starts: about 1 MB, so that block and parts stay in the cache of a core.
_BLOCK: Final = 1 << 17

__all__ = ["CurveObjective", "Expansion", "Index", "Objective", "SpectrumObjective"]


class Objective(Protocol):
    """A deviance of parameter vectors, and the quadratic that stands for it near them."""

    def expand(self, theta: FloatArray, which: Index, ceiling: FloatArray) -> Expansion:
        """Return deviances, their falling gradients over two, and information matrices.

        Args:
            theta: Shape (starts, p).
            which: The number of each start, shape (starts,).
            ceiling: Deviances from which on nothing but the deviance matters, shape (starts,).

        Returns:
            Shapes (starts,), (starts, p), (starts, p, p); anything in the latter two where the ceiling is reached.
        """


class Curve(Protocol):
    """Any model of n channels with p parameters, for stacks of parameter vectors."""

    def evaluate(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return values (starts, n) and derivatives (starts, p, n) for vectors (starts, p)."""


class CurveObjective:
    """The deviance of any model with derivatives."""

    def __init__(self, model: Curve, loss: Loss) -> None:
        self._model, self._loss = model, loss

    def expand(self, theta: FloatArray, which: Index, ceiling: FloatArray) -> Expansion:  # noqa: ARG002 one spectrum
        """Return deviance, gradient and information; see :class:`Objective`."""
        value, jacobian = self._model.evaluate(theta)
        residual, root = self._loss.residual(value)
        jacobian = jacobian * root[:, None]
        gradient = np.matmul(jacobian, (residual * root)[..., None])[..., 0]
        return self._loss.deviance(value), gradient, np.matmul(jacobian, jacobian.swapaxes(1, 2))


class SpectrumObjective:
    """The deviance of the spectrum model in free form.

    The gradient is exact: it is taken by the adjoint of the background's response to the components, which costs one
    running sum a start instead of one a parameter. The information may leave that response out (``exact=False``): it
    only shapes the steps, and where the background rises little, hardly that.

    Args:
        model: The model.
        loss: The data; row i belongs to spectrum i.
        spectrum_of: Which spectrum each start belongs to, shape (starts,).
        exact: Whether the information holds the response of the background.
    """

    def __init__(self, model: SpectrumModel, loss: Loss, spectrum_of: Index, *, exact: bool) -> None:
        self._model, self._loss, self._spectrum_of, self._exact = model, loss, spectrum_of, exact
        self._work = Workspace()

    def expand(self, theta: FloatArray, which: Index, ceiling: FloatArray) -> Expansion:
        """Return deviance, gradient and information; see :class:`Objective`."""
        starts, size = theta.shape
        cost, gradient, information = np.empty(starts), np.zeros((starts, size)), np.zeros((starts, size, size))
        layout = self._model.layout
        full = layout.to_components(theta)
        block = max(1, _BLOCK // (full.shape[1] * self._model.channels))
        for first in range(0, starts, block):
            part = slice(first, min(first + block, starts))
            loss = self._loss.of(self._spectrum_of[which[part]])
            lines = UnitLines(self._model.energy, layout.components_of(full[part]), self._work)
            total = lines.total()
            baseline = self._model.baseline(full[part], total)
            value = baseline.added_to(total)
            cost[part] = loss.deviance(value)
            below = np.flatnonzero(cost[part] < ceiling[part])
            if below.size < len(value):
                if not below.size:
                    continue
                lines, baseline = lines.chosen(below), baseline.chosen(below)
                value, loss = value[below], loss.of(below)
            at = below + first
            gradient_full, information_full = self._normal_equations(lines, baseline, *loss.residual(value))
            if layout.plain:
                gradient[at], information[at] = gradient_full, information_full
            else:
                tangent = layout.tangent(theta[at])
                back = tangent.swapaxes(1, 2)
                gradient[at] = np.matmul(back, gradient_full[..., None])[..., 0]
                information[at] = np.matmul(np.matmul(back, information_full), tangent)
        return cost, gradient, information

    def _normal_equations(
        self, lines: UnitLines, baseline: Baseline, residual: FloatArray, root: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return gradients and information matrices by the component form."""
        model, layout = self._model, self._model.layout
        starts, count, per = len(residual), lines.lines.shape[1], layout.per_component
        of_lines, size = per * count, per * count + layout.background
        rows = self._work.array("rows", starts, size, model.channels)
        shaped = rows[:, :of_lines].reshape(starts, per, count, model.channels)
        lines.write_rows(shaped)
        baseline.write_rows(rows[:, of_lines:])
        slope = residual * root
        slope *= root
        gradient = np.empty((starts, size))
        pulled = model.pulled_back(slope, baseline)
        np.matmul(rows[:, :of_lines], pulled[..., None], out=gradient[:, :of_lines, None])
        np.matmul(rows[:, of_lines:], slope[..., None], out=gradient[:, of_lines:, None])
        if self._exact:
            model.add_response(shaped, baseline)
        rows *= root[:, None]
        information = np.matmul(rows, rows.swapaxes(1, 2))
        factors = np.ones((starts, size))
        factors[:, :of_lines] = lines.factors().reshape(starts, -1)
        gradient *= factors
        information *= factors[:, :, None]
        information *= factors[:, None, :]
        order, pairs = _component_order(count, per, layout.background)
        by_component = np.take(information.reshape(starts, -1), pairs, axis=1).reshape(information.shape)
        return np.take(gradient, order, axis=1), by_component


@lru_cache(maxsize=128)
def _component_order(count: int, per: int, background: int) -> tuple[Index, Index]:
    """Return where the numbers of one component after the other, and pairs of them, are among those sorted by kind."""
    of_lines = np.arange(per * count).reshape(per, count).T.ravel()
    order = np.concatenate([of_lines, per * count + np.arange(background)])
    return order, (order[:, None] * order.size + order).ravel()
