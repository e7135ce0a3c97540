"""The Fermi edge of a metal in closed form: density of states times Fermi function, seen with finite resolution.

The logistic function is written as eight Gaussian distribution functions (Monahan and Stefanski 1992, in: Handbook of
the Logistic Distribution, table 10.1; largest error 2.1e-9). A Gaussian resolution then only widens each of them, so
that no convolution on a grid is needed: any axis, any step, smooth in every parameter.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import field, frozen

from shirube.records import FloatArray

#: Boltzmann constant in eV/K (CODATA 2018, exact).
BOLTZMANN: Final = 8.617333262e-5
#: Full width at half maximum of a Gaussian of standard deviation 1.
FWHM_OF_SIGMA: Final = 2.0 * math.sqrt(2.0 * math.log(2.0))

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
    "BroadenedFermi",
    "broadened_fermi",
    "columns",
    "energy_slopes",
    "width_slopes",
]


@frozen(eq=False)
class BroadenedFermi:
    """The Fermi function widened by a Gaussian, and its derivatives by energy.

    Attributes:
        energy: Kinetic energy minus Fermi level in eV, shape (n,).
        variance: Variance of the Gaussian in eV^2.
        value: f * G, shape (n,), from 1 far below the Fermi level to 0 far above it.
        first: First derivative in 1/eV.
        second: Second derivative in 1/eV^2.
        third: Third derivative in 1/eV^3.
    """

    energy: FloatArray = field(repr=False)
    variance: float
    value: FloatArray = field(repr=False)
    first: FloatArray = field(repr=False)
    second: FloatArray = field(repr=False)
    third: FloatArray = field(repr=False)


def broadened_fermi(energy: FloatArray, temperature: float, fwhm: float) -> BroadenedFermi:
    """Return the Fermi function at ``temperature``, widened by a Gaussian of this full width at half maximum.

    Args:
        energy: Kinetic energy minus Fermi level in eV, shape (n,).
        temperature: In K; 0 gives the exact error-function step.
        fwhm: In eV; 0 gives the bare Fermi function (to 2.1e-9). Not both 0: that step has no derivatives.
    """
    from scipy.special import ndtr

    variance = (fwhm / FWHM_OF_SIGMA) ** 2
    widths = np.sqrt((BOLTZMANN * temperature / _SLOPES) ** 2 + variance)
    scaled = energy[:, np.newaxis] / widths
    density = _WEIGHTS * np.exp(-0.5 * scaled**2) / (widths * np.sqrt(2.0 * np.pi))
    return BroadenedFermi(
        energy=energy,
        variance=variance,
        value=ndtr(-scaled) @ _WEIGHTS,
        first=-density.sum(axis=1),
        second=(density * scaled / widths).sum(axis=1),
        third=(density * (1.0 - scaled**2) / widths**2).sum(axis=1),
    )


def columns(edge: BroadenedFermi, *, background_slope: bool = False) -> FloatArray:
    """Return what the intensity is a sum of: shape (n, 3), with ``background_slope`` (n, 4).

    In order: the edge with a constant density of states; with one that is linear in energy; the constant background
    above the edge; its slope, counted from the Fermi level. The second is (u f) * G = u F + v F' for the variance v.
    """
    linear = edge.energy * edge.value + edge.variance * edge.first
    parts = [edge.value, linear, np.ones_like(edge.energy)]
    if background_slope:
        parts.append(edge.energy)
    return np.column_stack(parts)


def energy_slopes(edge: BroadenedFermi, *, background_slope: bool = False) -> FloatArray:
    """Return the derivatives of :func:`columns` by energy."""
    linear = edge.value + edge.energy * edge.first + edge.variance * edge.second
    parts = [edge.first, linear, np.zeros_like(edge.energy)]
    if background_slope:
        parts.append(np.ones_like(edge.energy))
    return np.column_stack(parts)


def width_slopes(edge: BroadenedFermi, *, background_slope: bool = False) -> FloatArray:
    """Return the derivatives of :func:`columns` by the variance in eV^2.

    A Gaussian spreads by the heat equation, so the derivative by its variance is half the second one by energy.
    """
    linear = 2.0 * edge.first + edge.energy * edge.second + edge.variance * edge.third
    parts = [edge.second, linear, np.zeros_like(edge.energy)]
    if background_slope:
        parts.append(np.zeros_like(edge.energy))
    return 0.5 * np.column_stack(parts)
