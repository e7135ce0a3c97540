"""Moves: starts for K lines from the best solution with one line less or one more."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Origin
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.lineshapes import LN2, pseudo_voigt
from shirube_bicfit.objective import Index
from shirube_bicfit.starts import START_FRACTION, Start

#: Where the data exceed the model most: so many energies, each with lines of these parts of the usual width, and with
#: lines so many times as wide as the narrowest, which find what noise offers to a model with a line too many.
_TOPS: Final = 6
_WIDTHS: Final = (0.6, 1.0, 1.6)
_NARROW: Final = 1.5
#: A line is split into two: how far they are from its centre and how wide they are, as parts of its width; two that
#: are as wide side by side, or a narrow one within a wide one, to either side.
_SPLITS: Final = ((0.25, 0.8, 0.8), (0.45, 0.6, 0.6), (0.1, 0.7, 1.5), (-0.1, 0.7, 1.5))
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
        step: Between channels, eV (median).
    """

    energy: FloatArray
    net: FloatArray
    residual: FloatArray
    root: FloatArray
    step: float


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
    pool = _Pool(lines)
    moves = [_Move("added", (*range(len(lines)), more)) for more in pool.add(_added(lines, sight, limits))]
    halves = pool.add(_halves(lines, limits))
    for at in range(len(lines)):
        splits = halves[2 * len(_SPLITS) * at :]
        moves += [_Move("split", (*_others(lines, at), *splits[2 * way : 2 * way + 2])) for way in range(len(_SPLITS))]
    return _most_promising(pool, moves, vector, layout, sight, number)


def with_one_dropped(vector: FloatArray, layout: Layout, sight: Sight, number: int) -> list[Start]:
    """Return the ``number`` most promising starts with one line less: each line of ``vector`` left out in turn."""
    lines = layout.lines_of(vector)
    moves = [_Move("dropped", _others(lines, at)) for at in range(len(lines))]
    return _most_promising(_Pool(lines), moves if len(lines) > 1 else [], vector, layout, sight, number)


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
    pool = _Pool(lines)
    added = pool.add(_added(lines, sight, limits))
    moves = [_Move("moved", (*_others(lines, at), more)) for more in added for at in range(len(lines))]
    return _most_promising(pool, moves if len(lines) > 1 else [], vector, layout, sight, number)


class _Pool:
    """The lines that moves are made of; each is looked at once, however many moves it is part of."""

    def __init__(self, lines: FloatArray) -> None:
        self._parts, self._size = [lines], len(lines)

    def add(self, lines: FloatArray) -> range:
        """Add lines, shape (number, 4), and return their places."""
        self._parts.append(lines)
        self._size += len(lines)
        return range(self._size - len(lines), self._size)

    def lines(self) -> FloatArray:
        """Return all lines, shape (lines, 4)."""
        return np.concatenate(self._parts)


class _Move(NamedTuple):
    """Where a start comes from and which lines of a pool it has."""

    origin: Origin
    places: tuple[int, ...]


def _others(lines: FloatArray, at: int) -> tuple[int, ...]:
    return (*range(at), *range(at + 1, len(lines)))


def _most_promising(
    pool: _Pool, moves: Sequence[_Move], vector: FloatArray, layout: Layout, sight: Sight, number: int
) -> list[Start]:
    """Return the starts that leave least when only their heights are fitted, with these heights."""
    if not moves:
        return []
    lines = pool.lines()
    chosen = np.array([move.places for move in moves])
    heights, left = _fitted_heights(lines, chosen, sight, layout.doublet)
    common = vector[-layout.common :]
    starts = []
    for at in np.argsort(left, kind="stable")[:number].tolist():
        own = lines[chosen[at]]
        own[:, 0] = heights[at]
        starts.append(Start(moves[at].origin, np.concatenate([own.ravel(), common]), float(left[at])))
    return starts


def _fitted_heights(
    lines: FloatArray, chosen: Index, sight: Sight, doublet: Doublet | None
) -> tuple[FloatArray, FloatArray]:
    """Return heights of some of the lines fitted together, and what they leave of the data.

    Args:
        lines: Shape (lines, 4).
        chosen: Which of them make up each stack, shape (stacks, k).
        sight: The data.
        doublet: Gives each line a partner.

    Returns:
        Heights, shape (stacks, k), and sums of squares in standard deviations, shape (stacks,).
    """
    unit = lines.copy()
    unit[:, 0] = 1.0
    shapes = pseudo_voigt(sight.energy, unit)
    if doublet is not None:
        unit[:, 1] += doublet.splitting
        shapes = shapes + doublet.ratio * pseudo_voigt(sight.energy, unit)
    shapes *= sight.root
    data = sight.net * sight.root
    # products of any two lines, from which those of every stack are taken
    products = (shapes @ shapes.T)[chosen[:, :, None], chosen[:, None, :]]
    with_data = (shapes @ data)[chosen]
    normal = products.copy()
    diagonal = np.einsum("skk->sk", normal)
    diagonal *= _RIDGE
    diagonal += 1e-12 * diagonal.max(axis=1, keepdims=True) + 1e-300
    heights = np.linalg.solve(normal, with_data[..., None])[..., 0]
    heights = np.maximum(heights, _LEAST * max(float(sight.net.max()), 1e-9))
    bent = np.matmul(products, heights[..., None])[..., 0]
    return heights, float(data @ data) + np.einsum("sk,sk->s", heights, bent - 2.0 * with_data)


def _added(lines: FloatArray, sight: Sight, limits: Limits) -> FloatArray:
    """Return lines of some widths where each finds most in the residual, shape (number, 4)."""
    usual = median(lines[:, 2].tolist())
    step = sight.step
    found = []
    for wanted in (_NARROW * limits.fwhm_min, *(part * usual for part in _WIDTHS)):
        width = min(max(wanted, limits.fwhm_min), limits.fwhm_max)
        reach = min(int(1.5 * width / step), (sight.energy.size - 1) // 2)
        kernel = np.exp(-4.0 * LN2 * np.square(np.arange(-reach, reach + 1) * step / width))
        matched = np.convolve(sight.residual, kernel, mode="same")
        inner = matched[1:-1]
        tops = np.flatnonzero((inner > matched[:-2]) & (inner >= matched[2:]) & (inner > 0.0)) + 1
        best = tops[np.argsort(-matched[tops], kind="stable")][:_TOPS]
        found += [[0.0, centre, width, START_FRACTION] for centre in sight.energy[best].tolist()]
    return np.array(found).reshape(-1, 4)


def _halves(lines: FloatArray, limits: Limits) -> FloatArray:
    """Return the pairs of lines that each line is split into, way by way, shape (2 ways k, 4)."""
    apart, *parts = np.array(_SPLITS).T
    pairs = np.zeros((len(lines), len(_SPLITS), 2, lines.shape[1]))
    width = lines[:, None, None, 2]
    pairs[..., 1] = lines[:, None, None, 1] + np.stack([-apart, apart], axis=1) * width
    pairs[..., 2] = np.clip(np.stack(parts, axis=1) * width, limits.fwhm_min, limits.fwhm_max)
    pairs[..., 3] = lines[:, None, None, 3]
    return pairs.reshape(-1, lines.shape[1])
