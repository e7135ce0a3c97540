"""Batches: many spectra on one axis, each searched as if alone, or each started from what another was."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from shirube.errors import ShirubeError
from shirube.records import EnergyScale
from shirube_bicfit.chunks import Workers, workers
from shirube_bicfit.fitter import follows_strongly
from shirube_bicfit.fitting import falls, fits_of, refused
from shirube_bicfit.judgement import refusal
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.phrases import message
from shirube_bicfit.search import Search, most_peaks
from shirube_bicfit.solutions import Fit
from shirube_bicfit.task import Task

#: Spectra that are searched together: enough to share the cost of a step, few enough to stay small in memory.
_TOGETHER: Final = 16

__all__ = ["fit_spectra"]


def fit_spectra(
    energy: npt.ArrayLike,
    intensities: npt.ArrayLike,
    parameters: Parameters | None = None,
    *,
    scale: EnergyScale = "binding",
    threads: int | None = None,
) -> tuple[Fit, ...]:
    """Fit many spectra on one axis; each gets the full search of :func:`shirube_bicfit.fitting.fit_spectrum`.

    Args:
        energy: Shape (n,), eV, ascending or descending.
        intensities: Shape (spectra, n).
        parameters: Settings, the same for all.
        scale: What the energies are.
        threads: How many threads share the work, None for as many as help; the result is the same.

    Returns:
        One fit a spectrum. Data that cannot be fitted make a refusal with its reason.

    Raises:
        ShirubeError: The shapes do not belong together.
    """
    settings = Parameters() if parameters is None else parameters
    energies, stack = np.asarray(energy, dtype=np.float64), np.asarray(intensities, dtype=np.float64)
    if stack.ndim != 2 or energies.shape != stack.shape[1:]:  # noqa: PLR2004 spectra by channels
        raise ShirubeError(message("not-a-stack", energies=str(energies.shape), intensities=str(stack.shape)))
    reasons = [refusal(energies, one) for one in stack]
    fits: dict[int, Fit] = {
        at: refused(energies, stack[at], settings, reason) for at, reason in enumerate(reasons) if reason is not None
    }
    tasks = {at: Task.of(energies, stack[at], settings, scale) for at, reason in enumerate(reasons) if reason is None}
    with workers(threads) as crew:
        fits |= _fits(tasks, settings, crew)
        falling = {at: tasks[at].on_a_line() for at in tasks if falls(fits[at], scale)}
        fits |= _fits(falling, settings, crew)
    return tuple(fits[at] for at in range(len(stack)))


def _fits(tasks: dict[int, Task], settings: Parameters, crew: Workers) -> dict[int, Fit]:
    def fitted(group: Sequence[int]) -> list[Fit]:
        some = [tasks[at] for at in group]
        most = most_peaks(some[0].channels, settings.max_peaks, some[0].layout)
        return fits_of(Search(some, most, settings.starts, Workers(1)), settings)

    groups = _groups(tasks)
    return {
        at: fit
        for group, fits in zip(groups, crew.map(fitted, groups), strict=True)
        for at, fit in zip(group, fits, strict=True)
    }


def _groups(tasks: dict[int, Task]) -> list[list[int]]:
    """Return the numbers of spectra that can be searched together."""

    def kind(at: int) -> tuple[str, bool]:
        return tasks[at].noise.kind, follows_strongly(tasks[at].intensity)

    groups = []
    for _, alike in groupby(sorted(tasks, key=kind), key=kind):
        members = list(alike)
        groups += [members[first : first + _TOGETHER] for first in range(0, len(members), _TOGETHER)]
    return groups
