"""Paths: arrays as the short commands of SVG, in whole units, each point relative to the one before."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from shirube.records import FloatArray

#: More columns than this no figure of a page shows: a longer line keeps the lowest and highest point of each.
_COLUMNS: Final = 1000

__all__ = ["area_path", "dots_path", "line_path", "thinned"]


def thinned(x: FloatArray, y: FloatArray, columns: int = _COLUMNS) -> tuple[FloatArray, FloatArray]:
    """Return as many points as a figure can show: of each run of neighbours the lowest and the highest.

    Args:
        x: Shape (n,).
        y: Shape (n,).
        columns: Runs that are kept apart; up to twice as many points are returned as they are.
    """
    if x.size <= 2 * columns:
        return x, y
    starts = np.linspace(0, x.size, columns + 1).astype(np.intp)
    kept = sorted(
        {
            int(place)
            for begin, end in pairwise(starts)
            for place in (begin + np.argmin(y[begin:end]), begin + np.argmax(y[begin:end]))
        }
    )
    return x[kept], y[kept]


def dots_path(x: FloatArray, y: FloatArray) -> str:
    """Return a path of dots: lines without length, which round caps make visible."""
    return _joined(_steps(x, y), "m", "h0")


def line_path(x: FloatArray, y: FloatArray) -> str:
    """Return a path of straight lines, without points that lie between two others at the same height."""
    if x.size > 2:  # noqa: PLR2004 its ends are always kept
        bends = np.concatenate(([True], (y[1:-1] != y[:-2]) | (y[1:-1] != y[2:]), [True]))
        x, y = x[bends], y[bends]
    first, *others = _steps(x, y) or [(0, 0)]
    return f"M{first[0]} {first[1]}" + _joined(others, "l", "")


def area_path(x: FloatArray, upper: FloatArray, lower: FloatArray) -> str:
    """Return a closed path between two lines; where they touch nothing is filled."""
    apart = np.flatnonzero(upper != lower)
    if not apart.size:
        return ""
    part = slice(max(int(apart[0]) - 1, 0), int(apart[-1]) + 2)
    there_and_back = np.concatenate((x[part], x[part][::-1])), np.concatenate((upper[part], lower[part][::-1]))
    return line_path(*there_and_back) + "z"


def _steps(x: FloatArray, y: FloatArray) -> list[tuple[int, int]]:
    finite = np.isfinite(x) & np.isfinite(y)
    points = np.rint(np.stack((x[finite], y[finite]), axis=1)).astype(np.int64)
    return [(int(right), int(down)) for right, down in np.diff(points, axis=0, prepend=0)]


def _joined(steps: list[tuple[int, int]], before: str, after: str) -> str:
    return "".join(f"{before}{right}{down if down < 0 else f' {down}'}{after}" for right, down in steps)
