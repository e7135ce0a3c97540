"""Whether a fitted edge can be trusted: what refuses it, and what makes it doubtful."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import numpy as np

from shirube.messages import Message
from shirube.records import FloatArray
from shirube_synchrotron.evidence import Scales, smooth_decline
from shirube_synchrotron.fermiedge import Variant, Weights
from shirube_synchrotron.model import BOLTZMANN, THERMAL_WIDTH
from shirube_synchrotron.projection import weights_of
from shirube_synchrotron.scan import Fit, Scan
from shirube_synchrotron.summary import Numbers, spread_factor
from shirube_synchrotron.variants import negative
from shirube_synchrotron.wording import electronvolts, said

#: An edge is one only if it stands so many uncertainties high, and explains the points better than a smooth decline
#: by this much of Schwarz's criterion (odds of about 1 to 150).
_SIGNIFICANT: Final = 5.0
_BEYOND_DOUBT: Final = 10.0
#: A level known no better than this fraction of the edge's width is not determined by the data.
_UNDETERMINED: Final = 0.2
#: Points must reach beyond the level by so many edge widths (10 to 90 %); within the second there is doubt.
_TOO_NEAR: Final = 0.75
_NEAR: Final = 1.5
#: A resolution wider than this in eV is rare: hard X-ray beamlines and laboratory sources at high pass energy stay
#: below it (of the measured edges in the tests the widest is 0.40 eV), while the leading edge of a band, which the
#: same curve describes, is some tenths of an eV to some eV wide.
_UNUSUAL: Final = 0.5
#: Of few metals does the density of states more than double within 1 eV below the Fermi level; at the onset of a band,
#: counted from its edge, it always does. Relative change per eV.
_STEEP_BAND: Final = -1.0
#: So many points must lie within the edge's width (10 to 90 %) to tell its width.
_FEWEST_WITHIN: Final = 2.0
#: Neighbouring residuals are independent; by chance their correlation stays within so many standard deviations.
_CORRELATED: Final = 4.0
#: By chance chi square stays within so many standard deviations of its expectation, and no point leaves so many sigma.
_CHI_SQUARE: Final = 5.0
_OUTLIER: Final = 6.0
#: Residuals below this fraction of the edge cannot matter, whatever their pattern (rounding in noise-free data).
_HARMLESS: Final = 1e-5
#: How far below the level, in eV and in widths, a core level's line has fallen again, to which fraction
#: of its height, and beyond how much noise.
_PEAK: Final = (2.0, 3.0)
_PEAK_FRACTION: Final = 0.38
_PEAK_NOISE: Final = 4.0
#: Models disagree when their spread is this fraction of the edge's width and exceeds the statistics by this factor.
_DISAGREE: Final = (0.1, 3.0)

__all__ = ["coarse", "doubts", "refusals"]


def coarse(scan: Scan, own: Numbers) -> bool:
    """Tell whether the steps are too wide to see the width of the edge."""
    return own.edge_width.value < _FEWEST_WITHIN * scan.step


def refusals(fit: Fit, scan: Scan, own: Numbers, weights: Weights) -> tuple[Message, ...]:
    """Return why this is no resolved Fermi edge, the most telling reason only; empty when it is one."""
    reason = _not_measured(fit, scan, own) or _not_an_edge(fit, scan, own, weights)
    return () if reason is None else (reason,)


def _not_measured(fit: Fit, scan: Scan, own: Numbers) -> Message | None:
    """Return why the numbers say nothing."""
    solution, width = fit.solution, own.edge_width.value
    level = electronvolts(scan.shown(solution.level))
    undetermined = not solution.converged or own.position.statistical > _UNDETERMINED * width
    low = own.height.value < _SIGNIFICANT * own.height.statistical
    if (undetermined or low) and _jumps(fit):
        # Where all points lie off the edge its height is not determined, either, however clear the step is.
        return said("edge-between-points", step=f"{scan.step:.2g} eV", level=electronvolts(scan.shown(fit.around)))
    if low or own.height.value <= 0.0:
        height, error = f"{own.height.value:.3g}", f"{own.height.statistical:.2g}"
        return said("edge-too-low", level=level, height=height, error=error)
    if solution.at_limit:
        return said("edge-too-wide", width=f"{own.resolution.value:.2g} eV")
    if fit.reach < _TOO_NEAR * width:
        return said("edge-at-end", level=level, width=f"{width:.2g} eV")
    if undetermined:
        return said("edge-undetermined", level=level, error=f"{own.position.statistical:.2g} eV")
    return None


def _jumps(fit: Fit) -> bool:
    """Tell whether the points on both sides of the largest fall stand clear of each other, with none in between."""
    # Where no point lies on the edge the level may have gone astray, so the points are asked.
    fall = int(np.argmin(np.diff(fit.data.values))) + 1
    below, above = fit.data.values[:fall], fit.data.values[fall:]
    return float(below.mean() - above.mean()) > _SIGNIFICANT * math.hypot(float(below.std()), float(above.std()))


def _not_an_edge(fit: Fit, scan: Scan, own: Numbers, weights: Weights) -> Message | None:
    """Return why what was measured well is something else."""
    level = electronvolts(scan.shown(fit.solution.level))
    if _falls_again(fit, scan, own, weights):
        return said("edge-peak", level=level)
    return said("edge-smooth", level=level) if _no_better_than_smooth(fit, weights) else None


def doubts(
    fit: Fit, scan: Scan, own: Numbers, weights: Weights, hidden: float | None, others: tuple[Variant, ...]
) -> tuple[Message, ...]:
    """Return what should be known before this edge is used; empty when nothing is.

    Args:
        fit: An edge that is not refused.
        scan: Where it was found.
        own: Its numbers, with model uncertainties if variants were fitted.
        weights: How its points were weighted.
        hidden: Upper limit of the resolution in eV, None when it is resolved.
        others: The variants, the own one first, if any were fitted.
    """
    found: list[Message] = []
    if coarse(scan, own):
        limit = f"{hidden or own.resolution.value:.2g} eV"
        found.append(said("edge-step-too-wide", step=f"{scan.step:.2g} eV", limit=limit))
    elif hidden is not None:
        thermal = f"{THERMAL_WIDTH * BOLTZMANN * fit.data.temperature:.2g} eV"
        found.append(
            said("edge-resolution-hidden", limit=f"{hidden:.2g} eV", thermal=thermal, step=f"{scan.step:.2g} eV")
        )
    if fit.reach < _NEAR * own.edge_width.value:
        found.append(said("edge-near-end", width=f"{own.edge_width.value:.2g} eV"))
    if own.resolution.value > _UNUSUAL:
        found.append(said("edge-wide", width=f"{own.resolution.value:.2g} eV", usual=f"{_UNUSUAL:g} eV"))
    elif own.dos_slope.value < _STEEP_BAND:
        found.append(said("edge-steep-band", percent=f"{-100.0 * own.dos_slope.value:.0f} %"))
    if negative(fit):
        found.append(said("edge-negative-density"))
    if others and not others[0].admitted:
        found.append(said("edge-model-rejected"))
    return (*found, *_misfits(fit, scan, weights), *_disagreement(own))


def _misfits(fit: Fit, scan: Scan, weights: Weights) -> list[Message]:
    solution = fit.solution
    factor = max(spread_factor(solution, weights), solution.dispersion)
    residuals = (fit.data.values - solution.model) * np.sqrt(weights_of(solution.model) / factor)
    found: list[Message] = []
    if float(np.std(fit.data.values - solution.model)) < _HARMLESS * solution.coefficients[0]:
        return found
    if weights == "poisson" and abs(solution.dispersion - 1.0) > _CHI_SQUARE * math.sqrt(2.0 / solution.noise_freedom):
        found.append(said("edge-not-counts", dispersion=f"{solution.dispersion:.3g}"))
    farthest = int(np.argmax(np.abs(residuals)))
    if abs(residuals[farthest]) > _OUTLIER:
        where = electronvolts(scan.shown(float(fit.data.energies[farthest])))
        found.append(said("edge-outlier", energy=where, sigmas=f"{abs(residuals[farthest]):.0f}"))
    elif _correlation(residuals) > _CORRELATED / math.sqrt(residuals.size):
        found.append(said("edge-structure", correlation=f"{_correlation(residuals):.2f}"))
    return found


def _disagreement(own: Numbers) -> list[Message]:
    fraction, factor = _DISAGREE
    spread = own.position.model or 0.0
    if spread <= max(fraction * own.edge_width.value, factor * own.position.statistical):
        return []
    return [said("edge-models-differ", spread=f"{spread:.2g} eV", statistical=f"{own.position.statistical:.2g} eV")]


def _correlation(residuals: FloatArray) -> float:
    """Return the correlation of each residual with the next one."""
    return float(residuals[:-1] @ residuals[1:] / (residuals @ residuals))


def _falls_again(fit: Fit, scan: Scan, own: Numbers, weights: Weights) -> bool:
    """Tell whether the intensity falls again soon below the edge: that is a line of a core level."""
    level, width = fit.solution.level, own.edge_width.value
    reach, widths = _PEAK
    bins = np.arange(level - 0.5 * width, level - reach - widths * width, -max(0.5 * width, 2.0 * scan.step))[::-1]
    low = own.background.value + _PEAK_FRACTION * own.height.value
    noise = math.sqrt(spread_factor(fit.solution, weights) * max(low, 0.0))
    ends = np.searchsorted(scan.energies, bins)
    parts = [scan.values[first:last] for first, last in pairwise(ends.tolist()) if last > first]
    return any(float(part.mean()) < low - _PEAK_NOISE * noise / math.sqrt(part.size) for part in parts)


def _no_better_than_smooth(fit: Fit, weights: Weights) -> bool:
    scales = Scales.of(fit.data, fit.solution, weights)
    smooth = scales.criterion(*smooth_decline(fit.data, scales))
    own = scales.criterion(fit.solution.model, fit.solution.form.unknowns)
    return smooth - own < _BEYOND_DOUBT
