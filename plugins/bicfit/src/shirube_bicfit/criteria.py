"""Information criteria: how well a model fits against how many parameters it spends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray

__all__ = ["bic_gauss", "bic_poisson", "model_weights"]


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


def model_weights(criterion: npt.ArrayLike) -> FloatArray:
    """Return approximate model probabilities ``exp(-dBIC / 2)``, normalised to 1."""
    values = np.asarray(criterion, dtype=np.float64)
    raw = np.exp(-0.5 * (values - values.min()))
    return np.asarray(raw / raw.sum(), dtype=np.float64)
