"""Fitting one spectrum: refusal or task, search, ranking and judgement in their order."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import evolve

from shirube.messages import Message
from shirube.progress import NoProgress, Progress
from shirube.records import EnergyScale
from shirube_bicfit.judgement import doubts, refusal, remarks_on
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.ranking import dispersion_of, ranked_solutions
from shirube_bicfit.search import Search, most_peaks
from shirube_bicfit.solutions import Fit, Solution
from shirube_bicfit.task import Task

_SIGNIFICANT: Final = 3.0

__all__ = ["fit_spectrum"]


def fit_spectrum(
    energy: npt.ArrayLike,
    intensity: npt.ArrayLike,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale = "binding",
    progress: Progress | None = None,
) -> Fit:
    """Fit pseudo-Voigt peaks and a background, ranked by BIC over the number of peaks.

    The method follows H. Shinotsuka et al., J. Electron Spectrosc. Relat. Phenom. 239, 146903 (2020): many starts with
    different numbers of peaks, peaks and active Shirley background fitted together, models ranked by BIC.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensity: Shape (n,).
        parameters: Settings.
        scale: What the energies are; only tells on which side a Shirley background is expected to be higher.
        progress: Told how far it is.

    Returns:
        The fit. Data that cannot be fitted make a refusal with its reason, never an exception.
    """
    settings = Parameters() if parameters is None else parameters
    energies, intensities = np.asarray(energy, dtype=np.float64), np.asarray(intensity, dtype=np.float64)
    reason = refusal(energies, intensities)
    if reason is not None:
        return Fit(energies, intensities, "refused", settings.background, settings.criterion, reasons=(reason,))
    task = Task.of(energies, intensities, settings)
    fit = _fit(task, settings, NoProgress() if progress is None else progress)
    if task.background == "shirley" and fit.solutions and _falls(fit.best, scale):
        return _fit(evolve(task, background="linear"), settings, NoProgress())
    return fit


def _falls(best: Solution, scale: EnergyScale) -> bool:
    """Tell whether a background falls towards high binding energy, beyond noise.

    Electrons lose energy, so Shirley's never does; a step the other way means something else.
    """
    step, spread = best.step
    rise = -step if scale == "kinetic" else step
    return rise < -_SIGNIFICANT * spread


def _fit(task: Task, settings: Parameters, progress: Progress) -> Fit:
    search = Search(task)
    most = most_peaks(task.channels, settings.max_peaks)
    optima = search.run(most, settings.starts, progress)
    dispersion = dispersion_of(task, optima)
    solutions = ranked_solutions(task, optima, dispersion)
    best = min(solutions, key=lambda solution: solution.standing.rank)
    refused = task.bic(search.straight_line(), 0, dispersion) <= best.standing.bic
    reasons = [message("no-peak")] if refused else doubts(best, solutions, most, task.noise)
    energy = task.as_given(task.energy)
    return Fit(
        energy=energy,
        intensity=task.as_given(task.intensity),
        status="refused" if refused else "doubtful" if reasons else "ok",
        background=task.background,
        criterion=settings.criterion,
        reasons=tuple(reasons),
        remarks=(*_remarks_on_task(task, settings), *([] if refused else remarks_on(best, solutions, energy))),
        noise=task.noise,
        dispersion=dispersion,
        limits=task.limits,
        solutions=() if refused else solutions,
    )


def _remarks_on_task(task: Task, settings: Parameters) -> list[Message]:
    found = []
    if task.background != settings.background:
        found.append(message("background-fallback"))
    if task.noise.kind == "gauss" and settings.criterion != "gauss":
        found.append(message("negative-intensities"))
    return found
