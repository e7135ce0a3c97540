"""Reporting: what a survey may show as the result record that travels on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from attrs import evolve

from shirube.messages import Message, Text
from shirube.parameters import effective
from shirube.records import NamedArray, Origin, Quantity, Result, Spectrum
from shirube.tables import Column, Table
from shirube_quant.assignments import Identification
from shirube_quant.expectation import without_data
from shirube_quant.negatives import has_negatives, negatives_said
from shirube_quant.parameters import ElementsParameters
from shirube_quant.phrases import message
from shirube_quant.surveys import Survey, is_in_reach
from shirube_quant.wording import assignment_text, kind_text, label_of, reasons_of, rejection_of

ANALYSIS: Final = "elements"
#: An unassigned peak of this part of the largest height makes the whole doubtful.
_LARGE: Final = 0.1
#: Offsets this near to the largest one allowed are no offsets that were found, eV.
_AT_LIMIT: Final = 0.1
#: Standard deviation of the shifts that chemistry gives to elements, eV: what an offset cannot be told from.
_CHEMISTRY: Final = 1.5
#: Rejected elements that are listed.
_REJECTED: Final = 12
#: Offsets that are worth a word, eV.
_WORTH: Final = 0.5

__all__ = ["ANALYSIS", "result_of"]


def result_of(found: Identification, survey: Survey, spectrum: Spectrum, parameters: ElementsParameters) -> Result:
    """Return an identification as a result: scalars by term, tables, and the arrays that its figure shows."""
    reasons = _doubts(found, parameters)
    if has_negatives(spectrum):
        reasons.append(negatives_said(spectrum))
    tables = [_elements_table(found), _peaks_table(found, spectrum.intensity_unit), _lines_table(found)]
    if found.rejected:
        tables.append(_rejected_table(found))
    tables.append(_remarks_table([*_remarks(found), *_unreachable(survey, parameters), *survey.remarks]))
    return Result(
        analysis=ANALYSIS,
        target=spectrum.id,
        status="doubtful" if reasons else "ok",
        reasons=tuple(one.text() for one in reasons),
        scalars=_scalars(found),
        tables=tuple(one for one in tables if len(one)),
        arrays=(
            NamedArray("energy", survey.energy, "eV"),
            NamedArray("intensity", spectrum.intensity, spectrum.intensity_unit),
        ),
        parameters=effective(parameters),
    )


def _scalars(found: Identification) -> dict[str, Quantity]:
    symbols = [one.element for one in found.elements]
    origin = Origin("analysis", ANALYSIS)
    scalars = {
        "elements_found": Quantity(", ".join(symbols), origin=origin),
        "element_count": Quantity(len(symbols), origin=origin),
        "peak_count": Quantity(len(found.peaks), origin=origin),
        "unassigned_count": Quantity(len(found.unassigned), origin=origin),
    }
    if symbols:
        spread = _CHEMISTRY / math.sqrt(len(symbols))
        scalars["scale_offset"] = Quantity(found.scene.offset, "eV", spread, origin)
    return {f"quant.{name}": quantity for name, quantity in scalars.items()}


def _doubts(found: Identification, parameters: ElementsParameters) -> list[Message]:
    if not found.peaks:
        return [message("no-peaks", significance=f"{parameters.significance:g}")]
    if not found.elements:
        return [message("no-elements", hv=f"{found.scene.photon_energy:g}")]
    doubts = []
    largest = max(one.height for one in found.peaks)
    large = [one for one in found.unassigned if one.height > _LARGE * largest]
    if large:
        doubts.append(message("large-unassigned", energies=_energies(one.energy for one in large)))
    offset = found.scene.offset
    if offset and abs(offset) > parameters.max_offset - _AT_LIMIT:
        doubts.append(message("offset-at-limit", offset=f"{offset:+.2f}"))
    return doubts


def _remarks(found: Identification) -> list[Message]:
    remarks = [message("no-assertion")]
    if abs(found.scene.offset) > _WORTH:
        remarks.append(message("offset-found", offset=f"{found.scene.offset:+.2f}"))
    if found.unassigned:
        remarks.append(message("unassigned", energies=_energies(one.energy for one in found.unassigned)))
    hv = found.scene.photon_energy
    lacking = [str(level) for one in found.elements for level in without_data(one.element, hv)]
    if lacking:
        remarks.append(message("lines-without-data", lines=", ".join(lacking)))
    return remarks


def _unreachable(survey: Survey, parameters: ElementsParameters) -> Iterator[Message]:
    """Yield which of the elements asked for cannot show a line, which is no finding."""
    without = [one for one in parameters.only if not is_in_reach(one, survey)]
    if without:
        yield message("only-out-of-reach", elements=", ".join(without), hv=f"{survey.photon_energy:g}")


def _energies(values: Iterable[float]) -> str:
    return ", ".join(f"{one:.1f}" for one in values)


def _elements_table(found: Identification) -> Table:
    rows = found.elements
    reasons = [reasons_of(one, found) for one in rows]
    leading = [one.matches[0] for one in rows]
    columns = (
        _texts("element", (one.element for one in rows)),
        _numbers("score", (found.score(one.element) for one in rows)),
        _texts("level", (str(one.line.label) for one in leading)),
        _numbers("energy", (_energy_of(found, one.peak) for one in leading), "eV"),
        _numbers("shift", (one.shift for one in rows), "eV"),
        _counts("lines_seen", (sum(match.gain > 0.0 for match in one.matches) for one in rows)),
        _texts("auger", (", ".join(str(group) for group in found.augers.get(one.element, ())) or "-" for one in rows)),
        _texts("reasons_en", (one.en for one in reasons)),
        _texts("reasons_ja", (one.ja for one in reasons)),
    )
    return Table("elements", message("table-elements").text(), columns)


def _peaks_table(found: Identification, unit: str) -> Table:
    texts = [assignment_text(one) for one in found.assignments]
    scores = {one.element: found.score(one.element) for one in found.elements}
    kinds = [kind_text(one) for one in found.assignments]
    peaks = found.peaks
    columns = (
        _counts("peak", range(1, len(peaks) + 1)),
        _numbers("energy", (one.energy for one in peaks), "eV"),
        _numbers("energy_uncertainty", (one.uncertainty for one in peaks), "eV"),
        _numbers("height", (one.height for one in peaks), unit),
        _numbers("width", (one.width for one in peaks), "eV"),
        _numbers("significance", (one.significance for one in peaks)),
        _texts("kind", (one.kind for one in found.assignments)),
        _texts("kind_en", (one.en for one in kinds)),
        _texts("kind_ja", (one.ja for one in kinds)),
        _texts("assignment_en", (one.en for one in texts)),
        _texts("assignment_ja", (one.ja for one in texts)),
        _numbers("score", (scores.get(one.element, np.nan) for one in found.assignments)),
        _texts("others", (", ".join(map(label_of, found.others[one.peak])) or "-" for one in found.assignments)),
    )
    return Table("peaks", message("table-peaks").text(), columns)


def _lines_table(found: Identification) -> Table:
    rows = [(one, match) for one in found.elements for match in one.matches]
    columns = (
        _texts("element", (one.element for one, _ in rows)),
        _texts("level", (str(match.line.label) for _, match in rows)),
        _numbers("cited", (match.line.energy for _, match in rows), "eV"),
        _numbers("expected", (match.line.energy + one.shift for one, match in rows), "eV"),
        _numbers("energy", (_energy_of(found, match.peak) for _, match in rows), "eV"),
        _numbers("predicted_ratio", (match.ratio for _, match in rows)),
        _numbers("gain", (match.gain for _, match in rows)),
        _numbers("cost", (match.cost for _, match in rows)),
        _texts("reference_en", (match.line.source.en for _, match in rows)),
        _texts("reference_ja", (match.line.source.ja for _, match in rows)),
    )
    return Table("lines", message("table-expected").text(), columns)


def _rejected_table(found: Identification) -> Table:
    rows = sorted(found.rejected.values(), key=lambda one: -one.evidence.total)[:_REJECTED]
    reasons = [rejection_of(one, found) for one in rows]
    columns = (
        _texts("element", (one.element for one in rows)),
        _numbers("score", (one.evidence.score for one in rows)),
        _texts("reasons_en", (one.en for one in reasons)),
        _texts("reasons_ja", (one.ja for one in reasons)),
    )
    return Table("rejected", message("table-rejected").text(), columns)


def _remarks_table(remarks: Sequence[Message]) -> Table:
    columns = (
        Column("code", message("column-code").text(), tuple(one.code for one in remarks)),
        Column("en", message("column-remark_en").text(), tuple(one.render("en") for one in remarks)),
        Column("ja", message("column-remark_ja").text(), tuple(one.render("ja") for one in remarks)),
    )
    return Table("remarks", message("table-notes").text(), columns)


def _energy_of(found: Identification, peak: int | None) -> float:
    return np.nan if peak is None else found.peaks[peak].energy


def _label(name: str) -> Text:
    return message(f"column-{name}").text()


def _numbers(name: str, values: Iterable[float], unit: str = "") -> Column:
    return Column(name, _label(name), np.array(list(values), dtype=np.float64), unit)


def _counts(name: str, values: Iterable[float]) -> Column:
    return evolve(_numbers(name, values), whole=True)


def _texts(name: str, values: Iterable[str]) -> Column:
    return Column(name, _label(name), tuple(values))
