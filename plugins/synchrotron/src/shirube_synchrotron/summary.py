"""The record of a fit: numbers with their uncertainties on the axis that was given, and curves to draw."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_synchrotron.fermiedge import Curves, Estimate, Weights
from shirube_synchrotron.model import FWHM_OF_SIGMA, total_width
from shirube_synchrotron.projection import Solution, weights_of
from shirube_synchrotron.scan import Fit, Scan

#: Quantile of the normal distribution for a one-sided limit of 95 %.
_ONE_SIDED: Final = 1.645
#: A variance less than so many uncertainties away from 0 gives a limit, not a width.
_HIDDEN: Final = 2.0

__all__ = ["Numbers", "curves", "limit", "numbers", "spread_factor"]


@frozen
class Numbers:
    """What a solution says, with statistical uncertainties."""

    position: Estimate
    resolution: Estimate
    edge_width: Estimate
    height: Estimate
    dos_slope: Estimate
    dos_curvature: Estimate | None
    background: Estimate
    background_slope: Estimate | None


def spread_factor(solution: Solution, weights: Weights) -> float:
    """Return the variance of one point in units of counting statistics: 1, or what the points themselves show."""
    return solution.dispersion if weights == "quasi-poisson" else 1.0


def numbers(fit: Fit, scan: Scan, weights: Weights) -> Numbers:
    """Return the estimates of a fit; position on the axis that was given."""
    solution = fit.solution
    covariance = solution.covariance * spread_factor(solution, weights)
    errors = np.sqrt(np.diag(covariance))
    linear = [Estimate(float(c), float(e)) for c, e in zip(solution.coefficients, errors[2:], strict=True)]
    sloping = solution.form.background_slope
    shape = len(linear) - 1 - sloping
    ratios = [_ratio(solution.coefficients, covariance[2:, 2:], index) for index in range(1, shape)]
    width, growth = total_width(fit.data.temperature, solution.variance)
    return Numbers(
        position=Estimate(scan.shown(solution.level), float(errors[0])),
        resolution=Estimate(fit.resolution, _width_error(solution.variance, float(errors[1]))),
        edge_width=Estimate(width, abs(growth) * float(errors[1])),
        height=linear[0],
        dos_slope=ratios[0] if ratios else Estimate(0.0, 0.0),
        dos_curvature=ratios[1] if len(ratios) > 1 else None,
        background=linear[shape],
        background_slope=linear[-1] if sloping else None,
    )


def limit(fit: Fit, weights: Weights, coarser_than: float | None = None) -> float | None:
    """Return the upper limit (95 %) of the resolution's FWHM in eV where it is hidden, None where it is measured.

    Args:
        fit: Of the edge.
        weights: How its points were weighted.
        coarser_than: The step in eV where it is too wide for the edge: nothing finer than it can be told then.
    """
    variance = fit.solution.variance
    error = math.sqrt(float(fit.solution.covariance[1, 1]) * spread_factor(fit.solution, weights))
    upper = FWHM_OF_SIGMA * math.sqrt(variance + _ONE_SIDED * error)
    if coarser_than is not None:
        return max(upper, coarser_than)
    return upper if variance < _HIDDEN * error else None


def curves(fit: Fit, scan: Scan, weights: Weights) -> Curves:
    """Return the arrays of a figure, energies ascending on the axis that was given."""
    solution, data = fit.solution, fit.data
    deviations = np.sqrt(spread_factor(solution, weights) / weights_of(solution.model))
    background = np.full_like(data.energies, solution.coefficients[-1 - solution.form.background_slope])
    if solution.form.background_slope:
        background += solution.coefficients[-1] * (data.energies - solution.level)
    residuals = (data.values - solution.model) / deviations
    backwards = slice(None, None, -1 if scan.scale == "binding" else 1)
    axis = -data.energies if scan.scale == "binding" else data.energies
    every = (axis, data.values, solution.model, background, residuals)
    return Curves(*(one[backwards] for one in every))


def _ratio(values: FloatArray, covariance: FloatArray, index: int) -> Estimate:
    """Return a linear unknown relative to the height, with the error of a quotient."""
    ratio = float(values[index] / values[0])
    by = np.zeros(values.size)
    by[index], by[0] = 1.0, -ratio
    return Estimate(ratio, math.sqrt(max(float(by @ covariance @ by), 0.0)) / abs(float(values[0])))


def _width_error(variance: float, error: float) -> float:
    """Return the uncertainty of a width; where the resolution is near 0, the larger side of its interval."""
    if variance > _HIDDEN * error:
        return FWHM_OF_SIGMA * error / (2.0 * math.sqrt(variance))
    upper = math.sqrt(variance + error) - math.sqrt(variance)
    lower = math.sqrt(variance) - math.sqrt(max(variance - error, 0.0))
    return FWHM_OF_SIGMA * max(upper, lower)
