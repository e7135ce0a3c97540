"""Seeds of peaks from Gaussian mixtures fitted to a spectrum taken as a density."""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits

QUANTILES: Final = 300
_FWHM_PER_SIGMA: Final = float(np.sqrt(8.0 * np.log(2.0)))

__all__ = ["QUANTILES", "mixture_seeds", "quantiles"]


def quantiles(energy: FloatArray, density: FloatArray, number: int = QUANTILES) -> FloatArray:
    """Return energies of equal probability, shape (number,), of a spectrum taken as a density; empty if it is none."""
    weight = np.maximum(density, 0.0)
    cumulative = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(energy) * (weight[1:] + weight[:-1]))])
    if not cumulative[-1] > 0.0:
        return np.empty(0)
    return np.interp((np.arange(number) + 0.5) / number, cumulative / cumulative[-1], energy)


def mixture_seeds(points: FloatArray, count: int, variant: int, limits: Limits) -> FloatArray:
    """Return the components of a Gaussian mixture as seeds, shape (count, 3), with relative heights.

    The mixture is fitted by scikit-learn to equal-probability quantiles of the spectrum, which makes an unweighted
    sample of a density and the result deterministic.

    Args:
        points: Quantiles of the spectrum, shape (m,), eV.
        count: Number of components.
        variant: 0 starts the mixture at evenly spaced quantiles, others by k-means++ with this random state.
        limits: Bounds for the widths.
    """
    from sklearn import config_context
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    spread = max(float(np.std(points)) / count, limits.fwhm_min / _FWHM_PER_SIGMA)
    evenly = points[((np.arange(count) + 0.5) / count * points.size).astype(int)]
    start = (
        {
            "means_init": evenly[:, None],
            "weights_init": np.full(count, 1.0 / count),
            "precisions_init": np.full(count, spread**-2),
        }
        if variant == 0
        else {"init_params": "k-means++"}
    )
    least = (limits.fwhm_min / _FWHM_PER_SIGMA) ** 2
    mixture = GaussianMixture(
        count, covariance_type="spherical", random_state=variant, max_iter=4, tol=1e-2, reg_covar=0.1 * least, **start
    )
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        # an unfinished mixture is as good a start as a finished one
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(points[:, None])
    sigma = np.sqrt(mixture.covariances_)
    fwhm = np.clip(_FWHM_PER_SIGMA * sigma, limits.fwhm_min, limits.fwhm_max)
    return np.column_stack([mixture.weights_ / fwhm, mixture.means_[:, 0], fwhm])
