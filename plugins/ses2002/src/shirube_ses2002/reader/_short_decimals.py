"""Reads the points of an axis, many short decimal numbers on one line, to the same doubles as ``float``.

The last 16 characters of each number are taken as two 64-bit words and converted as :mod:`._digits` does. The point is
read as a 0 and taken out of the integer; division by an exact power of ten then gives the correctly rounded double.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_ses2002.reader._digits import ZEROS, Words, are_digits, join_digits

#: Characters taken in one go, so that the arrays in between stay small.
_PIECE: Final = 1 << 16
_WORD: Final = 8
_LONGEST: Final = 2 * _WORD
#: So many digits make an integer that is an exact double.
_DIGITS: Final = 15
#: By number of characters, the bytes at the end of a word that hold them.
_KEPT: Final = np.array([2**64 - 2 ** (64 - 8 * size) for size in range(_WORD + 1)], dtype=np.uint64)
_POWERS: Final = 10 ** np.arange(_LONGEST + 1, dtype=np.uint64)

__all__ = ["short_decimals"]


def short_decimals(text: str) -> FloatArray | None:
    """Return the numbers of a text, shape (n,), or None if it is anything but short numbers, one blank between each.

    A number may have a minus sign, a decimal point, and 15 digits.
    """
    found = []
    for piece in _pieces(text):
        values = _decimals(piece)
        if values is None:
            return None
        found.append(values)
    return found[0] if len(found) == 1 else np.concatenate(found)


def _pieces(text: str) -> Iterator[bytes]:
    start = 0
    while start <= len(text):
        stop = text.find(" ", start + _PIECE)
        stop = stop if stop >= 0 else len(text)
        yield text[start:stop].encode("ascii", "replace")
        start = stop + 1


def _decimals(piece: bytes) -> FloatArray | None:
    # Sixteen characters in front, so that the first number has them, too.
    raw = np.frombuffer(bytearray(b" " * _LONGEST + piece + b" "), np.uint8)
    ends = _LONGEST + np.flatnonzero(raw[_LONGEST:] == ord(" "))
    starts = np.empty_like(ends)
    starts[0] = _LONGEST
    np.add(ends[:-1], 1, out=starts[1:])
    negative = raw[starts] == ord("-")
    points = np.flatnonzero(raw == ord("."))
    owners = np.searchsorted(ends, points)
    pointed = np.zeros_like(ends)
    pointed[owners] = 1
    digits = ends - starts - negative - pointed
    if digits.min() < 1 or digits.max() > _DIGITS or np.count_nonzero(pointed) != points.size:
        return None
    raw[points] = ord("0")
    integers = _integers(raw, ends, digits + pointed)
    if integers is None:
        return None
    decimals = np.zeros_like(ends)
    decimals[owners] = ends[owners] - 1 - points
    scale = _POWERS[decimals]
    # Of 123.45, read as 123045, the point's 0 makes 123 * 1000 of 123 * 100.
    wide = _POWERS[decimals + pointed]
    integers -= integers // wide * (wide - scale)
    values = integers / scale
    np.negative(values, out=values, where=negative)
    return values


def _integers(raw: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> Words | None:
    """Return the integers that the characters before ``ends`` make; None when one of them is no digit."""
    # A word begins at every byte.
    words = np.ndarray(len(raw) - _WORD + 1, "<u8", raw.data, strides=(1,))
    low = (words[ends - _WORD].astype(np.uint64) ^ ZEROS) & _KEPT[np.minimum(sizes, _WORD)]
    if not are_digits(low):
        return None
    integers = join_digits(low)
    if sizes.max() > _WORD:
        high = (words[ends - _LONGEST].astype(np.uint64) ^ ZEROS) & _KEPT[np.maximum(sizes - _WORD, 0)]
        if not are_digits(high):
            return None
        integers += join_digits(high) * np.uint64(10**_WORD)
    return integers
