"""Line shapes: the pseudo-Voigt line, symmetric or with a tail, and its derivatives, for stacks of lines."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.workspace import Workspace

LN2: Final = float(np.log(2.0))
#: Area of a Gaussian and of a Lorentzian of unit height and unit full width at half maximum.
GAUSS_AREA: Final = float(0.5 * np.sqrt(np.pi / LN2))
LORENTZ_AREA: Final = float(0.5 * np.pi)
Kind = np.dtype[Any]
DOUBLE: Final[Kind] = np.dtype(np.float64)
SINGLE: Final[Kind] = np.dtype(np.float32)
#: Numbers of a line without a tail.
_SYMMETRIC: Final = 4
#: Where the width of an asymmetric line has all but vanished, so has the line; squares of offsets stay below 1e38.
_STEEPEST: Final = 36.0

__all__ = [
    "DOUBLE",
    "GAUSS_AREA",
    "LN2",
    "LORENTZ_AREA",
    "SINGLE",
    "Grid",
    "Kind",
    "UnitLines",
    "pseudo_voigt",
]


def pseudo_voigt(energy: FloatArray, peaks: FloatArray) -> FloatArray:
    """Return pseudo-Voigt peaks, the sum form ``h (eta L + (1 - eta) G)`` with one full width for both parts.

    Args:
        energy: Shape (n,), eV.
        peaks: Shape (..., 4): height, centre (eV), FWHM (eV), Lorentz fraction. With a fifth number a (1/eV) the width
            varies as ``2 w / (1 + exp(-a (E - c)))`` (A. L. Stancik and E. B. Brauns, Vib. Spectrosc. 47, 66 (2008)):
            the line has its tail towards high energies for a > 0, and height and centre keep their meaning.

    Returns:
        Shape (..., n), in the unit of the heights.
    """
    shape = (*peaks.shape[:-1], energy.size)
    unit = UnitLines(Grid(energy), peaks.reshape(1, -1, peaks.shape[-1]), Workspace())
    height, fraction = (peaks.reshape(1, -1, peaks.shape[-1])[..., column, None] for column in (0, 3))
    lines = height * (unit.gauss + fraction * (unit.lorentz - unit.gauss))
    return np.asarray(lines.reshape(shape), dtype=np.float64)


class Grid:
    """The energies of a spectrum, shape (n,), eV, made ready for lines."""

    def __init__(self, energy: FloatArray) -> None:
        self.energy = energy
        #: Offsets of lines are counted from here: energies near 0 keep their digits.
        self.origin = energy[energy.size // 2]
        axis = np.stack([energy - self.origin, np.ones(energy.size)])
        self._axes = {DOUBLE: axis, SINGLE: axis.astype(SINGLE)}

    def axis(self, kind: Kind) -> npt.NDArray[np.floating[Any]]:
        """Return distances from the origin, and ones below them, shape (2, n)."""
        return self._axes[kind]


class UnitLines:
    """Lines of height 1 and what their derivatives are made of.

    The derivatives are kept as *rows* without the factors that a line has as a whole; :meth:`factors` gives these. A
    matrix of products of rows then needs them only once a pair of rows, not once a channel.

    Args:
        grid: The energies.
        lines: Shape (starts, k, 4 or 5) as for :func:`pseudo_voigt`.
        work: Lends the arrays.
        kind: Of the arrays; single precision is twice as fast, and enough to find the way.
    """

    def __init__(self, grid: Grid, lines: FloatArray, work: Workspace, kind: Kind = DOUBLE) -> None:
        self.lines = lines
        starts, count, _ = lines.shape
        channels = grid.energy.size
        shape = (starts, count, channels)
        # u = 2 (E - c) / w, for all lines at once as a product of matrices
        factors = np.empty((starts * count, 2), kind)
        flat = lines.reshape(starts * count, lines.shape[-1])
        inverse = np.divide(2.0, flat[:, 2])
        factors[:, 0] = inverse
        np.multiply(inverse, grid.origin - flat[:, 1], out=factors[:, 1], casting="same_kind")
        self.offset = work.array("offset", kind, *shape)
        np.matmul(factors, grid.axis(kind), out=self.offset.reshape(-1, channels))
        self._stretch = _Stretch(grid.energy, lines, self.offset, work) if lines.shape[-1] > _SYMMETRIC else None
        self.lorentz, self.gauss = work.array("lorentz", kind, *shape), work.array("gauss", kind, *shape)
        np.square(self.offset, out=self.gauss)
        np.add(self.gauss, 1.0, out=self.lorentz)
        np.reciprocal(self.lorentz, out=self.lorentz)
        self.gauss *= -LN2
        np.exp(self.gauss, out=self.gauss)

    def total(self) -> FloatArray:
        """Return the sum of the lines with their heights, shape (starts, n)."""
        height, kind = self.lines[..., 0], self.gauss.dtype
        of_lorentz = height * self.lines[..., 3]
        total = np.matmul((height - of_lorentz).astype(kind, copy=False)[:, None], self.gauss)[:, 0]
        total += np.matmul(of_lorentz.astype(kind, copy=False)[:, None], self.lorentz)[:, 0]
        return np.asarray(total, dtype=np.float64)

    def chosen(self, index: npt.NDArray[np.int64]) -> UnitLines:
        """Return the same for some of the starts."""
        part = object.__new__(UnitLines)
        part.lines = self.lines[index]
        part.offset, part.lorentz, part.gauss = self.offset[index], self.lorentz[index], self.gauss[index]
        part._stretch = None if self._stretch is None else self._stretch.chosen(index)
        return part

    def write_rows(self, out: FloatArray) -> None:
        """Write the rows of the derivatives, shape (starts, k, 4 or 5, n); the parts are used up."""
        fraction = self.lines[..., 3, None].astype(out.dtype, copy=False)
        shape, by_centre, by_width, by_fraction = (out[:, :, row] for row in range(4))
        np.subtract(self.lorentz, self.gauss, out=by_fraction)
        np.multiply(by_fraction, fraction, out=shape)
        shape += self.gauss
        # -dS/du = 2 u (eta L^2 + ln2 (1 - eta) G), whose factor 2 is left to the factors
        np.square(self.lorentz, out=by_centre)
        by_centre *= fraction
        np.multiply(self.gauss, LN2 - LN2 * fraction, out=by_width)
        by_centre += by_width
        by_centre *= self.offset
        np.multiply(by_centre, self.offset, out=by_width)
        if self._stretch is not None:
            np.multiply(by_centre, self._stretch.by_asymmetry, out=out[:, :, 4])
            by_centre *= self._stretch.by_centre

    def factors(self) -> FloatArray:
        """Return what the rows are to be multiplied with, shape (starts, k, 4 or 5)."""
        height, width = self.lines[..., 0], self.lines[..., 2]
        factors = np.ones(self.lines.shape)
        np.divide(height, width, out=factors[..., 2])
        factors[..., 2] *= 2.0
        np.multiply(2.0 / width, factors[..., 2] * width, out=factors[..., 1])
        factors[..., 3] = height
        if self._stretch is not None:
            factors[..., 4] = factors[..., 2]
        return factors


class _Stretch:
    """What the energy-dependent width of an asymmetric line does to its offset u and to the derivatives of u."""

    def __init__(self, energy: FloatArray, lines: FloatArray, offset: FloatArray, work: Workspace) -> None:
        distance = np.subtract(energy, lines[..., 1, None], out=work.array("distance", DOUBLE, *offset.shape))
        asymmetry = lines[..., 4, None]
        decay = np.exp(np.minimum(-asymmetry * distance, _STEEPEST))
        half = 0.5 * (1.0 + decay)
        offset *= half
        # du/dc = -(2 / w) (half - a d decay / 2), du/da = -d^2 decay / w
        self.by_centre = half - 0.5 * asymmetry * distance * decay
        self.by_asymmetry = np.square(distance) * decay

    def chosen(self, index: npt.NDArray[np.int64]) -> _Stretch:
        """Return the same for some of the starts."""
        part = object.__new__(_Stretch)
        part.by_centre, part.by_asymmetry = self.by_centre[index], self.by_asymmetry[index]
        return part
