"""Batches: many spectra on one axis, each searched for itself, or each started from what another was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from attrs import evolve

from shirube.errors import ShirubeError
from shirube.records import EnergyScale
from shirube_bicfit.bounds import widened
from shirube_bicfit.chunks import Begin, workers
from shirube_bicfit.fitter import Fitter, follows_strongly
from shirube_bicfit.fitting import contested, falls, fit_of, refused, searched
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.optima import Found, Optimum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.ranking import free_units
from shirube_bicfit.receiving import check_scale, received, settings_from
from shirube_bicfit.sharing import processes_for, shared_out
from shirube_bicfit.solutions import Fit, Solution
from shirube_bicfit.task import Task
from shirube_bicfit.variants import Variant, layout_for, variants_of

#: Spectra that are searched together: enough to share the cost of a step, few enough to stay small in memory.
_TOGETHER: Final = 16
#: Seconds that a spectrum takes, roughly: a search with one variant, and a fit that begins at a solution.
_SEARCH: Final = 0.08
_FOLLOW: Final = 0.004

_T = TypeVar("_T")

__all__ = ["fit_series", "fit_spectra"]


def fit_spectra(
    energy: npt.ArrayLike,
    intensities: npt.ArrayLike,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale = "binding",
    region: str = "",
    processes: int | None = None,
) -> tuple[Fit, ...]:
    """Fit many spectra on one axis; each gets the full search of :func:`shirube_bicfit.fitting.fit_spectrum`.

    Spectra share the steps of the optimiser, whose matrices then have other sizes than those of one spectrum alone, so
    sums are rounded otherwise: results agree with those of single fits as far as the data determine them, but not bit
    for bit. The same array gives the same bits, with any number of processes.

    Spectra are taken from end to end: the settings that choose regions of a file and their ranges (``range_low``,
    ``range_high``, ``max_range``, ``max_be``, ``regions``, ``any_scale``) have no effect here. Hand over the channels
    that you mean.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensities: Shape (spectra, n).
        parameters: Settings, the same for all.
        scale: What the energies are.
        region: What the region is called, for ``doublet = "auto"``.
        processes: How many processes share the work, None for as many as help; the result is the same.

    Returns:
        One fit a spectrum, so none for no spectra. Data that cannot be fitted make a refusal with its reason.

    Raises:
        ShirubeError: The shapes do not belong together, ``scale`` is no energy scale, ``processes`` no number, or
            ``parameters`` are none.
    """
    settings = settings_from(parameters)
    variants = variants_of(settings, region)
    refusals, first = _tasks(energy, intensities, settings, scale, variants[0])
    runs: dict[int, list[tuple[Found, Fit]]] = {at: [] for at in first}
    number = processes_for(processes, _SEARCH * len(first) * len(variants))
    for variant in variants:
        tasks = first if variant == variants[0] else _tasks(energy, intensities, settings, scale, variant)[1]
        some = _searched(tasks, settings, number)
        falling = {at: tasks[at].on_a_line() for at, (_, fit) in some.items() if falls(fit, scale)}
        some = {at: run for at, run in some.items() if at not in falling}
        if evolve(variant, background="linear") not in variants:
            some |= _searched(falling, settings, number)
        for at, run in some.items():
            runs[at].append(run)
    decided = shared_out(partial(_contested, settings, scale), list(runs.values()), number if len(variants) > 1 else 1)
    fits = refusals | dict(zip(runs, decided, strict=True))
    return tuple(fits[at] for at in range(len(fits)))


def fit_series(
    energy: npt.ArrayLike,
    intensities: npt.ArrayLike,
    like: Fit,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale | None = None,
    processes: int | None = None,
) -> tuple[Fit, ...]:
    """Fit many spectra with the model that was best for another one, starting from its solution.

    There is no search and no choice between models: the number of lines is that of ``like``. Where its solution was
    given more room than derived bounds have, so are these. Spectra are taken from end to end, as by
    :func:`fit_spectra`.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensities: Shape (spectra, n), in the unit of those of ``like``.
        like: The fit whose best solution is the start.
        parameters: Settings, None for those that ``like`` was fitted with. The model is that of ``like``, so what
            they ask of it must be the same; noise, bounds and intervals may be others.
        scale: What the energies are, None for what those of ``like`` are.
        processes: How many processes share the work, None for as many as help; the result is the same.

    Returns:
        One fit a spectrum, with one solution. Data that cannot be fitted make a refusal with its reason.

    Raises:
        ShirubeError: The shapes do not belong together, ``scale`` is no energy scale, ``processes`` no number,
            ``like`` no fit or a refusal, ``parameters`` are none, or these or the scale make another model.
    """
    if not isinstance(like, Fit):
        raise ShirubeError(message("no-fit", kind=type(like).__name__))
    if not like.solutions:
        raise ShirubeError(message("nothing-to-start-from"))
    origin = like.task_of(like.best)
    settings = origin.settings if parameters is None else settings_from(parameters)
    along: EnergyScale = ("kinetic" if origin.layout.mirrored else "binding") if scale is None else scale
    check_scale(along)
    others = _others(origin.layout, layout_for(settings, origin.variant, along))
    if others:
        raise ShirubeError(message("other-model", names=", ".join(others)))
    fits, tasks = _tasks(energy, intensities, settings, along, origin.variant)
    number = processes_for(processes, _FOLLOW * len(tasks))
    wide = like.best.limits != origin.limits
    fits |= _by_number(tasks, partial(_followed, like.best, settings, wide), number)
    return tuple(fits[at] for at in range(len(fits)))


def _others(like: Layout, asked: Layout) -> list[str]:
    """Return which settings make one layout of a variant another one."""
    free = [one.doublet or Doublet(0.0, 0.0) for one in (like, asked)]
    differ = {
        "share_width": like.shared_width != asked.shared_width,
        "share_fraction": like.shared_fraction != asked.shared_fraction,
        "slope": like.sloped != asked.sloped,
        "free_splitting": free[0].free_splitting != free[1].free_splitting,
        "free_ratio": free[0].free_ratio != free[1].free_ratio,
        "scale": like.mirrored != asked.mirrored,
    }
    return [name for name, is_other in differ.items() if is_other]


def _followed(start: Solution, settings: Parameters, wide: bool, tasks: Sequence[Task]) -> list[Fit]:
    """Return fits of spectra that can be searched together, each from one solution.

    Args:
        start: The solution.
        settings: The settings.
        wide: Whether it was given more room than derived bounds have; whoever starts from it needs that, too.
        tasks: The spectra.
    """
    with workers(1) as crew:
        fitter = Fitter(tasks, crew)
        if wide and fitter.limits.derived:
            fitter = fitter.within(widened(fitter.limits))
        return _fits_from(start, settings, tasks, fitter)


def _fits_from(start: Solution, settings: Parameters, tasks: Sequence[Task], fitter: Fitter) -> list[Fit]:
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
            limits=fitter.limits,
            origins=("given",),
            deviances=np.array([cost]),
            finished=1,
        )
        room = message("as-wide", limit=f"{fitter.limits.fwhm_max:g}")
        remarks = [room] if fitter.limits != task.limits else []
        fits.append(fit_of(task, settings, (optimum,), float(straights[at]), remarks))
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


def _by_number(tasks: Mapping[int, Task], work: Callable[[Sequence[Task]], list[_T]], processes: int) -> dict[int, _T]:
    groups = _groups(tasks)
    made = shared_out(work, [[tasks[at] for at in group] for group in groups], processes)
    return {at: one for group, ones in zip(groups, made, strict=True) for at, one in zip(group, ones, strict=True)}


def _searched(tasks: Mapping[int, Task], settings: Parameters, processes: int) -> dict[int, tuple[Found, Fit]]:
    return _by_number(tasks, partial(_searched_together, settings), processes)


def _searched_together(settings: Parameters, tasks: Sequence[Task]) -> list[tuple[Found, Fit]]:
    with workers(1) as crew:
        return searched(tasks, settings, crew)


def _contested(settings: Parameters, scale: EnergyScale, runs: Sequence[tuple[Found, Fit]]) -> Fit:
    with workers(1) as crew:
        return contested(runs, settings, scale, crew)


def _groups(tasks: Mapping[int, Task]) -> list[list[int]]:
    """Return the numbers of spectra that can be searched together."""

    def kind(at: int) -> tuple[str, bool, tuple[int, ...]]:
        task = tasks[at]
        return task.noise.kind, follows_strongly(task.intensity), tuple(one.channel for one in task.left_out)

    groups = []
    for _, alike in groupby(sorted(tasks, key=kind), key=kind):
        members = list(alike)
        groups += [members[first : first + _TOGETHER] for first in range(0, len(members), _TOGETHER)]
    return groups
