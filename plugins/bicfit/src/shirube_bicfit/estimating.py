"""Estimating: intervals of a solution by the method that is asked for."""

from __future__ import annotations

from shirube_bicfit.bootstrap import bootstrap_intervals
from shirube_bicfit.choices import IntervalMethod
from shirube_bicfit.chunks import workers
from shirube_bicfit.intervals import Intervals, fisher_intervals, profile_intervals
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.noise import covariance_factor
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.ranking import free_units
from shirube_bicfit.sharing import number_asked
from shirube_bicfit.solutions import Fit, Solution
from shirube_bicfit.targets import by_energy
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import vicinity_at

__all__ = ["intervals_for", "intervals_of"]


def intervals_of(
    fit: Fit,
    rank: int = 1,
    method: IntervalMethod = "profile",
    *,
    replicas: int = 200,
    seed: int = 0,
    threads: int | None = None,
) -> Intervals:
    """Return 95 % intervals of a solution of a fit.

    Args:
        fit: Not a refusal.
        rank: Of the solution.
        method: ``fisher``, ``profile`` or ``bootstrap``.
        replicas: How many spectra a bootstrap simulates, at least 40.
        seed: Of these, at least 0.
        threads: How many threads share the work, None for as many as help; the result is the same.

    Raises:
        ShirubeError: The fit has no solution of this rank, ``threads`` is no number, or what is asked for is nothing
            that the settings ``intervals``, ``replicas`` and ``seed`` can be.
    """
    solution = fit.solution_of_rank(rank)
    asked = Parameters(intervals=method, replicas=replicas, seed=seed)
    return intervals_for(
        fit.task_of(solution),
        solution,
        asked.intervals,
        replicas=asked.replicas,
        seed=asked.seed,
        threads=number_asked("threads", threads),
    )


def intervals_for(
    task: Task,
    solution: Solution,
    method: IntervalMethod,
    *,
    replicas: int = 200,
    seed: int = 0,
    threads: int | None = None,
) -> Intervals:
    """Return 95 % intervals of a solution of a task; see :func:`intervals_of`."""
    model = SpectrumModel(task.energy, task.background, task.layout)
    at = vicinity_at(task, model, solution.free / free_units(task, solution.count), solution.limits)
    order = by_energy(task.layout, at.full)
    factor = covariance_factor(task.noise.kind, at.deviance, task.channels - at.free.size)
    if method == "fisher":
        return fisher_intervals(task, at, order, factor)
    if method == "profile":
        return profile_intervals(task, model, at, order, factor)
    with workers(threads) as crew:
        return bootstrap_intervals(task, at, solution.limits, order, factor, replicas, seed, crew)
