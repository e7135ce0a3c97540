"""Fractions of a whole and their uncertainties, to first order."""

from __future__ import annotations

import numpy as np

from shirube.records import FloatArray

__all__ = ["fraction_spreads", "fractions", "part_spread"]


def fractions(amounts: FloatArray) -> FloatArray:
    """Return amounts, shape (n,), all positive, as fractions of their sum."""
    return np.asarray(amounts / amounts.sum(), dtype=np.float64)


def fraction_spreads(parts: FloatArray, relative: FloatArray) -> FloatArray:
    """Return the standard uncertainties of fractions whose amounts have independent relative uncertainties.

    d ln x_i = (1 - x_i) d ln q_i - sum over others of x_j d ln q_j.

    Args:
        parts: Fractions, shape (n,).
        relative: Relative standard uncertainties of the amounts, shape (n,).
    """
    weighted = np.square(parts * relative)
    others = weighted.sum() - weighted
    return np.asarray(parts * np.sqrt(np.square((1.0 - parts) * relative) + others), dtype=np.float64)


def part_spread(part: float, whole: int, parts: FloatArray, relative: FloatArray, own: tuple[float, float]) -> float:
    """Return the standard uncertainty of a part of one amount, as a fraction of the sum of all.

    Args:
        part: The part over the sum of all amounts.
        whole: Place of the amount that it is a part of.
        parts: Fractions of all amounts, shape (n,).
        relative: Their relative standard uncertainties, shape (n,).
        own: Relative variance of the part, and its covariance with the amount over the product of both.
    """
    weighted = np.square(parts * relative)
    of_whole = float(parts[whole])
    variance = own[0] - 2.0 * of_whole * own[1] + float(weighted.sum())
    return float(part * np.sqrt(max(variance, 0.0)))
