"""Values of manual items that are left blank, as a template states them (``default_value.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from shirube.messages import Text
from shirube.records import FrozenMapping, Registration, Value
from shirube.sources import SourceFile
from shirube.text import decode
from shirube_rde.casting import cast
from shirube_rde.failure import TemplateError
from shirube_rde.layout import Job
from shirube_rde.texts import joined, message

_FILE: Final = "data/tasksupport/default_value.csv"

__all__ = ["read_defaults", "with_defaults"]


def read_defaults(job: Job, schema: Mapping[str, Any]) -> FrozenMapping[str, Value]:
    """Return the template's values of manual items, of the types that the form says; none without the file.

    Keys that the form does not ask for are other programs' (RDE's own metadata); ``verify`` names those of nobody.

    Args:
        job: The job.
        schema: Content of ``invoice.schema.json``.

    Raises:
        InputError: The file cannot be read.
        TemplateError: Values of another type than the form's: all of them.
    """
    path = job.data / "tasksupport" / "default_value.csv"
    if not path.is_file():
        return FrozenMapping()
    custom = schema.get("properties", {}).get("custom", {})
    fields = custom.get("properties", {}) if isinstance(custom, Mapping) else {}
    text = decode(SourceFile(path, name=_FILE).read_bytes()).text
    problems: list[Text] = []
    found: dict[str, Value] = {}
    for key, value in _rows(text):
        field = fields.get(key)
        if not isinstance(field, Mapping) or not value:
            continue
        kind = str(field.get("type", "string"))
        try:
            found[key] = cast(value, kind)
        except ValueError:
            problems.append(message("table-type", where="value", key=key, value=value, type=kind).text())
    if problems:
        raise TemplateError(joined(problems), path=_FILE)
    return FrozenMapping(found)


def with_defaults(registration: Registration, defaults: Mapping[str, Value]) -> Registration:
    """Return a registration whose blank manual items have the template's values; the document itself stays."""
    return evolve(registration, manual={**defaults, **registration.manual}) if defaults else registration


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield keys and values behind the heading."""
    rows = csv.reader(text.splitlines())
    next(rows, None)
    yield from ((row[0].strip(), row[1].strip()) for row in rows if len(row) > 1)
