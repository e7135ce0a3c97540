"""Scales: from numbers to places on the paper of a figure, and round numbers for the ticks."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray

#: Steps between ticks, of each power of ten.
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)

__all__ = ["Scale", "ticks"]


@frozen
class Scale:
    """A linear scale.

    Attributes:
        first: The number at ``start``.
        last: The number at ``end``; smaller than ``first`` where the axis runs to the left.
        start: Place of the first number.
        end: Place of the last number.
    """

    first: float
    last: float
    start: float
    end: float

    def __call__(self, values: npt.ArrayLike) -> FloatArray:
        """Return the places of numbers, whole, as none of them shows less than a hundredth of a millimetre."""
        share = (np.asarray(values, dtype=np.float64) - self.first) / ((self.last - self.first) or 1.0)
        return np.rint(self.start + share * (self.end - self.start))

    def at(self, value: float) -> int:
        """Return the place of one number."""
        return int(self(value))


def ticks(first: float, last: float, most: int) -> tuple[tuple[float, str], ...]:
    """Return round numbers between two, at most ``most`` steps apart, each with its text.

    Args:
        first: One end.
        last: The other end, on either side.
        most: How many steps there are at most.
    """
    low, high = min(first, last), max(first, last)
    if not high > low:
        return ()
    raw = (high - low) / most
    power = math.floor(math.log10(raw))
    step = next(one for one in _STEPS if one * 10.0**power >= raw * (1 - 1e-9)) * 10.0**power
    numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return tuple((one * step, f"{one * step:.{decimals}f}".replace("-", "−")) for one in numbers)
