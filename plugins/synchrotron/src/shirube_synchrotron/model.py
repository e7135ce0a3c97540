"""The Fermi edge of a metal in closed form: density of states times Fermi function, seen with finite resolution.

The logistic function is written as eight Gaussian distribution functions (Monahan and Stefanski 1992, in: Handbook of
the Logistic Distribution, table 10.1; largest error 2.1e-9). A Gaussian resolution then only widens each of them, so
that no convolution on a grid is needed: any axis, any step, smooth in every parameter.
"""

from __future__ import annotations

import math
from typing import Final, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from shirube.records import FloatArray

DensityOfStates: TypeAlias = Literal["constant", "linear", "quadratic"]
#: Boltzmann constant in eV/K (CODATA 2018, exact).
BOLTZMANN: Final = 8.617333262e-5
#: Full width at half maximum of a Gaussian of standard deviation 1.
FWHM_OF_SIGMA: Final = 2.0 * math.sqrt(2.0 * math.log(2.0))
#: Width from 10 to 90 % of the Fermi function in units of kT, and of a Gaussian step in units of sigma.
THERMAL_WIDTH: Final = 2.0 * math.log(9.0)
_NEWTON_STEPS: Final = 3
_GAUSSIAN_WIDTH: Final = 2.563103131089201

_WEIGHTS: Final = np.array(
    [
        0.003246343272134,
        0.051517477033972,
        0.195077912673858,
        0.315569823632818,
        0.274149576158423,
        0.131076880695470,
        0.027912418727972,
        0.001449567805354,
    ]
)
_SLOPES: Final = np.array(
    [
        1.365340806296348,
        1.059523971016916,
        0.830791313765644,
        0.650732166639391,
        0.508135425366489,
        0.396313345166341,
        0.308904252267995,
        0.238212616409306,
    ]
)

__all__ = [
    "BOLTZMANN",
    "FWHM_OF_SIGMA",
    "THERMAL_WIDTH",
    "BroadenedFermi",
    "DensityOfStates",
    "broadened_fermi",
    "columns",
    "energy_slopes",
    "total_width",
    "width_slopes",
]


@frozen(eq=False)
class BroadenedFermi:
    """The Fermi function widened by a Gaussian, and its derivatives by energy.

    Attributes:
        energy: Kinetic energy minus Fermi level in eV, shape (n,).
        variance: Variance of the Gaussian in eV^2.
        derivatives: Value and first to fourth derivative, shape (5, n), in 1/eV^k; the value falls from 1 far below
            the Fermi level to 0 far above it.
    """

    energy: FloatArray = field(repr=False)
    variance: float
    derivatives: FloatArray = field(repr=False)

    @property
    def value(self) -> FloatArray:
        """The function itself, shape (n,)."""
        return np.asarray(self.derivatives[0], dtype=np.float64)


def broadened_fermi(energy: FloatArray, temperature: float, fwhm: float) -> BroadenedFermi:
    """Return the Fermi function at ``temperature``, widened by a Gaussian of this full width at half maximum.

    Args:
        energy: Kinetic energy minus Fermi level in eV, shape (n,).
        temperature: In K; 0 gives the exact error-function step.
        fwhm: In eV; 0 gives the bare Fermi function (to 2.1e-9). Not both 0: that step has no derivatives.
    """
    from scipy.special import ndtr

    variance = (fwhm / FWHM_OF_SIGMA) ** 2
    widths = np.sqrt((BOLTZMANN * temperature / _SLOPES) ** 2 + variance)[:, np.newaxis]
    scaled = energy / widths
    squared = scaled * scaled
    # Each order is the density times a Hermite polynomial, and loses one more power of the width.
    density = np.exp(-0.5 * squared) * (-_WEIGHTS[:, np.newaxis] / math.sqrt(2.0 * math.pi)) / widths
    odd = -density * scaled / widths
    derivatives = np.empty((5, energy.size))
    derivatives[0] = _WEIGHTS @ ndtr(-scaled)
    derivatives[1] = density.sum(axis=0)
    derivatives[2] = odd.sum(axis=0)
    derivatives[3] = (density * (squared - 1.0) / widths**2).sum(axis=0)
    derivatives[4] = (odd * (squared - 3.0) / widths**2).sum(axis=0)
    return BroadenedFermi(energy, variance, derivatives)


def total_width(temperature: float, variance: float) -> tuple[float, float]:
    """Return the 10 to 90 % width in eV of an edge with a constant density of states, and its derivative by variance.

    The edge is antisymmetric about its level, so the width is twice the energy at which it has fallen to 0.1.

    Args:
        temperature: In K.
        variance: Of the resolution in eV^2; not 0 together with the temperature.
    """
    # The rule of the two widths added in quadrature is within 1.2 %; from there Newton's steps double the digits.
    half = 0.5 * math.hypot(_GAUSSIAN_WIDTH * math.sqrt(variance), THERMAL_WIDTH * BOLTZMANN * temperature)
    fwhm = FWHM_OF_SIGMA * math.sqrt(variance)
    for _ in range(_NEWTON_STEPS):
        value, first = broadened_fermi(np.array([half]), temperature, fwhm).derivatives[:2, 0].tolist()
        half -= (value - 0.1) / first
    first, second = broadened_fermi(np.array([half]), temperature, fwhm).derivatives[1:3, 0].tolist()
    # By the heat equation the value changes with the variance at half the second derivative.
    return 2.0 * half, -second / first


def columns(edge: BroadenedFermi, dos: DensityOfStates = "linear", background_slope: bool = False) -> FloatArray:
    """Return what the intensity is a sum of: shape (n, 2 to 5).

    In order: the edge with a density of states that is 1, u (linear), u^2 (quadratic) in the energy u counted from the
    Fermi level; the constant background; its slope. Multiplying by u before the convolution is v d/du + u after it,
    for the variance v, since u times a Gaussian is its derivative.
    """
    u, v = edge.energy, edge.variance
    f, f1, f2 = edge.derivatives[:3]
    shapes = [f]
    if dos != "constant":
        shapes.append(u * f + v * f1)
    if dos == "quadratic":
        shapes.append((u * u + v) * f + 2.0 * v * u * f1 + v * v * f2)
    return _stacked(shapes, [np.ones_like(u), u][: 1 + background_slope])


def energy_slopes(edge: BroadenedFermi, dos: DensityOfStates = "linear", background_slope: bool = False) -> FloatArray:
    """Return the derivatives of :func:`columns` by energy."""
    u, v = edge.energy, edge.variance
    f, f1, f2, f3 = edge.derivatives[:4]
    shapes = [f1]
    if dos != "constant":
        shapes.append(f + u * f1 + v * f2)
    if dos == "quadratic":
        shapes.append(2.0 * u * f + (u * u + 3.0 * v) * f1 + 2.0 * v * u * f2 + v * v * f3)
    return _stacked(shapes, [np.zeros_like(u), np.ones_like(u)][: 1 + background_slope])


def width_slopes(edge: BroadenedFermi, dos: DensityOfStates = "linear", background_slope: bool = False) -> FloatArray:
    """Return the derivatives of :func:`columns` by the variance in eV^2.

    A Gaussian spreads by the heat equation, so the derivative by its variance is half the second one by energy.
    """
    u, v = edge.energy, edge.variance
    f, f1, f2, f3, f4 = edge.derivatives
    shapes = [0.5 * f2]
    if dos != "constant":
        shapes.append(f1 + 0.5 * (u * f2 + v * f3))
    if dos == "quadratic":
        shapes.append(f + 2.0 * u * f1 + (0.5 * u * u + 2.5 * v) * f2 + v * u * f3 + 0.5 * v * v * f4)
    return _stacked(shapes, [np.zeros_like(u)] * (1 + background_slope))


def _stacked(shapes: list[FloatArray], background: list[FloatArray]) -> FloatArray:
    return np.array([*shapes, *background]).T
