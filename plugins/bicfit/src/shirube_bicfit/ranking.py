"""Ranking: optima become solutions with criterion, rank, weight, uncertainties and residuals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.bounds import box
from shirube_bicfit.criteria import model_weights
from shirube_bicfit.layout import ENDS, LINE
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.objective import Index
from shirube_bicfit.optima import Optimum
from shirube_bicfit.solutions import Common, Solution, Standing
from shirube_bicfit.task import Task
from shirube_bicfit.uncertainty import covariance_of

_NAMES: Final = ("height", "centre", "fwhm", "fraction")
_SIGNIFICANT: Final = 3.0

__all__ = ["at_bounds", "dispersion_of", "free_units", "ranked_solutions"]


def dispersion_of(task: Task, optima: Sequence[Optimum]) -> float:
    """Return variance over noise model: 1 for counts, else what the model with most lines leaves.

    As usual for quasi-likelihoods, one dispersion serves all models, and the richest one estimates it.
    """
    if task.noise.kind == "poisson":
        return 1.0
    richest = optima[-1]
    return max(richest.deviance / (task.channels - richest.free.size), 1e-300)


def ranked_solutions(task: Task, optima: Sequence[Optimum], dispersion: float) -> tuple[Solution, ...]:
    """Return the optima as solutions, in the same order, ranked by BIC."""
    bics = np.array([task.bic(one.deviance, one.free.size, dispersion) for one in optima])
    ranks = np.argsort(np.argsort(bics, kind="stable"), kind="stable") + 1
    standings = [
        Standing(rank=int(rank), bic=float(bic), delta_bic=float(bic - bics.min()), weight=float(weight))
        for rank, bic, weight in zip(ranks, bics, model_weights(bics), strict=True)
    ]
    model = SpectrumModel(task.energy, task.background, task.layout)
    return tuple(
        _solution(task, model, one, dispersion, standing) for one, standing in zip(optima, standings, strict=True)
    )


def at_bounds(task: Task, optimum: Optimum) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which free numbers are at their lower and at their upper bounds."""
    lower, upper = box(optimum.limits, task.layout, optimum.count, task.noise.kind)
    return _at(optimum.free, lower), _at(optimum.free, upper)


def _solution(task: Task, model: SpectrumModel, optimum: Optimum, dispersion: float, standing: Standing) -> Solution:
    full = task.layout.to_components(optimum.free[None])
    value, jacobian = model.evaluate(full)
    order, places = _by_energy(task, full[0])
    at_lower, at_upper = at_bounds(task, optimum)
    unit = _units(task, places.size)
    covariance, of_commons = _covariances(task, optimum, value, jacobian, ~(at_lower | at_upper))
    components, background = (part * task.noise.unit for part in model.components(full[0]))
    return Solution(
        count=optimum.count,
        parameters=optimum.free.size,
        commons=_commons(task, optimum, of_commons),
        standing=standing,
        theta=full[0][places] * unit,
        free=optimum.free * free_units(task, optimum.count),
        covariance=covariance[np.ix_(places, places)] * np.outer(unit, unit),
        at_bound=_bounds_met(task, optimum.count, order, at_lower, at_upper),
        limits=optimum.limits,
        deviance=optimum.deviance,
        reduced_deviance=optimum.deviance / (task.channels - optimum.free.size),
        converged=optimum.converged,
        origins=optimum.origins,
        start_bics=np.array([task.bic(float(one), optimum.free.size, dispersion) for one in optimum.deviances]),
        hits=optimum.hits,
        background=task.as_given(background),
        components=task.as_given(components[order]),
        residuals=task.as_given(_in_sigma(task, value)),
    )


def _covariances(
    task: Task, optimum: Optimum, value: FloatArray, jacobian: FloatArray, free: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """Return the covariance of the component form and the standard deviations of the free form."""
    tangent = task.layout.tangent(optimum.free[None])[0]
    rows = tangent.T @ jacobian[0]
    _, root = task.noise.loss(task.intensity).residual(value)
    rows *= root
    of_free = covariance_of(rows @ rows.T, free, _covariance_factor(task, optimum))
    if task.layout.plain:
        return of_free, np.sqrt(np.diagonal(of_free))
    # what is at a bound or undetermined makes everything that depends on it so, and nothing else
    lost = np.isnan(np.diagonal(of_free))
    covariance = tangent @ np.nan_to_num(of_free, nan=0.0) @ tangent.T
    touched = (np.abs(tangent[:, lost]) > 0.0).any(axis=1)
    covariance[touched] = covariance[:, touched] = np.nan
    return covariance, np.sqrt(np.diagonal(of_free))


def _commons(task: Task, optimum: Optimum, deviations: FloatArray) -> tuple[Common, ...]:
    names = task.layout.names
    units = [task.noise.unit if name == "slope" else 1.0 for name in names]
    numbers = zip(names, optimum.free[-len(names) :], deviations[-len(names) :], units, strict=True)
    return tuple(
        Common(name, float(value * unit), float(deviation * unit))
        for name, value, deviation, unit in numbers
        if not name.startswith("background")
    )


def free_units(task: Task, lines: int) -> FloatArray:
    """Return what one unit of each free number is in the units of the spectrum, shape (p,)."""
    names = (*task.layout.line_names * lines, *task.layout.shared_names)
    intensities = {"height", "background_low", "background_high", "slope"}
    return np.array([task.noise.unit if name in intensities else 1.0 for name in names])


def _units(task: Task, size: int) -> FloatArray:
    unit = np.ones(size)
    unit[:-ENDS:LINE] = unit[-ENDS:] = task.noise.unit
    return unit


def _covariance_factor(task: Task, optimum: Optimum) -> float:
    """Return the variance over that of the noise model: 1 for counts that the model describes."""
    freedom = task.channels - optimum.free.size
    reduced = optimum.deviance / freedom
    by_chance = 1.0 + _SIGNIFICANT * np.sqrt(2.0 / freedom)
    return 1.0 if task.noise.kind == "poisson" and reduced < by_chance else max(reduced, 1e-300)


def _in_sigma(task: Task, value: FloatArray) -> FloatArray:
    # not over the dispersion: what the richest model misses would then pass for noise
    residual, root = task.noise.loss(task.intensity).residual(value)
    return np.asarray((residual * root)[0], dtype=np.float64)


def _by_energy(task: Task, full: FloatArray) -> tuple[Index, Index]:
    """Return the order of components by their centres, and where the numbers of ``Solution.theta`` are."""
    per = task.layout.per_component
    components = task.layout.components_of(full)
    order = np.argsort(components[:, 1], kind="stable")
    places = (per * order[:, None] + np.arange(LINE)).ravel()
    return order, np.concatenate([places, per * len(order) + np.arange(ENDS)])


def _at(theta: FloatArray, bound: FloatArray) -> npt.NDArray[np.bool_]:
    return np.isfinite(bound) & (np.abs(theta - bound) <= 1e-9 * np.maximum(1.0, np.abs(theta)))


def _bounds_met(
    task: Task, lines: int, order: Index, at_lower: npt.NDArray[np.bool_], at_upper: npt.NDArray[np.bool_]
) -> tuple[tuple[str, ...], ...]:
    """Return for each component, in this order, the bounds that its numbers are at, its own or shared ones."""
    layout = task.layout
    names = [*(layout.line_names * lines), *layout.shared_names]
    own = len(layout.line_names)
    members = 1 if layout.doublet is None else 2
    met = []
    for component in order.tolist():
        first = own * (component // members)
        index = [*range(first, first + own), *range(own * lines, len(names))]
        met.append(
            tuple(
                f"{name}_{end}"
                for name in _NAMES
                for end, at in (("min", at_lower), ("max", at_upper))
                if any(names[place] == name and at[place] for place in index)
            )
        )
    return tuple(met)
