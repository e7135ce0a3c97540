"""Rules on what a template says in itself: definitions that cannot work, fields that contradict themselves."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shirube.rules import Judgement, Rule
from shirube_rde.items import Item
from shirube_rde.layout import is_file
from shirube_rde.texts import message
from shirube_rde.values import is_of_type
from shirube_rde.verification._inspected import Inspected, content_of, fault, rule

_FORMATS: Final = ("date", "time", "date-time", "duration")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_NUMERIC: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_TEXTUAL: Final = ("minLength", "maxLength", "pattern", "format")

__all__ = ["TEMPLATE_RULES"]


def _meaningful(tree: Inspected) -> Iterator[Judgement]:
    items = tree.items()
    for item in items.values():
        yield from (fault(tree.name(tree.job.definition), said) for said in _meaningless(item, items))


def _meaningless(item: Item, items: Mapping[str, Item]) -> Iterator[Any]:
    if item.format is not None and (item.format not in _FORMATS or item.type != "string"):
        yield message("definition-format", key=item.key, format=item.format, type=item.type)
    if item.unit is not None and item.type in ("string", "boolean"):
        yield message("definition-unit", key=item.key, unit=item.unit, type=item.type)
    if item.unit is not None and item.unit.startswith("$") and item.unit[1:] not in items:
        yield message("definition-unit-unknown", key=item.key, unit=item.unit)
    if not item.label.ja.strip() or not item.label.en.strip():
        yield message("definition-name-blank", key=item.key)


def _orders(tree: Inspected) -> Iterator[Judgement]:
    items = tree.items()
    count = Counter(item.order for item in items.values())
    wrong = [item.key for item in items.values() if item.order is None or count[item.order] > 1]
    if wrong:
        yield fault(tree.name(tree.job.definition), keys=", ".join(wrong))


def _no_code(tree: Inspected) -> Iterator[Judgement]:
    for key, entry in (content_of(tree.definition) or {}).items():
        if isinstance(entry, Mapping) and "action" in entry:
            yield fault(tree.name(tree.job.definition), key=key)


def _keys(tree: Inspected) -> Iterator[Judgement]:
    wrong = [key for key in tree.items() if not _KEY.fullmatch(key)]
    if wrong:
        yield fault(tree.name(tree.job.definition), keys=", ".join(wrong))


def _fields(tree: Inspected) -> dict[str, Any]:
    content = content_of(tree.schema) or {}
    fields = content.get("properties", {}).get("custom", {}).get("properties", {})
    return {key: one for key, one in fields.items() if isinstance(one, Mapping)}


def _consistent(tree: Inspected) -> Iterator[Judgement]:
    name, fields = tree.name(tree.job.schema), _fields(tree)
    for key, field in fields.items():
        yield from (fault(name, said) for said in _contradictions(key, field))
    custom = (content_of(tree.schema) or {}).get("properties", {}).get("custom", {})
    required = custom.get("required", []) if isinstance(custom, Mapping) else []
    yield from (fault(name, message("field-undefined", key=key)) for key in required if key not in fields)


def _contradictions(key: str, field: Mapping[str, Any]) -> Iterator[Any]:
    kind = str(field.get("type", "string"))
    foreign = [one for one in (_NUMERIC if kind not in ("number", "integer") else _TEXTUAL) if one in field]
    yield from (message("field-foreign", key=key, word=one, type=kind) for one in foreign)
    choices = field.get("enum")
    offered = choices if isinstance(choices, list) else []
    for word, values in (("enum", offered), ("default", [field["default"]] if "default" in field else [])):
        wrong = [one for one in values if not is_of_type(one, kind)]
        yield from (message("field-value", key=key, word=word, value=repr(one), type=kind) for one in wrong)
    if offered and "default" in field and field["default"] not in offered:
        yield message("field-default", key=key, value=repr(field["default"]))
    options = field.get("options")
    if (
        isinstance(options, Mapping)
        and options.get("widget") == "textarea"
        and not is_of_type(options.get("rows"), "integer")
    ):
        yield message("field-rows", key=key)


def _defaults(tree: Inspected) -> Iterator[Judgement] | None:
    path = tree.job.data / "tasksupport" / "default_value.csv"
    if not is_file(path):
        return None
    known = {*(content_of(tree.definition) or {}), *_fields(tree)}
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    rows = list(csv.reader(text.splitlines()))
    keys = [row[0] for row in rows[1:] if row]
    return (fault(tree.name(path), key=key) for key in keys if key not in known)


_DEFINED: Final = ("RDE-DEF-001", "RDE-DEF-002")
_FORM: Final = ("RDE-SCH-001", "RDE-SCH-002")
TEMPLATE_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-DEF-003", "must", _meaningful, _DEFINED),
    rule("RDE-DEF-004", "should", _orders, _DEFINED),
    rule("RDE-DEF-005", "must", _no_code, _DEFINED),
    rule("RDE-DEF-006", "should", _keys, _DEFINED),
    rule("RDE-DEF-007", "should", _defaults, (*_DEFINED, *_FORM)),
    rule("RDE-SCH-003", "should", _consistent, _FORM),
)
