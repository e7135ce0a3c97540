"""Decodes numbers as SES prints them, 24 bytes each, to the same doubles as ``strtod``.

A number is a sign or a blank, a digit, the decimal mark, 14 digits, ``E``, a sign, 4 digits and a separator (LabVIEW's
``% .14E``). Three little-endian 64-bit words hold one number, so eight digits are checked and converted at once. The 15
digits make an integer below 2**53, which one multiplication or division by an exact power of ten turns into the
correctly rounded double (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray

SLOT: Final = 24

_Words = npt.NDArray[np.uint64]

#: Decimals of the mantissa, and the largest power of ten that is an exact double.
_DECIMALS: Final = 14
_EXACT: Final = 22
_EXPONENTS: Final = np.arange(-99, 100)
_SHIFTS: Final = _EXPONENTS - _DECIMALS
_FACTORS: Final = 10.0 ** np.clip(_SHIFTS, 0, _EXACT)
_DIVISORS: Final = 10.0 ** np.clip(-_SHIFTS, 0, _EXACT)

# A word is written with its first byte, the lowest, at the right.
_ZEROS: Final = np.uint64(0x3030303030303030)
_SIXES: Final = np.uint64(0x0606060606060606)
_HIGH_NIBBLES: Final = np.uint64(0xF0F0F0F0F0F0F0F0)
_LOW_BYTE: Final = np.uint64(0xFF)
#: Of the last word: ``E`` and the first two digits of the exponent, which are 0 in every exactly expressible number.
_TAIL_FIXED: Final = np.uint64(0x0000_00FF_FF00_FF00)
_TAIL_EXPECTED: Final = np.uint64(0x0000_0030_3000_4500)
#: Of the last word: the mantissa's last digit and the exponent's last two.
_TAIL_DIGITS: Final = np.uint64(0x00FF_FF00_0000_00FF)

__all__ = ["SLOT", "decode"]


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
    if not _separated(rows, columns):
        return None
    slots = np.ascontiguousarray(rows[:, : SLOT * columns])
    words = slots.reshape(-1).view("<u8").reshape(-1, 3)
    head, middle, tail = (words[:, index].astype(np.uint64) for index in range(3))
    negative = _signs(head & _LOW_BYTE)
    leading = _leading_digits(head, decimal)
    middle ^= _ZEROS
    if negative is None or leading is None or not _are_digits(leading, middle):
        return None
    indices = _exponent_indices(tail)
    if indices is None:
        return None
    mantissa = _eight_digits(leading) * np.uint64(10**9)
    mantissa += _eight_digits(middle) * np.uint64(10)
    mantissa += tail & np.uint64(0x0F)
    values = _scaled(mantissa.astype(np.float64), indices)
    np.negative(values, out=values, where=negative)
    return values.reshape(len(rows), columns)


def _separated(rows: npt.NDArray[np.uint8], columns: int) -> bool:
    """Whether a blank follows each number but the last of a row, and a line end that one."""
    between = rows[:, SLOT - 1 : SLOT * columns - 1 : SLOT]
    ends = rows[:, SLOT * columns - 1 :]
    line_end = np.frombuffer(b"\r\n"[-ends.shape[1] :], np.uint8)
    return bool((between == ord(" ")).all() and (ends == line_end).all())


def _signs(sign: _Words) -> npt.NDArray[np.bool_] | None:
    """Return which numbers are negative; None when a sign is neither a blank nor a minus."""
    negative: npt.NDArray[np.bool_] = sign == np.uint64(ord("-"))
    return negative if (negative | (sign == np.uint64(ord(" ")))).all() else None


def _leading_digits(head: _Words, decimal: bytes) -> _Words | None:
    """Return the first six digits as values 0 to 9 behind two zeros; None unless the decimal mark is in its place."""
    mark = head & np.uint64(0xFF0000)
    if not (mark == np.uint64(ord(decimal) << 16)).all():
        return None
    before = head & np.uint64(0xFF00)
    before <<= np.uint64(8)
    before |= head & np.uint64(0xFFFF_FFFF_FF00_0000)
    before ^= np.uint64(0x3030_3030_3030_0000)
    return before


def _are_digits(*words: _Words) -> bool:
    """Whether every byte is 0 to 9: its high nibble is 0, also after 6 is added."""
    return not any(((word | (word + _SIXES)) & _HIGH_NIBBLES).any() for word in words)


def _eight_digits(values: _Words) -> _Words:
    """Return the integers that eight digit values make, the first in the lowest byte."""
    pairs = values * np.uint64(10 * 256 + 1)
    pairs >>= np.uint64(8)
    pairs &= np.uint64(0x00FF00FF00FF00FF)
    pairs *= np.uint64(100 * 65536 + 1)
    pairs >>= np.uint64(16)
    pairs &= np.uint64(0x0000FFFF0000FFFF)
    pairs *= np.uint64(10000 * 2**32 + 1)
    pairs >>= np.uint64(32)
    return pairs


def _exponent_indices(tail: _Words) -> npt.NDArray[np.int64] | None:
    """Return the exponents as indices of the power tables; None unless all are well formed and exactly expressible."""
    if not ((tail & _TAIL_FIXED) == _TAIL_EXPECTED).all() or not _are_digits((tail ^ _ZEROS) & _TAIL_DIGITS):
        return None
    size = (tail >> np.uint64(40)) & np.uint64(0x0F)
    size *= np.uint64(10)
    size += (tail >> np.uint64(48)) & np.uint64(0x0F)
    exponents = size.view(np.int64)
    sign = (tail >> np.uint64(16)) & _LOW_BYTE
    negative = sign == np.uint64(ord("-"))
    if not (negative | (sign == np.uint64(ord("+")))).all():
        return None
    np.negative(exponents, out=exponents, where=negative)
    if exponents.min() < _DECIMALS - _EXACT or exponents.max() > _DECIMALS + _EXACT:
        return None
    exponents -= _EXPONENTS[0]
    return exponents


def _scaled(values: FloatArray, indices: npt.NDArray[np.int64]) -> FloatArray:
    """Return mantissas of 15 digits times their powers of ten; one of factor and divisor is 1, so one rounding."""
    if indices.max() > _DECIMALS - _EXPONENTS[0]:
        values *= _FACTORS[indices]
    values /= _DIVISORS[indices]
    return values
