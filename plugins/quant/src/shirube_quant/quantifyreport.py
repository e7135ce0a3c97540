"""Reporting: a quantification as the result record that travels on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from shirube.messages import LANGUAGES, Renderable, Text, joined
from shirube.parameters import effective
from shirube.records import Origin, Quantity, Result, ResultStatus, Value
from shirube.tables import Column, Table
from shirube_quant.hints import Hints
from shirube_quant.phrases import message
from shirube_quant.quantification import ComponentShare, ElementShare, LineShare, Quantification, QuantifiedSet, Share
from shirube_quant.quantifyparameters import QuantifyParameters

ANALYSIS: Final = "quantify"
_PERCENT: Final = 100.0
#: The depth from which 95 % of the electrons come, in mean free paths.
_DEPTHS: Final = 3.0
#: Uncertainties in per cent below which two decimals say something.
_ONE_DECIMAL: Final = 0.2

__all__ = ["ANALYSIS", "composition_text", "depth", "result_of"]


def result_of(found: Quantification, hints: Hints, target: str, parameters: QuantifyParameters) -> Result:
    """Return a quantification as a result: scalars by term and tables; a refusal has its reasons."""
    doubts = () if found.best is None else (*found.best.doubts, *found.lacking)
    status: ResultStatus = "doubtful" if doubts else "ok"
    reasons = tuple(_text(one) for one in doubts)
    if found.best is None:
        # One region was not meant to be quantified: that it was not is nothing to look at.
        status = "refused" if found.meant > 1 else "skipped"
        reasons = (_refusal(found),)
    return Result(
        analysis=ANALYSIS,
        target=target,
        status=status,
        reasons=tuple(dict.fromkeys(reasons)),
        scalars=_scalars(found.best, parameters) if found.best is not None else {},
        tables=tuple(_tables(found, hints, parameters)),
        parameters=effective(parameters),
    )


def composition_text(group: QuantifiedSet) -> str:
    """Return atomic percentages in one line: ``C 74.1, O 20.3, N 5.6``, with the decimals that are known."""
    return ", ".join(f"{one.element} {_PERCENT * one.fraction:.{_decimals(one)}f}" for one in group.elements)


def depth(line: LineShare, parameters: QuantifyParameters) -> float:
    """Return the depth from which 95 % of the electrons of a line come, nm: three mean free paths along the normal."""
    return _DEPTHS * line.sensitivity.path.value * math.cos(math.radians(parameters.emission_angle))


def _decimals(one: ElementShare) -> int:
    return 1 if _PERCENT * one.uncertainty >= _ONE_DECIMAL else 2


def _text(one: Renderable) -> Text:
    return one if isinstance(one, Text) else one.text()


def _refusal(found: Quantification) -> Text:
    """Return why there is no composition, in one sentence."""
    listed: list[Renderable] = [
        message("one-element", element=one.elements[0].element, hv=f"{one.photon_energy:g}") for one in found.sets
    ]
    if len(found.sets) > 1:
        listed.append(message("no-common-flux"))
    return joined(
        _text(one) for one in (*(listed or [message("nothing-to-quantify")]), *found.lacking, *found.left_out)
    )


def _scalars(group: QuantifiedSet, parameters: QuantifyParameters) -> dict[str, Quantity]:
    main = group.elements[0]
    used = sorted((one for one in group.lines if one.used), key=lambda one: one.sensitivity.path.value)
    scalars = {
        # that of the energy axis, not measured here: there is nothing uncertain about it
        "photon_energy": Quantity(group.photon_energy, "eV", origin=Origin("axis")),
        "quantified_count": _quantity(len(group.elements)),
        "quantified_elements": _quantity(", ".join(one.element for one in group.elements)),
        "composition": _quantity(composition_text(group)),
        "main_element": _quantity(main.element),
        "main_percent": _quantity(_PERCENT * main.fraction, "%", _PERCENT * main.uncertainty),
        "factor_uncertainty": Quantity(_PERCENT * parameters.sensitivity_uncertainty, "%", origin=Origin("settings")),
        "depth_least": _depth(used[0], parameters),
        "depth_most": _depth(used[-1], parameters),
        "material": _quantity(parameters.material or ""),
    }
    return {f"quant.{name}": quantity for name, quantity in scalars.items() if quantity.value != ""}


def _depth(line: LineShare, parameters: QuantifyParameters) -> Quantity:
    path = line.sensitivity.path
    value = depth(line, parameters)
    return _quantity(value, "nm", value * path.uncertainty / path.value)


def _quantity(value: Value, unit: str | None = None, uncertainty: float | None = None) -> Quantity:
    return Quantity(value, unit, uncertainty, Origin("analysis", ANALYSIS))


def _tables(found: Quantification, hints: Hints, parameters: QuantifyParameters) -> Iterable[Table]:
    sets = found.sets
    # Of one element alone all atoms would be of it, which says nothing.
    elements = [(group, one) for group in sets if len(group.elements) > 1 for one in group.elements]
    lines = [(group, one) for group in sets for one in group.lines]
    components = [(group, one) for group in sets for one in group.components]
    if elements:
        yield Table("composition", message("table-composition").text(), _element_columns(elements))
    if lines:
        yield Table("lines", message("table-lines").text(), _line_columns(lines, parameters))
    if components:
        yield Table("components", message("table-components").text(), _component_columns(components))
    if hints.rows:
        yield Table("states", message("table-states").text(), hints.columns())
    said = [
        *((message("kind-assumption"), one) for one in found.assumptions),
        *((message("kind-region"), one) for group in sets for one in group.said),
        *((message("kind-doubt"), one) for group in sets for one in group.doubts),
        *((message("kind-left-out"), one) for one in (*found.lacking, *found.left_out)),
        *((message("kind-states"), one) for one in hints.said),
    ]
    if said:
        yield _remarks(said)


def _remarks(said: Sequence[tuple[Renderable, Renderable]]) -> Table:
    columns = (
        _texts("kind_en", Text("Kind (English)", "種類（英語）"), (kind.render("en") for kind, _ in said)),
        _texts("en", Text("Remark (English)", "注記（英語）"), (one.render("en") for _, one in said)),
        _texts("kind_ja", Text("Kind (Japanese)", "種類（日本語）"), (kind.render("ja") for kind, _ in said)),
        _texts("ja", Text("Remark (Japanese)", "注記（日本語）"), (one.render("ja") for _, one in said)),
    )
    return Table("remarks", message("table-remarks").text(), columns)


def _element_columns(rows: Sequence[tuple[QuantifiedSet, ElementShare]]) -> tuple[Column, ...]:
    parts = [one for _, one in rows]
    return (
        _named_numbers("photon_energy", (group.photon_energy for group, _ in rows), "eV"),
        _named_texts("element", (one.element for one in parts)),
        _named_texts("level", (str(one.line.line.level) for one in parts)),
        *_percentages(parts),
    )


def _component_columns(rows: Sequence[tuple[QuantifiedSet, ComponentShare]]) -> tuple[Column, ...]:
    parts = [one for _, one in rows]
    return (
        _named_numbers("photon_energy", (group.photon_energy for group, _ in rows), "eV"),
        _named_texts("region", (one.line.line.region for one in parts)),
        _named_texts("level", (str(one.line.line.level) for one in parts)),
        _named_texts("component", (one.component.name for one in parts)),
        _named_numbers("position", (one.component.position for one in parts), "eV"),
        _named_numbers("position_uncertainty", (one.component.position_uncertainty for one in parts), "eV"),
        *_percentages(parts),
    )


def _percentages(parts: Sequence[Share]) -> tuple[Column, ...]:
    """Return the columns of atomic percentages and their standard uncertainties."""
    return (
        _named_numbers("percent", (_PERCENT * one.fraction for one in parts), "%"),
        _named_numbers("percent_uncertainty", (_PERCENT * one.uncertainty for one in parts), "%"),
        _named_numbers("percent_by_areas", (_PERCENT * one.by_areas for one in parts), "%"),
        _named_numbers("percent_by_factors", (_PERCENT * one.by_factors for one in parts), "%"),
    )


def _line_columns(
    rows: Sequence[tuple[QuantifiedSet, LineShare]], parameters: QuantifyParameters
) -> tuple[Column, ...]:
    lines = [one for _, one in rows]
    units = {one.line.acquisition.unit for one in lines}
    unit = f"{known} × eV" if len(units) == 1 and (known := units.pop()) else ""
    numbers: tuple[tuple[str, str, Callable[[LineShare], float]], ...] = (
        ("position", "eV", lambda one: one.line.area.position),
        ("kinetic_energy", "eV", lambda one: one.sensitivity.energy),
        ("area", unit, lambda one: one.line.area.value),
        ("area_uncertainty", unit, lambda one: one.line.area.uncertainty),
        ("exposure", "s", lambda one: one.line.acquisition.total_seconds or math.nan),
        ("cross_section", "Mb", lambda one: one.sensitivity.cross_section),
        ("angular", "", lambda one: one.sensitivity.angular),
        ("mean_free_path", "nm", lambda one: one.sensitivity.path.value),
        ("mean_free_path_uncertainty", "nm", lambda one: one.sensitivity.path.uncertainty),
        ("depth", "nm", lambda one: depth(one, parameters)),
        ("transmission", "", lambda one: one.sensitivity.transmission),
        ("ratio", "", lambda one: one.ratio),
    )
    largest = max(one.sensitivity.factor for one in lines)
    return (
        _named_texts("region", (one.line.region for one in lines)),
        _named_texts("level", (str(one.line.level) for one in lines)),
        _named_texts("source", (one.line.area.source for one in lines)),
        *(
            _named_texts(f"source_{lang}", (message(f"source-{one.line.area.source}").render(lang) for one in lines))
            for lang in LANGUAGES
        ),
        _named_numbers("photon_energy", (group.photon_energy for group, _ in rows), "eV"),
        *(_named_numbers(name, map(value, lines), unit) for name, unit, value in numbers),
        _named_numbers("factor", (one.sensitivity.factor / largest for one in lines), ""),
        Column("used", message("column-used").text(), np.array([float(one.used) for one in lines]), whole=True),
    )


def _named_numbers(name: str, values: Iterable[float], unit: str) -> Column:
    return Column(name, message(f"column-{name}").text(), np.array(list(values), dtype=np.float64), unit)


def _named_texts(name: str, values: Iterable[str]) -> Column:
    return _texts(name, message(f"column-{name}").text(), values)


def _texts(name: str, label: Text, values: Iterable[str]) -> Column:
    return Column(name, label, tuple(values))
