"""Telling a composition to people, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shirube.messages import Language
from shirube.quantities import uncertain
from shirube.records import Outcome, Result
from shirube.tables import Table
from shirube_quant.phrases import message
from shirube_quant.quantifyreport import ANALYSIS

__all__ = ["composition_lines", "compositions_in"]


def compositions_in(outcomes: Sequence[Outcome]) -> Iterator[Result]:
    """Yield what the quantification found; an entry that was not meant for it has nothing to say."""
    for outcome in outcomes:
        yield from (one for one in outcome.results if one.analysis == ANALYSIS and one.status != "skipped")


def composition_lines(result: Result, lang: Language) -> Iterator[str]:
    """Yield the percentages of a quantification with their uncertainties and depths, and what they rest on."""
    tables = {table.name: table for table in result.tables}
    status = message(f"status-{result.status}")
    yield message("told-composition", entry=result.target, status=status).render(lang)
    if "composition" in tables:
        yield from _percentages(tables["composition"], _depths(tables["lines"]), lang)
    for reason in result.reasons:
        yield f"  {reason.render(lang)}"
    remarks = tables.get("remarks")
    if remarks is not None:
        kinds, texts = remarks.column(f"kind_{lang}").values, remarks.column(lang).values
        assumed = message("kind-assumption").render(lang)
        sign = "：" if lang == "ja" else ": "
        yield from (f"  {kind}{sign}{text}" for kind, text in zip(kinds, texts, strict=True) if kind == assumed)


def _percentages(table: Table, depths: dict[tuple[str, float], float], lang: Language) -> Iterator[str]:
    names = ("photon_energy", "element", "level", "percent", "percent_uncertainty", "percent_by_areas")
    for energy, element, level, percent, both, areas in zip(*(table.column(one).values for one in names), strict=True):
        told = message(
            "told-percentage",
            element=f"{element:<2}",
            percent=f"{uncertain(float(percent), float(both), '%'):<16}",
            areas=f"{float(areas):.2f} %",
            level=level,
            hv=f"{float(energy):g}",
            depth=f"{depths[str(level), float(energy)]:.1f}",
        )
        yield f"    {told.render(lang)}"


def _depths(table: Table) -> dict[tuple[str, float], float]:
    """Return the depth probed by each line that was used, by level and photon energy."""
    names = ("level", "photon_energy", "depth", "used")
    rows = zip(*(table.column(one).values for one in names), strict=True)
    return {(str(level), float(energy)): float(depth) for level, energy, depth, used in rows if used}
