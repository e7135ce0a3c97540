"""Documents that people write: TOML, JSON or YAML as plain data, and the line on which each key stands."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from attrs import field, frozen

from shirube._problems import Place, line_of
from shirube.errors import InputError, core_message

#: File name suffixes of documents, and how each is called; the first suffix of a kind is the usual one.
KINDS: Final[Mapping[str, str]] = {".yaml": "YAML", ".yml": "YAML", ".json": "JSON", ".toml": "TOML"}

__all__ = ["KINDS", "Document", "parse_document"]


@frozen
class Document:
    """What a document says, dates as ISO texts.

    Attributes:
        data: The plain data.
        text: The text it was read from.
        lines: The line of each key, where the parser tells it.
    """

    data: Any
    text: str
    lines: Mapping[Place, int] = field(factory=dict)

    def line(self, place: Place) -> int | None:
        """Return the line on which the key of ``place`` stands, None when it cannot be told."""
        return self.lines.get(place) if self.lines else line_of(place, self.text)


def parse_document(text: str, suffix: str, name: str) -> Document:
    """Return what a text says; ``suffix`` tells which of the three it is, TOML when it is no other's.

    Raises:
        InputError: The text is malformed; ``name`` is how the error calls it.
        MissingPluginError: YAML without the extra ``shirube[yaml]``.
    """
    kind = KINDS.get(suffix.lower(), "TOML")
    try:
        if kind == "YAML":
            from shirube._yaml import parse_yaml

            found = parse_yaml(text)
            return Document(_plain(found.data), text, found.lines)
        return Document(_plain(_json(text) if kind == "JSON" else _toml(text)), text)
    except RecursionError:
        raise InputError(_syntax(kind, core_message("dataset-too-deep")), path=name) from None
    except InputError as error:
        raise InputError(error.message, path=name, line=error.line) from None


def _toml(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        # The parser tells the line in its sentence only, and raises plain ValueErrors for numbers out of bounds.
        reason, _, where = str(error).partition(" (at ")
        at = re.match(r"line (\d+)", where)
        raise InputError(_syntax("TOML", reason), line=int(at[1]) if at else None) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise InputError(_syntax("JSON", error.msg), line=error.lineno) from None
    except ValueError as error:
        raise InputError(_syntax("JSON", error)) from None


def _syntax(kind: str, reason: object) -> Any:
    return core_message("dataset-syntax", kind=kind, reason=reason)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if repeated:
        msg = f"the key {repeated[0]!r} is given twice"
        raise ValueError(msg)
    return dict(pairs)


def _plain(value: Any) -> Any:
    """Return a document with its dates as ISO texts."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | time) else value
