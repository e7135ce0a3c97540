"""Evidence: the probability of the data under a model, all its parameters within their bounds being equally likely.

Laplace's method: ``ln Z = -D/2 - 1/2 ln det H + (k/2) ln 2 pi - ln V + ln K!`` with the Fisher information H at the
optimum, the volume V of the bounds, and K! equal optima, one for each order of the lines. It is right for models whose
parameters the data determine. For more lines than that the integrand is no Gaussian any more: no direction is then
allowed to contribute more than its bounds do, and the answer is a rough one.
"""

from __future__ import annotations

from math import lgamma
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.layout import Layout
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import Vicinity

_TINY: Final = 1e-300

__all__ = ["log_evidence", "prior_widths"]


def prior_widths(task: Task, at: Vicinity) -> FloatArray:
    """Return the widths of the bounds of the free numbers, shape (p,), in units of the noise.

    Heights and ends of the background have no upper bound in a fit; here they lie between 0 and the largest intensity,
    or within the span of the intensities where these may be negative; the straight rise is within plus or minus that.
    """
    scaled = task.intensity / task.noise.unit
    span = float(np.ptp(scaled) if task.noise.kind == "gauss" else scaled.max())
    names = _names(task.layout, at.lines)
    own = {"height": span, "background_low": span, "background_high": span, "slope": 2.0 * span}
    widths = [own.get(name, upper - lower) for name, lower, upper in zip(names, at.lower, at.upper, strict=True)]
    return np.array([max(width, _TINY) for width in widths], dtype=np.float64)


def log_evidence(task: Task, at: Vicinity, dispersion: float) -> float:
    """Return the natural logarithm of the evidence, up to a constant of the data.

    Numbers at a bound contribute the half of a Gaussian that lies within it, falling from where it is cut.

    Args:
        task: The spectrum.
        at: The model.
        dispersion: Variance over that of the noise model.
    """
    if task.noise.kind == "gauss":
        variance = max(at.deviance / task.channels, _TINY)
        highest = -0.5 * task.channels * (np.log(2.0 * np.pi * variance * task.noise.unit**2) + 1.0)
    else:
        variance = dispersion
        highest = -0.5 * at.deviance / dispersion
    widths = prior_widths(task, at)
    information = at.information / variance * np.outer(widths, widths)
    slope = np.abs(at.gradient) / variance * widths
    volume = _free_volume(information, at.inside) + _cut_volume(information, slope, at.inside)
    return float(highest + volume + lgamma(at.lines + 1.0))


def _free_volume(information: FloatArray, inside: npt.NDArray[np.bool_]) -> float:
    """Return the logarithm of the integral over what is at no bound, bounds being 1 wide."""
    index = np.flatnonzero(inside)
    values = np.linalg.eigvalsh(information[np.ix_(index, index)])
    return float(np.minimum(0.5 * np.log(2.0 * np.pi / np.maximum(values, _TINY)), 0.0).sum())


def _cut_volume(information: FloatArray, slope: FloatArray, inside: npt.NDArray[np.bool_]) -> float:
    """Return the same over what is at a bound, one number after the other, the free ones following each."""
    from scipy.special import erfcx

    held, free = np.flatnonzero(~inside), np.flatnonzero(inside)
    if not held.size:
        return 0.0
    across = information[np.ix_(free, held)]
    follow = np.linalg.lstsq(information[np.ix_(free, free)], across, rcond=1e-12)[0]
    left = np.maximum(np.diagonal(information)[held] - np.einsum("fh,fh->h", across, follow), _TINY)
    tail = 0.5 * np.log(0.5 * np.pi / left) + np.log(erfcx(slope[held] / np.sqrt(2.0 * left)))
    return float(np.minimum(tail, 0.0).sum())


def _names(layout: Layout, lines: int) -> tuple[str, ...]:
    return (*layout.line_names * lines, *layout.shared_names)
