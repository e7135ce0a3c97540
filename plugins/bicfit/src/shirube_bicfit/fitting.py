"""Fitting spectra: refusal or task, search, ranking and judgement in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy.typing as npt
from attrs import evolve

from shirube.messages import Message, Renderable
from shirube.progress import NoProgress, Progress
from shirube.records import EnergyScale, FloatArray
from shirube_bicfit.chunks import Workers, workers
from shirube_bicfit.competing import competed
from shirube_bicfit.crossing import crossed
from shirube_bicfit.estimating import intervals_for
from shirube_bicfit.finishing import finished
from shirube_bicfit.fitter import Fitter
from shirube_bicfit.judgement import cut_short, doubts, remarks_on
from shirube_bicfit.optima import Found, Optimum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.ranking import dispersion_of, ranked_solutions
from shirube_bicfit.receiving import check_scale, received, settings_from
from shirube_bicfit.search import RISES, Search, most_peaks
from shirube_bicfit.solutions import Fit, Solution
from shirube_bicfit.task import Task
from shirube_bicfit.variants import variants_of
from shirube_bicfit.wandering import wandered

_SIGNIFICANT: Final = 3.0

__all__ = ["contested", "falls", "fit_of", "fit_spectrum", "fits_of", "refused", "searched"]


def fit_spectrum(
    energy: npt.ArrayLike,
    intensity: npt.ArrayLike,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale = "binding",
    region: str = "",
    progress: Progress | None = None,
    threads: int | None = None,
) -> Fit:
    """Fit pseudo-Voigt peaks and a background, ranked by BIC over the number of peaks.

    The method follows H. Shinotsuka et al., J. Electron Spectrosc. Relat. Phenom. 239, 146903 (2020): many starts with
    different numbers of peaks, peaks and active Shirley background fitted together, models ranked by BIC. Where
    settings name several backgrounds, line shapes or doublets, all of these variants are searched and ranked together.
    The spectrum is taken from end to end: ``range_low``, ``range_high``, ``max_range``, ``max_be``, ``regions`` and
    ``any_scale`` choose regions of a file and have no effect here.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensity: Shape (n,).
        parameters: Settings.
        scale: What the energies are; tells on which side of a line the background, tails and partners are.
        region: What the region is called, for ``doublet = "auto"``.
        progress: Told how far it is.
        threads: How many threads share the work, None for as many as help; the result is the same.

    Returns:
        The fit. Data that cannot be fitted make a refusal with its reason, never an exception.

    Raises:
        ShirubeError: ``scale`` is no energy scale, ``parameters`` are no settings, ``threads`` is no number of them.
    """
    settings = settings_from(parameters)
    check_scale(scale)
    energies, intensities, reason = received(energy, intensity, settings)
    if reason is not None:
        return refused(energies, intensities, settings, reason)
    variants = variants_of(settings, region)
    runs = []
    with workers(threads) as crew:
        for number, variant in enumerate(variants):
            part = _Part(NoProgress() if progress is None else progress, number, len(variants), variant.name)
            task = Task.of(energies, intensities, settings, scale, variant)
            ((found, fit),) = searched([task], settings, crew, part)
            if not falls(fit, scale):
                runs.append((found, fit))
            elif task.on_a_line().variant not in variants:
                runs += searched([task.on_a_line()], settings, crew)
        return contested(runs, settings, scale, crew)


class _Part:
    """Progress of one variant as a part of the whole."""

    def __init__(self, progress: Progress, number: int, count: int, name: Renderable) -> None:
        self._progress, self._number, self._count, self._name = progress, number, count, name

    def update(self, done: float, label: str = "") -> None:
        # one of several says which it is
        shown = f"{self._name.render()}: {label}" if self._count > 1 else label
        self._progress.update((self._number + done) / self._count, shown)


def refused(energy: FloatArray, intensity: FloatArray, settings: Parameters, reason: Message) -> Fit:
    """Return the answer to data that cannot be fitted."""
    background = variants_of(settings)[0].background
    return Fit(energy, intensity, "refused", background, reasons=(reason,))


def falls(fit: Fit, scale: EnergyScale) -> bool:
    """Tell whether a fitted Shirley background falls towards high binding energy, beyond noise.

    Electrons lose energy, so it never does; a step the other way means something else.
    """
    if fit.background != "shirley" or not fit.solutions:
        return False
    best = fit.best
    rise = (best.theta[-1] - best.theta[-2]) * (-1.0 if scale == "kinetic" else 1.0)
    return bool(rise < 0.0) and rise < -_SIGNIFICANT * best.step_spread


def searched(
    tasks: Sequence[Task], settings: Parameters, crew: Workers, progress: Progress | None = None
) -> list[tuple[Found, Fit]]:
    """Search spectra that share energies, bounds, variant and kind of noise; return the optima and the fit of each."""
    most = most_peaks(tasks[0].channels, settings.max_peaks, tasks[0].layout)
    search = Search(tasks, most, settings.starts, crew)
    told = NoProgress() if progress is None else progress
    if settings.random_starts:
        # a search is soon done beside them
        optima = [
            wandered(
                task,
                search.fitter,
                at,
                some,
                RISES,
                settings.random_starts,
                _Part(told, at, len(tasks), task.variant.name),
            )
            for at, (task, some) in enumerate(zip(tasks, search.run(), strict=True))
        ]
    else:
        optima = search.run(told)
    straights = search.fitter.straight_lines().tolist()
    founds = [Found(*parts) for parts in zip(tasks, optima, straights, strict=True)]
    return list(zip(founds, fits_of(founds, search.fitter, settings), strict=True))


def contested(runs: Sequence[tuple[Found, Fit]], settings: Parameters, scale: EnergyScale, crew: Workers) -> Fit:
    """Return one fit of the variants of one spectrum, each of which has also started from what the others came to.

    Variants are compared within the same bounds; if these hold the one that wins, all are given more room for as many
    lines.
    """
    if len(runs) < 2:  # noqa: PLR2004 nothing to compete with
        return competed([fit for _, fit in runs])

    def fitted(found: Found, *, widen: bool, lines: int | None = None) -> Fit:
        return fits_of([found], Fitter([found.task], crew), settings, widen=widen, lines=lines)[0]

    founds, fits = list(crossed([found for found, _ in runs], crew)), []
    for place, (before, first) in enumerate(runs):
        fit = first if founds[place] is before and not _is_wide(first) else fitted(founds[place], widen=False)
        if falls(fit, scale):
            founds[place], fit = before, fitted(before, widen=False)
        fits.append(fit)
    together = competed(fits)
    if not together.solutions:
        return together
    winner = next(place for place, found in enumerate(founds) if found.task.variant == together.best.variant)
    fits[winner] = fitted(founds[winner], widen=True)
    if _is_wide(fits[winner]):
        # one of the others may be the same model with fewer numbers, so as many of its lines get the same room
        lines = fits[winner].best.count
        fits = [
            fit if falls(fit, scale) else fitted(founds[place], widen=True, lines=lines)
            for place, fit in enumerate(fits)
        ]
    return competed(fits)


def _is_wide(fit: Fit) -> bool:
    """Tell whether the best solution was fitted once more within wider bounds."""
    return bool(fit.solutions) and fit.best.limits != fit.limits


def fits_of(
    founds: Sequence[Found], fitter: Fitter, settings: Parameters, *, widen: bool = True, lines: int | None = None
) -> list[Fit]:
    """Return the fits of spectra that share a fitter, the best solution of each to the last digit.

    Args:
        founds: What searches came to.
        fitter: Of these spectra.
        settings: The settings.
        widen: Whether a solution that derived bounds hold is fitted once more within wider ones.
        lines: Of how many lines that solution is; None for the best one.
    """
    return [
        fit_of(found.task, settings, one.optima, found.straight, one.remarks, one.reasons)
        for found, one in zip(founds, finished(founds, fitter, widen=widen, lines=lines), strict=True)
    ]


def fit_of(
    task: Task,
    settings: Parameters,
    optima: tuple[Optimum, ...],
    straight: float,
    remarks: Sequence[Message] = (),
    reasons: Sequence[Message] = (),
) -> Fit:
    """Return the fit of a spectrum from its best fits and the deviance of a straight line without any peak.

    What else is to be said of the best one, and what else makes it doubtful, is given.
    """
    dispersion = dispersion_of(task, optima)
    solutions = tuple(
        _with_intervals(task, one, settings) if one.standing.rank == 1 else one
        for one in ranked_solutions(task, optima, straight)
    )
    best = min(solutions, key=lambda solution: solution.standing.rank)
    most = most_peaks(task.channels, settings.max_peaks, task.layout)
    no_peak = task.bic(straight, 2, dispersion) <= best.standing.bic
    found = [message("no-peak")] if no_peak else [*doubts(best, solutions, most, task.noise), *reasons]
    short = [] if no_peak else cut_short(best, solutions, most, settings.starts)
    at_the_end = best.count == len(solutions)
    found += short if at_the_end else []
    found += [one.told for one in task.left_out]
    energy = task.as_given(task.energy)
    of_best = [] if no_peak else [*remarks, *remarks_on(best, solutions), *([] if at_the_end else short)]
    return Fit(
        energy=energy,
        intensity=task.as_given(task.intensity),
        status="refused" if no_peak else "doubtful" if found else "ok",
        background=task.background,
        reasons=tuple(found),
        remarks=(*_remarks_on_task(task, settings), *of_best),
        noise=task.noise,
        dispersion=dispersion,
        limits=task.limits,
        tasks=(task,),
        solutions=() if no_peak else solutions,
    )


def _with_intervals(task: Task, solution: Solution, settings: Parameters) -> Solution:
    # one thread: whoever fits many spectra shares these out already
    intervals = intervals_for(
        task, solution, settings.intervals, replicas=settings.replicas, seed=settings.seed, threads=1
    )
    return evolve(solution, intervals=intervals)


def _remarks_on_task(task: Task, settings: Parameters) -> list[Message]:
    found = []
    if task.background not in {one.background for one in variants_of(settings)}:
        found.append(message("background-fallback", variant=task.variant.name))
    if task.noise.kind == "gauss" and settings.noise == "auto":
        found.append(message("negative-intensities"))
    return found
