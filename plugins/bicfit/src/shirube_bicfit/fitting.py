"""Fitting spectra: refusal or task, search, ranking and judgement in their order."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.messages import Message
from shirube.progress import NoProgress, Progress
from shirube.records import EnergyScale, FloatArray
from shirube_bicfit.bounds import widened
from shirube_bicfit.chunks import workers
from shirube_bicfit.judgement import doubts, refusal, remarks_on
from shirube_bicfit.optima import Optimum
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.ranking import at_bounds, dispersion_of, ranked_solutions
from shirube_bicfit.search import Search, most_peaks
from shirube_bicfit.solutions import Fit
from shirube_bicfit.task import Task

_SIGNIFICANT: Final = 3.0

__all__ = ["fit_of", "fit_spectrum", "refused"]


def fit_spectrum(
    energy: npt.ArrayLike,
    intensity: npt.ArrayLike,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale = "binding",
    progress: Progress | None = None,
    threads: int | None = None,
) -> Fit:
    """Fit pseudo-Voigt peaks and a background, ranked by BIC over the number of peaks.

    The method follows H. Shinotsuka et al., J. Electron Spectrosc. Relat. Phenom. 239, 146903 (2020): many starts with
    different numbers of peaks, peaks and active Shirley background fitted together, models ranked by BIC.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensity: Shape (n,).
        parameters: Settings.
        scale: What the energies are; tells on which side of a line the background, tails and partners are.
        progress: Told how far it is.
        threads: How many threads share the work, None for as many as help; the result is the same.

    Returns:
        The fit. Data that cannot be fitted make a refusal with its reason, never an exception.
    """
    settings = Parameters() if parameters is None else parameters
    energies, intensities = np.asarray(energy, dtype=np.float64), np.asarray(intensity, dtype=np.float64)
    reason = refusal(energies, intensities)
    if reason is not None:
        return refused(energies, intensities, settings, reason)
    task = Task.of(energies, intensities, settings, scale)
    fit = _fit(task, settings, NoProgress() if progress is None else progress, threads)
    if falls(fit, scale):
        return _fit(task.on_a_line(), settings, NoProgress(), threads)
    return fit


def refused(energy: FloatArray, intensity: FloatArray, settings: Parameters, reason: Message) -> Fit:
    """Return the answer to data that cannot be fitted."""
    return Fit(energy, intensity, "refused", settings.background, settings.criterion, reasons=(reason,))


def falls(fit: Fit, scale: EnergyScale) -> bool:
    """Tell whether a fitted Shirley background falls towards high binding energy, beyond noise.

    Electrons lose energy, so it never does; a step the other way means something else.
    """
    if fit.background != "shirley" or not fit.solutions:
        return False
    step, spread = fit.best.step
    rise = -step if scale == "kinetic" else step
    return rise < -_SIGNIFICANT * spread


def fit_of(
    task: Task, settings: Parameters, search: Search, spectrum: int, optima: tuple[Optimum, ...], straight: float
) -> Fit:
    """Return the fit of one spectrum of a search.

    Args:
        task: The spectrum.
        settings: Settings.
        search: What found the optima.
        spectrum: Its number there.
        optima: The best fits for 1, 2, … lines.
        straight: Deviance of a straight line without any peak.
    """
    dispersion = dispersion_of(task, optima)
    bics = [task.bic(one.deviance, one.free.size, dispersion) for one in optima]
    chosen = int(np.argmin(bics))
    finished, crossed = _with_room(task, search, search.to_the_last_digit(optima[chosen], spectrum), spectrum)
    optima = (*optima[:chosen], finished, *optima[chosen + 1 :])
    solutions = ranked_solutions(task, optima, dispersion)
    best = min(solutions, key=lambda solution: solution.standing.rank)
    most = most_peaks(task.channels, settings.max_peaks, task.layout)
    no_peak = task.bic(straight, 2, dispersion) <= best.standing.bic
    reasons = [message("no-peak")] if no_peak else doubts(best, solutions, most, task.noise)
    energy = task.as_given(task.energy)
    return Fit(
        energy=energy,
        intensity=task.as_given(task.intensity),
        status="refused" if no_peak else "doubtful" if reasons else "ok",
        background=task.background,
        criterion=settings.criterion,
        reasons=tuple(reasons),
        remarks=(
            *_remarks_on_task(task, settings),
            *([] if no_peak else crossed),
            *([] if no_peak else remarks_on(best, solutions, energy)),
        ),
        noise=task.noise,
        dispersion=dispersion,
        limits=task.limits,
        solutions=() if no_peak else solutions,
    )


def _fit(task: Task, settings: Parameters, progress: Progress, threads: int | None) -> Fit:
    most = most_peaks(task.channels, settings.max_peaks, task.layout)
    with workers(threads) as crew:
        search = Search([task], most, settings.starts, crew)
        optima = search.run(progress)[0]
        return fit_of(task, settings, search, 0, optima, float(search.fitter.straight_lines()[0]))


def _with_room(task: Task, search: Search, optimum: Optimum, spectrum: int) -> tuple[Optimum, list[Message]]:
    """Return the chosen optimum, with its bounds widened once if they hold it, and a remark if so.

    The choice itself is made within the physical bounds: with more room one broad line imitates several.
    """
    at_lower, at_upper = at_bounds(task, optimum)
    own = task.layout.line_names * optimum.count + task.layout.shared_names
    held = {
        index // task.layout.per_line
        for index, name in enumerate(own)
        if (name == "fwhm" and at_upper[index]) or (name == "centre" and (at_lower[index] or at_upper[index]))
    }
    if not held or not task.limits.derived:
        return optimum, []
    room = widened(task.limits)
    return (
        search.to_the_last_digit(optimum, spectrum, room),
        [message("widened", number=len(held), limit=f"{room.fwhm_max:g}")],
    )


def _remarks_on_task(task: Task, settings: Parameters) -> list[Message]:
    found = []
    if task.background != settings.background:
        found.append(message("background-fallback"))
    if task.noise.kind == "gauss" and settings.criterion != "gauss":
        found.append(message("negative-intensities"))
    return found
