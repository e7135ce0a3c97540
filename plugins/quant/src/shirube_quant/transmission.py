"""The analyser's transmission: 1, a power of the kinetic energy, or a measured curve from a file."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen

from shirube.errors import InputError
from shirube.messages import Message
from shirube.records import FloatArray
from shirube.text import decode
from shirube_quant.phrases import message

_FEWEST: Final = 2

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
    """Return the curve in a CSV file: kinetic energy in eV and transmission, a line each; one heading may come first.

    Raises:
        InputError: The file cannot be read, or is no such curve; names the first line that is wrong.
    """
    points: list[tuple[float, float]] = []
    for number, row in _rows(path):
        point = _point(row)
        if point is None and number == 1:
            continue
        if point is None:
            raise InputError(message("transmission-row"), path=path, line=number)
        _check(point, points, path, number)
        points.append(point)
    if len(points) < _FEWEST:
        raise InputError(message("transmission-few", number=len(points)), path=path)
    energies, values = np.array(points).T
    return Transmission(energies=energies, values=values, source=path.name, stated=True)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that hold something, comments left out, with their lines."""
    try:
        text = decode(path.read_bytes()).text
    except OSError as error:
        raise InputError(message("transmission-unreadable", reason=error.strerror or str(error)), path=path) from None
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#"):
            yield number, row


def _point(row: Sequence[str]) -> tuple[float, float] | None:
    try:
        energy, value = (float(cell) for cell in row)
    except ValueError:
        return None
    return (energy, value) if math.isfinite(energy) and math.isfinite(value) else None


def _check(point: tuple[float, float], before: Sequence[tuple[float, float]], path: Path, line: int) -> None:
    if min(point) <= 0.0:
        raise InputError(message("transmission-not-positive"), path=path, line=line)
    if before and point[0] <= before[-1][0]:
        raise InputError(message("transmission-not-rising", before=f"{before[-1][0]:g}"), path=path, line=line)
