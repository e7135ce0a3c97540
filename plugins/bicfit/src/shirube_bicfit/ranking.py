"""Ranking: optima become solutions with criterion, rank, weight, uncertainties and residuals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.bounds import box
from shirube_bicfit.criteria import model_weights, parameter_count
from shirube_bicfit.model import PEAK_PARAMETERS, SpectrumModel, peaks_of
from shirube_bicfit.optima import Optimum
from shirube_bicfit.solutions import Solution, Standing
from shirube_bicfit.task import Task
from shirube_bicfit.uncertainty import covariance_of

_NAMES: Final = ("height", "centre", "fwhm", "fraction")
_SIGNIFICANT: Final = 3.0

__all__ = ["dispersion_of", "ranked_solutions"]


def dispersion_of(task: Task, optima: Sequence[Optimum]) -> float:
    """Return variance over noise model: 1 for counts, else what the model with most peaks leaves.

    As usual for quasi-likelihoods, one dispersion serves all models, and the richest one estimates it.
    """
    if task.noise.kind == "poisson":
        return 1.0
    richest = optima[-1]
    return max(richest.deviance / (task.channels - parameter_count(richest.count)), 1e-300)


def ranked_solutions(task: Task, optima: Sequence[Optimum], dispersion: float) -> tuple[Solution, ...]:
    """Return the optima as solutions, in the same order, ranked by BIC."""
    bics = np.array([task.bic(one.deviance, one.count, dispersion) for one in optima])
    ranks = np.argsort(np.argsort(bics, kind="stable"), kind="stable") + 1
    standings = [
        Standing(rank=int(rank), bic=float(bic), delta_bic=float(bic - bics.min()), weight=float(weight))
        for rank, bic, weight in zip(ranks, bics, model_weights(bics), strict=True)
    ]
    return tuple(_solution(task, one, dispersion, standing) for one, standing in zip(optima, standings, strict=True))


def _solution(task: Task, optimum: Optimum, dispersion: float, standing: Standing) -> Solution:
    order = _by_energy(optimum.theta)
    lower, upper = box(task.limits, optimum.count, task.noise)
    scaled = optimum.theta[order]
    at_lower, at_upper = _at(scaled, lower), _at(scaled, upper)
    unit = np.ones(scaled.size)
    unit[:-2:PEAK_PARAMETERS] = unit[-2:] = task.noise.unit
    spread = _covariance_factor(task, optimum)
    covariance = covariance_of(optimum.information[np.ix_(order, order)], ~(at_lower | at_upper), spread)
    in_counts = SpectrumModel(task.energy, task.background).components(scaled)
    components, background = (part * task.noise.unit for part in in_counts)
    return Solution(
        standing=standing,
        theta=scaled * unit,
        covariance=covariance * np.outer(unit, unit),
        at_bound=_bounds_met(at_lower, at_upper),
        deviance=optimum.deviance,
        reduced_deviance=optimum.deviance / (task.channels - scaled.size),
        converged=optimum.converged,
        origins=optimum.origins,
        start_bics=np.array([task.bic(float(one), optimum.count, dispersion) for one in optimum.deviances]),
        hits=optimum.hits,
        background=task.as_given(background),
        components=task.as_given(components),
        residuals=task.as_given(_in_sigma(task, components.sum(axis=0) + background)),
    )


def _covariance_factor(task: Task, optimum: Optimum) -> float:
    """Return the variance over that of the noise model: 1 for counts that the model describes."""
    freedom = task.channels - optimum.theta.size
    reduced = optimum.deviance / freedom
    by_chance = 1.0 + _SIGNIFICANT * np.sqrt(2.0 / freedom)
    return 1.0 if task.noise.kind == "poisson" and reduced < by_chance else max(reduced, 1e-300)


def _in_sigma(task: Task, model: FloatArray) -> FloatArray:
    # not over the dispersion: what the richest model misses would then pass for noise
    residual, root = task.noise.loss(task.intensity).residual((model / task.noise.unit)[None])
    return np.asarray((residual * root)[0], dtype=np.float64)


def _by_energy(theta: FloatArray) -> npt.NDArray[np.int64]:
    """Return the order of parameters that sorts the peaks by their centres."""
    peaks = np.argsort(peaks_of(theta)[:, 1], kind="stable")
    index = (PEAK_PARAMETERS * peaks[:, None] + np.arange(PEAK_PARAMETERS)).ravel()
    return np.concatenate([index, [theta.size - 2, theta.size - 1]])


def _at(theta: FloatArray, bound: FloatArray) -> npt.NDArray[np.bool_]:
    return np.isfinite(bound) & (np.abs(theta - bound) <= 1e-9 * np.maximum(1.0, np.abs(theta)))


def _bounds_met(at_lower: npt.NDArray[np.bool_], at_upper: npt.NDArray[np.bool_]) -> tuple[tuple[str, ...], ...]:
    peaks = range(len(at_lower) // PEAK_PARAMETERS)
    return tuple(
        tuple(
            f"{name}_{end}"
            for index, name in enumerate(_NAMES)
            for end, met in (("min", at_lower), ("max", at_upper))
            if met[PEAK_PARAMETERS * peak + index]
        )
        for peak in peaks
    )
