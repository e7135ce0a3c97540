"""One metadata item of RDE: its key, type, unit and place, and what fills it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import frozen

from shirube.messages import Text

ItemType: TypeAlias = Literal["array", "boolean", "integer", "number", "string"]
#: What of a term an item holds: its value, the standard uncertainty of it, or what the file's header says instead.
Part: TypeAlias = Literal["value", "uncertainty", "header"]

__all__ = ["Definition", "Item", "ItemType", "Part"]


@frozen(kw_only=True)
class Item:
    """One metadata item.

    Attributes:
        key: Registry key.
        label: Shown name.
        type: Type of the value.
        format: ``date``, ``time`` or ``date-time`` of a string.
        unit: Unit text, as it goes beside the value; None for none.
        base_unit: Unit the value is in where ``unit`` prints none: the term's.
        variable: Whether each spectrum has its own value.
        order: Place in the viewer, from 1.
        mode: How the value comes about.
        original_name: Key at the instrument.
        term: The term whose value it is; None when nothing here can fill it.
        analysis: The analysis that yields it; None for a fact.
        part: What of the term it holds.
    """

    key: str
    label: Text
    type: ItemType
    format: str | None = None
    unit: str | None = None
    base_unit: str | None = None
    variable: bool = False
    order: int | None = None
    mode: str | None = None
    original_name: str | None = None
    term: str | None = None
    analysis: str | None = None
    part: Part = "value"


Definition: TypeAlias = Mapping[str, Item]
