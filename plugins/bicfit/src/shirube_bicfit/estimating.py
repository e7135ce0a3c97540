"""Estimating: intervals of a solution by the method that is asked for."""

from __future__ import annotations

from shirube_bicfit.bootstrap import bootstrap_intervals
from shirube_bicfit.choices import IntervalMethod
from shirube_bicfit.chunks import workers
from shirube_bicfit.intervals import Intervals, fisher_intervals, profile_intervals
from shirube_bicfit.model import SpectrumModel
from shirube_bicfit.noise import covariance_factor
from shirube_bicfit.ranking import free_units
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
        replicas: How many spectra a bootstrap simulates.
        seed: Of these.
        threads: How many threads share the work; the result is the same.

    Raises:
        ValueError: The fit was refused.
        IndexError: There is no solution of this rank.
    """
    if not fit.solutions:
        raise ValueError("a refusal has no intervals")
    solution = fit.ranked[rank - 1]
    return intervals_for(fit.task_of(solution), solution, method, replicas=replicas, seed=seed, threads=threads)


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
