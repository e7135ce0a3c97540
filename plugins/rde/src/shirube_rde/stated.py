"""Metadata that the row of a table states, beside those of the data files."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from shirube.messages import Text
from shirube.records import Origin, Quantity
from shirube_rde.casting import cast
from shirube_rde.failure import MetadataError
from shirube_rde.items import Definition
from shirube_rde.metadata import Cell, Metadata
from shirube_rde.texts import joined, message
from shirube_rde.values import Refused, item_value

__all__ = ["with_stated"]


def with_stated(metadata: Metadata, stated: Mapping[str, str], definition: Definition) -> Metadata:
    """Return metadata with what a table states of the whole tile; it wins over what files say.

    An item that each spectrum has its own value of gets the table's for each of them.

    Args:
        metadata: Of the data files.
        stated: Texts of the table's cells by key.
        definition: The items, which say of what type and in what unit each is.

    Raises:
        MetadataError: Keys that are not defined, values of another type: all of them.
    """
    if not stated:
        return metadata
    problems: list[Text] = []
    cells: dict[str, Cell] = {}
    for key, text in stated.items():
        item = definition.get(key)
        if item is None:
            problems.append(message("stated-undefined", key=key).text())
            continue
        try:
            value = item_value(item, Quantity(cast(text, item.type), item.unit, origin=Origin("invoice", key=key)))
        except ValueError:
            problems.append(message("table-type", where="meta", key=key, value=text, type=item.type).text())
        except Refused as refused:
            problems.append(message("value-refused", key=key, origin="meta", reason=refused.reason).text())
        else:
            cells[key] = {"value": value} if item.unit is None else {"value": value, "unit": item.unit}
    if problems:
        raise MetadataError(joined(problems))
    each = {key: cell for key, cell in cells.items() if definition[key].variable}
    constant = {key: cell for key, cell in (metadata.constant | cells).items() if key not in each}
    variable = tuple(
        _ordered({key: cell for key, cell in found.items() if key not in cells} | each, definition)
        for found in metadata.variable
    )
    missing = tuple(key for key in metadata.missing if key not in stated)
    return evolve(metadata, constant=_ordered(constant, definition), variable=variable, missing=missing)


def _ordered(cells: Mapping[str, Cell], definition: Definition) -> dict[str, Cell]:
    places = {key: number for number, key in enumerate(definition)}
    return dict(sorted(cells.items(), key=lambda one: places[one[0]]))
