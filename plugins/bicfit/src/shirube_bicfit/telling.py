"""Telling results of the fit to people, as lines of text, and to programs, as one document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from shirube.messages import Language, Text
from shirube.quantities import uncertain
from shirube.records import Outcome, Result
from shirube.regions import is_meant
from shirube.tables import Table, table_document
from shirube.text import display_width
from shirube_bicfit.phrases import message
from shirube_bicfit.reporting import no_such_rank, peaks_name, ranks_of, variants_in
from shirube_bicfit.tabulating import COMMONS
from shirube_bicfit.variants import SINGLE

#: Columns of a cell of a printed table.
_CELL: Final = 20
#: Remarks of one kind that are printed.
_FEW: Final = 3

__all__ = ["document_of", "lines_of"]


def lines_of(outcomes: Sequence[Outcome], lang: Language, rank: int = 1) -> Iterator[str]:
    """Yield what people read: for each spectrum that was meant its models, the peaks of one, and remarks."""
    for outcome in outcomes:
        for file in outcome.entry.measurements:
            for remark in file.remarks:
                yield f"{file.name}: {message('line-remark', text=remark.message).render(lang)}"
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
                "tables": {table.name: table_document(table) for table in result.tables if table.name != "starts"},
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
    if any(name != SINGLE for name in models.column("doublet").values):
        yield f"    {message('components-numbered').render(lang)}"
    if rank not in ranks_of(result):
        yield f"  {no_such_rank(result, rank).render(lang)}"
        return
    yield from _peak_lines(result, lang, rank)


def _peak_lines(result: Result, lang: Language, rank: int) -> Iterator[str]:
    peaks = result.table(peaks_name(rank))
    if rank > 1:
        yield f"  {peaks.label.render(lang)}"
    names = ("position", "fwhm", "area_percent", "lorentz_fraction")
    yield "    " + "".join(_padded(peaks.column(name).header(lang)) for name in names).rstrip()
    for row in _rows(peaks, *(part for name in names for part in (name, f"{name}_uncertainty"))):
        cells = [uncertain(row[index], row[index + 1]) for index in range(0, len(row), 2)]
        if len(peaks) == 1:
            # the whole area, whatever the data
            cells[names.index("area_percent")] = "100"
        yield "    " + "".join(_padded(cell) for cell in cells).rstrip()
    yield from _interval_lines(result, lang, rank, names)
    yield from _common_lines(result, lang, rank)


def _interval_lines(result: Result, lang: Language, rank: int, names: Sequence[str]) -> Iterator[str]:
    """Yield the intervals of the best model that are more than its uncertainties say."""
    method = str(result.parameters.get("intervals"))
    peaks = result.table(peaks_name(rank))
    if rank > 1 or method == "fisher":
        return
    yield f"    {message('line-intervals', method=message(f'interval-{method}')).render(lang)}"
    for row in _rows(peaks, *(f"{name}_{part}" for name in names for part in ("low", "high", "uncertainty"))):
        cells = (_between(*row[index : index + 3]) for index in range(0, len(row), 3))
        yield "    " + "".join(_padded(cell) for cell in cells).rstrip()


def _between(low: float, high: float, spread: float) -> str:
    """Return an interval with two digits of the uncertainty."""
    width = spread if math.isfinite(spread) and spread > 0.0 else (high - low) / 4.0
    if not math.isfinite(low + high):
        return "-"
    digits = max(0, 1 - math.floor(math.log10(width))) if width > 0.0 else 2
    return f"{low:.{digits}f} .. {high:.{digits}f}"


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
    """Yield remarks, of each kind the first few; kinds of which there are many come last."""
    texts: dict[str, list[str]] = {}
    for table in result.tables:
        if table.name == "remarks":
            for code, text in zip(table.column("code").values, table.column(lang).values, strict=True):
                texts.setdefault(str(code), []).append(str(text))
    for some in sorted(texts.values(), key=lambda some: len(some) > _FEW):
        shown: list[object] = [*some[:_FEW]]
        if len(some) > _FEW:
            shown.append(message("more-remarks", number=len(some) - _FEW))
        for text in shown:
            yield f"  {message('line-remark', text=text).render(lang)}"


def _rows(table: Table, *names: str) -> Iterator[tuple[float, ...]]:
    columns = [[float(value) for value in table.column(name).values] for name in names]
    return zip(*columns, strict=True)


def _padded(text: str) -> str:
    return text + " " * max(1, _CELL - display_width(text))


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "ja": text.ja}
