"""The spool: points on disk between the two passes over them, one line of JSON each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from attrs import astuple, fields

from shirube.series._points import Component, Coordinate, Given, Point

_NAMES: Final = tuple(one.name for one in fields(Point))

__all__ = ["read_point", "read_points", "written"]


def written(point: Point) -> str:
    """Return a point as a line."""
    return json.dumps(astuple(point, recurse=True), separators=(",", ":")) + "\n"


def read_points(path: Path) -> Iterator[Point]:
    """Yield the points of a file of such lines, one at a time in memory."""
    with path.open(encoding="ascii") as lines:
        for line in lines:
            yield read_point(line)


def read_point(line: str) -> Point:
    """Return the point of a line.

    Raises:
        ValueError: It is none.
        TypeError: Likewise.
    """
    values = dict(zip(_NAMES, json.loads(line), strict=True))
    values["coordinates"] = tuple(Coordinate(*one) for one in values["coordinates"])
    values["scalars"] = _given(values["scalars"])
    values["components"] = tuple(_component(*one) for one in values["components"])
    return Point(**values)


def _component(name: str, rank: int, count: float | None, bic: float | None, values: list[Any]) -> Component:
    return Component(name, rank, count, bic, _given(values))


def _given(values: list[Any]) -> tuple[Given, ...]:
    return tuple((number, value, unsure) for number, value, unsure in values)
