"""The metadata of a tile (``metadata.json``): every defined item that has a value, typed and in its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from attrs import field, frozen

from shirube.errors import InputError, OutputError
from shirube.messages import Text
from shirube.records import Outcome, Quantity, Result, Value
from shirube_rde.definition import missed, term_key
from shirube_rde.documents import Document
from shirube_rde.items import Definition, Item
from shirube_rde.texts import joined, message
from shirube_rde.values import Refused, is_residue, item_value, left_out

Cell: TypeAlias = dict[str, Value]

__all__ = ["Metadata", "flat_values", "metadata_of", "quantity_used", "undefined_keys"]


@frozen(kw_only=True)
class Metadata:
    """What ``metadata.json`` holds, and what it lacks.

    Attributes:
        constant: Values of the whole entry by key.
        variable: Values by key, one mapping for each spectrum, in order.
        missing: Keys that are defined but have no value in this entry, or none that RDE can hold. What only goes beside
            a value (its uncertainty, the header's) is not missed, nor what analyses yield where none yielded anything.
    """

    constant: dict[str, Cell] = field(factory=dict)
    variable: tuple[dict[str, Cell], ...] = ()
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``metadata.json``."""
        return {"constant": self.constant, "variable": list(self.variable)}


def metadata_of(outcome: Outcome, definition: Definition, utc_offset: str | None = None) -> Metadata:
    """Return the metadata of an outcome, items in the definition's order.

    An item of the entry whose value differs between its spectra goes to each spectrum: nothing is dropped and
    nothing is claimed for the whole that holds for a part.

    Args:
        outcome: The entry with its facts, decisions and results.
        definition: The items.
        utc_offset: Written behind times that state none; None leaves them as the file has them.

    Raises:
        OutputError: Values that RDE cannot take: all of them, each with its key, value and origin.
    """
    spectra = outcome.entry.spectra()
    constant: dict[str, Cell] = {}
    variable: list[dict[str, Cell]] = [{} for _ in spectra]
    problems: list[Text] = []
    ordered = sorted(definition.values(), key=_place)
    for item in ordered:
        whole, each = _quantities(outcome, item)
        cells = [_cell(item, quantity, utc_offset, problems) for quantity in each]
        entry_cell = _cell(item, whole, utc_offset, problems)
        if entry_cell is None and not item.variable:
            entry_cell = _common(cells)
        if entry_cell is not None:
            constant[item.key] = entry_cell
            continue
        for values, cell in zip(variable, cells, strict=True):
            if cell is not None:
                values[item.key] = cell
    if problems:
        raise OutputError(joined(list(dict.fromkeys(problems))))
    missing = missed({item.key: item for item in ordered}, set(constant).union(*variable))
    return Metadata(constant=constant, variable=tuple(variable), missing=missing)


def quantity_used(outcome: Outcome, spectrum_id: str, term: str) -> Quantity | None:
    """Return the quantity of ``term`` that was used for a spectrum: what was decided, else the only one there is.

    A decision that chose none leaves none, whatever the file's header claims.
    """
    return _used(outcome, _decided(outcome, term), spectrum_id, term)


def _decided(outcome: Outcome, term: str) -> dict[str, Quantity | None]:
    """Return what was decided of a term last, by spectrum: all at once, as files have thousands of regions."""
    return {one.subject: one.chosen for one in outcome.decisions if one.term == term}


def _used(outcome: Outcome, decided: Mapping[str, Quantity | None], spectrum_id: str, term: str) -> Quantity | None:
    if spectrum_id in decided:
        return decided[spectrum_id]
    facts = outcome.entry.facts.get(spectrum_id)
    return None if facts is None else facts.get(term)


def undefined_keys(outcome: Outcome, definition: Definition, derived: Definition) -> tuple[str, ...]:
    """Return the keys that would hold a value of ``outcome`` if ``definition`` knew them.

    Args:
        outcome: The entry with its facts and results.
        definition: The items that are written.
        derived: The items that guide and analyses make; a key of theirs is used where there is one.
    """
    known = {item.term for item in definition.values() if item.part == "value"}
    named = {item.term: item.key for item in derived.values() if item.part == "value"}
    facts = [term for spectrum in outcome.entry.spectra() for term in outcome.entry.facts.get(spectrum.id, ())]
    found = [term for result in _sound(outcome) for term in result.scalars]
    return tuple(dict.fromkeys(named.get(term, term_key(term)) for term in (*facts, *found) if term not in known))


def _place(item: Item) -> tuple[bool, int]:
    """Return what items are sorted by: their order, those without one last, as RDE's viewer shows them."""
    return item.order is None, item.order or 0


def _quantities(outcome: Outcome, item: Item) -> tuple[Quantity | None, list[Quantity | None]]:
    """Return the entry's quantity and each spectrum's."""
    ids = [spectrum.id for spectrum in outcome.entry.spectra()]
    if item.term is None:
        return None, [None for _ in ids]
    if item.part == "header":
        return None, [_in_header(outcome, one, item.term) for one in ids]
    if item.analysis is None:
        decided = _decided(outcome, item.term)
        used = [_used(outcome, decided, spectrum_id, item.term) for spectrum_id in ids]
        return None, [_part(quantity, item) for quantity in used]
    found = {
        result.target: _part(result.scalars[item.term], item)
        for result in _sound(outcome)
        if result.analysis == item.analysis and item.term in result.scalars
    }
    return found.get(outcome.entry.name), [found.get(spectrum_id) for spectrum_id in ids]


def _in_header(outcome: Outcome, spectrum_id: str, term: str) -> Quantity | None:
    """Return what the header says of a term; None for what nobody measured, which would be found as if it were so."""
    facts = outcome.entry.facts.get(spectrum_id)
    found = None if facts is None else facts.candidate(term, "header")
    return None if found is None or is_residue(found) else found


def _part(quantity: Quantity | None, item: Item) -> Quantity | None:
    """Return the quantity, or the one that its standard uncertainty is."""
    if quantity is None or item.part == "value":
        return quantity
    uncertainty = quantity.uncertainty
    return None if uncertainty is None else Quantity(uncertainty, quantity.unit, origin=quantity.origin)


def _sound(outcome: Outcome) -> Iterator[Result]:
    return (result for result in outcome.results if result.status in ("ok", "doubtful"))


def _cell(item: Item, quantity: Quantity | None, utc_offset: str | None, problems: list[Text]) -> Cell | None:
    # A text that is too long is left out, which has been remarked of the measurement: cut, it would say something else.
    if quantity is None or left_out(quantity) is not None:
        return None
    try:
        value = item_value(item, quantity, utc_offset)
    except Refused as refused:
        origin = quantity.origin
        where = Text(en=origin.render("en"), ja=origin.render("ja"))
        problems.append(message("value-refused", key=item.key, reason=refused.reason, origin=where).text())
        return None
    unit = quantity.unit if item.unit is not None and item.unit.startswith("$") else item.unit
    return {"value": value} if unit is None else {"value": value, "unit": unit}


def _common(cells: Sequence[Cell | None]) -> Cell | None:
    """Return the cell that all spectra share, None when one differs or has none."""
    first = cells[0] if cells else None
    return first if all(cell == first for cell in cells) else None


def flat_values(document: Document, path: Path) -> dict[str, Value]:
    """Return the plain values of a ``metadata.json``: constants, and of the others the first spectrum's.

    Raises:
        InputError: It has another shape than RDE's.
    """
    constant, variable = document.content.get("constant"), document.content.get("variable")
    cells: list[Any] = [constant, *variable] if isinstance(variable, list) else [None]
    if not all(isinstance(one, Mapping) for one in cells):
        raise InputError(message("metadata-shape"), path=path)
    found: dict[str, Value] = {}
    for one in cells:
        for key, cell in one.items():
            value = cell.get("value") if isinstance(cell, Mapping) else None
            if isinstance(value, bool | int | float | str):
                found.setdefault(key, value)
    return found
