"""The analyser's transmission: 1, a power of the kinetic energy, or a measured curve from a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen

from shirube.builtin.rows import is_row, layout_of, parts, plain, two_numbers
from shirube.errors import InputError, all_problems
from shirube.messages import Message
from shirube.records import FloatArray
from shirube.text import decode
from shirube_quant.phrases import message

_FEWEST: Final = 2
#: Lines that are named.
_MOST: Final = 5

__all__ = ["Transmission", "read_transmission"]


@frozen(eq=False)
class Transmission:
    """How much of what is emitted is counted, by kinetic energy; only ratios of it matter.

    Attributes:
        exponent: Transmission is the kinetic energy to the power ``-exponent``; 0 for 1 throughout.
        energies: Kinetic energies of a measured curve in eV, rising, shape (n,); None without one.
        values: The curve, shape (n,).
        source: File name of the curve.
        stated: Whether somebody said so; else it is an assumption.
    """

    exponent: float = 0.0
    energies: FloatArray | None = None
    values: FloatArray | None = None
    source: str = ""
    stated: bool = False

    def at(self, kinetic: float) -> float:
        """Return the transmission at a kinetic energy in eV.

        Raises:
            InputError: A measured curve does not reach it; it is not extrapolated.
        """
        if self.energies is None or self.values is None:
            return math.pow(kinetic, -self.exponent)
        low, high = float(self.energies[0]), float(self.energies[-1])
        if not low <= kinetic <= high:
            said = message("transmission-short", at=f"{kinetic:.1f}", low=f"{low:g}", high=f"{high:g}")
            raise InputError(said, path=self.source)
        return float(np.interp(kinetic, self.energies, self.values))

    def statement(self) -> Message:
        """Return what is assumed of the transmission."""
        if self.energies is not None:
            return message("transmission-curve", file=self.source)
        if self.stated:
            return message("transmission-power", exponent=f"{self.exponent:g}")
        return message("transmission-one")


def read_transmission(path: Path) -> Transmission:
    """Return the curve in a file: kinetic energy in eV and transmission, a line each; one heading may come first.

    Columns are parted by commas, semicolons, tabs or spaces, and numbers are written as in bare columns of spectra.

    Raises:
        InputError: The file cannot be read, or is no such curve; names every line that is wrong, up to a few.
    """
    lines = _lines(path)
    layout = layout_of([text for _, text in lines])
    points: list[tuple[float, float]] = []
    problems: list[InputError] = []
    for place, (number, text) in enumerate(lines):
        point = two_numbers(text, layout)
        if point is None and place == 0 and not _holds_number(text):
            continue
        try:
            points.append(_checked(point, points))
        except InputError as error:
            problems.append(InputError(error.message, path=path, line=number))
    if problems:
        raise all_problems(problems[:_MOST])
    if len(points) < _FEWEST:
        raise InputError(message("transmission-few", number=len(points)), path=path)
    energies, values = np.array(points).T
    return Transmission(energies=energies, values=values, source=path.name, stated=True)


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return lines that hold something, comments left out, with their numbers."""
    try:
        text = decode(path.read_bytes()).text
    except OSError as error:
        raise InputError(message("transmission-unreadable", reason=error.strerror or str(error)), path=path) from None
    numbered = enumerate(plain(text.splitlines()), start=1)
    return [(number, line) for number, line in numbered if line.strip() and not line.lstrip().startswith("#")]


def _holds_number(text: str) -> bool:
    """Tell whether a line that should be a heading is a point that was written wrongly."""
    return any(is_row(f"{part}\t1") for part in parts(text))


def _checked(point: tuple[float, float] | None, before: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return a point of the curve.

    Raises:
        InputError: It cannot follow those before it, or is none.
    """
    if point is None:
        raise InputError(message("transmission-row"))
    if min(point) <= 0.0:
        raise InputError(message("transmission-not-positive"))
    if before and point[0] <= before[-1][0]:
        raise InputError(message("transmission-not-rising", before=f"{before[-1][0]:g}"))
    return point
