"""Bootstrap: intervals from fits of spectra that are simulated from a solution."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import evolve

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.chunks import Begin, Workers
from shirube_bicfit.fitter import Fitter
from shirube_bicfit.intervals import LEVEL, Intervals, intervals_from
from shirube_bicfit.objective import Index
from shirube_bicfit.targets import targets_of
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import Vicinity

#: Spectra that are fitted together.
_TOGETHER: Final = 64
#: Counts from which on a normal distribution of the same mean and variance stands for Poisson's: its skewness is below
#: 3e-5, and random numbers of Poisson's end at 9e18.
_MANY: Final = 1e9

__all__ = ["bootstrap_intervals", "simulated"]


def simulated(task: Task, value: FloatArray, factor: float, replicas: int, seed: int) -> FloatArray:
    """Return spectra with the noise of a task around a model, shape (replicas, n), in units of the noise.

    Args:
        task: The spectrum.
        value: The model, shape (n,).
        factor: Variance over that of the noise model.
        replicas: How many.
        seed: Of the random numbers; the same seed gives the same spectra.
    """
    random = np.random.default_rng(seed)
    shape = (replicas, value.size)
    if task.noise.kind == "gauss":
        return np.asarray(random.normal(value, np.sqrt(factor), shape), dtype=np.float64)
    mean = np.maximum(value, 0.0)
    many = mean > _MANY * factor
    spectra = np.asarray(factor * random.poisson(np.where(many, 0.0, mean) / factor, shape), dtype=np.float64)
    spectra[:, many] = random.normal(mean[many], np.sqrt(mean[many] * factor), (replicas, int(many.sum())))
    return spectra


def bootstrap_intervals(
    task: Task,
    at: Vicinity,
    limits: Limits,
    order: Index,
    factor: float,
    replicas: int,
    seed: int,
    crew: Workers,
) -> Intervals:
    """Return percentile intervals of fits to simulated spectra, each from the solution, its number of lines given.

    Args:
        task: The spectrum.
        at: The solution.
        limits: Its bounds.
        order: Of its components.
        factor: Variance over that of the noise model.
        replicas: How many spectra.
        seed: Of the random numbers.
        crew: Threads; they do not change the result.
    """
    spectra = simulated(task, at.value, factor, replicas, seed) * task.noise.unit
    groups = [spectra[first : first + _TOGETHER] for first in range(0, replicas, _TOGETHER)]

    def fitted(group: FloatArray) -> FloatArray:
        fitter = Fitter([evolve(task, intensity=one) for one in group], Workers(1)).within(limits)
        ends = fitter.finely([Begin(spectrum, at.lines, "given", at.free) for spectrum in range(len(group))])
        free = np.array(ends.free)
        full, tangent = task.layout.to_components(free), task.layout.tangent(free)
        return np.array(
            [targets_of(task.layout, *parts, order).values for parts in zip(free, full, tangent, strict=True)]
        )

    values = np.concatenate(crew.map(fitted, groups))
    tail = 0.5 * (1.0 - LEVEL)
    targets = targets_of(task.layout, at.free, at.full, at.tangent, order)
    return intervals_from("bootstrap", np.quantile(values, [tail, 1.0 - tail], axis=0).T, targets, task.noise.unit)
