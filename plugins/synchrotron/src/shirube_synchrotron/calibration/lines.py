"""Reference lines of ISO 15472, found where a region shows one, by a parabola through the top of the peak."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray

#: Standard uncertainty of the reference energies in eV (ISO 15472 gives them within 0.02 eV).
REFERENCE_UNCERTAINTY: Final = 0.02
#: How far a line may be from its energy, in eV, and how far the data must go on beyond its maximum.
_REACH: Final = 1.0
_BESIDE: Final = 0.8
#: Parts of the peak above its surroundings that a parabola is fitted to; what they disagree by is the model's.
_TOPS: Final = (0.6, 0.7, 0.8)
_FEWEST_POINTS: Final = 5
#: How far the other line of a doublet may be from its place, in eV, and what part of the height it has at least.
_PARTNER_REACH: Final = 0.4
_PARTNER_HEIGHT: Final = 0.25
#: A line stands out of the noise at least so far.
_SIGNIFICANT: Final = 8.0

__all__ = ["LINES", "REFERENCE_UNCERTAINTY", "FoundLine", "ReferenceLine", "found_lines"]


@frozen
class ReferenceLine:
    """A line whose binding energy is a reference value: ISO 15472:2010, monochromatic Al K-alpha, Fermi edge at 0.

    Attributes:
        name: Element and level.
        energy: Its binding energy in eV.
        partner: Energy from it to the other line of its spin-orbit doublet, in eV.
    """

    name: str
    energy: float
    partner: float


LINES: Final = (
    ReferenceLine("Au 4f7/2", 83.96, 3.67),
    ReferenceLine("Ag 3d5/2", 368.21, 6.0),
    ReferenceLine("Cu 2p3/2", 932.62, 19.8),
)


@frozen
class FoundLine:
    """A reference line as it was measured.

    Attributes:
        line: Which.
        energy: Binding energy of its maximum in eV.
        statistical: Standard uncertainty of the fit in eV.
        model: Half of what parabolas through other parts of the peak say.
    """

    line: ReferenceLine
    energy: float
    statistical: float
    model: float

    @property
    def standard(self) -> float:
        """Standard uncertainty of the difference to the reference, that of the reference value included."""
        return math.hypot(self.statistical, self.model, REFERENCE_UNCERTAINTY)

    @property
    def difference(self) -> float:
        """Measured minus reference energy in eV."""
        return self.energy - self.line.energy


def found_lines(binding: FloatArray, intensity: FloatArray) -> list[FoundLine]:
    """Return the reference lines that a region shows.

    A line counts only where a maximum stands within 1 eV of its energy, out of the noise, with data on both sides, and
    with enough points at its top; a scan of wide steps shows none.

    Args:
        binding: Calibrated binding energies in eV, shape (n,), any order.
        intensity: Shape (n,).
    """
    order = np.argsort(binding, kind="stable")
    energies, values = binding[order], intensity[order]
    found = (_found(line, energies, values) for line in LINES)
    return [one for one in found if one is not None]


def _found(line: ReferenceLine, energies: FloatArray, values: FloatArray) -> FoundLine | None:
    near = np.flatnonzero(np.abs(energies - line.energy) <= _REACH)
    if near.size < _FEWEST_POINTS:
        return None
    top = int(near[np.argmax(values[near])])
    around = np.abs(energies - energies[top]) <= _REACH
    inside = min(energies[top] - energies[0], energies[-1] - energies[top]) >= _BESIDE
    if not inside or top != int(np.flatnonzero(around)[np.argmax(values[around])]):
        return None
    x, y = energies[around], values[around]
    base = float(y.min())
    if y.max() - base < _SIGNIFICANT * _noise(values) or not _has_partner(line, energies, values, top):
        return None
    fits = [_parabola(x, y, base + part * (float(y.max()) - base)) for part in _TOPS]
    known = [one for one in fits if one is not None]
    if not known:
        return None
    centres = [centre for centre, _ in known]
    energy, uncertainty = known[len(known) // 2]
    return FoundLine(line, energy, uncertainty, 0.5 * (max(centres) - min(centres)))


def _has_partner(line: ReferenceLine, energies: FloatArray, values: FloatArray, top: int) -> bool:
    """Tell whether the doublet's other line stands where it must; a line alone is another element's.

    Where the data end before it, nothing can be told, and the line counts.
    """
    at = energies[top] + line.partner
    if at + _BESIDE > energies[-1]:
        return True
    near = np.flatnonzero(np.abs(energies - at) <= _PARTNER_REACH)
    around = np.abs(energies - at) <= _BESIDE
    if near.size == 0 or not around.any():
        return False
    best = int(near[np.argmax(values[near])])
    inside = np.abs(energies - energies[best]) <= _BESIDE
    rises = float(values[best] - values[inside].min()) >= _SIGNIFICANT * _noise(values)
    part = float(values[best] - values.min()) >= _PARTNER_HEIGHT * float(values[top] - values.min())
    # A partner is a maximum of its own, not the flank of the line.
    return rises and part and best == int(np.flatnonzero(inside)[np.argmax(values[inside])])


def _parabola(x: FloatArray, y: FloatArray, threshold: float) -> tuple[float, float] | None:
    """Return the maximum of a parabola through the points above ``threshold`` around the peak, and its uncertainty."""
    top = int(np.argmax(y))
    below = np.flatnonzero(y < threshold)
    first = int(max(below[below < top], default=-1)) + 1
    last = int(min(below[below > top], default=x.size))
    u, v = x[first:last] - x[top], y[first:last]
    if u.size < _FEWEST_POINTS:
        return None
    coefficients, covariance = np.polyfit(u, v, 2, cov=True)
    curvature, slope, _ = (float(one) for one in coefficients)
    if curvature >= 0.0:
        return None
    shift = -0.5 * slope / curvature
    gradient = np.array([-shift / curvature, -0.5 / curvature, 0.0])
    variance = float(gradient @ covariance @ gradient)
    if not u.min() < shift < u.max() or variance < 0.0:
        return None
    return float(x[top]) + shift, math.sqrt(variance)


def _noise(values: FloatArray) -> float:
    """Return the noise of one point, from second differences, whose own factor is sqrt(6)."""
    return 1.4826 * float(np.median(np.abs(np.diff(values, 2)))) / math.sqrt(6.0)
