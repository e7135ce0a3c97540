"""Invoices filled from the rows of tables; every cell that does not fit is a problem of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Final

from shirube.messages import Text
from shirube_rde.casting import cast
from shirube_rde.invoice import BASIC_ITEMS
from shirube_rde.texts import message

#: What rows of a table never clear: RDE itself fills these.
_KEPT: Final = ("dateSubmitted", "instrumentId")
_OF_SAMPLE: Final = ("sampleId", "composition", "referenceUrl", "description", "ownerId")
_ATTRIBUTES: Final = ("generalAttributes", "specificAttributes")
_SIMPLE: Final = ("sampleId", "names", "composition", "referenceUrl", "description", "ownerId", "hideOwner")

__all__ = ["Filling", "cleared", "new_sample", "row_of"]


class Filling:
    """An invoice that is being filled.

    Args:
        content: The invoice to begin with; it is not changed.
        schema: The schema of the invoice, which says of what type the manual items are.
    """

    def __init__(self, content: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
        self.content: dict[str, Any] = copy.deepcopy(dict(content))
        self.problems: list[Text] = []
        properties = schema.get("properties") or {}
        self._fields: Mapping[str, Any] = (properties.get("custom") or {}).get("properties") or {}

    def section(self, name: str) -> dict[str, Any]:
        """Return a section of the invoice, made where it is absent."""
        if not isinstance(self.content.get(name), dict):
            self.content[name] = {}
        found: dict[str, Any] = self.content[name]
        return found

    def basic(self, key: str, text: str, where: Text) -> None:
        """Set an item of ``basic``."""
        if key not in BASIC_ITEMS:
            self._unknown(where, f"basic.{key}", BASIC_ITEMS)
            return
        self.section("basic")[key] = text or None

    def custom(self, key: str, text: str, where: Text) -> None:
        """Set a manual item, of the type its schema says; a blank cell leaves it blank.

        A text that is not of that type stays a text, which the check against the schema then refuses.
        """
        field = self._fields.get(key)
        if not isinstance(field, Mapping):
            self._unknown(where, f"custom.{key}", self._fields)
            return
        try:
            self.section("custom")[key] = cast(text, str(field.get("type"))) if text else None
        except ValueError:
            self.section("custom")[key] = text

    def sample(self, key: str, text: str, where: Text) -> None:
        """Set an item of the sample; a blank cell empties it, but for the names: RDE takes no sample without."""
        if key not in _SIMPLE:
            self._unknown(where, f"sample.{key}", _SIMPLE)
        elif key == "names":
            if text:
                self.section("sample")[key] = [text]
        else:
            self.section("sample")[key] = text or None

    def attribute(self, section: str, ids: Mapping[str, str], text: str) -> None:
        """Set an attribute of the sample that ``ids`` (termId, perhaps classId) name; absent ones are added."""
        listed = self.section("sample").setdefault(section, []) or []
        self.section("sample")[section] = listed
        for one in listed:
            if all(one.get(name) == value for name, value in ids.items()):
                one["value"] = text or None
                return
        if text:
            listed.append({**ids, "value": text})

    def _unknown(self, where: Text, key: str, known: Iterable[str]) -> None:
        said = message("table-item-unknown", where=where, key=key, known=", ".join(known) or "-")
        self.problems.append(said.text())


def row_of(number: int) -> Text:
    """Return how messages call a row of a table."""
    return message("table-row", number=number).text()


def cleared(filling: Filling) -> None:
    """Empty all that the rows of an Excel invoice fill, so that a blank cell means blank, not the web form's value."""
    for name, section in filling.content.items():
        if name == "sample" or not isinstance(section, dict):
            continue
        section.update({key: None for key in section if key not in _KEPT})
    sample = filling.content.get("sample")
    if isinstance(sample, dict):
        sample.update({key: None for key in _OF_SAMPLE if key in sample})
        _empty_attributes(sample)


def new_sample(filling: Filling) -> None:
    """Empty what describes the sample chosen on the web form, because the table's row registers a new one."""
    sample = filling.section("sample")
    # An empty id would be one that does not exist.
    sample.update({"sampleId": None, "composition": None, "referenceUrl": None, "description": None})
    _empty_attributes(sample)


def _empty_attributes(sample: dict[str, Any]) -> None:
    for section in _ATTRIBUTES:
        for one in sample.get(section) or ():
            one["value"] = None
