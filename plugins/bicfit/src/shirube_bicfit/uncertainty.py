"""Uncertainties: the covariance of fitted parameters and of what follows from them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray

#: Directions in which the normalised information is smaller than this are not determined by the data.
_LEAST_INFORMATION: Final = 1e-10
_PART: Final = 1e-3

__all__ = ["carried_over", "covariance_of", "standard_deviations"]


def covariance_of(information: FloatArray, dispersion: float = 1.0) -> FloatArray:
    """Return the covariance matrix: the inverse Fisher information times the dispersion.

    Numbers at a bound take part as if the bound were not there. To take them for known would make everything that
    depends on them look better known than it is: of six overlapping lines, whose Lorentz fractions are often at a
    bound, 95 % intervals would hold the truth in 85 % of cases.

    Rows and columns are nan for numbers that the data do not determine.

    Args:
        information: Shape (p, p).
        dispersion: Variance of the data over that of the noise model.
    """
    size = len(information)
    covariance = np.full((size, size), np.nan)
    index = np.flatnonzero(np.diagonal(information) > 0.0)
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


def carried_over(slopes: FloatArray, covariance: FloatArray, lost: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the covariance of numbers that follow from others, shape (m, m).

    Args:
        slopes: Derivatives by the others, shape (m, p).
        covariance: Of the others, shape (p, p); where it is nan, they count as known.
        lost: Others that must not count as known, shape (p,): what depends on one of them has no covariance.
    """
    known = np.nan_to_num(covariance, nan=0.0)
    carried = slopes @ known @ slopes.T
    np.fill_diagonal(carried, np.maximum(np.diagonal(carried), 0.0))
    touched = (np.abs(slopes[:, lost]) > 0.0).any(axis=1)
    carried[touched] = carried[:, touched] = np.nan
    return np.asarray(carried, dtype=np.float64)
