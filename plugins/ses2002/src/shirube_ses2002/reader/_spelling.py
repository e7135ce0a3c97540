"""Finds numbers that are spelt otherwise than those around them, as numbers are that lost or gained a character.

A program prints all numbers of a column alike: with as many decimals, or as many digits, with an exponent of as many
digits or none. One without its point, or with a digit less, is still a number; its spelling is all that tells. But
numbers printed as short as possible differ in length by nature. They never end with a zero behind the point, so only a
column where numbers do is held to one spelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: A count of characters takes so many values in a key of several.
_BASE: Final = 1 << 8
#: One decimal that is a zero is also how the shortest spelling of a whole double ends (``300.0``).
_FEWEST_DECIMALS: Final = 2
#: How SES spells every number, whatever it ends with: 14 decimals, one digit before them, an exponent of four.
_SES: Final = (14 * _BASE + 1) * _BASE + 4
_ANY: Final = -1
#: Digits of an exponent below -99 where others have two.
_LONG_EXPONENT: Final = 3
#: Columns of one spelling: the energies, the values.
_PARTS: Final = (slice(0, 1), slice(1, None))

__all__ = ["Spellings"]


@attrs.frozen(eq=False)
class _Numbers:
    """Where numbers stand and how they are spelt, each array of shape (rows, columns).

    Attributes:
        starts: Where each begins.
        ends: Where each ends.
        by_decimals: Decimals, if there is an exponent the digits before the point, and those of the exponent, as one
            number.
        by_digits: Significant digits of the mantissa and those of the exponent, as one number; ``_ANY`` for a zero.
        pointed: Whether it has a point.
        plain: Whether it has no exponent.
        unsigned: Whether it has an exponent without a sign.
        plus: Whether it has an exponent with a plus.
        zeros: How many decimals it has, if the last one is a zero; else 0.
    """

    starts: Integers
    ends: Integers
    by_decimals: Integers
    by_digits: Integers
    pointed: Flags
    plain: Flags
    unsigned: Flags
    plus: Flags
    zeros: Integers

    def in_rows(self, columns: int) -> _Numbers:
        """Return numbers that stand one after the other as rows of so many."""
        return _Numbers(*(array.reshape(-1, columns) for array in attrs.astuple(self, recurse=False)))

    def of(self, columns: slice) -> _Numbers:
        """Return the numbers of some columns."""
        return _Numbers(*(array[:, columns] for array in attrs.astuple(self, recurse=False)))


@attrs.frozen
class _Spelling:
    """How the numbers of a column are spelt.

    Attributes:
        by_decimals: Whether they have as many decimals each, or as many digits.
        key: How many.
        strict: Whether all are held to it; else, those without an exponent only need a point.
        plus: Whether exponents above 0 have a sign.
    """

    by_decimals: bool
    key: int
    strict: bool
    plus: bool

    def odd(self, numbers: _Numbers) -> Flags:
        """Return which numbers are spelt otherwise."""
        odd: Flags = ~numbers.pointed & (numbers.plain | self.strict)
        odd |= numbers.unsigned & self.plus
        return odd | ~self.alike(numbers) if self.strict else odd

    def alike(self, numbers: _Numbers) -> Flags:
        """Return which numbers have as many decimals, or digits, and digits of the exponent."""
        keys, base = (numbers.by_decimals, _BASE**2) if self.by_decimals else (numbers.by_digits, _BASE)
        # Some programs give only very large and very small numbers an exponent.
        one_has_none = (keys % base == 0) | (self.key % base == 0)
        alike: Flags = (keys == self.key) | (keys == _ANY) | (one_has_none & (keys // base == self.key // base))
        return alike


class Spellings:
    """How the energies and the values of a block are spelt, as far as was seen."""

    def __init__(self) -> None:
        self._known: list[_Spelling | None] = [None] * len(_PARTS)

    def odd(self, raw: bytes, columns: int) -> Iterator[tuple[int, bytes]]:
        """Yield the index of each row with oddly spelt numbers, blank lines not counted, and the first such number.

        Args:
            raw: Rows of as many blank-separated decimal numbers as there are columns, each row up to a line feed.
            columns: How many.
        """
        numbers = _numbers(raw).in_rows(columns)
        odd = np.zeros(numbers.starts.shape, np.bool_)
        for index, part in enumerate(_PARTS):
            mine = numbers.of(part)
            spelling = self._known[index] = self._known[index] or _spelling(mine)
            if spelling is not None:
                odd[:, part] = spelling.odd(mine)
        if len(odd) == 1 and (numbers.by_decimals == _SES).any():
            odd |= numbers.by_decimals != _SES
        for row in np.flatnonzero(odd.any(axis=1)).tolist():
            column = int(np.argmax(odd[row]))
            yield row, raw[numbers.starts[row, column] : numbers.ends[row, column]]


def _spelling(part: _Numbers) -> _Spelling | None:
    """Return how most numbers of a part of a block are spelt; None if nothing tells that all should be."""
    plus = bool(part.plus.any())
    by_decimals = _Spelling(True, _most_common(part.by_decimals), False, plus)
    by_digits = _Spelling(False, _most_common(part.by_digits), False, plus)
    alike, as_long = by_decimals.alike(part), by_digits.alike(part)
    found, those = (by_digits, as_long) if as_long.sum() > alike.sum() else (by_decimals, alike)
    if not part.starts.size or 2 * those.sum() <= part.starts.size:
        return None
    zeros = int(part.zeros[those].max())
    strict = zeros >= _FEWEST_DECIMALS or by_decimals.key == _SES
    return attrs.evolve(found, strict=strict) if zeros or strict else None


def _most_common(keys: Integers) -> int:
    """Return the most common key, zeros aside."""
    values, counts = np.unique(keys[keys != _ANY], return_counts=True)
    return int(values[np.argmax(counts)]) if values.size else _ANY


def _numbers(raw: bytes) -> _Numbers:
    """Return where the numbers of a text stand and how they are spelt, one after the other."""
    text = np.frombuffer(b" " + raw + b" ", np.uint8)
    blank = (text == ord(" ")) | (text == ord("\t")) | (text == ord("\n"))
    starts, ends = (np.flatnonzero(edge) + 1 for edge in (blank[:-1] & ~blank[1:], ~blank[:-1] & blank[1:]))
    exponents, points = np.flatnonzero((text | 0x20) == ord("e")), np.flatnonzero(text == ord("."))
    with_exponent, with_point = _owners(ends, exponents), _owners(ends, points)
    pointed, unsigned, plus = (np.zeros(len(starts), np.bool_) for _ in range(3))
    pointed[with_point] = True
    plus[with_exponent] = text[exponents + 1] == ord("+")
    minus = text[exponents + 1] == ord("-")
    unsigned[with_exponent] = ~(plus[with_exponent] | minus)
    exponent, stops = np.zeros_like(ends), ends.copy()
    exponent[with_exponent] = ends[with_exponent] - exponents - 2 + unsigned[with_exponent]
    exponent[with_exponent] -= minus & (exponent[with_exponent] == _LONG_EXPONENT) & (text[exponents + 2] != ord("0"))
    stops[with_exponent] = exponents
    middles = stops.copy()
    middles[with_point] = points
    whole = middles - starts - ((text[starts] == ord("-")) | (text[starts] == ord("+")))
    decimals = stops - middles - pointed
    significant = whole + decimals - _leading_zeros(text, middles - whole, stops)
    return _Numbers(
        starts=starts - 1,
        ends=ends - 1,
        by_decimals=(decimals * _BASE + np.where(exponent, whole, 0)) * _BASE + exponent,
        by_digits=np.where(significant > 0, significant * _BASE + exponent, _ANY),
        pointed=pointed,
        plain=exponent == 0,
        unsigned=unsigned,
        plus=plus,
        zeros=np.where(text[stops - 1] == ord("0"), decimals, 0),
    )


def _leading_zeros(text: npt.NDArray[np.uint8], starts: Integers, stops: Integers) -> Integers:
    """Return how many zeros each mantissa begins with, its point not counted."""
    zeros = np.zeros_like(starts)
    small = np.flatnonzero(text[starts] == ord("0"))
    if small.size:
        others = np.append(np.flatnonzero((text >= ord("1")) & (text <= ord("9"))), len(text))
        first = np.minimum(others[np.searchsorted(others, starts[small])], stops[small])
        points = np.concatenate(([0], np.cumsum(text == ord("."))))
        zeros[small] = first - starts[small] - (points[first] - points[starts[small]])
    return zeros


def _owners(ends: Integers, marks: Integers) -> Integers:
    """Return the indices of the numbers that hold the characters at ``marks``; none holds two."""
    return np.arange(len(ends)) if len(marks) == len(ends) else np.searchsorted(ends, marks)
