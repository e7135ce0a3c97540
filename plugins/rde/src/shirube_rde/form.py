"""The web form of a job (``invoice.schema.json``), derived from the manual items of guides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from shirube.errors import OutputError
from shirube.guides import GuideData, ManualItem
from shirube.messages import Text
from shirube_rde.texts import message

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_ID: Final = "https://rde.nims.go.jp/rde/dataset-templates/{template}/invoice.schema.json"
_CUSTOM: Final = Text(en="Experiment information", ja="実験情報")
_SAMPLE: Final = Text(en="Sample information", ja="試料情報")

__all__ = ["invoice_schema"]


def invoice_schema(guides: Sequence[GuideData], *, custom: bool = False, sample: bool = True) -> dict[str, Any]:
    """Return the schema of the invoices of a dataset template.

    Args:
        guides: Guides whose manual items the form asks for, in order.
        custom: Whether there is a section for manual items even if there are none.
        sample: Whether the form asks for the sample.

    Raises:
        OutputError: Two guides define one item differently.
    """
    fields = _fields(guides)
    properties: dict[str, Any] = {}
    if fields or custom:
        properties["custom"] = {"type": "object", "label": _label(_CUSTOM), "required": [], "properties": fields}
    if sample:
        properties["sample"] = {"type": "object", "label": _label(_SAMPLE), "properties": {}}
    name = "_".join(guide.name for guide in guides) or "shirube"
    return {
        "$schema": _DRAFT,
        "$id": _ID.format(template=name),
        "description": " / ".join(guide.overview.title.ja for guide in guides) or name,
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }


def _fields(guides: Sequence[GuideData]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for guide in guides:
        for item in guide.manual:
            field = _field(item)
            if fields.get(item.key, field) != field:
                raise OutputError(message("form-conflict", key=item.key))
            fields[item.key] = field
    return fields


def _field(item: ManualItem) -> dict[str, Any]:
    optional = {
        "description": None if item.help is None else _both(item.help),
        "default": item.default,
        "enum": list(item.choices) or None,
        # RDE's own model of the form takes whole numbers only; the next whole number outwards refuses nothing valid.
        "minimum": None if item.minimum is None else math.floor(item.minimum),
        "maximum": None if item.maximum is None else math.ceil(item.maximum),
        "options": _options(item) or None,
    }
    field = {"label": _label(item.label), "type": item.type}
    return field | {key: value for key, value in optional.items() if value is not None}


def _options(item: ManualItem) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if item.rows is not None:
        options |= {"widget": "textarea", "rows": item.rows}
    if item.unit is not None:
        options["unit"] = item.unit
    return options


def _label(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}


def _both(text: Text) -> str:
    return text.ja if text.ja == text.en else f"{text.ja} / {text.en}"
