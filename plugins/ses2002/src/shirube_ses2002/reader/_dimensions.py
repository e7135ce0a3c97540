"""Reads the dimensions of a region: what each scans, in which unit, and its points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.errors import InputError
from shirube.records import Axis, FloatArray, RawValue
from shirube_ses2002.reader._headers import Header
from shirube_ses2002.reader._problems import excerpt, problem

#: ``Y-Scale [deg]``, ``Seq. Iteration[a.u.]``: a name and a unit, with or without a blank between.
_NAME: Final = re.compile(r"(?P<name>.*?)\s*(?:\[(?P<unit>[^\[\]]*)\])?\s*")
_SIZE: Final = re.compile(r"[ \t]*([0-9]{1,9})[ \t]*")
_LENGTHS: Final = frozenset(("mm", "um", "µm", "μm", "nm"))
_ANGLES: Final = frozenset(("deg", "°", "degrees"))
_DIMENSIONS: Final = (1, 2, 3)
#: float() knows more spellings of numbers than instruments have (1_000, nan).
_NUMERIC: Final = b"0123456789+-.eE \t"

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


def dimensions(header: Header, file: str) -> tuple[Dimension, ...]:
    """Return the dimensions of a ``[Region N]`` section, at least one.

    Raises:
        InputError: A name, size or scale is missing, or they do not agree.
    """
    stated = [number for number in _DIMENSIONS if header.get(f"Dimension {number} size") is not None]
    fourth = next((value for value in header.values if re.match(r"Dimension ([4-9]|\d\d)", value.key)), None)
    if fourth is not None:
        raise problem(file, "too-many-dimensions", fourth.line, key=fourth.key)
    if stated != list(_DIMENSIONS[: len(stated)]) or not stated:
        missing = next(number for number in _DIMENSIONS if number not in stated)
        raise _missing(header, f"Dimension {missing} size", file)
    return tuple(_dimension(header, number, file) for number in stated)


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
    if not plain.isascii() or plain.encode("ascii").translate(None, _NUMERIC):
        return None
    try:
        values = np.array([float(part) for part in plain.split()], dtype=np.float64)
    except ValueError:
        return None
    return values if values.size and bool(np.isfinite(values).all()) else None


def whole_number(text: str) -> int | None:
    """Return a whole number without a sign, of a size that a file can have; None for any other text."""
    match = _SIZE.fullmatch(text)
    return None if match is None else int(match[1])


def _dimension(header: Header, number: int, file: str) -> Dimension:
    name = _required(header, f"Dimension {number} name", file)
    size = _required(header, f"Dimension {number} size", file)
    scale = _required(header, f"Dimension {number} scale", file)
    match = _NAME.fullmatch(str(name.value))
    points = whole_number(str(size.value))
    if not points:
        raise problem(file, "not-a-size", size.line, key=size.key, found=excerpt(str(size.value)))
    values = numbers(str(scale.value))
    if values is None:
        raise problem(file, "not-numbers", scale.line, key=scale.key)
    if values.size != points:
        raise problem(file, "scale-length", scale.line, key=scale.key, expected=points, found=values.size)
    text, unit = (match["name"], match["unit"] or "") if match else (str(name.value), "")
    return Dimension(text, unit, values, scale.line)


def _required(header: Header, key: str, file: str) -> RawValue:
    values = [value for value in header.values if value.key == key]
    if not values:
        raise _missing(header, key, file)
    for other in values[1:]:
        if other.value != values[0].value:
            raise problem(file, "key-twice", other.line, key=key)
    return values[0]


def _missing(header: Header, key: str, file: str) -> InputError:
    return problem(file, "key-missing", header.line, key=key, section=header.section.title)


def _axis_name(dimension: Dimension) -> tuple[str, str]:
    """Return the name and unit of an axis; what only counts has no unit."""
    if "iteration" in dimension.text.lower():
        return "iteration", ""
    if dimension.unit in _ANGLES:
        return "angle", "deg"
    if dimension.unit in _LENGTHS:
        return "position", dimension.unit
    if dimension.text.lower().startswith("point"):
        return "point", ""
    return _slug(dimension.text), dimension.unit


def _slug(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_") or "axis"
