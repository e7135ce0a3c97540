"""Warm starts: spectra of a series begin where the first one ended, and are searched in full where that could matter.

The solutions of the first spectrum, for every number of lines, are fitted to each of the others; then lines are added,
split, dropped and moved as the full search does it. What this finds is taken only where it is what the first one has,
by a margin that a better fit of a rival could not make up for: otherwise the spectrum gets the full search. So a line
that is new or lost, and whatever is doubtful, is found by the full search.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from shirube.progress import Progress
from shirube.records import EnergyScale, FloatArray
from shirube_bicfit.batch import fit_spectra
from shirube_bicfit.chunks import Begin, Workers
from shirube_bicfit.fitter import follows_strongly
from shirube_bicfit.fitting import falls, fit_spectrum, fits_of
from shirube_bicfit.optima import Found
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.ranking import free_units
from shirube_bicfit.receiving import received
from shirube_bicfit.search import RISES, Search, most_peaks
from shirube_bicfit.solutions import Fit
from shirube_bicfit.task import Task
from shirube_bicfit.variants import variants_of

#: By so much the BIC of every other number of lines must be above the best: a full search gains less for a rival.
MARGIN: Final = 6.0
#: Rounds of moves.
_WAVES: Final = 3

__all__ = ["MARGIN", "fit_along"]


def fit_along(
    energy: FloatArray,
    intensities: Sequence[FloatArray],
    settings: Parameters,
    *,
    scale: EnergyScale,
    region: str,
    progress: Progress,
    threads: int | None = None,
) -> tuple[tuple[Fit, bool], ...]:
    """Return the fit of each spectrum, and whether it was found from the first one.

    Args:
        energy: Shape (n,), eV, the same for all.
        intensities: Of each spectrum, shape (n,), in the order in which they were measured.
        settings: Settings, the same for all.
        scale: What the energies are.
        region: What the region is called.
        progress: Told how far it is.
        threads: How many threads share a full search, None for as many as help; the result is the same.
    """
    first = fit_spectrum(energy, intensities[0], settings, scale=scale, region=region, threads=threads)
    progress.update(1.0 / len(intensities))
    warm = _followed(energy, intensities[1:], first, settings, scale, region)
    progress.update(max(0.5, 1.0 / len(intensities)))
    cold = [at for at, fit in enumerate(warm) if fit is None]
    stack = np.array([intensities[1 + at] for at in cold]).reshape(-1, energy.size)
    # no processes of its own: whoever has many series shares these out
    searched = fit_spectra(energy, stack, settings, scale=scale, region=region, processes=1)
    in_full = dict(zip(cold, searched, strict=True))
    progress.update(1.0)
    rest = [(in_full[at], False) if fit is None else (fit, True) for at, fit in enumerate(warm)]
    return ((first, False), *rest)


def _followed(
    energy: FloatArray,
    intensities: Sequence[FloatArray],
    like: Fit,
    settings: Parameters,
    scale: EnergyScale,
    region: str,
) -> list[Fit | None]:
    """Return the fits that begin at a neighbour's solutions; None where only a full search can be trusted."""
    found: list[Fit | None] = [None] * len(intensities)
    variants = variants_of(settings, region)
    if like.status != "ok" or len(variants) != 1 or like.tasks[0].variant != variants[0]:
        return found
    tasks: dict[int, Task] = {}
    for at, intensity in enumerate(intensities):
        numbers = received(energy, intensity, settings)
        if numbers[2] is None:
            task = Task.of(numbers[0], numbers[1], settings, scale, variants[0])
            if _is_alike(task, like.tasks[0]):
                tasks[at] = task
    if tasks:
        search = _Following(list(tasks.values()), like, settings)
        for at, fit in zip(tasks, search.fits(), strict=True):
            found[at] = fit if _is_sure(fit, like, settings) and not falls(fit, scale) else None
    return found


class _Following(Search):
    """A search that begins at the solutions of another spectrum, and does not look around."""

    def __init__(self, tasks: Sequence[Task], like: Fit, settings: Parameters) -> None:
        top = max(one.count for one in like.solutions)
        super().__init__(tasks, top, settings.starts, Workers(1))
        self._like, self._settings = like, settings
        self._tops = [top for _ in tasks]
        self._looked = [True for _ in tasks]

    def fits(self) -> list[Fit]:
        """Return the fit of each spectrum."""
        spectra = range(len(self.tasks))
        self._wave([self._given(at) for at in spectra], spectra)
        for _ in range(_WAVES):
            moves = [part for at in spectra for part in self._moves(at, first=False)]
            if not self._wave(self._screened(moves), spectra):
                break
        straights = self.fitter.straight_lines().tolist()
        parts = zip(self.tasks, self._finished(), straights, strict=True)
        return fits_of([Found(*part) for part in parts], self.fitter, self._settings)

    def _given(self, spectrum: int) -> list[Begin]:
        task = self.tasks[spectrum]
        return [
            Begin(spectrum, one.count, "given", one.free / free_units(task, one.count)) for one in self._like.solutions
        ]


def _is_alike(task: Task, other: Task) -> bool:
    """Tell whether spectra can be searched together, and one started from the other."""
    return (
        task.noise.kind == other.noise.kind
        and task.limits == other.limits
        and not task.left_out
        and not other.left_out
        and follows_strongly(task.intensity) == follows_strongly(other.intensity)
    )


def _is_sure(fit: Fit, like: Fit, settings: Parameters) -> bool:
    """Tell whether a fit is what its neighbour is, with no rival near."""
    if fit.status != "ok" or fit.best.count != like.best.count:
        return False
    most = most_peaks(fit.tasks[0].channels, settings.max_peaks, fit.tasks[0].layout)
    if len(fit.solutions) < min(most, fit.best.count + RISES):
        return False
    others = [one.standing.bic for one in fit.solutions if one.count != fit.best.count]
    return all(bic - fit.best.standing.bic >= MARGIN for bic in others)
