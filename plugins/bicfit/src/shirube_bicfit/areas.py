"""Areas of lines, those with a tail included, and how they change with the numbers of a line."""

from __future__ import annotations

from typing import Final

import numpy as np

from shirube.records import FloatArray
from shirube_bicfit.lineshapes import GAUSS_AREA, LN2, LORENTZ_AREA

_SYMMETRIC: Final = 4
#: Nodes of the trapezoid rule in x with t = sinh x: the integrands fall as exp(-|x|) and have no singularity within
#: half a unit of the real axis, so that the rule is exact to rounding.
_STEP: Final = 0.02
_STEPS: Final = 1900
#: Where an exponent or an offset is larger the line is nothing.
_LARGEST: Final = 300.0
_FAR: Final = 1e100

__all__ = ["area_gradient", "line_areas"]


def line_areas(lines: FloatArray) -> FloatArray:
    """Return the areas of lines over all energies, shape (..., 4 or 5) to (...), in height unit times eV.

    Args:
        lines: As for :func:`shirube_bicfit.lineshapes.pseudo_voigt`; the fifth number is the asymmetry.
    """
    height, width, fraction = lines[..., 0], lines[..., 2], lines[..., 3]
    gauss, lorentz, _, _ = _unit_areas(lines)
    return np.asarray(height * width * (gauss + fraction * (lorentz - gauss)), dtype=np.float64)


def area_gradient(lines: FloatArray) -> FloatArray:
    """Return the derivatives of the areas by the numbers of each line, same shape as ``lines``."""
    height, width, fraction = lines[..., 0], lines[..., 2], lines[..., 3]
    gauss, lorentz, by_gauss, by_lorentz = _unit_areas(lines)
    unit = gauss + fraction * (lorentz - gauss)
    by_skew = by_gauss + fraction * (by_lorentz - by_gauss)
    skew = lines[..., _SYMMETRIC] * width if lines.shape[-1] > _SYMMETRIC else np.zeros_like(width)
    gradient = np.zeros_like(lines)
    gradient[..., 0] = width * unit
    gradient[..., 2] = height * (unit + skew * by_skew)
    gradient[..., 3] = height * width * (lorentz - gauss)
    if lines.shape[-1] > _SYMMETRIC:
        gradient[..., _SYMMETRIC] = height * np.square(width) * by_skew
    return gradient


def _unit_areas(lines: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return areas of unit Gaussians and Lorentzians and their derivatives by asymmetry times width, (...) each.

    With t = (E - c) / w and s = a w the offset of an asymmetric line is u = t (1 + exp(-s t)), so that its area depends
    on s alone. There is no closed form.
    """
    shape = lines.shape[:-1]
    if lines.shape[-1] == _SYMMETRIC:
        nothing = np.zeros(shape)
        return np.full(shape, GAUSS_AREA), np.full(shape, LORENTZ_AREA), nothing, nothing
    skew = (lines[..., _SYMMETRIC] * lines[..., 2]).ravel()
    different, where = np.unique(skew, return_inverse=True)
    areas = np.array([_areas_of_skew(float(one)) for one in different])[where]
    gauss, lorentz, by_gauss, by_lorentz = (areas[:, column].reshape(shape) for column in range(4))
    return gauss, lorentz, by_gauss, by_lorentz


def _areas_of_skew(skew: float) -> tuple[float, float, float, float]:
    half = _STEP * np.arange(_STEPS + 1)
    nodes = np.concatenate([-half[:0:-1], half])
    distance, weight = np.sinh(nodes), _STEP * np.cosh(nodes)
    decay = np.exp(np.clip(-skew * distance, -_LARGEST, _LARGEST))
    offset = np.clip(distance * (1.0 + decay), -_FAR, _FAR)
    gauss, lorentz = np.exp(-LN2 * np.square(offset)), 1.0 / (1.0 + np.square(offset))
    # dS/ds = dS/du du/ds with du/ds = -t^2 exp(-s t) = -u^2 exp(-s t) / (1 + exp(-s t))^2
    pull = -np.square(offset) * (decay / (1.0 + decay)) / (1.0 + decay) * offset
    by_gauss, by_lorentz = -2.0 * LN2 * gauss * pull, -2.0 * lorentz * (lorentz * pull)
    parts = (gauss, lorentz, by_gauss, by_lorentz)
    of_gauss, of_lorentz, gauss_by_skew, lorentz_by_skew = (float(np.sum(weight * one)) for one in parts)
    return of_gauss, of_lorentz, gauss_by_skew, lorentz_by_skew
