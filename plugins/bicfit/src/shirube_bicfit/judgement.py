"""Judgement: what makes a spectrum impossible to fit, and a fit doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from shirube.messages import Message
from shirube.records import FloatArray
from shirube_bicfit.noise import Noise
from shirube_bicfit.phrases import message
from shirube_bicfit.search import most_peaks
from shirube_bicfit.solutions import Solution

#: Reduced deviance above which a model of counts does not describe the data.
MISFIT: Final = 1.5
#: Variance of the residuals over that between neighbouring channels above which residuals are structured.
STRUCTURED: Final = 2.0
#: Difference of BIC below which two models cannot be told apart.
TIE: Final = 2.0
#: Fewer starts than this at the best solution, of at least so many, make one wonder whether there is a better one.
_FEW_HITS: Final = 2
_MANY_STARTS: Final = 10
_LEAST_WIDTH: Final = 1e-3
_LARGEST: Final = 1e100
_LARGEST_ENERGY: Final = 1e6
_SPIKE: Final = 8.0

__all__ = ["MISFIT", "STRUCTURED", "TIE", "doubts", "refusal", "remarks_on"]


def refusal(energy: FloatArray, intensity: FloatArray) -> Message | None:
    """Return why a spectrum cannot be fitted, None if it can."""
    if not (np.all(np.isfinite(energy)) and np.all(np.isfinite(intensity))):
        bad = int(np.count_nonzero(~np.isfinite(intensity)) + np.count_nonzero(~np.isfinite(energy)))
        return message("not-finite", number=bad)
    if most_peaks(energy.size, 1) < 1:
        return message("too-few-channels", number=energy.size)
    return _refusal_of_axis(energy) or _refusal_of_intensity(intensity)


def doubts(best: Solution, tried: Sequence[Solution], most: int, noise: Noise) -> list[Message]:
    """Return what makes the best solution doubtful."""
    found = []
    if best.count == most > 1 and len(tried) == most:
        found.append(message("limit-reached", number=most))
    if noise.kind == "poisson" and best.reduced_deviance > MISFIT:
        found.append(message("misfit", value=round(best.reduced_deviance, 2)))
    if noise.kind != "poisson" and best.reduced_deviance > STRUCTURED:
        found.append(message("structured-residuals", value=round(best.reduced_deviance, 2)))
    if not best.converged:
        found.append(message("not-converged", number=best.count))
    return found


def remarks_on(best: Solution, solutions: Sequence[Solution], energy: FloatArray) -> list[Message]:
    """Return what else must be said of the best solution."""
    found = [
        message("at-bound", peak=number, bound=message(f"bound-{bound}"))
        for number, bounds in enumerate(best.at_bound, start=1)
        for bound in bounds
        if not bound.startswith("fraction")
    ]
    found += [
        message("tie", number=other.count, value=round(other.standing.delta_bic, 1))
        for other in solutions
        if other.standing.rank > 1 and other.standing.delta_bic < TIE
    ]
    if best.hits < _FEW_HITS and len(best.origins) >= _MANY_STARTS:
        found.append(message("few-hits", hits=best.hits, starts=len(best.origins)))
    return found + [message("spike", energy=f"{energy[at]:.2f}") for at in _spikes(best.residuals)]


def _spikes(residuals: FloatArray) -> list[int]:
    """Return channels that stick out alone."""
    padded = np.concatenate([[0.0], np.abs(residuals), [0.0]])
    beside = np.maximum(padded[:-2], padded[2:])
    alone = (np.abs(residuals) > _SPIKE) & (beside < 0.5 * np.abs(residuals))
    return [int(index) for index in np.flatnonzero(alone)]


def _refusal_of_axis(energy: FloatArray) -> Message | None:
    unusable = message("not-an-energy-axis", low=f"{energy.min():g}", high=f"{energy.max():g}")
    if np.abs(energy).max() > _LARGEST_ENERGY:
        return unusable
    steps = np.diff(energy)
    if not (np.all(steps > 0.0) or np.all(steps < 0.0)):
        return message("not-monotone")
    return unusable if abs(energy[-1] - energy[0]) < _LEAST_WIDTH else None


def _refusal_of_intensity(intensity: FloatArray) -> Message | None:
    largest = float(np.abs(intensity).max())
    if largest == 0.0:
        return message("all-zero")
    if not 1.0 / _LARGEST < largest < _LARGEST:
        return message("beyond-range", value=f"{largest:g}")
    return message("constant") if np.ptp(intensity) == 0.0 else None
