"""Series: which spectra belong together, in which order, and along which coordinates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import define, frozen

from shirube._naming import unlike
from shirube.records import FloatArray
from shirube.series._fields import Fields
from shirube.series._points import Coordinate, Point
from shirube.series._tracking import Seen, tracks_along

#: What is followed along a series, by term, in the order of the columns of :attr:`Member.numbers`.
FOLLOWED: Final = ("peak_position", "peak_width", "peak_area")
_NO_NUMBERS: Final = np.zeros((0, 2 * len(FOLLOWED)))

__all__ = ["FOLLOWED", "Member", "Series", "SeriesFinder"]


@define(eq=False)
class Member:
    """One spectrum of a series.

    Attributes:
        place: The number of its point.
        item: The run it is of.
        spectrum: Its id.
        status: Of its result.
        coordinates: Where it was measured.
        numbers: Of each component of the best model position, FWHM and area, each with its standard uncertainty, nan
            where it is not known; shape (k, 6).
        index: Its number in the series, from 1.
        tracks: The track of each component, 0 for none, shape (k,).
    """

    place: int
    item: str
    spectrum: str
    status: str
    coordinates: tuple[Coordinate, ...]
    numbers: FloatArray
    index: int = 0
    tracks: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def at(self, name: str) -> float | None:
        """Return where it was measured on an axis, None when that is not known."""
        return next((one.value for one in self.coordinates if one.name == name), None)


@frozen(eq=False)
class Series:
    """Spectra that belong together, in order.

    Attributes:
        name: What tells it from the other series of the analysis.
        analysis: Name of the analysis.
        scale: Energy scale of the spectra.
        scanned: The axes that were scanned, outermost first, by name and unit; none when only their order is known.
        units: Of position, FWHM and area.
        members: In order.
    """

    name: str
    analysis: str
    scale: str
    scanned: tuple[tuple[str, str], ...]
    units: tuple[str, str, str]
    members: tuple[Member, ...]


class SeriesFinder:
    """Takes points one by one, keeps of each what is followed, and puts them in order at the end.

    Slices of one spectrum are a series; so are spectra of one region name (spaces and case aside) and energy scale
    from many files. A series is ordered by the coordinates that all its spectra have and that are not all the same,
    the axes of the spectrum before others; without any, as the spectra were given.

    Args:
        fields: Of the values of the points.
        along: The one coordinate to order by where it is known; None for all that were scanned.
    """

    def __init__(self, fields: Fields, along: str | None) -> None:
        self._fields, self._along = fields, along
        self._found: dict[tuple[str, ...], list[Member]] = {}
        self._names: dict[tuple[str, ...], str] = {}
        self._units: dict[tuple[str, ...], list[str]] = {}
        self._places = count()
        #: Series that hold areas, widths or positions in another unit than their first: those numbers are left out.
        self.mixed: dict[str, None] = {}

    def take(self, point: Point) -> None:
        """Take the next point."""
        place = next(self._places)
        if not point.analysis or not point.spectrum:
            return
        key = self._key(point)
        self._names.setdefault(key, f"{point.cut_from} {point.region}".strip() if point.cut_from else point.region)
        numbers = self._numbers(point, key)
        member = Member(place, point.item, point.spectrum, point.status, point.coordinates, numbers)
        self._found.setdefault(key, []).append(member)

    def series(self) -> Iterator[Series]:
        """Yield all series, ordered, with the tracks of their components."""
        for (key, members), name in zip(self._found.items(), unlike(self._names.values()), strict=True):
            scanned = self._scanned(members)
            places = _grid_places(members, scanned)
            ordered = [members[place] for place in np.lexsort((np.arange(len(members)), *places.T[::-1])).tolist()]
            for index, member in enumerate(ordered, start=1):
                member.index = index
            _follow(members, places)
            units = (*self._units.get(key, ()), "", "", "")[:3]
            yield Series(name, key[0], key[-1], scanned, (units[0], units[1], units[2]), tuple(ordered))

    def _key(self, point: Point) -> tuple[str, ...]:
        if point.cut_from:
            return (point.analysis, point.cut_from, point.digest, point.scale)
        return (point.analysis, "".join(point.region.split()).casefold(), point.scale)

    def _numbers(self, point: Point, key: tuple[str, ...]) -> FloatArray:
        """Return what is followed of the components of the best model."""
        best = [one for one in point.components if one.rank == 1]
        if not best:
            return _NO_NUMBERS
        units = self._units.setdefault(key, [""] * len(FOLLOWED))
        numbers = np.full((len(best), 2 * len(FOLLOWED)), np.nan)
        for row, component in enumerate(best):
            for number, value, unsure in component.values:
                field = self._fields[number]
                if field.term not in FOLLOWED or isinstance(value, str):
                    continue
                column = FOLLOWED.index(field.term)
                units[column] = units[column] or field.unit
                if field.unit == units[column]:
                    numbers[row, 2 * column : 2 * column + 2] = value, np.nan if unsure is None else unsure
                else:
                    self.mixed[self._names[key]] = None
        return numbers

    def _scanned(self, members: Sequence[Member]) -> tuple[tuple[str, str], ...]:
        named = {(one.name, one.unit): None for member in members for one in member.coordinates}
        wanted = [one for one in named if one[0] == self._along] or list(named)
        found = []
        for name, unit in wanted:
            values = {member.at(name) for member in members}
            if None not in values and len(values) > 1:
                found.append((name, unit))
        return tuple(found)


def _grid_places(members: Sequence[Member], scanned: Sequence[tuple[str, str]]) -> npt.NDArray[np.int64]:
    """Return which value of each scanned axis the members have, counted from 0, shape (members, axes)."""
    places = np.zeros((len(members), max(1, len(scanned))), dtype=np.int64)
    for column, (name, _) in enumerate(scanned):
        values = np.array([member.at(name) for member in members], dtype=np.float64)
        places[:, column] = np.unique(values, return_inverse=True)[1].reshape(-1)
    return places


def _follow(members: Sequence[Member], places: npt.NDArray[np.int64]) -> None:
    """Give the components of all members their tracks.

    A map is followed to and fro, so that every spectrum is a neighbour of the one before it.
    """
    turned = np.zeros_like(places)
    passed = np.zeros(len(members), dtype=np.int64)
    for column in range(places.shape[1]):
        number = int(places[:, column].max(initial=0)) + 1
        turned[:, column] = np.where(passed % 2, number - 1 - places[:, column], places[:, column])
        passed = passed * number + turned[:, column]
    order = np.lexsort((np.arange(len(members)), passed)).tolist()
    seen = (_seen(members[place]) for place in order)
    tracks = tracks_along(seen, drifting=places.shape[1] == 1)
    for place, numbers in zip(order, tracks, strict=True):
        members[place].tracks = numbers


def _seen(member: Member) -> Seen | None:
    numbers = member.numbers
    return Seen(numbers[:, 0], numbers[:, 1], numbers[:, 2], numbers[:, 4]) if len(numbers) else None
