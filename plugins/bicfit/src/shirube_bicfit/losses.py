"""Losses: the deviance between data and models, and the weighted least squares that stand for it."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray

#: Smallest model, in counts, that a weight is made of.
LEAST_MODEL: Final = 1e-3

__all__ = ["LEAST_MODEL", "GaussLoss", "Loss", "PoissonLoss"]


class Loss(Protocol):
    """A deviance, and the weighted least-squares problem that stands for it near a model."""

    @property
    def data(self) -> FloatArray:
        """The data, shape (n,), or (spectra, n)."""

    def of(self, rows: npt.NDArray[np.int64]) -> Loss:
        """Return the loss whose data are these rows; one row of data serves all."""

    def deviance(self, value: FloatArray) -> FloatArray:
        """Return the deviances of models (starts, n), shape (starts,)."""

    def residual(self, value: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return data minus model and the reciprocal standard deviations, both (starts, n)."""


class PoissonLoss:
    """The Poisson deviance ``2 sum(m - y + y ln(y / m))`` (Baker and Cousins 1984) and its Fisher weights 1/m.

    Args:
        counts: Shape (n,) or (spectra, n).
        merged: How many channels each channel is the mean of, shape (n,); None if none are merged.
    """

    def __init__(self, counts: FloatArray, merged: FloatArray | None = None) -> None:
        self.data = counts
        self._merged = merged
        self._floor = np.maximum(LEAST_MODEL, 1e-12 * counts.max(axis=-1, keepdims=True))
        # far below the smallest model a channel holds nothing
        positive = counts > 1e-6 * self._floor
        self._reciprocal = np.where(positive, 1.0 / np.where(positive, counts, 1.0), 0.0)

    def of(self, rows: npt.NDArray[np.int64]) -> PoissonLoss:
        """Return the loss whose data are these rows; one row of data serves all."""
        if self.data.ndim == 1 or len(self.data) == 1:
            return self
        part = object.__new__(PoissonLoss)
        part._merged = self._merged
        part.data, part._floor, part._reciprocal = self.data[rows], self._floor[rows], self._reciprocal[rows]
        return part

    def deviance(self, value: FloatArray) -> FloatArray:
        """Return the deviances of models, shape (starts, n) to (starts,)."""
        excess = np.maximum(value, self._floor)
        excess -= self.data
        # y ln(m / y) as y ln(1 + (m - y) / y) keeps its digits at 10^9 counts; channels without counts drop out.
        terms = excess * self._reciprocal
        np.log1p(terms, out=terms)
        terms *= self.data
        np.subtract(excess, terms, out=terms)
        if self._merged is not None:
            terms *= self._merged
        return np.asarray(2.0 * terms.sum(axis=-1), dtype=np.float64)

    def residual(self, value: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return data minus model and the reciprocal standard deviations of the model, both (starts, n)."""
        model = np.maximum(value, self._floor)
        root = np.reciprocal(model) if self._merged is None else self._merged / model
        np.sqrt(root, out=root)
        return self.data - model, root


class GaussLoss:
    """The sum of squares of data whose standard deviation is 1.

    Args:
        values: Shape (n,) or (spectra, n).
        merged: How many channels each channel is the mean of, shape (n,); None if none are merged.
    """

    def __init__(self, values: FloatArray, merged: FloatArray | None = None) -> None:
        self.data = values
        self._root = None if merged is None else np.sqrt(merged)

    def of(self, rows: npt.NDArray[np.int64]) -> GaussLoss:
        """Return the loss whose data are these rows; one row of data serves all."""
        if self.data.ndim == 1 or len(self.data) == 1:
            return self
        part = object.__new__(GaussLoss)
        part._root, part.data = self._root, self.data[rows]
        return part

    def deviance(self, value: FloatArray) -> FloatArray:
        """Return the sum of squares of models, shape (starts, n) to (starts,)."""
        residual, root = self.residual(value)
        residual *= root
        return np.asarray(np.einsum("sn,sn->s", residual, residual), dtype=np.float64)

    def residual(self, value: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return data minus model and the reciprocal standard deviations of the model, both (starts, n)."""
        root = np.ones(value.shape) if self._root is None else np.broadcast_to(self._root, value.shape)
        return self.data - value, root
