"""Quadratics: what stands for deviances near their starts, and the damped steps within bounds that follow from them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray

#: Diagonal of the information below which a number is not scaled up further, by the precision of the information.
_LEAST: Final = {np.dtype(np.float32): 1e-30, np.dtype(np.float64): 1e-300}

__all__ = ["Quadratic"]


class Quadratic:
    """What stands for the deviances near their starts.

    Gradient and information are *by numbers times their scale*: lines have factors as a whole, which cancel in nearly
    all that follows, so nobody multiplies matrices with them.

    Args:
        gradient: Falling gradient over two, shape (starts, p).
        information: Shape (starts, p, p), single or double precision.
        scale: Shape (starts, p); where it is 0, nothing depends on the number.
    """

    def __init__(self, gradient: FloatArray, information: npt.NDArray[np.floating[Any]], scale: FloatArray) -> None:
        self._gradient, self._information, self._scale = gradient, information, scale

    @classmethod
    def unscaled(cls, gradient: FloatArray, information: FloatArray) -> Quadratic:
        """Return the quadratic of gradient and information by the numbers themselves."""
        return cls(gradient, information, np.ones(gradient.shape))

    @classmethod
    def nothing(cls, starts: int, size: int, kind: np.dtype[Any]) -> Quadratic:
        """Return quadratics of nothing, to be replaced."""
        return cls(np.zeros((starts, size)), np.zeros((starts, size, size), kind), np.ones((starts, size)))

    @classmethod
    def joined(cls, parts: list[Quadratic]) -> Quadratic:
        """Return the quadratics of several stacks as those of one."""
        return cls(*(np.concatenate(some) for some in zip(*(one._fields() for one in parts), strict=True)))

    @property
    def gradient(self) -> FloatArray:
        """The falling gradient over two by the numbers themselves, shape (starts, p)."""
        return self._gradient * self._scale

    @property
    def information(self) -> FloatArray:
        """The information by the numbers themselves, shape (starts, p, p)."""
        return self._information * self._scale[:, :, None] * self._scale[:, None, :]

    def kept(self, kept: npt.NDArray[Any]) -> Quadratic:
        """Return the same for some of the starts."""
        return Quadratic(self._gradient[kept], self._information[kept], self._scale[kept])

    def replace(self, other: Quadratic, where: npt.NDArray[Any], of_other: npt.NDArray[Any] | None = None) -> None:
        """Take over from another what it knows of some of the starts; ``of_other`` if they have other numbers there."""
        chosen = where if of_other is None else of_other
        self._gradient[where] = other._gradient[chosen]
        self._information[where] = other._information[chosen]
        self._scale[where] = other._scale[chosen]

    def gain(self, move: FloatArray) -> FloatArray:
        """Return by how much a move is expected to make the deviances smaller, shape (starts,)."""
        move = move * self._scale
        bent = np.subtract(2.0 * self._gradient, self._bent(self._information, move))
        return np.asarray(np.einsum("sp,sp->s", move, bent), dtype=np.float64)

    def trial(self, theta: FloatArray, damping: FloatArray, lower: FloatArray, upper: FloatArray) -> FloatArray:
        """Return where damped steps lead that stay within the bounds, shape (starts, p).

        A number at a bound that the gradient pushes outwards stays there; one that a step takes across a bound stops at
        it, and the others are solved for again.
        """
        information, scale, downhill = self._information, self._scale, self._gradient
        # in units that make the diagonal of the information 1
        diagonal = np.einsum("spp->sp", information).astype(np.float64)
        unit = np.maximum(diagonal, _LEAST[information.dtype], out=diagonal)
        np.reciprocal(np.sqrt(unit, out=unit), out=unit)
        slope = downhill * scale
        held = ((theta <= lower) & (slope < 0.0)) | ((theta >= upper) & (slope > 0.0)) | (scale == 0.0)
        back = np.divide(1.0, scale, out=np.zeros(scale.shape), where=scale != 0.0)
        aim = theta + back * _solved(information, downhill, damping, np.where(held, 0.0, unit))
        target = np.minimum(np.maximum(aim, lower), upper)
        crossing = target != aim
        again = crossing.any(axis=1).nonzero()[0]
        if again.size:
            held = (held | crossing)[again]
            few, end, some = theta[again], target[again], information[again]
            given = np.where(held, end - few, 0.0)
            right = downhill[again] - self._bent(some, scale[again] * given)
            step = back[again] * _solved(some, right, damping[again], np.where(held, 0.0, unit[again]))
            target[again] = np.minimum(np.maximum(np.where(held, end, few + step), lower[again]), upper[again])
        return target

    def _fields(self) -> tuple[FloatArray, npt.NDArray[np.floating[Any]], FloatArray]:
        return self._gradient, self._information, self._scale

    @staticmethod
    def _bent(information: npt.NDArray[np.floating[Any]], move: FloatArray) -> npt.NDArray[np.floating[Any]]:
        bent: npt.NDArray[np.floating[Any]] = np.matmul(
            information, move[..., None].astype(information.dtype, copy=False)
        )
        return bent[..., 0]


def _solved(
    information: npt.NDArray[np.floating[Any]], right: FloatArray, damping: FloatArray, unit: FloatArray
) -> FloatArray:
    """Solve the damped normal equations in these units; what has none does not move."""
    by = unit.astype(information.dtype, copy=False)
    scaled = information * by[:, :, None]
    scaled *= by[:, None, :]
    system = scaled.astype(np.float64, copy=False)
    np.einsum("spp->sp", system)[...] = (1.0 + damping)[:, None]
    return np.asarray(unit * np.linalg.solve(system, (unit * right)[..., None])[..., 0], dtype=np.float64)
