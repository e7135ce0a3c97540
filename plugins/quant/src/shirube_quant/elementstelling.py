"""Telling what a survey may show to people, as lines of text, and to programs, as one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from shirube.messages import Language, Text
from shirube.quantities import uncertain
from shirube.records import Outcome, Result
from shirube.regions import is_meant
from shirube.tables import Table, table_document
from shirube.text import display_width
from shirube_quant.elementsreport import ANALYSIS
from shirube_quant.phrases import message
from shirube_quant.quantifytelling import composition_lines, compositions_in

#: Columns of the cells of printed rows.
_CELLS: Final = (14, 48, 0)

__all__ = ["document_of", "lines_of", "results_in"]


def results_in(outcomes: Sequence[Outcome], regions: tuple[str, ...]) -> Iterator[tuple[Outcome, Result]]:
    """Yield the results of the regions that were meant, with their outcomes."""
    for outcome in outcomes:
        for result in outcome.results:
            if result.analysis == ANALYSIS and is_meant(outcome.entry.spectrum(result.target), regions):
                yield outcome, result


def lines_of(outcomes: Sequence[Outcome], lang: Language, regions: tuple[str, ...]) -> Iterator[str]:
    """Yield what people read: for each survey its elements with reasons, its peaks, and remarks; then compositions."""
    for outcome in outcomes:
        for file in outcome.entry.measurements:
            for remark in file.remarks:
                yield f"{file.name}: {remark.message.render(lang)}"
    for outcome, result in results_in(outcomes, regions):
        name = outcome.entry.spectrum(result.target).name
        yield f"{result.target}  {name}: {message(f'status-{result.status}').render(lang)}"
        for reason in result.reasons:
            yield f"  {reason.render(lang)}"
        tables = {table.name: table for table in result.tables}
        if "elements" in tables:
            yield from _element_lines(tables["elements"], lang)
        if "peaks" in tables:
            yield from _peak_lines(tables["peaks"], lang)
        for text in tables["remarks"].column(lang).values if "remarks" in tables else ():
            yield f"  {text}"
    for result in compositions_in(outcomes):
        yield from composition_lines(result, lang)


def document_of(outcomes: Sequence[Outcome], regions: tuple[str, ...]) -> dict[str, Any]:
    """Return the same for programs: status, reasons, scalars and tables of every survey, then of every composition."""
    return {
        "spectra": [
            {
                "id": result.target,
                "name": outcome.entry.spectrum(result.target).name,
                **_result_document(result),
            }
            for outcome, result in results_in(outcomes, regions)
        ],
        "compositions": [{"entry": result.target, **_result_document(result)} for result in compositions_in(outcomes)],
    }


def _result_document(result: Result) -> dict[str, Any]:
    return {
        "status": result.status,
        "reasons": [_both(reason) for reason in result.reasons],
        "scalars": {
            term: {"value": one.value, "unit": one.unit, "uncertainty": one.uncertainty}
            for term, one in result.scalars.items()
        },
        "tables": {table.name: table_document(table) for table in result.tables},
    }


def _element_lines(table: Table, lang: Language) -> Iterator[str]:
    yield f"  {table.label.render(lang)}"
    names = ("element", "score", f"reasons_{lang}")
    for symbol, score, reasons in zip(*(table.column(name).values for name in names), strict=True):
        yield f"    {symbol:<3} {float(score):.2f}  {reasons}"


def _peak_lines(table: Table, lang: Language) -> Iterator[str]:
    yield f"  {table.label.render(lang)}"
    shown = [table.column(name) for name in ("energy", f"assignment_{lang}", "others")]
    # which language a column is in goes without saying to its readers
    heads = [message(f"head-{name}").render(lang) for name in ("energy", "assignment", "others")]
    yield "    " + "".join(map(_padded, heads, _CELLS)).rstrip()
    spreads = table.column("energy_uncertainty").values
    for at, text, more, spread in zip(*(one.values for one in shown), spreads, strict=True):
        cells = (uncertain(float(at), float(spread)), str(text), str(more))
        yield "    " + "".join(map(_padded, cells, _CELLS)).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * max(1, width - display_width(text))


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "ja": text.ja}
