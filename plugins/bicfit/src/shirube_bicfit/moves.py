"""Moves: starts for K lines from the best solution with one line less or one more."""

from __future__ import annotations

import numpy as np

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.layout import Layout
from shirube_bicfit.lineshapes import LN2, pseudo_voigt
from shirube_bicfit.starts import START_FRACTION, Start

__all__ = ["with_one_dropped", "with_one_more"]


def with_one_more(
    vector: FloatArray, layout: Layout, energy: FloatArray, residual: FloatArray, limits: Limits, number: int
) -> list[Start]:
    """Return up to ``number`` starts with one line more.

    Lines are added where the data exceed the model most, and lines are split where they miss it most, in turn.

    Args:
        vector: The best parameter vector with one line less, in line form.
        layout: What its numbers are.
        energy: Shape (n,), ascending, eV.
        residual: Data minus model in standard deviations, shape (n,).
        limits: Bounds of lines.
        number: How many.
    """
    lines, common = layout.lines_of(vector), vector[-layout.common :]
    width = float(np.clip(np.median(lines[:, 2]), limits.fwhm_min, limits.fwhm_max))
    added = [Start("added", _vector(one, common)) for one in _added(lines, energy, residual, width)]
    split = [Start("split", _vector(one, common)) for one in _splits(lines, energy, residual)]
    in_turn = [one for pair in zip(added, split, strict=False) for one in pair]
    rest = added[len(split) :] + split[len(added) :]
    return (in_turn + rest)[:number]


def with_one_dropped(vector: FloatArray, layout: Layout) -> list[Start]:
    """Return a start with one line less for each line of ``vector``, smallest lines first."""
    lines, common = layout.lines_of(vector), vector[-layout.common :]
    order = np.argsort(lines[:, 0] * lines[:, 2], kind="stable")
    return [Start("dropped", _vector(np.delete(lines, at, axis=0), common)) for at in order] if len(lines) > 1 else []


def _added(lines: FloatArray, energy: FloatArray, residual: FloatArray, width: float) -> list[FloatArray]:
    """Return the lines with one added at each maximum of the residual that a line of this width finds."""
    step = float(np.median(np.diff(energy)))
    reach = min(int(1.5 * width / step), (energy.size - 1) // 2)
    kernel = np.exp(-4.0 * LN2 * np.square(np.arange(-reach, reach + 1) * step / width))
    matched = np.convolve(residual, kernel, mode="same") / np.sum(np.square(kernel))
    inner = matched[1:-1]
    tops = np.flatnonzero((inner > matched[:-2]) & (inner >= matched[2:]) & (inner > 0.0)) + 1
    tops = tops[np.argsort(-matched[tops], kind="stable")]
    height = max(0.05 * float(lines[:, 0].max()), 1e-12)
    return [np.vstack([lines, [height, energy[top], width, START_FRACTION]]) for top in tops]


def _splits(lines: FloatArray, energy: FloatArray, residual: FloatArray) -> list[FloatArray]:
    """Return the lines with one split in two, that with the worst misfit under it first."""
    unit = lines.copy()
    unit[:, 0] = 1.0
    misfit = pseudo_voigt(energy, unit) @ np.square(residual)
    found = []
    for index in np.argsort(-misfit, kind="stable"):
        height, centre, width, fraction = lines[index]
        halves = [[0.6 * height, centre + side * 0.25 * width, 0.8 * width, fraction] for side in (-1.0, 1.0)]
        found.append(np.vstack([np.delete(lines, index, axis=0), halves]))
    return found


def _vector(lines: FloatArray, common: FloatArray) -> FloatArray:
    return np.concatenate([lines.ravel(), common])
