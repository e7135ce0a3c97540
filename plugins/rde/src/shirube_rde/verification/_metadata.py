"""Rules on ``metadata.json``: its shape, and its agreement with the definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from shirube.errors import InputError
from shirube.rules import Judgement, Rule, informational
from shirube_rde.definition import missed
from shirube_rde.items import Item
from shirube_rde.texts import message
from shirube_rde.values import MAX_BYTES, has_format, has_offset, is_of_type
from shirube_rde.verification._inspected import Inspected, fault, rule

__all__ = ["METADATA_RULES"]


@frozen
class _Cell:
    """One value in one file: where it stands, and its cell."""

    file: str
    place: str
    key: str
    cell: Mapping[str, Any]
    variable: bool

    @property
    def value(self) -> Any:
        return self.cell.get("value")


def _readable(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        if isinstance(one.metadata, InputError):
            yield fault(tree.name(one.tile.metadata_path), one.metadata.message)


def _shaped(tree: Inspected) -> Iterator[Judgement]:
    for file, content in tree.metadata():
        constant, variable = content.get("constant"), content.get("variable")
        if not isinstance(constant, Mapping) or not isinstance(variable, list):
            yield fault(file, message("metadata-shape"))
            continue
        for place, cells in _maps(content):
            if not isinstance(cells, Mapping):
                yield fault(file, message("metadata-shape"))
                continue
            yield from (fault(file, place=f"{place}.{key}") for key, cell in cells.items() if not _is_cell(cell))


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, Mapping) or set(cell) - {"value", "unit"} or not isinstance(cell.get("unit", ""), str):
        return False
    value = cell.get("value")
    plain = value if isinstance(value, list) else [value]
    return all(isinstance(one, bool | int | float | str) for one in plain)


def _maps(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "constant", content["constant"]
    yield from ((f"variable[{index}]", cells) for index, cells in enumerate(content["variable"]))


def _cells(tree: Inspected) -> Iterator[_Cell]:
    for file, content in tree.metadata():
        for place, cells in _maps(content):
            for key, cell in cells.items():
                yield _Cell(file, f"{place}.{key}", key, cell, place != "constant")


def _defined(tree: Inspected) -> Iterator[tuple[_Cell, Item]]:
    items = tree.items()
    return ((cell, items[cell.key]) for cell in _cells(tree) if cell.key in items)


def _undefined(tree: Inspected) -> Iterator[Judgement]:
    items = tree.items()
    return (fault(cell.file, place=cell.place) for cell in _cells(tree) if cell.key not in items)


def _types(tree: Inspected) -> Iterator[Judgement]:
    for cell, item in _defined(tree):
        if not is_of_type(cell.value, item.type):
            yield fault(cell.file, place=cell.place, value=repr(cell.value), type=item.type)


def _units(tree: Inspected) -> Iterator[Judgement]:
    for cell, item in _defined(tree):
        # "$key": the unit is another item's value, which differs from tile to tile.
        if item.unit is not None and item.unit.startswith("$"):
            continue
        unit = cell.cell.get("unit")
        if unit != item.unit:
            yield fault(cell.file, place=cell.place, unit=unit or "-", wanted=item.unit or "-")


def _lengths(tree: Inspected) -> Iterator[Judgement]:
    for cell in _cells(tree):
        texts = cell.value if isinstance(cell.value, list) else [cell.value]
        size = max((len(one.encode("utf-8")) for one in texts if isinstance(one, str)), default=0)
        if size > MAX_BYTES:
            yield fault(cell.file, place=cell.place, size=size, limit=MAX_BYTES)


def _formats(tree: Inspected) -> Iterator[Judgement]:
    for cell, item in _defined(tree):
        if item.format is not None and isinstance(cell.value, str) and not has_format(cell.value, item.format):
            yield fault(cell.file, place=cell.place, value=repr(cell.value), format=item.format)


def _offsets(tree: Inspected) -> Iterator[Judgement]:
    for cell, item in _defined(tree):
        form, value = item.format, cell.value
        if form and isinstance(value, str) and has_format(value, form) and not has_offset(value, form):
            yield fault(cell.file, place=cell.place, value=repr(value))


def _something(tree: Inspected) -> Iterator[Judgement]:
    for file, content in tree.metadata():
        if not any(cells for _, cells in _maps(content)):
            yield fault(file)
        else:
            empty = [place for place, cells in _maps(content) if not cells and place != "constant"]
            yield from (fault(file, message("metadata-empty-part", place=place)) for place in empty)


def _numbers(tree: Inspected) -> Iterator[Judgement]:
    """Note texts that are numbers in every place: as texts they cannot be compared or searched for by range."""
    found: dict[str, list[_Cell]] = {}
    for cell, item in _defined(tree):
        if item.type == "string" and item.format is None and isinstance(cell.value, str):
            found.setdefault(item.key, []).append(cell)
    for key, cells in found.items():
        if all(_NUMBER.fullmatch(cell.value) for cell in cells):
            yield fault(cells[0].file, note=True, key=key, value=repr(cells[0].value))


def _placement(tree: Inspected) -> Iterator[Judgement]:
    for cell, item in _defined(tree):
        if cell.variable != item.variable:
            wanted = "variable" if item.variable else "constant"
            yield fault(cell.file, note=True, place=cell.place, wanted=wanted)


def _missing(tree: Inspected) -> Iterator[Judgement]:
    """Tell what has no value; not what only goes beside a value, nor what analyses yield where none was asked for."""
    filled = {cell.key for cell in _cells(tree)}
    absent = missed(tree.items(), filled)
    if absent:
        yield informational(message("metadata-missing", keys=", ".join(absent)).text())


#: With a decimal point or an exponent: names and numbers of samples may be digits alone.
_NUMBER: Final = re.compile(r"\s*[+-]?(\d+\.\d+|\d+(\.\d+)?[eE][+-]?\d+)\s*")
_SOUND: Final = ("RDE-MET-001", "RDE-MET-002")
_BOTH: Final = (*_SOUND, "RDE-DEF-001", "RDE-DEF-002")
METADATA_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-MET-001", "must", _readable),
    rule("RDE-MET-002", "must", _shaped, ("RDE-MET-001",)),
    rule("RDE-MET-003", "must", _undefined, _BOTH),
    rule("RDE-MET-004", "must", _types, _BOTH),
    rule("RDE-MET-005", "must", _units, _BOTH),
    rule("RDE-MET-006", "must", _lengths, _SOUND),
    rule("RDE-MET-007", "should", _formats, _BOTH),
    rule("RDE-MET-008", "may", _placement, _BOTH),
    rule("RDE-MET-009", "info", _missing, _BOTH),
    rule("RDE-MET-010", "should", _offsets, _BOTH),
    rule("RDE-MET-011", "should", _something, _SOUND),
    rule("RDE-MET-012", "should", _numbers, _BOTH),
)
