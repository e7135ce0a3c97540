"""Decodes numbers as SES prints them, 24 bytes each, to the same doubles as ``strtod``.

A number is a sign or a blank, a digit, the decimal mark, 14 digits, ``E``, a sign, 4 digits and a separator (LabVIEW's
``% .14E``). Three little-endian 64-bit words hold one number, so eight digits are checked and converted at once. The 15
digits make an integer below 2**53, which one multiplication or division by an exact power of ten turns into the
correctly rounded double (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_ses2002.reader._digits import ZEROS, Words, are_digits, join_digits

SLOT: Final = 24

#: Decimals of the mantissa, and the largest power of ten that is an exact double.
_DECIMALS: Final = 14
_EXACT: Final = 22

# A word is written with its first byte, the lowest, at the right.
#: Of the first word: sign and decimal mark.
_HEAD_FIXED: Final = np.uint64(0x00FF_00FF)
#: Of the last word: ``E``, the exponent's sign but for the two bits in which plus and minus differ, its first two
#: digits, which are 0 in every exactly expressible number, and the separator.
_TAIL_FIXED: Final = np.uint64(0xFF00_00FF_FFF9_FF00)
_TAIL_EXPECTED: Final = 0x0000_0030_3029_4500
#: Of the last word: the mantissa's last digit and the exponent's last two.
_TAIL_DIGITS: Final = np.uint64(0x00FF_FF00_0000_00FF)

#: An exponent as an index: its digits in bits 0 to 3 and 8 to 11, between them the two bits that tell plus from minus.
_SIGN_BITS: Final = np.uint64(0x30)
_PLUS: Final = 0x10
_MINUS: Final = 0x20

__all__ = ["SLOT", "decode"]


def _divisors() -> FloatArray:
    """Return what to divide a mantissa by for every exponent: 0 if no exact double does, minus a factor beyond 1."""
    table = np.zeros(0xA00)
    for exponent in range(_DECIMALS - _EXACT, _DECIMALS + _EXACT + 1):
        tens, ones = divmod(abs(exponent), 10)
        shift = exponent - _DECIMALS
        divisor = -(10.0**shift) if shift > 0 else 10.0**-shift
        for sign in (_MINUS,) if exponent < 0 else (_PLUS,) if exponent else (_PLUS, _MINUS):
            table[tens | sign | ones << 8] = divisor
    return table


_DIVISORS: Final = _divisors()
_NONE_NEGATIVE: Final = np.zeros(1, np.bool_)


def decode(rows: npt.NDArray[np.uint8], columns: int, decimal: bytes = b".") -> FloatArray | None:
    """Return the numbers of fixed-width rows, or None when a byte is not where SES puts it.

    Args:
        rows: Bytes of the rows with their line ends, shape (n, 24 * columns) for line feeds, (n, 24 * columns + 1) for
            carriage returns and line feeds.
        columns: Numbers in a row.
        decimal: The decimal mark, one byte.

    Returns:
        Doubles, shape (n, columns), bit for bit what ``strtod`` makes of the text.
    """
    slots = np.ascontiguousarray(rows[:, : SLOT * columns])
    words = slots.reshape(-1).view("<u8").reshape(-1, 3)
    head, middle, tail = (words[:, index].astype(np.uint64) for index in range(3))
    negative = _signs(head, decimal)
    if negative is None or not _separated(tail.reshape(-1, columns), rows[:, SLOT * columns - 1 :]):
        return None
    digits = _digits(head, middle, tail)
    if not are_digits(digits):
        return None
    values = _scaled(_mantissas(digits), _exponent_indices(digits[2], tail))
    if values is None:
        return None
    if negative is not _NONE_NEGATIVE:
        np.negative(values, out=values, where=negative)
    return values.reshape(len(rows), columns)


def _signs(head: Words, decimal: bytes) -> npt.NDArray[np.bool_] | None:
    """Return which numbers are negative; None when a sign is neither a blank nor a minus, or the mark another one."""
    found = head & _HEAD_FIXED
    positive: npt.NDArray[np.bool_] = found == np.uint64(ord(decimal) << 16 | ord(" "))
    if positive.all():
        return _NONE_NEGATIVE
    negative: npt.NDArray[np.bool_] = found == np.uint64(ord(decimal) << 16 | ord("-"))
    return negative if (positive | negative).all() else None


def _separated(tail: Words, ends: npt.NDArray[np.uint8]) -> bool:
    """Whether a blank follows each number but the last of a row and a line end that one, and each has an exponent."""
    expected = _expected_tails(tail.shape[1], b"\r\n"[-ends.shape[1] :])
    return bool(((tail & _TAIL_FIXED) == expected).all() and (ends[:, -1] == ord("\n")).all())


@lru_cache(maxsize=8)
def _expected_tails(columns: int, line_end: bytes) -> Words:
    """Return what does not change in the last words of the numbers of a row, shape (columns,)."""
    expected = np.full(columns, _TAIL_EXPECTED | ord(" ") << 56, np.uint64)
    expected[-1] = _TAIL_EXPECTED | line_end[0] << 56
    return expected


def _digits(head: Words, middle: Words, tail: Words) -> Words:
    """Return the values of the digits, shape (3, n): the first six behind two zeros, eight, the last among zeros."""
    digits = np.empty((3, len(head)), np.uint64)
    leading = digits[0]
    np.bitwise_and(head, np.uint64(0xFF00), out=leading)
    leading <<= np.uint64(8)
    leading |= head & np.uint64(0xFFFF_FFFF_FF00_0000)
    leading ^= np.uint64(0x3030_3030_3030_0000)
    np.bitwise_xor(middle, ZEROS, out=digits[1])
    np.bitwise_xor(tail, ZEROS, out=digits[2])
    digits[2] &= _TAIL_DIGITS
    return digits


def _mantissas(digits: Words) -> FloatArray:
    """Return the integers that the 15 digits of each number make; the first two rows of ``digits`` are used up."""
    leading, middle = join_digits(digits[:2])
    leading *= np.uint64(10**9)
    middle *= np.uint64(10)
    leading += middle
    leading += digits[2] & np.uint64(0x0F)
    values: FloatArray = leading.astype(np.float64)
    return values


def _exponent_indices(digits: Words, tail: Words) -> npt.NDArray[np.int64]:
    """Return the exponents as indices of the table of divisors."""
    indices = digits >> np.uint64(40)
    indices |= (tail >> np.uint64(13)) & _SIGN_BITS
    return indices.view(np.int64)


def _scaled(values: FloatArray, indices: npt.NDArray[np.int64]) -> FloatArray | None:
    """Return mantissas times their powers of ten, rounded once; None unless every power is exactly expressible."""
    divisors = _DIVISORS[indices]
    if divisors.min() <= 0:
        if not divisors.all():
            return None
        large = divisors < 0
        values[large] *= -divisors[large]
        divisors[large] = 1.0
    values /= divisors
    return values
