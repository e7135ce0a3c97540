"""Areas of lines without a fit: what is left above a Shirley background, or a straight one where that cannot be."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_quant.peaks import noise_variance

#: Parts of a region at either end whose mean is where the background begins and ends, and the fewest channels of one.
_END: Final = 0.06
_FEWEST: Final = 3
#: Channels that a region must have.
LEAST: Final = 16
_ROUNDS: Final = 200
_SETTLED: Final = 1e-7

__all__ = ["LEAST", "Integral", "integrate", "variances"]


@frozen(eq=False)
class Integral:
    """The area of a region above its background.

    Attributes:
        area: Intensity times eV.
        uncertainty: Standard uncertainty, of counting noise and of the ends of the background.
        background: ``shirley`` or ``linear``.
        position: Energy of the highest channel above the background, eV.
    """

    area: float
    uncertainty: float
    background: Literal["shirley", "linear"]
    position: float


def variances(intensity: FloatArray, *, counted: bool) -> FloatArray:
    """Return the variance of each channel: its counts, or what the scatter of neighbours shows.

    Args:
        intensity: Of a whole scan, so that a line is the smaller part of it, shape (n,).
        counted: Whether intensities are counts, none below zero, each of which is its own variance.
    """
    return np.maximum(intensity, 1.0) if counted else noise_variance(intensity)


def integrate(energy: FloatArray, intensity: FloatArray, variance: FloatArray) -> Integral:
    """Return the area above a Shirley background (D. A. Shirley, Phys. Rev. B 5, 4709 (1972)), by iteration.

    Where the intensity falls towards high binding energies, or the iteration does not settle, the background is a
    straight line.

    Args:
        energy: Binding energies in eV in either order, shape (n,), n at least 10.
        intensity: Shape (n,), finite.
        variance: Of each intensity, shape (n,).
    """
    order = np.argsort(energy, kind="stable")
    ascending, values = energy[order], intensity[order]
    ends = max(_FEWEST, round(_END * values.size))
    low, high = float(values[:ends].mean()), float(values[-ends:].mean())
    weights = _trapezoid(ascending)
    rise = _shirley(values, weights, low, high)
    kind: Literal["shirley", "linear"] = "linear" if rise is None else "shirley"
    if rise is None:
        rise = (ascending - ascending[0]) / (ascending[-1] - ascending[0])
    net = values - low - (high - low) * rise
    by_value, by_low, by_high = weights, -float(weights @ (1.0 - rise)), -float(weights @ rise)
    if kind == "shirley":
        by_value, by_low, by_high = _through_rise(weights, net, rise, high - low)
    # Each channel counts by itself, and once more through the end of the background that it is a part of.
    influence = by_value.copy()
    influence[:ends] += by_low / ends
    influence[-ends:] += by_high / ends
    return Integral(
        area=float(weights @ net),
        uncertainty=float(np.sqrt(variance[order] @ np.square(influence))),
        background=kind,
        position=float(ascending[int(np.argmax(_smooth(net)))]),
    )


def _shirley(values: FloatArray, weights: FloatArray, low: float, high: float) -> FloatArray | None:
    """Return how far a Shirley background has risen, from 0 at low to 1 at high energies; None where there is none."""
    if high <= low:
        return None
    rise = np.linspace(0.0, 1.0, values.size)
    for _ in range(_ROUNDS):
        net = weights * (values - low - (high - low) * rise)
        grown = np.cumsum(net) - 0.5 * net
        total = float(net.sum())
        if total <= 0.0:
            return None
        following = grown / total
        if float(np.abs(following - rise).max()) < _SETTLED:
            return following
        rise = following
    return None


def _through_rise(
    weights: FloatArray, net: FloatArray, rise: FloatArray, step: float
) -> tuple[FloatArray, float, float]:
    """Return the derivatives of the area A by intensities and by both ends, that of the rise r included.

    With the cumulative integral C, r A = C (y - low - step r) holds, and A = w (y - low - step r). Differentiated:
    (A + step C - step r w) dr = (C - r w) (dy - dlow - r dstep), and the area changes by w (dy - dlow - r dstep)
    - step w dr. Solved for the adjoint v of dr, one system gives all derivatives.
    """
    cumulative = (np.tri(weights.size) - 0.5 * np.eye(weights.size)) * weights
    drawn = cumulative - np.outer(rise, weights)
    area = float(weights @ net)
    adjoint = np.linalg.solve((area * np.eye(weights.size) + step * drawn).T, step * weights)
    by_value = weights - adjoint @ drawn
    by_high = -float(by_value @ rise)
    return by_value, -float(by_value.sum()) - by_high, by_high


def _trapezoid(energy: FloatArray) -> FloatArray:
    """Return the weight of each channel in an integral over ascending energies, eV."""
    steps = np.diff(energy)
    return np.asarray(0.5 * (np.append(steps, 0.0) + np.insert(steps, 0, 0.0)), dtype=np.float64)


def _smooth(values: FloatArray) -> FloatArray:
    return np.convolve(np.pad(values, 2, mode="edge"), np.full(5, 0.2), mode="valid")
