"""Moves: starts for K lines from the best solution with one line less or one more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Origin
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.lineshapes import LN2, pseudo_voigt
from shirube_bicfit.starts import START_FRACTION, Start

#: Where the data exceed the model most: so many energies, each with lines of these parts of the usual width.
_TOPS: Final = 6
_WIDTHS: Final = (0.6, 1.0, 1.6)
#: A line is split into two: how far each is from its centre and how wide it is, as parts of its width.
_SPLITS: Final = ((0.25, 0.8), (0.45, 0.6))
_RIDGE: Final = 1.001
_LEAST: Final = 1e-3

__all__ = ["Sight", "with_one_dropped", "with_one_more", "with_one_moved"]


@frozen(eq=False)
class Sight:
    """A spectrum and the background of a solution, by which moves are judged before any of them is started.

    Attributes:
        energy: Shape (n,), ascending, eV.
        net: Data minus background of the solution, shape (n,).
        residual: Data minus solution in standard deviations, shape (n,).
        root: Reciprocal standard deviations, shape (n,).
    """

    energy: FloatArray
    net: FloatArray
    residual: FloatArray
    root: FloatArray


def with_one_more(vector: FloatArray, layout: Layout, sight: Sight, limits: Limits, number: int) -> list[Start]:
    """Return the ``number`` most promising starts with one line more.

    Lines are added where the data exceed the model most, and each line is split.

    Args:
        vector: The best parameter vector with one line less, in line form.
        layout: What its numbers are.
        sight: The spectrum as that solution leaves it.
        limits: Bounds of lines.
        number: How many.
    """
    lines = layout.lines_of(vector)
    found: list[tuple[Origin, FloatArray]] = [("added", one) for one in _added(lines, sight, limits)]
    found += [("split", one) for one in _splits(lines, limits)]
    return _most_promising(found, vector, layout, sight, number)


def with_one_dropped(vector: FloatArray, layout: Layout, sight: Sight, number: int) -> list[Start]:
    """Return the ``number`` most promising starts with one line less: each line of ``vector`` left out in turn."""
    lines = layout.lines_of(vector)
    found: list[tuple[Origin, FloatArray]] = [("dropped", np.delete(lines, at, axis=0)) for at in range(len(lines))]
    return _most_promising(found if len(lines) > 1 else [], vector, layout, sight, number)


def with_one_moved(vector: FloatArray, layout: Layout, sight: Sight, limits: Limits, number: int) -> list[Start]:
    """Return the ``number`` most promising starts with as many lines: each left out in turn and put where data exceed.

    Args:
        vector: The best parameter vector with as many lines, in line form.
        layout: What its numbers are.
        sight: The spectrum as that solution leaves it.
        limits: Bounds of lines.
        number: How many.
    """
    lines = layout.lines_of(vector)
    found: list[tuple[Origin, FloatArray]] = [
        ("moved", np.delete(one, at, axis=0)) for one in _added(lines, sight, limits) for at in range(len(lines))
    ]
    return _most_promising(found if len(lines) > 1 else [], vector, layout, sight, number)


def _most_promising(
    found: list[tuple[Origin, FloatArray]], vector: FloatArray, layout: Layout, sight: Sight, number: int
) -> list[Start]:
    """Return the starts that leave least when only their heights are fitted, with these heights."""
    if not found:
        return []
    lines, left = _with_fitted_heights(np.array([one for _, one in found]), sight, layout.doublet)
    common = vector[-layout.common :]
    best = np.argsort(left, kind="stable")[:number]
    return [Start(found[at][0], np.concatenate([lines[at].ravel(), common]), float(left[at])) for at in best.tolist()]


def _with_fitted_heights(lines: FloatArray, sight: Sight, doublet: Doublet | None) -> tuple[FloatArray, FloatArray]:
    """Return stacks of lines, shape (stacks, k, 4), with heights fitted together, and what each leaves of the data."""
    unit = lines.copy()
    unit[..., 0] = 1.0
    shapes = pseudo_voigt(sight.energy, unit)
    if doublet is not None:
        unit[..., 1] += doublet.splitting
        shapes = shapes + doublet.ratio * pseudo_voigt(sight.energy, unit)
    shapes *= sight.root
    data = sight.net * sight.root
    normal = np.matmul(shapes, shapes.swapaxes(1, 2))
    diagonal = np.einsum("skk->sk", normal)
    diagonal *= _RIDGE
    diagonal += 1e-12 * diagonal.max(axis=1, keepdims=True) + 1e-300
    heights = np.linalg.solve(normal, np.matmul(shapes, data)[..., None])[..., 0]
    heights = np.maximum(heights, _LEAST * max(float(sight.net.max()), 1e-9))
    left = data - np.matmul(heights[:, None], shapes)[:, 0]
    fitted = lines.copy()
    fitted[..., 0] = heights
    return fitted, np.einsum("sn,sn->s", left, left)


def _added(lines: FloatArray, sight: Sight, limits: Limits) -> Iterable[FloatArray]:
    """Yield the lines with one added where a line of some width finds most in the residual."""
    usual = float(np.median(lines[:, 2]))
    step = float(np.median(np.diff(sight.energy)))
    for part in _WIDTHS:
        width = float(np.clip(part * usual, limits.fwhm_min, limits.fwhm_max))
        reach = min(int(1.5 * width / step), (sight.energy.size - 1) // 2)
        kernel = np.exp(-4.0 * LN2 * np.square(np.arange(-reach, reach + 1) * step / width))
        matched = np.convolve(sight.residual, kernel, mode="same")
        inner = matched[1:-1]
        tops = np.flatnonzero((inner > matched[:-2]) & (inner >= matched[2:]) & (inner > 0.0)) + 1
        for top in tops[np.argsort(-matched[tops], kind="stable")][:_TOPS]:
            yield np.vstack([lines, [0.0, sight.energy[top], width, START_FRACTION]])


def _splits(lines: FloatArray, limits: Limits) -> Iterable[FloatArray]:
    """Yield the lines with one of them split in two."""
    for index, (_, centre, width, fraction) in enumerate(lines):
        for apart, part in _SPLITS:
            narrow = max(part * width, limits.fwhm_min)
            halves = [[0.0, centre + side * apart * width, narrow, fraction] for side in (-1.0, 1.0)]
            yield np.vstack([np.delete(lines, index, axis=0), halves])
