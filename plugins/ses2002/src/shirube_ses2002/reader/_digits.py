"""Checks and converts eight decimal digits at once, bytes of one 64-bit word with the first digit the lowest."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

#: The digits ``00000000``: by exclusive or, digits become their values and values digits.
ZEROS: Final = np.uint64(0x3030303030303030)
_SIXES: Final = np.uint64(0x0606060606060606)
_HIGH_NIBBLES: Final = np.uint64(0xF0F0F0F0F0F0F0F0)

__all__ = ["ZEROS", "Words", "are_digits", "join_digits"]


def are_digits(words: Words) -> bool:
    """Tell whether every byte is a value from 0 to 9: its high nibble is 0, also after 6 is added."""
    sums = words + _SIXES
    sums |= words
    sums &= _HIGH_NIBBLES
    return not sums.any()


def join_digits(words: Words) -> Words:
    """Turn words of eight digit values, in place, into the whole numbers that the digits make."""
    words *= np.uint64(10 * 2**8 + 1)
    words >>= np.uint64(8)
    words &= np.uint64(0x00FF00FF00FF00FF)
    words *= np.uint64(100 * 2**16 + 1)
    words >>= np.uint64(16)
    words &= np.uint64(0x0000FFFF0000FFFF)
    words *= np.uint64(10000 * 2**32 + 1)
    words >>= np.uint64(32)
    return words
