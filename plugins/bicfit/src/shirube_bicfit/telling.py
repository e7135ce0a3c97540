"""Telling results of the fit to people, as lines of text, and to programs, as one document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from shirube.messages import Language, Text
from shirube.quantities import uncertain
from shirube.records import Outcome, Result
from shirube.tables import Column, Table
from shirube.text import display_width
from shirube_bicfit.phrases import message
from shirube_bicfit.reporting import peaks_name, ranks_of, variants_in
from shirube_bicfit.tabulating import COMMONS
from shirube_bicfit.windowing import is_meant

#: Columns of a cell of a printed table.
_CELL: Final = 20

__all__ = ["document_of", "lines_of"]


def lines_of(outcomes: Sequence[Outcome], lang: Language, rank: int = 1) -> Iterator[str]:
    """Yield what people read: for each spectrum that was meant its models, the peaks of one, and remarks."""
    for outcome in outcomes:
        for result in outcome.results:
            if not is_meant(outcome.entry.spectrum(result.target), _regions(result)):
                continue
            name = outcome.entry.spectrum(result.target).name
            yield f"{result.target}  {name}: {message(f'status-{result.status}').render(lang)}"
            for reason in result.reasons:
                yield f"  {reason.render(lang)}"
            if result.scalars:
                yield from _fit_lines(result, lang, rank)
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


def _regions(result: Result) -> tuple[str, ...]:
    chosen = result.parameters.get("regions")
    return tuple(str(one) for one in chosen) if isinstance(chosen, tuple) else ()


def _fit_lines(result: Result, lang: Language, rank: int) -> Iterator[str]:
    noise = message(f"noise-kind-{result.scalars['bicfit.noise'].value}")
    variants = variants_in(result)
    common = next(iter(variants.values())) if len(set(variants.values())) == 1 else None
    heading = (
        message("line-model", noise=noise) if common is None else message("line-one-model", model=common, noise=noise)
    )
    yield f"  {heading.render(lang)}"
    models = result.table("models")
    rejected = models.column("rejected").values
    rows = _rows(models, "peaks", "rank", "bic", "delta_bic", "weight")
    for (count, place, bic, delta, weight), noisy in zip(rows, rejected, strict=True):
        mark = "*" if place == 1 else " "
        told = f"  {mark} K = {count:<2.0f}  BIC {bic:14.2f}  ΔBIC {delta:12.2f}  {100.0 * weight:6.2f} %"
        about = [] if common is not None else [variants[int(place)].render(lang)]
        about += [message("line-rejected", peaks=noisy.replace(" ", ", ")).render(lang)] if noisy else []
        yield "  ".join((told, *about))
    if rank not in ranks_of(result):
        yield f"  {message('no-such-rank', rank=rank, ranks=len(ranks_of(result))).render(lang)}"
        return
    yield from _peak_lines(result, lang, rank)


def _peak_lines(result: Result, lang: Language, rank: int) -> Iterator[str]:
    peaks = result.table(peaks_name(rank))
    if rank > 1:
        yield f"  {peaks.label.render(lang)}"
    names = ("position", "fwhm", "area_percent", "lorentz_fraction")
    yield "    " + "".join(_padded(peaks.column(name).header(lang)) for name in names).rstrip()
    for row in _rows(peaks, *(part for name in names for part in (name, f"{name}_uncertainty"))):
        cells = (uncertain(row[index], row[index + 1]) for index in range(0, len(row), 2))
        yield "    " + "".join(_padded(cell) for cell in cells).rstrip()
    yield from _common_lines(result, lang, rank)


def _common_lines(result: Result, lang: Language, rank: int) -> Iterator[str]:
    """Yield what all lines of a model have in common."""
    models = result.table("models")
    place = [int(one) for one in models.column("rank").values].index(rank)
    for column in models.columns:
        if column.name in COMMONS:
            value = float(column.values[place])
            spread = float(models.column(f"{column.name}_uncertainty").values[place])
            if math.isfinite(value):
                yield f"    {column.label.render(lang)}: {uncertain(value, spread, column.unit)}"


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


def _table_document(table: Table) -> dict[str, Any]:
    return {
        column.name: {"unit": column.unit, "label": _both(column.label), "values": _plain(column)}
        for column in table.columns
    }


def _plain(column: Column) -> list[float | str | None]:
    return [value if isinstance(value, str) or math.isfinite(value) else None for value in list(column.values)]


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "ja": text.ja}
