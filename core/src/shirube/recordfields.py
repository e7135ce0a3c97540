"""The fields of a dataset file: what each means in both languages, and the JSON Schema that editors complete from."""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, Final, get_args, get_origin

import attrs
from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen, as_tuple, freeze
from shirube.messages import Text
from shirube.records import Dataset

SCHEMA_FILE: Final = "dataset.schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Final[Mapping[Any, str]] = {str: "string", bool: "boolean", int: "integer", float: "number"}

__all__ = ["SCHEMA_FILE", "FieldWords", "dataset_records", "dataset_schema", "field_words", "shipped_schema"]


@frozen
class FieldWords:
    """What a field means, and values that policies know for it (others are allowed)."""

    text: Text
    choices: tuple[str, ...] = field(default=(), converter=as_tuple)


@functools.cache
def field_words() -> Mapping[str, Mapping[str, FieldWords]]:
    """Return what every field means, by the record's class name and the field's name."""
    text = resources.files("shirube").joinpath("data/fields.toml").read_text(encoding="utf-8")
    return freeze(
        {
            record: as_frozen(
                {
                    name: FieldWords(Text(en=one["en"], ja=one["ja"]), one.get("choices", ()))
                    for name, one in table.items()
                }
            )
            for record, table in tomllib.loads(text).items()
        }
    )


@functools.cache
def dataset_records(root: type = Dataset) -> Mapping[str, type]:
    """Return the record classes that a dataset file may hold, by name, in the order in which they are met."""
    found: dict[str, type] = {}
    waiting: list[Any] = [root]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, type) and attrs.has(one):
            if one.__name__ not in found:
                found[one.__name__] = attrs.resolve_types(one)
                waiting.extend(about.type for about in attrs.fields(one))
        else:
            waiting.extend(get_args(one))
    return freeze(found)


def dataset_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a dataset file, descriptions in both languages.

    It says what a file may hold. What it should hold, a policy says.
    """
    definitions = {name: _object(name, cls) for name, cls in dataset_records().items()}
    top = definitions.pop(Dataset.__name__)
    return {"$schema": _DIALECT, "title": "Shirube dataset", **top, "$defs": definitions}


def shipped_schema() -> str:
    """Return the text of the schema as it is shipped."""
    return resources.files("shirube").joinpath(f"data/{SCHEMA_FILE}").read_text(encoding="utf-8")


def _object(name: str, cls: type) -> dict[str, Any]:
    about = attrs.fields(cls)
    required = [one.name for one in about if one.default is attrs.NOTHING]
    properties = {one.name: {**_type(one.type), **_words(name, one.name)} for one in about}
    said = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**said, "required": required} if required else said


def _words(record: str, name: str) -> dict[str, Any]:
    words = field_words()[record][name]
    said: dict[str, Any] = {"description": f"{words.text.en}\n{words.text.ja}"}
    return {**said, "examples": list(words.choices)} if words.choices else said


def _type(wanted: Any) -> dict[str, Any]:
    """Return the schema of a type; null stands for what is not supplied."""
    options = [one for one in _options(wanted) if one is not type(None)]
    plain = [_PLAIN[one] for one in options if one in _PLAIN]
    if "number" in plain and "integer" in plain:
        plain.remove("integer")
    if plain:
        return {"type": [*plain, "null"]}
    (one,) = options
    return {"anyOf": [_compound(one), {"type": "null"}]}


def _compound(one: Any) -> dict[str, Any]:
    if attrs.has(one):
        return {"$ref": f"#/$defs/{one.__name__}"}
    if get_origin(one) is FrozenMapping:
        return {"type": "object", "additionalProperties": _type(get_args(one)[1])}
    return {"type": "array", "items": _element(get_args(one)[0])}


def _element(one: Any) -> dict[str, Any]:
    return {"type": _PLAIN[one]} if one in _PLAIN else _compound(one)


def _options(wanted: Any) -> Iterator[Any]:
    origin = get_origin(wanted)
    if origin is None or origin in (tuple, FrozenMapping):
        yield wanted
    else:
        yield from get_args(wanted)


if __name__ == "__main__":
    print(json.dumps(dataset_schema(), ensure_ascii=False, indent=2))  # noqa: T201 it is written where this is sent
