"""Information criteria: how well a model fits against how many parameters it spends."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray

#: Difference of BIC below which two models cannot be told apart.
TIE: Final = 2.0

__all__ = ["TIE", "aicc_from", "bic_gauss", "bic_poisson", "model_weights"]


def bic_gauss(sum_of_squares: float, channels: int, parameters: int) -> float:
    """Return the BIC for noise of one unknown variance, ``N (ln(2 pi RSS / N) + 1) + k ln N``.

    This is what the NIMS program prints as ``bic_gauss``.
    """
    variance = max(sum_of_squares / channels, 1e-300)
    return float(channels * (np.log(2.0 * np.pi * variance) + 1.0) + parameters * np.log(channels))


def bic_poisson(deviance: float, channels: int, parameters: int, dispersion: float = 1.0) -> float:
    """Return the BIC for counts, ``D / dispersion + k ln N``, with D the Poisson deviance.

    D differs from -2 ln L by a constant of the data, so differences of BIC are those of the likelihood.
    """
    return float(deviance / dispersion + parameters * np.log(channels))


def aicc_from(bic: float, channels: int, parameters: int) -> float:
    """Return Akaike's criterion corrected for small samples, ``-2 ln L + 2 k + 2 k (k + 1) / (N - k - 1)``.

    It is infinite where there are as many parameters as channels.
    """
    left = channels - parameters - 1
    if left <= 0:
        return float("inf")
    price = 2.0 * parameters + 2.0 * parameters * (parameters + 1) / left
    return float(bic - parameters * np.log(channels) + price)


def model_weights(criterion: npt.ArrayLike) -> FloatArray:
    """Return approximate model probabilities ``exp(-dBIC / 2)``, normalised to 1."""
    values = np.asarray(criterion, dtype=np.float64)
    raw = np.exp(-0.5 * (values - values.min()))
    return np.asarray(raw / raw.sum(), dtype=np.float64)
