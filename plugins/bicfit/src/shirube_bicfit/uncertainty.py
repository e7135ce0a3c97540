"""Uncertainties: the covariance of fitted parameters and of the areas that follow from them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.lineshapes import peak_area, peak_area_gradient

#: Directions in which the normalised information is smaller than this are not determined by the data.
_LEAST_INFORMATION: Final = 1e-10
_PART: Final = 1e-3

__all__ = ["area_uncertainties", "covariance_of", "standard_deviations"]


def covariance_of(information: FloatArray, free: npt.NDArray[np.bool_], dispersion: float = 1.0) -> FloatArray:
    """Return the covariance matrix: the inverse Fisher information times the dispersion.

    Rows and columns are nan for parameters that are held at a bound and for those that the data do not determine.

    Args:
        information: Shape (p, p).
        free: Parameters that are not at a bound, shape (p,).
        dispersion: Variance of the data over that of the noise model.
    """
    size = len(information)
    covariance = np.full((size, size), np.nan)
    index = np.flatnonzero(free & (np.diagonal(information) > 0.0))
    if not index.size:
        return covariance
    part = information[np.ix_(index, index)]
    scale = np.sqrt(np.diagonal(part))
    values, vectors = np.linalg.eigh(part / np.outer(scale, scale))
    lost = values < _LEAST_INFORMATION
    inverse = (vectors[:, ~lost] / values[~lost]) @ vectors[:, ~lost].T
    block = dispersion * inverse / np.outer(scale, scale)
    undetermined = np.any(np.abs(vectors[:, lost]) > _PART, axis=1)
    block[undetermined] = np.nan
    block[:, undetermined] = np.nan
    covariance[np.ix_(index, index)] = block
    return covariance


def standard_deviations(covariance: FloatArray) -> FloatArray:
    """Return the square roots of the diagonal, shape (p,); nan where there is none."""
    return np.asarray(np.sqrt(np.diagonal(covariance)), dtype=np.float64)


def area_uncertainties(theta: FloatArray, covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return standard deviations of the areas and of the area fractions, shape (k,) each.

    ``theta`` holds four numbers a peak and the two ends of the background.

    Parameters at a bound count as known; a height that is not determined makes its area so.
    """
    peaks = theta[:-2].reshape(-1, 4)
    count = len(peaks)
    gradient = np.zeros((count, theta.size))
    for index, row in enumerate(peak_area_gradient(peaks)):
        gradient[index, 4 * index : 4 * index + 4] = row
    known = np.nan_to_num(covariance, nan=0.0)
    areas = peak_area(peaks)
    total = float(areas.sum())
    by_area = (np.eye(count) - areas[:, None] / total) / total if total > 0.0 else np.full((count, count), np.nan)
    of_area = _spread(gradient, known)
    of_fraction = _spread(by_area @ gradient, known)
    lost = np.isnan(np.diagonal(covariance)[:-2].reshape(count, -1)[:, 0])
    of_area[lost] = np.nan
    of_fraction[lost] = np.nan
    return of_area, of_fraction


def _spread(gradient: FloatArray, covariance: FloatArray) -> FloatArray:
    variance = np.einsum("ap,pq,aq->a", gradient, covariance, gradient)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)), dtype=np.float64)
