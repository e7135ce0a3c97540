"""Objectives: what the optimiser makes small, with its gradient and its information, for stacks of starts."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.lineshapes import DOUBLE, Kind, UnitLines
from shirube_bicfit.losses import Loss
from shirube_bicfit.model import Baseline, SpectrumModel
from shirube_bicfit.quadratic import Quadratic
from shirube_bicfit.workspace import Workspace

Index = npt.NDArray[np.int64]
Expansion = tuple[FloatArray, Quadratic]

#: Bytes in the derivatives of a block of starts, so that block and parts stay in the cache of a core.
_BLOCK: Final = 1 << 20
#: Where more of the starts than this have become better, all are expanded.
_MOSTLY: Final = 0.75

__all__ = ["CurveObjective", "Expansion", "Index", "Objective", "SpectrumObjective"]


class Objective(Protocol):
    """A deviance of parameter vectors, and the quadratic that stands for it near them."""

    def expand(self, theta: FloatArray, which: Index, ceiling: FloatArray) -> Expansion:
        """Return deviances, shape (starts,), and the quadratics that stand for them.

        Args:
            theta: Shape (starts, p).
            which: The number of each start, shape (starts,).
            ceiling: Deviances from which on nothing but the deviance matters, shape (starts,); quadratics may be
                anything there.
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
        """Return deviances and quadratics; see :class:`Objective`."""
        value, jacobian = self._model.evaluate(theta)
        residual, root = self._loss.residual(value)
        jacobian = jacobian * root[:, None]
        gradient = np.matmul(jacobian, (residual * root)[..., None])[..., 0]
        information = np.matmul(jacobian, jacobian.swapaxes(1, 2))
        return self._loss.deviance(value), Quadratic.unscaled(gradient, information)


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
        kind: Of the numbers that lines and their derivatives are made with.
    """

    def __init__(
        self, model: SpectrumModel, loss: Loss, spectrum_of: Index, *, exact: bool, kind: Kind = DOUBLE
    ) -> None:
        self._model, self._loss, self._spectrum_of, self._exact, self._kind = model, loss, spectrum_of, exact, kind
        self._work = Workspace()

    def expand(self, theta: FloatArray, which: Index, ceiling: FloatArray) -> Expansion:
        """Return deviances and quadratics; see :class:`Objective`."""
        starts = len(theta)
        full = self._model.layout.to_components(theta)
        block = max(1, _BLOCK // (full.shape[1] * self._model.channels * self._kind.itemsize))
        if starts <= block:
            return self._expanded(theta, full, which, ceiling)
        parts = [slice(first, first + block) for first in range(0, starts, block)]
        blocks = [self._expanded(theta[part], full[part], which[part], ceiling[part]) for part in parts]
        return np.concatenate([cost for cost, _ in blocks]), Quadratic.joined([quadratic for _, quadratic in blocks])

    def _expanded(self, theta: FloatArray, full: FloatArray, which: Index, ceiling: FloatArray) -> Expansion:
        model, layout = self._model, self._model.layout
        loss = self._loss.of(self._spectrum_of[which])
        lines = UnitLines(model.grid, layout.components_of(full), self._work, self._kind)
        total = lines.total()
        baseline = model.baseline(full, total)
        value = baseline.added_to(total)
        cost = loss.deviance(value)
        below = (cost < ceiling).nonzero()[0]
        starts, size = theta.shape
        if below.size > _MOSTLY * starts:
            # so few are not worth leaving out
            return cost, self._quadratic(theta, lines, baseline, *loss.residual(value))
        kind = self._kind if layout.plain else DOUBLE
        quadratic = Quadratic.nothing(starts, size, kind)
        if below.size:
            some = lines.chosen(below), baseline.chosen(below)
            of_some = self._quadratic(theta[below], *some, *loss.of(below).residual(value[below]))
            quadratic.replace(of_some, below, np.arange(below.size))
        return cost, quadratic

    def _quadratic(
        self, theta: FloatArray, lines: UnitLines, baseline: Baseline, residual: FloatArray, root: FloatArray
    ) -> Quadratic:
        """Return the quadratics by the free form."""
        quadratic = self._by_components(lines, baseline, residual, root)
        if self._model.layout.plain:
            return quadratic
        tangent = self._model.layout.tangent(theta)
        back = tangent.swapaxes(1, 2)
        return Quadratic.unscaled(
            np.matmul(back, quadratic.gradient[..., None])[..., 0],
            np.matmul(np.matmul(back, quadratic.information), tangent),
        )

    def _by_components(self, lines: UnitLines, baseline: Baseline, residual: FloatArray, root: FloatArray) -> Quadratic:
        """Return the quadratics by the component form."""
        model, layout, kind = self._model, self._model.layout, self._kind
        starts, count, per = len(residual), lines.lines.shape[1], layout.per_component
        of_lines, size = per * count, per * count + layout.background
        rows = self._work.array("rows", kind, starts, size, model.channels)
        shaped = rows[:, :of_lines].reshape(starts, count, per, model.channels)
        lines.write_rows(shaped)
        baseline.write_rows(rows[:, of_lines:])
        weight = np.square(root)
        slope = residual * weight
        gradient = np.empty((starts, size))
        pulled = model.pulled_back(slope, baseline).astype(kind, copy=False)
        gradient[:, :of_lines] = np.matmul(rows[:, :of_lines], pulled[..., None])[..., 0]
        gradient[:, of_lines:] = np.matmul(rows[:, of_lines:], slope.astype(kind, copy=False)[..., None])[..., 0]
        if self._exact:
            model.add_response(shaped, baseline)
        # weights on one side only: a product of a matrix with itself takes longer than that of two
        weighted = self._work.array("weighted", kind, starts, size, model.channels)
        np.multiply(rows, weight.astype(kind, copy=False)[:, None], out=weighted)
        scale = np.ones((starts, size))
        scale[:, :of_lines] = lines.factors().reshape(starts, -1)
        return Quadratic(gradient, np.matmul(rows, weighted.swapaxes(1, 2)), scale)
