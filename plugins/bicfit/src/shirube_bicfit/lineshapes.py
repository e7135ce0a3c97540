"""The pseudo-Voigt line shape: values, derivatives and areas, for stacks of peaks."""

from __future__ import annotations

from typing import Final

import numpy as np

from shirube.records import FloatArray

LN2: Final = float(np.log(2.0))
#: Area of a Gaussian and of a Lorentzian of unit height and unit full width at half maximum.
GAUSS_AREA: Final = float(0.5 * np.sqrt(np.pi / LN2))
LORENTZ_AREA: Final = float(0.5 * np.pi)

__all__ = [
    "GAUSS_AREA",
    "LN2",
    "LORENTZ_AREA",
    "peak_area",
    "peak_area_gradient",
    "pseudo_voigt",
    "pseudo_voigt_jacobian",
]


def pseudo_voigt(energy: FloatArray, peaks: FloatArray) -> FloatArray:
    """Return pseudo-Voigt peaks, the sum form ``h (eta L + (1 - eta) G)`` with one full width for both parts.

    Args:
        energy: Shape (n,), eV.
        peaks: Shape (..., 4): height, centre (eV), FWHM (eV), Lorentz fraction.

    Returns:
        Shape (..., n), in the unit of the heights.
    """
    height, centre, width, fraction = (peaks[..., index, None] for index in range(4))
    lorentz, gauss, _ = _parts(energy, centre, width)
    return np.asarray(height * (gauss + fraction * (lorentz - gauss)), dtype=np.float64)


def pseudo_voigt_jacobian(energy: FloatArray, peaks: FloatArray, out: FloatArray) -> FloatArray:
    """Return the sum of the peaks and write its derivatives with respect to their parameters.

    Args:
        energy: Shape (n,), eV.
        peaks: Shape (starts, k, 4) as for :func:`pseudo_voigt`.
        out: Receives the derivatives, shape (starts, k, 4, n).

    Returns:
        The sum, shape (starts, n).
    """
    height, centre, width, fraction = (peaks[..., index, None] for index in range(4))
    lorentz, gauss, offset = _parts(energy, centre, width)
    shape, by_centre = out[:, :, 0], out[:, :, 1]
    difference = lorentz - gauss
    np.multiply(difference, fraction, out=shape)
    shape += gauss
    np.multiply(difference, height, out=out[:, :, 3])
    # -dS/du = 8 u (eta L^2 + ln2 (1 - eta) G), so the derivative by the centre is h/w times it.
    np.square(lorentz, out=lorentz)
    lorentz *= fraction
    gauss *= LN2 * (1.0 - fraction)
    lorentz += gauss
    lorentz *= offset
    np.multiply(lorentz, 8.0 * height / width, out=by_centre)
    np.multiply(by_centre, offset, out=out[:, :, 2])
    total: FloatArray = np.matmul(peaks[:, None, :, 0], shape)[:, 0]
    return total


def peak_area(peaks: FloatArray) -> FloatArray:
    """Return the areas of peaks, shape (..., 4) to (...), in height unit times eV."""
    height, width, fraction = peaks[..., 0], peaks[..., 2], peaks[..., 3]
    return np.asarray(height * width * (GAUSS_AREA + fraction * (LORENTZ_AREA - GAUSS_AREA)), dtype=np.float64)


def peak_area_gradient(peaks: FloatArray) -> FloatArray:
    """Return the derivatives of the areas by height, centre, FWHM and Lorentz fraction, shape (..., 4)."""
    height, width, fraction = peaks[..., 0], peaks[..., 2], peaks[..., 3]
    unit = GAUSS_AREA + fraction * (LORENTZ_AREA - GAUSS_AREA)
    gradient = np.zeros_like(peaks)
    gradient[..., 0] = width * unit
    gradient[..., 2] = height * unit
    gradient[..., 3] = height * width * (LORENTZ_AREA - GAUSS_AREA)
    return gradient


def _parts(energy: FloatArray, centre: FloatArray, width: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the unit Lorentzian, the unit Gaussian and the offset (E - c) / w."""
    offset = (energy - centre) / width
    square = 4.0 * np.square(offset)
    gauss = np.exp(-LN2 * square)
    square += 1.0
    lorentz = np.reciprocal(square, out=square)
    return lorentz, gauss, offset
