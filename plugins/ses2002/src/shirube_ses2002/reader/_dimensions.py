"""Reads the dimensions of a region: what each scans, in which unit, and its points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import Axis, FloatArray, RawValue
from shirube_ses2002.reader._headers import Header
from shirube_ses2002.reader._problems import Problems, excerpt
from shirube_ses2002.reader._short_decimals import short_decimals

_SIZE: Final = re.compile(r"[ \t]*([0-9]{1,9})[ \t]*")
_KEY: Final = re.compile(r"Dimension ([0-9]{1,9}) (?:name|size|scale)")
_LENGTHS: Final = frozenset(("mm", "um", "µm", "μm", "nm"))
_ANGLES: Final = frozenset(("deg", "°", "degree", "degrees"))
#: Dimensions that a region may have.
_MOST: Final = 3
#: float() knows more spellings of numbers than instruments have (1_000, nan).
_NUMERIC: Final = b"0123456789+-.eE \t"
#: Characters from which on it pays to convert all numbers of a text together.
_MANY: Final = 2048
_WORD: Final = re.compile(r"[^ \t]+")
#: A text up to this length is split at once, which is faster; a longer one word by word, which needs no memory.
_SPLIT_UP_TO: Final = 1 << 16

__all__ = ["Dimension", "axes", "dimensions", "numbers", "whole_number"]


@frozen(eq=False)
class Dimension:
    """One dimension as its region describes it.

    Attributes:
        text: Its name as written, without the unit.
        unit: Its unit as written, ``""`` without one.
        scale: Its points, shape (size,).
        line: Line of its scale.
    """

    text: str
    unit: str
    scale: FloatArray
    line: int | None

    def __len__(self) -> int:
        return int(self.scale.size)


def dimensions(header: Header, problems: Problems) -> tuple[Dimension, ...] | None:
    """Return the dimensions of a ``[Region N]`` section, at least one; None after reporting what is wrong with them."""
    before = len(problems)
    keys = [(match, value) for value in header.values if (match := _KEY.fullmatch(value.key))]
    stated = {int(match[1]) for match, _ in keys}
    for match, value in keys:
        if not 1 <= int(match[1]) <= _MOST:
            problems.add("too-many-dimensions", value.line, key=value.key)
            return None
    found = [_dimension(header, number, problems) for number in range(1, max(stated, default=1) + 1)]
    return tuple(one for one in found if one is not None) if len(problems) == before else None


def axes(found: Sequence[Dimension], energies: FloatArray) -> tuple[Axis, ...]:
    """Return the axes of a spectrum; the first one's values are the energies of the data."""
    made = [Axis("energy", energies, "eV")]
    for dimension in found[1:]:
        name, unit = _axis_name(dimension)
        taken = [axis.name for axis in made]
        if name in taken:
            name = _slug(dimension.text)
        while name in taken:
            name += "_2"
        made.append(Axis(name, dimension.scale, unit))
    return tuple(made)


def numbers(text: str) -> FloatArray | None:
    """Return the numbers of a text separated by blanks, shape (n,); None when it holds anything else or no number.

    A comma is a decimal comma, when there is no point.
    """
    plain = text.replace(",", ".") if "," in text and "." not in text else text
    together = short_decimals(plain) if len(plain) >= _MANY else None
    if together is not None:
        return together
    if not plain.isascii() or plain.encode("ascii").translate(None, _NUMERIC):
        return None
    words = plain.split() if len(plain) <= _SPLIT_UP_TO else (match[0] for match in _WORD.finditer(plain))
    try:
        values = np.fromiter(map(float, words), np.float64)
    except ValueError:
        return None
    return values if values.size and bool(np.isfinite(values).all()) else None


def whole_number(text: str) -> int | None:
    """Return a whole number without a sign, of a size that a file can have; None for any other text."""
    match = _SIZE.fullmatch(text)
    return None if match is None else int(match[1])


def _dimension(header: Header, number: int, problems: Problems) -> Dimension | None:
    name = _required(header, f"Dimension {number} name", problems)
    size = _required(header, f"Dimension {number} size", problems)
    scale = _required(header, f"Dimension {number} scale", problems)
    points = None if size is None else _points(size, problems)
    values = None if scale is None else numbers(str(scale.value))
    if scale is not None and values is None:
        problems.add("not-numbers", scale.line, key=scale.key)
    if name is None or points is None or scale is None or values is None:
        return None
    if values.size != points:
        problems.add("scale-length", scale.line, key=scale.key, expected=points, found=values.size)
    return Dimension(*_name_and_unit(str(name.value)), values, scale.line)


def _points(size: RawValue, problems: Problems) -> int | None:
    points = whole_number(str(size.value))
    if not points:
        problems.add("not-a-size", size.line, key=size.key, found=excerpt(str(size.value)))
    return points or None


def _required(header: Header, key: str, problems: Problems) -> RawValue | None:
    value = header.get(key)
    if value is None:
        problems.add("key-missing", header.line, key=key, section=header.section.title)
    return value


def _name_and_unit(text: str) -> tuple[str, str]:
    """Return the parts of ``Y-Scale [deg]``, ``Seq. Iteration[a.u.]`` or ``Delay(fs)``."""
    plain = text.strip()
    for opening, closing in ("[]", "()"):
        name, bracket, unit = plain.removesuffix(closing).rpartition(opening)
        if bracket and plain.endswith(closing):
            return name.strip(), unit.strip()
    return plain, ""


def _axis_name(dimension: Dimension) -> tuple[str, str]:
    """Return the name and unit of an axis; what only counts has no unit."""
    text, unit = dimension.text.lower(), dimension.unit
    if "iteration" in text:
        return "iteration", ""
    if "delay" in text:
        return "delay", unit
    if unit.lower() in _ANGLES:
        return "angle", "deg"
    if unit in _LENGTHS:
        return "position", unit
    if text.startswith("point"):
        return "point", ""
    return _slug(text), unit


def _slug(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_") or "axis"
