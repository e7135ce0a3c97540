"""Telling results of the fit to people, as lines of text, and to programs, as one document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from shirube.messages import Language, Text
from shirube.records import Outcome, Result
from shirube.tables import Column, Table
from shirube.text import display_width
from shirube_bicfit.phrases import background_name, message

#: Columns of a cell of a printed table.
_CELL: Final = 20
#: No energy scale is known to more decimals than these; smaller uncertainties show as powers of ten.
_MOST_DECIMALS: Final = 5
_LONG: Final = 1e5

__all__ = ["document_of", "lines_of"]


def lines_of(outcomes: Sequence[Outcome], lang: Language) -> Iterator[str]:
    """Yield what people read: for each spectrum its models, the peaks of the best, and remarks."""
    for outcome in outcomes:
        for result in outcome.results:
            name = outcome.entry.spectrum(result.target).name
            yield f"{result.target}  {name}: {message(f'status-{result.status}').render(lang)}"
            for reason in result.reasons:
                yield f"  {reason.render(lang)}"
            if result.scalars:
                yield from _fit_lines(result, lang)
            yield from _remark_lines(result, lang)


def document_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the same for programs: status, reasons, scalars and tables of every spectrum."""
    return {
        "spectra": [
            {
                "id": result.target,
                "name": outcome.entry.spectrum(result.target).name,
                "status": result.status,
                "reasons": [_both(reason) for reason in result.reasons],
                "scalars": {
                    term: {"value": one.value, "unit": one.unit, "uncertainty": one.uncertainty}
                    for term, one in result.scalars.items()
                },
                "tables": {table.name: _table_document(table) for table in result.tables if table.name != "starts"},
            }
            for outcome in outcomes
            for result in outcome.results
        ]
    }


def _fit_lines(result: Result, lang: Language) -> Iterator[str]:
    models, peaks = result.table("models"), result.table("peaks")
    background = background_name(result.scalars["bicfit.background"].value)
    noise = result.scalars["bicfit.noise"].value
    yield f"  {message('line-model', background=background, noise=noise).render(lang)}"
    for count, rank, bic, delta, weight in _rows(models, "peaks", "rank", "bic", "delta_bic", "weight"):
        mark = "*" if rank == 1 else " "
        yield f"  {mark} K = {count:<2.0f}  BIC {bic:14.2f}  ΔBIC {delta:12.2f}  {100.0 * weight:6.2f} %"
    names = ("position", "fwhm", "area_percent", "lorentz_fraction")
    yield "    " + "".join(_padded(peaks.column(name).header(lang)) for name in names).rstrip()
    for row in _rows(peaks, *(part for name in names for part in (name, f"{name}_uncertainty"))):
        cells = (_measured(row[index], row[index + 1]) for index in range(0, len(row), 2))
        yield "    " + "".join(_padded(cell) for cell in cells).rstrip()


def _remark_lines(result: Result, lang: Language) -> Iterator[str]:
    for table in result.tables:
        if table.name == "remarks":
            for text in table.column(lang).values:
                yield f"  {message('line-remark', text=text).render(lang)}"


def _rows(table: Table, *names: str) -> Iterator[tuple[float, ...]]:
    columns = [[float(value) for value in table.column(name).values] for name in names]
    return zip(*columns, strict=True)


def _padded(text: str) -> str:
    return text + " " * max(1, _CELL - display_width(text))


def _measured(value: float, uncertainty: float) -> str:
    if not math.isfinite(uncertainty):
        return f"{value:.4g}"
    if max(abs(value), uncertainty) >= _LONG:
        return f"{value:.4g} ± {uncertainty:.2g}"
    digits = max(0, 1 - math.floor(math.log10(uncertainty))) if uncertainty > 0.0 else 4
    if digits > _MOST_DECIMALS:
        return f"{value:.{_MOST_DECIMALS}f} ± {uncertainty:.1e}"
    return f"{value:.{digits}f} ± {uncertainty:.{digits}f}"


def _table_document(table: Table) -> dict[str, Any]:
    return {
        column.name: {"unit": column.unit, "label": _both(column.label), "values": _plain(column)}
        for column in table.columns
    }


def _plain(column: Column) -> list[float | str | None]:
    return [value if isinstance(value, str) or math.isfinite(value) else None for value in list(column.values)]


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "ja": text.ja}
