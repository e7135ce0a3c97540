"""Problems of structuring: what a strict converter refused, as sentences with a path into the document."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin

import attrs
import cattrs

from shirube._frozen import FrozenMapping
from shirube.errors import core_message
from shirube.messages import Message, Text
from shirube.parameters import suggestion

#: A key of a document: names and numbers from the top (``("entries", 0, "name")``).
Place: TypeAlias = tuple[str | int, ...]

_SHOWN: Final = 40
_TEXTS: Final[Mapping[Any, Text]] = {
    str: Text(en="a text", ja="文字列"),
    Text: Text(en="a text, or a table with en and ja", ja="文字列、または en と ja の表"),
    bool: Text(en="true or false", ja="true か false"),
    int: Text(en="a whole number", ja="整数"),
    float: Text(en="a number", ja="数値"),
}
_TABLE: Final = Text(en="a table", ja="表")
_LIST: Final = Text(en="a list", ja="リスト")
_VALUE: Final = Text(en="a text, a number, true or false", ja="文字列、数値、または true か false")

__all__ = ["Place", "described", "line_of", "problems_of", "wrong_type"]


def problems_of(error: Exception, data: Any, wanted: Any, place: Place = ()) -> Iterator[tuple[Place, Message]]:
    """Yield every problem in a converter's error, with its place.

    Args:
        error: What the converter raised.
        data: The whole document, as it was given to the converter.
        wanted: The type that was wanted at ``place``.
        place: Where in the document the error arose.
    """
    if isinstance(error, cattrs.ClassValidationError) and not isinstance(_at(data, place), Mapping):
        # Looking for a record's keys in a text or list fails in many ways, all of which mean this.
        yield place, wrong_type(place, data, wanted)
    elif isinstance(error, cattrs.ClassValidationError | cattrs.IterableValidationError):
        noted, others = error.group_exceptions()
        for one, note in noted:
            step = note.name if isinstance(note, cattrs.AttributeValidationNote) else note.index
            yield from problems_of(one, data, note.type, (*place, step))
        for one in others:
            yield from problems_of(one, data, wanted, place)
    elif isinstance(error, cattrs.ForbiddenExtraKeysError):
        known = [one.name for one in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            there = (*place, key)
            yield there, core_message("key-unknown", key=described(there), hint=suggestion(key, known))
    elif isinstance(error, KeyError):
        yield place, core_message("key-missing", key=described(place), expected=_expected(wanted))
    else:
        yield place, wrong_type(place, data, wanted)


def wrong_type(place: Place, data: Any, wanted: Any) -> Message:
    """Return the sentence that says what belongs at ``place`` and what is there instead."""
    found = _at(data, place)
    if isinstance(found, float) and not math.isfinite(found):
        return core_message("key-not-finite", key=described(place), value=found)
    if isinstance(found, bool | int | float) and str in (wanted, *get_args(wanted)):
        # Numbers of projects, accounts and days without dashes look like numbers to the file.
        return core_message("key-wants-quotes", key=described(place), value=json.dumps(found))
    value = repr(found)
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return core_message("key-wrong-type", key=described(place), expected=_expected(wanted), value=shown)


def described(place: Place) -> str:
    """Return a place as people write it: ``entries[0].files.raw``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".") or "(top)"


def line_of(place: Place, text: str) -> int | None:
    """Return the line of a TOML or JSON text on which the key of ``place`` stands; None if on none or several."""
    names = [step for step in place if isinstance(step, str)]
    if not names:
        return None
    name = re.escape(names[-1])
    heading, toml, jsons = (
        rf"^\s*\[+[^\]]*\b{name}\s*\]",
        rf'(?:^|[{{,])\s*(?:[\w.-]+\.)?"?{name}"?\s*=',
        rf'"{name}"\s*:',
    )
    key = re.compile(f"{heading}|{toml}|{jsons}")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if key.search(line)]
    return lines[0] if len(lines) == 1 else None


def _at(data: Any, place: Place) -> Any:
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _expected(wanted: Any) -> Text:
    options = [one for one in get_args(wanted) if one is not type(None)]
    if type(None) in get_args(wanted) and len(options) == 1:
        return _expected(options[0])
    if get_origin(wanted) is Literal:
        one_of = ", ".join(map(str, get_args(wanted)))
        return Text(en=f"one of {one_of}", ja=f"{one_of} のいずれか")
    if wanted in _TEXTS:
        return _TEXTS[wanted]
    if get_origin(wanted) in (tuple, list):
        return _LIST
    if attrs.has(wanted) or get_origin(wanted) in (dict, FrozenMapping):
        return _TABLE
    return _VALUE
