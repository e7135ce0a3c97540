"""Ranking: optima become solutions with criterion, rank, weight, uncertainties and residuals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shirube.records import FloatArray
from shirube_bicfit.cautions import cautions
from shirube_bicfit.criteria import TIE, aicc_from, model_weights
from shirube_bicfit.evidence import log_evidence
from shirube_bicfit.layout import ENDS
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.noise import covariance_factor
from shirube_bicfit.optima import Optimum
from shirube_bicfit.significance import Gain, Predecessor, gains_of, rejections_of
from shirube_bicfit.solutions import Areas, Common, Solution, Standing
from shirube_bicfit.targets import Targets, by_energy, common_names, targets_of
from shirube_bicfit.task import Task
from shirube_bicfit.uncertainty import carried_over, covariance_of
from shirube_bicfit.vicinity import Vicinity, bounds_met, vicinity_of

__all__ = ["best_of", "dispersion_of", "free_units", "ranked_solutions"]


def dispersion_of(task: Task, optima: Sequence[Optimum]) -> float:
    """Return variance over noise model: 1 for counts, else what the model with most lines leaves.

    As usual for quasi-likelihoods, one dispersion serves all models, and the richest one estimates it.
    """
    if task.noise.kind == "poisson":
        return 1.0
    richest = optima[-1]
    return max(richest.deviance / (task.channels - richest.free.size), 1e-300)


def best_of(task: Task, optima: Sequence[Optimum], straight: float) -> int:
    """Return the place of the optimum with the smallest BIC among those without a line that noise may have made.

    If every one has such a line, it is that with the smallest BIC.

    Args:
        task: The spectrum.
        optima: The best fits with 1, 2, … lines.
        straight: Deviance of a straight line without any.
    """
    dispersion = dispersion_of(task, optima)
    model = SpectrumModel(task.energy, task.background, task.layout)
    order = np.argsort(_bics(task, optima, dispersion), kind="stable").tolist()
    for place in order:
        at = vicinity_of(task, model, optima[place])
        gains = gains_of(task, at, dispersion, _less(task, model, optima, place, straight))
        if not rejections_of(task, at, gains):
            return int(place)
    return int(order[0])


def ranked_solutions(task: Task, optima: Sequence[Optimum], straight: float) -> tuple[Solution, ...]:
    """Return the optima as solutions, in the same order, with their ranks; ``straight`` as for :func:`best_of`."""
    dispersion = dispersion_of(task, optima)
    model = SpectrumModel(task.energy, task.background, task.layout)
    near = [vicinity_of(task, model, one) for one in optima]
    gains = [
        gains_of(task, at, dispersion, _less(task, model, optima, place, straight)) for place, at in enumerate(near)
    ]
    accepted = np.array([not rejections_of(task, at, of_it) for at, of_it in zip(near, gains, strict=True)])
    standings = _standings(task, optima, near, accepted, dispersion)
    return tuple(
        _solution(task, model, *parts, dispersion) for parts in zip(optima, near, gains, standings, strict=True)
    )


def _bics(task: Task, optima: Sequence[Optimum], dispersion: float) -> FloatArray:
    return np.array([task.bic(one.deviance, one.free.size, dispersion) for one in optima])


def _less(
    task: Task, model: SpectrumModel, optima: Sequence[Optimum], place: int, straight: float
) -> Predecessor | None:
    """Return the best model with one line less, None if it is not known."""
    count = optima[place].count
    if count == 1:
        return Predecessor(straight, np.empty(0))
    if not place or optima[place - 1].count != count - 1:
        return None
    less = optima[place - 1]
    centres = task.layout.lines_of(task.layout.to_lines(less.free))[:, 1]
    return Predecessor(less.deviance, centres, model.value(task.layout.to_components(less.free[None]))[0])


def _standings(
    task: Task,
    optima: Sequence[Optimum],
    near: Sequence[Vicinity],
    accepted: npt.NDArray[np.bool_],
    dispersion: float,
) -> list[Standing]:
    bics = _bics(task, optima, dispersion)
    evidence = np.array([log_evidence(task, at, dispersion) for at in near])
    if not accepted.any():
        accepted = ~accepted
    best = int(np.argmin(np.where(accepted, bics, np.inf)))
    order = sorted(range(len(optima)), key=lambda place: (place != best, bics[place], place))
    tied = accepted & (bics - bics[best] < TIE)
    tied &= int(np.count_nonzero(tied)) > 1
    weights, by_evidence = np.zeros(len(optima)), np.zeros(len(optima))
    weights[accepted] = model_weights(bics[accepted])
    by_evidence[accepted] = model_weights(-2.0 * evidence[accepted])
    return [
        Standing(
            rank=order.index(place) + 1,
            bic=float(bics[place]),
            delta_bic=float(bics[place] - bics[best]),
            weight=float(weights[place]),
            tied=bool(tied[place]),
            aicc=aicc_from(float(bics[place]), task.channels, optima[place].free.size),
            log_evidence=float(evidence[place]),
            evidence_weight=float(by_evidence[place]),
        )
        for place in range(len(optima))
    ]


def _solution(
    task: Task,
    model: SpectrumModel,
    optimum: Optimum,
    at: Vicinity,
    gains: tuple[Gain, ...],
    standing: Standing,
    dispersion: float,
) -> Solution:
    order = by_energy(task.layout, at.full)
    targets = targets_of(task.layout, at.free, at.full, at.tangent, order)
    unit = targets.units(task.noise.unit)
    values = targets.values * unit
    factor = covariance_factor(task.noise.kind, optimum.deviance, task.channels - optimum.free.size)
    of_free = covariance_of(at.information, factor)
    lost = np.isnan(np.diagonal(of_free)) | ~at.inside
    covariance = carried_over(targets.slopes, of_free, lost) * np.outer(unit, unit)
    components, background = (part * task.noise.unit for part in model.components(at.full))
    return Solution(
        variant=task.variant,
        count=optimum.count,
        parameters=optimum.free.size,
        commons=_commons(task, values[targets.commons], covariance[targets.commons, targets.commons]),
        standing=standing,
        theta=values[targets.theta],
        free=optimum.free * free_units(task, optimum.count),
        covariance=covariance[targets.theta, targets.theta],
        at_bound=bounds_met(task.layout, at, order),
        limits=optimum.limits,
        deviance=optimum.deviance,
        reduced_deviance=optimum.deviance / (task.channels - optimum.free.size),
        converged=optimum.converged,
        origins=optimum.origins,
        start_bics=np.array([task.bic(float(one), optimum.free.size, dispersion) for one in optimum.deviances]),
        hits=optimum.hits,
        finished=optimum.finished,
        step_spread=_step_spread(at, targets, factor, of_free) * task.noise.unit,
        areas=_areas(task, targets, of_free),
        intervals=None,
        rejected=rejections_of(task, at, gains),
        warnings=tuple(cautions(task, optimum, at, gains, of_free)),
        background=task.as_given(background),
        components=task.as_given(components[order]),
        residuals=task.as_given(at.residuals),
    )


def _areas(task: Task, targets: Targets, of_free: FloatArray) -> Areas:
    unit = task.noise.unit
    deviations = np.sqrt(np.diagonal(carried_over(targets.slopes, of_free, np.isnan(np.diagonal(of_free)))))
    return Areas(
        values=targets.values[targets.areas] * unit,
        uncertainties=deviations[targets.areas] * unit,
        parts=targets.values[targets.parts],
        part_uncertainties=deviations[targets.parts],
    )


def _step_spread(at: Vicinity, targets: Targets, factor: float, of_free: FloatArray) -> float:
    known = of_free
    if not at.inside.all():
        known = np.full(at.information.shape, np.nan)
        inside = np.flatnonzero(at.inside)
        known[np.ix_(inside, inside)] = covariance_of(at.information[np.ix_(inside, inside)], factor)
    low, high = targets.slopes[targets.theta][-ENDS:]
    return float(np.sqrt(carried_over((high - low)[None], known, np.zeros(len(known), dtype=bool))[0, 0]))


def _commons(task: Task, values: FloatArray, covariance: FloatArray) -> tuple[Common, ...]:
    deviations = np.sqrt(np.diagonal(covariance))
    numbers = zip(common_names(task.layout), values.tolist(), deviations.tolist(), strict=True)
    return tuple(Common(name, value, deviation) for name, value, deviation in numbers)


def free_units(task: Task, lines: int) -> FloatArray:
    """Return what one unit of each free number is in the units of the spectrum, shape (p,)."""
    names = (*task.layout.line_names * lines, *task.layout.shared_names)
    intensities = {"height", "background_low", "background_high", "slope"}
    return np.array([task.noise.unit if name in intensities else 1.0 for name in names])
