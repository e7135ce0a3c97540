"""Moves: starts for K peaks from the best solution with one peak less or one more."""

from __future__ import annotations

import numpy as np

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.lineshapes import LN2, pseudo_voigt
from shirube_bicfit.model import PEAK_PARAMETERS, count_of, peaks_of
from shirube_bicfit.starts import START_FRACTION, Start

__all__ = ["with_one_added", "with_one_dropped"]


def with_one_added(
    theta: FloatArray, energy: FloatArray, residual: FloatArray, limits: Limits, number: int
) -> list[Start]:
    """Return up to ``number`` starts with one peak more.

    Peaks are added where the data exceed the model most, and peaks are split where they miss it most, in turn.

    Args:
        theta: The best parameter vector with one peak less.
        energy: Shape (n,), ascending, eV.
        residual: Data minus model in standard deviations, shape (n,).
        limits: Bounds of peaks.
        number: How many.
    """
    width = float(np.clip(np.median(peaks_of(theta)[:, 2]), limits.fwhm_min, limits.fwhm_max))
    added = _peaks_where_data_exceed(theta, energy, residual, width)
    split = _splits(theta, energy, residual)
    in_turn = [one for pair in zip(added, split, strict=False) for one in pair]
    rest = added[len(split) :] + split[len(added) :]
    return [Start("added", vector) for vector in (in_turn + rest)[:number]]


def with_one_dropped(theta: FloatArray) -> list[Start]:
    """Return a start with one peak less for each peak of ``theta``."""
    count = count_of(theta)
    parts = [np.arange(PEAK_PARAMETERS * index, PEAK_PARAMETERS * (index + 1)) for index in range(count)]
    return [Start("dropped", np.delete(theta, part)) for part in parts] if count > 1 else []


def _peaks_where_data_exceed(
    theta: FloatArray, energy: FloatArray, residual: FloatArray, width: float
) -> list[FloatArray]:
    step = float(np.median(np.diff(energy)))
    reach = min(int(1.5 * width / step), (energy.size - 1) // 2)
    kernel = np.exp(-4.0 * LN2 * np.square(np.arange(-reach, reach + 1) * step / width))
    matched = np.convolve(residual, kernel, mode="same") / np.sum(np.square(kernel))
    inner = matched[1:-1]
    tops = np.flatnonzero((inner > matched[:-2]) & (inner >= matched[2:]) & (inner > 0.0)) + 1
    tops = tops[np.argsort(-matched[tops], kind="stable")]
    scale = 0.05 * float(peaks_of(theta)[:, 0].max())
    return [_inserted(theta, [[max(scale, 1e-12), energy[top], width, START_FRACTION]]) for top in tops]


def _splits(theta: FloatArray, energy: FloatArray, residual: FloatArray) -> list[FloatArray]:
    peaks = peaks_of(theta)
    unit = peaks.copy()
    unit[:, 0] = 1.0
    misfit = pseudo_voigt(energy, unit) @ np.square(residual)
    found = []
    for index in np.argsort(-misfit, kind="stable"):
        height, centre, width, fraction = peaks[index]
        halves = [[0.6 * height, centre + side * 0.25 * width, 0.8 * width, fraction] for side in (-1.0, 1.0)]
        without = np.delete(theta, np.arange(PEAK_PARAMETERS * index, PEAK_PARAMETERS * (index + 1)))
        found.append(_inserted(without, halves))
    return found


def _inserted(theta: FloatArray, peaks: list[list[float]]) -> FloatArray:
    return np.concatenate([theta[:-2], np.ravel(peaks), theta[-2:]])
