"""The second pass: the points come back from disk, and go into the tables row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

from shirube._naming import Taken
from shirube.series._hdf5 import Hdf5File, Hdf5Sheet
from shirube.series._ordering import Series
from shirube.series._piling import Pile
from shirube.series._sheets import Cell, CsvSheet, Head
from shirube.series._spool import read_points
from shirube.series._tabling import (
    Places,
    component_heads,
    component_rows,
    spectrum_heads,
    spectrum_row,
    track_heads,
    track_rows,
    trend_heads,
    trend_rows,
    value_heads,
    value_rows,
)
from shirube.trees import safe_name

#: The long table.
VALUES: Final = "values"
#: The file that holds all other tables.
HDF5: Final = "results.h5"

__all__ = ["HDF5", "VALUES", "write_tables"]


class _Tables:
    """Tables that are open for rows, each as a CSV file and, where it is wanted and can be, in the HDF5 file."""

    def __init__(self, folder: Path, hdf5: Hdf5File | None) -> None:
        self._folder, self._hdf5 = folder, hdf5
        self._stack = ExitStack()
        self._taken = Taken()
        self.names: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    def open(self, name: str, heads: Sequence[Head], *, typed: bool = True) -> list[CsvSheet | Hdf5Sheet]:
        """Begin a table."""
        file = self._taken.take(safe_name(name), ".csv")
        self.names.append(file)
        sheets: list[CsvSheet | Hdf5Sheet] = [self._stack.enter_context(CsvSheet(self._folder / file, heads))]
        if typed and self._hdf5 is not None:
            sheets.append(self._stack.enter_context(self._hdf5.sheet(file.removesuffix(".csv"), heads)))
        return sheets


def write_tables(
    folder: Path, pile: Pile, series: Sequence[Series], spool: Path, hdf5: Hdf5File | None
) -> tuple[str, ...]:
    """Write every table, and return the names of the CSV files.

    Args:
        folder: Where the files go.
        pile: What was read.
        series: All series.
        spool: The points.
        hdf5: Where all tables but the long one go, too; None for nowhere.
    """
    with _Tables(folder, hdf5) as tables:
        _write_points(tables, pile, Places.of(series), spool)
        _write_series(tables, pile, series)
        return tuple(tables.names)


def _write_points(tables: _Tables, pile: Pile, places: Places, spool: Path) -> None:
    fields, at = pile.fields, tuple(pile.coordinates)
    values = tables.open(VALUES, value_heads(at), typed=False)
    # What has no analysis has a row in every table, so that each table alone tells of all spectra.
    told = [one for one in pile.analyses if pile.is_told(one)] or [""]
    spectra = {one: tables.open(_named("spectra", one), spectrum_heads(one, fields, at)) for one in told}
    fitted = [one for one in told if any(fields.of(one, "component"))]
    components = {one: tables.open(_named("components", one), component_heads(one, fields, at)) for one in fitted}
    for place, point in enumerate(read_points(spool)):
        if not pile.is_told(point.analysis):
            continue
        _add(values, value_rows(place, point, places, fields, at))
        for name in [point.analysis] if point.analysis else told:
            _add(spectra[name], [spectrum_row(place, point, places, fields, at, name)])
            if name in components:
                _add(components[name], component_rows(place, point, places, fields, at, name))


def _write_series(tables: _Tables, pile: Pile, series: Sequence[Series]) -> None:
    at = tuple(pile.coordinates)
    for analysis in pile.analyses:
        units: dict[tuple[str, str, str], list[Series]] = {}
        for one in series:
            if one.analysis == analysis and any(len(member.numbers) for member in one.members):
                units.setdefault(one.units, []).append(one)
        # Another unit is another table: a column of numbers has one.
        for unit, alike in units.items():
            trends = tables.open(_named("trends", analysis), trend_heads(unit, at))
            tracks = tables.open(_named("tracks", analysis), track_heads(unit))
            for one in alike:
                _add(trends, trend_rows(one, at))
                _add(tracks, track_rows(one))


def _named(kind: str, analysis: str) -> str:
    return f"{kind}_{analysis}" if analysis else kind


def _add(sheets: Sequence[CsvSheet | Hdf5Sheet], rows: Iterable[Sequence[Cell]]) -> None:
    for row in rows:
        for sheet in sheets:
            sheet.add(row)
