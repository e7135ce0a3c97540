"""The tables: what is a row of each, and the columns that the gathered fields make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube.messages import Text
from shirube.series._fields import Fields, Owner
from shirube.series._ordering import FOLLOWED, Member, Series
from shirube.series._points import Component, Coordinate, Given, Point
from shirube.series._sheets import Cell, Head, apart
from shirube.terms import core_terms

_K: Final = Head("K", kind="whole", label=core_terms()["component_count"].label)
_BIC: Final = Head("BIC", label=core_terms()["bic"].label)
_RANK: Final = Head("rank", kind="whole", label=core_terms()["model_rank"].label)
_COMPONENT: Final = Head("component", kind="text", label=core_terms()["component_name"].label)
_TRACK: Final = Head("track", kind="text", label=Text(en="Track along the series", ja="系列に沿った成分の追跡名"))
_SERIES: Final = Head("series", kind="text", label=Text(en="Series", ja="系列"))
_INDEX: Final = Head("index", kind="whole", label=Text(en="Number in the series", ja="系列内の番号"))
_ITEM: Final = Head("item", kind="text", label=Text(en="Item", ja="項目"))
_SPECTRUM: Final = Head("spectrum", kind="text", label=Text(en="Spectrum", ja="スペクトル"))
_STATUS: Final = Head("status", kind="text", label=Text(en="Status", ja="状態"))
_REASON: Final = Head("reason", kind="text", label=Text(en="Reason for the status", ja="状態の理由"))
#: What columns of the followed terms are called.
_FOLLOWED: Final = ("position", "fwhm", "area")

__all__ = [
    "Places",
    "component_heads",
    "component_rows",
    "coordinate_heads",
    "spectrum_heads",
    "spectrum_row",
    "track_heads",
    "track_name",
    "track_rows",
    "trend_heads",
    "trend_rows",
    "value_heads",
    "value_rows",
]


@frozen(eq=False)
class Places:
    """Where each point stands in its series, by the number of the point."""

    members: Mapping[int, tuple[str, Member]]

    @classmethod
    def of(cls, series: Iterable[Series]) -> Places:
        """Return the places of all members of ``series``."""
        return cls({member.place: (one.name, member) for one in series for member in one.members})

    def cells(self, place: int) -> list[Cell]:
        """Return the series and the index of a point."""
        found = self.members.get(place)
        return [None, None] if found is None else [found[0], found[1].index]

    def tracks(self, place: int, point: Point) -> Iterator[tuple[Component, str]]:
        """Yield the components of a point with their tracks, which only those of the best model have."""
        found = self.members.get(place)
        numbers = iter(() if found is None else found[1].tracks.tolist())
        for component in point.components:
            yield component, track_name(next(numbers, 0) if component.rank == 1 else 0)


def track_name(number: int) -> str:
    """Return the name of a track, ``""`` for none."""
    return f"t{number}" if number else ""


def coordinate_heads(coordinates: Iterable[tuple[str, str]]) -> tuple[Head, ...]:
    """Return a column for each axis, by name and unit."""
    return tuple(Head(name, unit, label=Text(name, name)) for name, unit in coordinates)


def value_heads(coordinates: Sequence[tuple[str, str]]) -> tuple[Head, ...]:
    """Return the columns of the long table: one value a row."""
    named = [
        Head("quantity", kind="text", label=Text(en="Name of the value", ja="値の名前")),
        Head("term", kind="text", label=Text(en="Term", ja="用語")),
        Head("value", label=Text(en="Value", ja="値")),
        Head("uncertainty", label=Text(en="Standard uncertainty", ja="標準不確かさ")),
        Head("unit", kind="text", label=Text(en="Unit", ja="単位")),
        Head("text", kind="text", label=Text(en="Value that is a text", ja="文字列の値")),
    ]
    model = [_STATUS, _RANK, _K, _BIC, _COMPONENT, _TRACK]
    return apart([*_origin(coordinates), _analysis(), *model, *named, _REASON])


def value_rows(
    place: int, point: Point, places: Places, fields: Fields, coordinates: Sequence[tuple[str, str]]
) -> Iterator[list[Cell]]:
    """Yield a row for each value of a point; one without values says why there are none."""
    head = [*_origin_cells(place, point, places, coordinates), point.analysis, point.status]
    if not point.scalars and not point.components:
        yield [*head, None, point.count, point.bic, *[None] * 8, point.reason]
    for given in point.scalars:
        yield [*head, None, point.count, point.bic, None, None, *_value_cells(given, fields), None]
    for component, track in places.tracks(place, point):
        model: list[Cell] = [component.rank, component.count, component.bic, component.name, track]
        for given in component.values:
            yield [*head, *model, *_value_cells(given, fields), None]


def spectrum_heads(analysis: str, fields: Fields, coordinates: Sequence[tuple[str, str]]) -> tuple[Head, ...]:
    """Return the columns of the wide table of spectra: every scalar of one analysis."""
    return apart([*_origin(coordinates), _STATUS, _K, _BIC, *_wide_heads(analysis, "scalar", fields), _REASON])


def spectrum_row(
    place: int, point: Point, places: Places, fields: Fields, coordinates: Sequence[tuple[str, str]], analysis: str
) -> list[Cell]:
    """Return the row of a point in the table of an analysis."""
    origin = _origin_cells(place, point, places, coordinates)
    values = _wide_cells(analysis, "scalar", point.scalars, fields)
    return [*origin, point.status, point.count, point.bic, *values, point.reason]


def component_heads(analysis: str, fields: Fields, coordinates: Sequence[tuple[str, str]]) -> tuple[Head, ...]:
    """Return the columns of the wide table of components: every number of one."""
    model = [_STATUS, _RANK, _K, _BIC, _COMPONENT, _TRACK]
    return apart([*_origin(coordinates), *model, *_wide_heads(analysis, "component", fields), _REASON])


def component_rows(
    place: int, point: Point, places: Places, fields: Fields, coordinates: Sequence[tuple[str, str]], analysis: str
) -> Iterator[list[Cell]]:
    """Yield a row for each component of a point in the table of an analysis, or one that says why there is none."""
    head = [*_origin_cells(place, point, places, coordinates), point.status]
    if not point.components:
        empty = _wide_cells(analysis, "component", (), fields)
        yield [*head, None, point.count, point.bic, None, None, *empty, point.reason]
    for component, track in places.tracks(place, point):
        model: list[Cell] = [component.rank, component.count, component.bic, component.name, track]
        # The table of spectra says why a result is doubtful.
        yield [*head, *model, *_wide_cells(analysis, "component", component.values, fields), None]


def trend_heads(units: Sequence[str], coordinates: Sequence[tuple[str, str]]) -> tuple[Head, ...]:
    """Return the columns of the table of trends: what is followed, track by track along a series."""
    return apart([_SERIES, _TRACK, _INDEX, *coordinate_heads(coordinates), _ITEM, _SPECTRUM, _STATUS, *_trend(units)])


def trend_rows(series: Series, coordinates: Sequence[tuple[str, str]]) -> Iterator[list[Cell]]:
    """Yield a row for each spectrum in which a track is, track by track."""
    for number, seen in _by_track(series).items():
        for member, row in seen:
            at = _coordinate_cells(member.coordinates, coordinates)
            numbers = [None if np.isnan(value) else value for value in member.numbers[row].tolist()]
            head = [series.name, track_name(number), member.index, *at, member.item, member.spectrum, member.status]
            yield [*head, *numbers]


def track_heads(units: Sequence[str]) -> tuple[Head, ...]:
    """Return the columns of the table of tracks: one a row."""
    counts = (
        ("first", Text(en="First spectrum (index)", ja="最初のスペクトルの番号")),
        ("last", Text(en="Last spectrum (index)", ja="最後のスペクトルの番号")),
        ("spectra", Text(en="Spectra in which it was found", ja="見つかったスペクトル数")),
        (
            "gaps",
            Text(en="Spectra between first and last without it", ja="最初と最後の間で見つからなかったスペクトル数"),
        ),
    )
    wholes = [Head(name, kind="whole", label=label) for name, label in counts]
    medians = [
        Head(f"{name}_{kind}", unit, label=Text(f"{label.en}, {words.en}", f"{label.ja}の{words.ja}"))
        for name, unit, label in _followed(units)
        for kind, words in (
            ("median", Text(en="median", ja="中央値")),
            ("smallest", Text(en="smallest", ja="最小")),
            ("largest", Text(en="largest", ja="最大")),
        )
    ]
    return apart([_SERIES, _TRACK, *wholes, *medians])


def track_rows(series: Series) -> Iterator[list[Cell]]:
    """Yield a row for each track of a series."""
    for number, seen in _by_track(series).items():
        first, last = seen[0][0].index, seen[-1][0].index
        numbers = np.array([member.numbers[row, ::2] for member, row in seen])
        known = [values[~np.isnan(values)] for values in numbers.T]
        ends = [
            [float(end(values)) for end in (np.median, np.min, np.max)] if values.size else [None] * 3
            for values in known
        ]
        counts: list[Cell] = [first, last, len(seen), last - first + 1 - len(seen)]
        yield [series.name, track_name(number), *counts, *(one for three in ends for one in three)]


def _by_track(series: Series) -> dict[int, list[tuple[Member, int]]]:
    """Return where each track is found: the spectra, and which of their components it is."""
    found: dict[int, list[tuple[Member, int]]] = {}
    for member in series.members:
        for row, number in enumerate(member.tracks.tolist()):
            if number:
                found.setdefault(number, []).append((member, row))
    return dict(sorted(found.items()))


def _origin(coordinates: Sequence[tuple[str, str]]) -> list[Head]:
    source = Head("source", kind="text", label=Text(en="Data file", ja="データファイル"))
    region = Head("region", kind="text", label=Text(en="Region", ja="リージョン"))
    return [_ITEM, source, region, _SPECTRUM, _SERIES, _INDEX, *coordinate_heads(coordinates)]


def _origin_cells(place: int, point: Point, places: Places, coordinates: Sequence[tuple[str, str]]) -> list[Cell]:
    head: list[Cell] = [point.item, point.source, point.region, point.spectrum]
    return [*head, *places.cells(place), *_coordinate_cells(point.coordinates, coordinates)]


def _coordinate_cells(known: Iterable[Coordinate], coordinates: Sequence[tuple[str, str]]) -> list[Cell]:
    values = {(one.name, one.unit): one.value for one in known}
    return [values.get(one) for one in coordinates]


def _analysis() -> Head:
    return Head("analysis", kind="text", label=Text(en="Analysis", ja="解析"))


def _trend(units: Sequence[str]) -> list[Head]:
    return [
        one
        for name, unit, label in _followed(units)
        for one in (Head(name, unit, label=label), _unsure(Head(name, unit, label=label)))
    ]


def _followed(units: Sequence[str]) -> Iterator[tuple[str, str, Text]]:
    for name, term, unit in zip(_FOLLOWED, FOLLOWED, units, strict=True):
        yield name, unit, core_terms()[term].label


def _unsure(head: Head) -> Head:
    label = Text(f"{head.label.en}, standard uncertainty", f"{head.label.ja}の標準不確かさ")
    return evolve(head, name=f"{head.name}_uncertainty", label=label, kind="number")


def _wide_heads(analysis: str, owner: Owner, fields: Fields) -> Iterator[Head]:
    for _, one in fields.of(analysis, owner):
        head = Head(one.name, one.unit, one.kind, one.label)
        yield head
        if one.unsure:
            yield _unsure(head)


def _wide_cells(analysis: str, owner: Owner, values: Iterable[Given], fields: Fields) -> Iterator[Cell]:
    given = {number: (value, unsure) for number, value, unsure in values}
    for number, one in fields.of(analysis, owner):
        value, unsure = given.get(number, (None, None))
        yield value
        if one.unsure:
            yield unsure


def _value_cells(given: Given, fields: Fields) -> list[Cell]:
    number, value, unsure = given
    one = fields[number]
    texts: list[Cell] = [one.name, one.term or None]
    if isinstance(value, str):
        return [*texts, None, None, one.unit, value]
    return [*texts, value, unsure, one.unit, None]
