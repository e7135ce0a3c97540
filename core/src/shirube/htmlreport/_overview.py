"""The overview: a row for each spectrum or item, with how it ended and what was found, that leads to its section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.htmlreport._tables import Cell
from shirube.htmlreport._words import Words
from shirube.records import Outcome, Result, ResultStatus, Spectrum

#: Worst first.
STATUSES: tuple[ResultStatus, ...] = ("failed", "refused", "doubtful", "ok", "skipped")

__all__ = [
    "STATUSES",
    "OverviewRow",
    "found_cells",
    "present_statuses",
    "result_heads",
    "spectrum_rows",
    "worst_status",
]


@frozen(kw_only=True)
class OverviewRow:
    """One row: a name that leads somewhere, how it ended, and cells.

    Attributes:
        name: As people know it.
        status: How it ended.
        word: The same for people.
        cells: What is told of it.
        anchor: Where its section is in the page; empty for none.
        link: Where its folder is, empty where there is none; None in a table without such a column.
    """

    name: str
    status: str
    word: str
    cells: tuple[Cell, ...] = field(converter=as_tuple)
    anchor: str = ""
    link: str | None = None


def result_heads(words: Words) -> tuple[str, ...]:
    """Return the heads of :func:`found_cells`."""
    return words.term("component_count"), words.term("bic"), words("head-main")


def spectrum_rows(outcomes: Sequence[Outcome], words: Words, most: int) -> list[OverviewRow]:
    """Return a row for each spectrum; those beyond the first ``most`` of an entry lead nowhere."""
    return [
        _row(outcome, spectrum, f"e{e}s{s}" if s <= most else "", words)
        for e, outcome in enumerate(outcomes, start=1)
        for s, spectrum in enumerate(outcome.entry.spectra(), start=1)
    ]


def worst_status(results: Iterable[Result]) -> str:
    """Return how the worst of the results ended; ``none`` without any."""
    found = {one.status for one in results}
    return next((one for one in STATUSES if one in found), "none")


def present_statuses(rows: Sequence[OverviewRow]) -> list[tuple[str, str]]:
    """Return the statuses that rows have, with their words, in order of the rows."""
    return list({row.status: row.word for row in rows}.items())


def found_cells(results: Iterable[Result], words: Words) -> tuple[Cell, ...]:
    """Return components, BIC and strongest line of the best model that any of the results holds."""
    for result in results:
        best = next((one for one in result.tables if one.rank == 1), None)
        if best is not None:
            return Cell(str(len(best)), float(len(best))), _bic(result, words), _strongest(result, words)
    return Cell(""), Cell(""), Cell("")


def _row(outcome: Outcome, spectrum: Spectrum, anchor: str, words: Words) -> OverviewRow:
    results = [one for one in outcome.results if one.target == spectrum.id]
    status = worst_status(results)
    return OverviewRow(
        name=spectrum.name or spectrum.id,
        status=status,
        word=words(f"status-{status}"),
        cells=[Cell(outcome.entry.name), *found_cells(results, words)],
        anchor=anchor,
    )


def _bic(result: Result, words: Words) -> Cell:
    for table in result.tables:
        column = table.of_term("bic")
        if column is not None and not isinstance(column.values, tuple) and np.isfinite(column.values).any():
            value = float(np.nanmin(column.values))
            return Cell(words.number(round(value, 1)), value)
    return Cell("")


def _strongest(result: Result, words: Words) -> Cell:
    """Return where the component of the largest area lies."""
    best = next(one for one in result.tables if one.rank == 1)
    areas, positions = best.of_term("peak_area"), best.of_term("peak_position")
    if areas is None or positions is None or isinstance(areas.values, tuple) or isinstance(positions.values, tuple):
        return Cell("")
    if not np.isfinite(areas.values).any():
        return Cell("")
    row = int(np.nanargmax(areas.values))
    value = float(positions.values[row])
    uncertainties = next((one for one in best.columns if one.name == f"{positions.name}_uncertainty"), None)
    known = None if uncertainties is None or isinstance(uncertainties.values, tuple) else uncertainties.values[row]
    return Cell(words.measured(value, None if known is None else float(known), positions.unit), value)
