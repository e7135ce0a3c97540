"""Collecting: the points of an outcome, found by terms and statuses, whichever analyses made its results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from attrs import evolve

from shirube._axes import ENERGY
from shirube.messages import Language, Text, joined
from shirube.records import Entry, FloatArray, Measurement, Outcome, Quantity, Result, Spectrum
from shirube.series._fields import Fields
from shirube.series._phrases import message
from shirube.series._points import NOT_ANALYSED, UNREADABLE, Component, Coordinate, FieldKind, Given, Point
from shirube.tables import Column, Table
from shirube.terms import core_terms
from shirube.text import printable

#: What a slice's id has behind that of the spectrum it was cut from.
_CUT: Final = re.compile(r"(.+)\[([^\[\]]*)\]")
_NUMBERS: Final = re.compile(r"\d+(,\d+)*")
_UNCERTAINTY: Final = "_uncertainty"

__all__ = ["points_of"]


def points_of(
    outcome: Outcome, item: str, fields: Fields, *, lang: Language, ranks: int, along: str | None
) -> Iterator[Point]:
    """Yield a point for each analysis of each spectrum, and one for a spectrum or entry without any.

    Args:
        outcome: What came of an item.
        item: What it is called in the tables.
        fields: Where the fields of values are entered.
        lang: Language of reasons.
        ranks: So many models of each result, from the best.
        along: Term of a fact that is a coordinate, too.
    """
    entry = outcome.entry
    spectra = [(measurement, one) for measurement in entry.measurements for one in measurement.spectra]
    found: dict[str, list[Result]] = {spectrum.id: [] for _, spectrum in spectra}
    elsewhere: list[Result] = []
    for result in outcome.results:
        found.get(result.target, elsewhere).append(result)
    if not spectra:
        told = [finding.message for finding in outcome.findings if finding.counts]
        reason = joined(told or [message("no-spectra").text()]).render(lang)
        yield Point(item=item, status=UNREADABLE, reason=reason)
    with_all = any(result.target == entry.name for result in elsewhere)
    for measurement, spectrum in spectra:
        bare = _bare(item, entry, measurement, spectrum, along)
        if not found[spectrum.id]:
            why = message("with-the-entry", entry=entry.name) if with_all else message("not-analysed")
            yield evolve(bare, status=NOT_ANALYSED, reason=why.render(lang))
        for result in found[spectrum.id]:
            yield _with_result(bare, result, fields, lang, ranks)
    for result in elsewhere:
        yield _with_result(_elsewhere(item, entry, result.target, along), result, fields, lang, ranks)


def _bare(item: str, entry: Entry, measurement: Measurement, spectrum: Spectrum, along: str | None) -> Point:
    cut = _CUT.fullmatch(spectrum.id)
    return Point(
        item=item,
        source=printable(measurement.name),
        region=printable(spectrum.name),
        spectrum=printable(spectrum.id),
        digest=measurement.sources[0].sha256 if measurement.sources else "",
        cut_from="" if cut is None else cut[1],
        scale=spectrum.reference.scale,
        coordinates=tuple(_coordinates(entry, spectrum, "" if cut is None else cut[2], along)),
    )


def _elsewhere(item: str, entry: Entry, target: str, along: str | None) -> Point:
    """Return the point of a target that is no spectrum of the entry: a slice of one, or the entry itself."""
    cut = _CUT.fullmatch(target)
    for measurement in entry.measurements:
        for spectrum in measurement.spectra:
            if cut is not None and spectrum.id == cut[1] and _NUMBERS.fullmatch(cut[2]):
                return evolve(
                    _bare(item, entry, measurement, spectrum, along),
                    spectrum=printable(target),
                    cut_from=spectrum.id,
                    coordinates=tuple(_of_slice(spectrum, [int(one) for one in cut[2].split(",")])),
                )
    return Point(item=item, region=printable(target))


def _of_slice(spectrum: Spectrum, numbers: Sequence[int]) -> Iterator[Coordinate]:
    """Yield where a slice lies on the axes of the spectrum that it is of, as far as the numbers are its."""
    axes = [axis for axis in spectrum.axes if axis.name != ENERGY]
    for axis, number in zip(axes, numbers, strict=False):
        if number < len(axis):
            yield Coordinate(axis.name, axis.unit, float(axis.values[number]))


def _coordinates(entry: Entry, spectrum: Spectrum, cut: str, along: str | None) -> Iterator[Coordinate]:
    """Yield where a spectrum was measured: its axes of one point, or else the numbers of its slice; and a fact."""
    axes = [axis for axis in spectrum.axes if axis.name != ENERGY and len(axis) == 1]
    for axis in axes:
        yield Coordinate(axis.name, axis.unit, float(axis.values[0]))
    if not axes and _NUMBERS.fullmatch(cut):
        numbers = cut.split(",")
        for place, number in enumerate(numbers, start=1):
            yield Coordinate("slice" if len(numbers) == 1 else f"slice_{place}", "", float(number))
    facts = entry.facts.get(spectrum.id)
    fact = None if along is None or facts is None else facts.get(along)
    if along is not None and fact is not None and not isinstance(fact.value, str):
        yield Coordinate(along, fact.unit or "", fact.number)


def _with_result(bare: Point, result: Result, fields: Fields, lang: Language, ranks: int) -> Point:
    models = _models(result.tables)
    components = [
        component
        for table in result.tables
        if _holds_components(table) and (table.rank or 1) <= ranks
        for component in _components(result.analysis, table, models, fields)
    ]
    best = models.get(1, (None, None))
    return evolve(
        bare,
        analysis=result.analysis,
        status=result.status,
        reason=joined(result.reasons).render(lang) if result.reasons else "",
        count=best[0],
        bic=best[1],
        scalars=tuple(_scalar(result.analysis, term, one, fields) for term, one in result.scalars.items()),
        components=tuple(components),
    )


def _holds_components(table: Table) -> bool:
    return table.of_term("peak_position") is not None


def _models(tables: Iterable[Table]) -> dict[int, tuple[float | None, float | None]]:
    """Return K and BIC of each model by its rank, as far as a table tells them."""
    for table in tables:
        ranks = table.of_term("model_rank")
        if ranks is not None and not _holds_components(table):
            counts, criteria = (_known(table.of_term(term), len(table)) for term in ("component_count", "bic"))
            listed = zip(_known(ranks, len(table)), counts, criteria, strict=True)
            return {int(rank): (count, bic) for rank, count, bic in listed if rank is not None}
    return {}


def _known(column: Column | None, rows: int) -> list[float | None]:
    if column is None or isinstance(column.values, tuple):
        return [None] * rows
    return [None if np.isnan(value) else value for value in column.values.tolist()]


def _scalar(analysis: str, term: str, quantity: Quantity, fields: Fields) -> Given:
    value = quantity.value if isinstance(quantity.value, str) else quantity.number
    kind: FieldKind = "text" if isinstance(value, str) else "whole" if isinstance(quantity.value, int) else "number"
    number = fields.number(analysis, "scalar", term, quantity.unit or "", kind, term=term, label=_label(term))
    if quantity.uncertainty is not None:
        fields.note_uncertainty(number)
    return number, value, quantity.uncertainty


def _label(term: str) -> Text:
    known = core_terms().get(term)
    return Text(term, term) if known is None else known.label


def _components(
    analysis: str, table: Table, models: dict[int, tuple[float | None, float | None]], fields: Fields
) -> Iterator[Component]:
    rank = table.rank or 1
    named = table.of_term("component_name")
    names = named.values if named is not None and isinstance(named.values, tuple) else None
    unsure = _uncertainties(table.columns)
    columns = [one for one in table.columns if one is not named and one.name not in unsure.values()]
    numbers = [_field(analysis, column, fields) for column in columns]
    for place, column in enumerate(columns):
        if column.name in unsure:
            fields.note_uncertainty(numbers[place])
    spreads = [_numbers(table, unsure.get(column.name)) for column in columns]
    for row in range(len(table)):
        values = [
            given
            for number, column, spread in zip(numbers, columns, spreads, strict=True)
            if (given := _given(number, column, spread, row)) is not None
        ]
        name = str(row + 1) if names is None else names[row]
        count, bic = models.get(rank, (None, None))
        yield Component(name, rank, float(len(table)) if count is None else count, bic, tuple(values))


def _uncertainties(columns: Sequence[Column]) -> dict[str, str]:
    """Return which column holds the standard uncertainties of which, by names."""
    by_name = {column.name: column for column in columns}
    return {
        name: f"{name}{_UNCERTAINTY}"
        for name, column in by_name.items()
        if f"{name}{_UNCERTAINTY}" in by_name and by_name[f"{name}{_UNCERTAINTY}"].unit == column.unit
    }


def _field(analysis: str, column: Column, fields: Fields) -> int:
    kind: FieldKind = "text" if isinstance(column.values, tuple) else "whole" if column.whole else "number"
    return fields.number(analysis, "component", column.name, column.unit, kind, term=column.term, label=column.label)


def _numbers(table: Table, name: str | None) -> FloatArray | None:
    values = None if name is None else table.column(name).values
    return values if isinstance(values, np.ndarray) else None


def _given(number: int, column: Column, spread: FloatArray | None, row: int) -> Given | None:
    """Return a value with its uncertainty, None for an empty cell."""
    if isinstance(column.values, tuple):
        return (number, column.values[row], None) if column.values[row] else None
    value = float(column.values[row])
    if np.isnan(value):
        return None
    unsure = None if spread is None or np.isnan(spread[row]) else float(spread[row])
    return number, value, unsure
