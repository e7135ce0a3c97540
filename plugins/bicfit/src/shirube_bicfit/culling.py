"""Culling: which starts need not go on, because another is in the same basin or because they cannot win."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.layout import Layout
from shirube_bicfit.objective import Index

#: Lines of two starts agree within this part of their widths and heights.
_SAME: Final = 0.02
#: With how many neighbours in order of deviance a start is compared.
_NEIGHBOURS: Final = 3
#: Deviances of starts in one basin differ by less than this when they are compared.
_NEAR: Final = 1.0

__all__ = ["BasinReferee", "Patience", "canonical", "same_basin"]


@frozen
class Patience:
    """When a start cannot win any more: so far above the best, after what it may still gain.

    Attributes:
        absolute: How far above, at least.
        part: How far above beyond that, as a part of the deviance.
        prospect: What it may still gain, as a multiple of what it gained since it was looked at last.
    """

    absolute: float
    part: float
    prospect: float = 3.0


class BasinReferee:
    """Takes out starts that follow another into its basin and starts that can no longer become the best.

    Args:
        layout: What the numbers of a start are.
        group: Which spectrum each start belongs to, shape (starts,); only starts of one group are compared.
        patience: When a start is given up.
    """

    def __init__(self, layout: Layout, group: Index, patience: Patience) -> None:
        self._layout, self._group, self._patience = layout, group, patience
        self._leader = np.arange(group.size)

    def out(self, theta: FloatArray, cost: FloatArray, gained: FloatArray, alive: Index) -> npt.NDArray[np.bool_]:
        """Return which of the starts that are alive are out."""
        best = np.full(int(self._group.max()) + 1, np.inf)
        np.minimum.at(best, self._group, cost)
        patience = self._patience
        prospect = cost[alive] - patience.prospect * gained
        leader = best[self._group[alive]]
        hopeless = prospect > leader * (1.0 + patience.part) + patience.absolute
        return np.asarray(np.logical_or(hopeless, self._followers(theta, cost)[alive]), dtype=np.bool_)

    def leaders(self) -> Index:
        """Return for each start the one whose basin it is in; its own number if it is nobody's follower."""
        leader = self._leader.copy()
        while not np.array_equal(leader, leader[leader]):
            leader = leader[leader]
        return leader

    def _followers(self, theta: FloatArray, cost: FloatArray) -> npt.NDArray[np.bool_]:
        """Return which starts are in the basin of a better one, shape (starts,)."""
        lines = canonical(theta, self._layout)
        follows: npt.NDArray[np.bool_] = self._leader != np.arange(len(theta))
        order = np.lexsort((cost, self._group))
        order = order[~follows[order]]
        for distance in range(1, min(_NEIGHBOURS, len(order) - 1) + 1):
            better, worse = order[:-distance], order[distance:]
            same = (self._group[better] == self._group[worse]) & (cost[worse] - cost[better] < _NEAR)
            pairs = np.flatnonzero(same)
            same[pairs] = same_basin(lines[better[pairs]], lines[worse[pairs]])
            # once taken out, a start stays where it is and its leader goes on
            same &= ~follows[worse]
            follows[worse[same]] = True
            self._leader[worse[same]] = better[same]
        return follows


def canonical(free: FloatArray, layout: Layout) -> FloatArray:
    """Return the lines of parameter vectors in free form in order of their centres, shape (starts, k, 4)."""
    lines = layout.lines_of(layout.to_lines(free))
    order = np.argsort(lines[..., 1], axis=-1, kind="stable")
    return np.take_along_axis(lines, order[..., None], axis=-2)


def same_basin(one: FloatArray, other: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell which pairs of line stacks, shapes (pairs, k, 4), agree so closely that they end in one place."""
    width = np.minimum(one[..., 2], other[..., 2])
    height = np.maximum(one[..., 0], other[..., 0]).max(axis=-1, keepdims=True)
    near = np.abs(one[..., 1] - other[..., 1]) < _SAME * width
    near &= np.abs(one[..., 2] - other[..., 2]) < _SAME * width
    near &= np.abs(one[..., 0] - other[..., 0]) < _SAME * height
    near &= np.abs(one[..., 3] - other[..., 3]) < 4.0 * _SAME
    return np.asarray(near.all(axis=-1), dtype=bool)
