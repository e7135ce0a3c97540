"""Batches: many spectra on one axis, each searched for itself, or each started from what another was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from attrs import evolve

from shirube.errors import ShirubeError
from shirube.records import EnergyScale
from shirube_bicfit.chunks import Begin, Workers, workers
from shirube_bicfit.fitter import Fitter, follows_strongly
from shirube_bicfit.fitting import contested, falls, fit_of, refused, searched
from shirube_bicfit.optima import Found, Optimum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.ranking import free_units
from shirube_bicfit.receiving import check_scale, received
from shirube_bicfit.solutions import Fit, Solution
from shirube_bicfit.task import Task
from shirube_bicfit.variants import Variant, variants_of

#: Spectra that are searched together: enough to share the cost of a step, few enough to stay small in memory.
_TOGETHER: Final = 16

_T = TypeVar("_T")

__all__ = ["fit_series", "fit_spectra"]


def fit_spectra(
    energy: npt.ArrayLike,
    intensities: npt.ArrayLike,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale = "binding",
    region: str = "",
    threads: int | None = None,
) -> tuple[Fit, ...]:
    """Fit many spectra on one axis; each gets the full search of :func:`shirube_bicfit.fitting.fit_spectrum`.

    Spectra share the steps of the optimiser, whose matrices then have other sizes than those of one spectrum alone, so
    sums are rounded otherwise: results agree with those of single fits as far as the data determine them, but not bit
    for bit. The same array gives the same bits, with any number of threads.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensities: Shape (spectra, n).
        parameters: Settings, the same for all.
        scale: What the energies are.
        region: What the region is called, for ``doublet = "auto"``.
        threads: How many threads share the work, None for as many as help; the result is the same.

    Returns:
        One fit a spectrum, so none for no spectra. Data that cannot be fitted make a refusal with its reason.

    Raises:
        ShirubeError: The shapes do not belong together, or ``scale`` is no energy scale.
    """
    settings = Parameters() if parameters is None else parameters
    variants = variants_of(settings, region)
    refusals, tasks = _tasks(energy, intensities, settings, scale, variants[0])
    runs: dict[int, list[tuple[Found, Fit]]] = {at: [] for at in tasks}
    with workers(threads) as crew:
        for variant in variants:
            _, tasks = _tasks(energy, intensities, settings, scale, variant)
            some = _searched(tasks, settings, crew)
            falling = {at: tasks[at].on_a_line() for at, (_, fit) in some.items() if falls(fit, scale)}
            some = {at: run for at, run in some.items() if at not in falling}
            if evolve(variant, background="linear") not in variants:
                some |= _searched(falling, settings, crew)
            for at, run in some.items():
                runs[at].append(run)

        def together(at: int) -> Fit:
            return contested(runs[at], settings, scale, Workers(1))

        fits = refusals | dict(zip(runs, crew.map(together, list(runs)), strict=True))
    return tuple(fits[at] for at in range(len(fits)))


def fit_series(
    energy: npt.ArrayLike,
    intensities: npt.ArrayLike,
    like: Fit,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale = "binding",
    threads: int | None = None,
) -> tuple[Fit, ...]:
    """Fit many spectra with the model that was best for another one, starting from its solution.

    There is no search and no choice between models: the number of lines is that of ``like``.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensities: Shape (spectra, n), in the unit of those of ``like``.
        like: The fit whose best solution is the start.
        parameters: The settings that ``like`` was fitted with.
        scale: What the energies are.
        threads: How many threads share the work, None for as many as help; the result is the same.

    Returns:
        One fit a spectrum, with one solution. Data that cannot be fitted make a refusal with its reason.

    Raises:
        ShirubeError: The shapes do not belong together, ``scale`` is no energy scale, or ``like`` is a refusal.
    """
    settings = Parameters() if parameters is None else parameters
    if not like.solutions:
        raise ShirubeError(message("nothing-to-start-from"))
    fits, tasks = _tasks(energy, intensities, settings, scale, like.best.variant)

    def followed(group: Sequence[int]) -> list[Fit]:
        return _followed([tasks[at] for at in group], like.best, settings)

    with workers(threads) as crew:
        fits |= _by_number(_groups(tasks), followed, crew)
    return tuple(fits[at] for at in range(len(fits)))


def _followed(tasks: list[Task], start: Solution, settings: Parameters) -> list[Fit]:
    """Return fits of spectra that can be searched together, each from one solution."""
    fitter = Fitter(tasks, Workers(1))
    begins = [
        Begin(at, start.count, "given", start.free / free_units(task, start.count)) for at, task in enumerate(tasks)
    ]
    ends, straights = fitter.finely(begins), fitter.straight_lines()
    fits = []
    for at, task in enumerate(tasks):
        cost = float(ends.cost[at])
        optimum = Optimum(
            count=start.count,
            free=ends.free[at],
            deviance=cost,
            converged=bool(ends.converged[at]),
            limits=task.limits,
            origins=("given",),
            deviances=np.array([cost]),
            finished=1,
        )
        fits.append(fit_of(task, settings, (optimum,), float(straights[at]), []))
    return fits


def _tasks(
    energy: npt.ArrayLike, intensities: npt.ArrayLike, settings: Parameters, scale: EnergyScale, variant: Variant
) -> tuple[dict[int, Fit], dict[int, Task]]:
    """Return refusals and tasks by the number of the spectrum."""
    check_scale(scale)
    # with their masks, if they have any: what is masked must not be fitted
    along: np.ma.MaskedArray[Any, Any] = np.ma.asanyarray(energy)
    stack: np.ma.MaskedArray[Any, Any] = np.ma.asanyarray(intensities)
    if stack.ndim != 2 or along.shape != stack.shape[1:]:  # noqa: PLR2004 spectra by channels
        raise ShirubeError(message("not-a-stack", energies=str(along.shape), intensities=str(stack.shape)))
    fits: dict[int, Fit] = {}
    tasks: dict[int, Task] = {}
    for at, row in enumerate(stack):
        energies, one, reason = received(along, row, settings)
        if reason is None:
            tasks[at] = Task.of(energies, one, settings, scale, variant)
        else:
            fits[at] = refused(energies, one, settings, reason)
    return fits, tasks


def _by_number(groups: list[list[int]], work: Callable[[Sequence[int]], list[_T]], crew: Workers) -> dict[int, _T]:
    made = crew.map(work, groups)
    return {at: one for group, ones in zip(groups, made, strict=True) for at, one in zip(group, ones, strict=True)}


def _searched(tasks: dict[int, Task], settings: Parameters, crew: Workers) -> dict[int, tuple[Found, Fit]]:
    def searched_together(group: Sequence[int]) -> list[tuple[Found, Fit]]:
        return searched([tasks[at] for at in group], settings, Workers(1))

    return _by_number(_groups(tasks), searched_together, crew)


def _groups(tasks: dict[int, Task]) -> list[list[int]]:
    """Return the numbers of spectra that can be searched together."""

    def kind(at: int) -> tuple[str, bool, tuple[int, ...]]:
        task = tasks[at]
        return task.noise.kind, follows_strongly(task.intensity), tuple(one.channel for one in task.left_out)

    groups = []
    for _, alike in groupby(sorted(tasks, key=kind), key=kind):
        members = list(alike)
        groups += [members[first : first + _TOGETHER] for first in range(0, len(members), _TOGETHER)]
    return groups
