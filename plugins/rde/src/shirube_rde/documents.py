"""JSON documents of a job, read strictly: UTF-8, no NaN, no key twice, an object at the top."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Never

from attrs import frozen

from shirube.errors import InputError
from shirube.sources import SourceFile
from shirube_rde.texts import message

__all__ = ["Document", "parse_document", "read_document"]


@frozen(eq=False)
class Document:
    """A JSON object: what it says, and its text as it was."""

    content: Mapping[str, Any]
    text: str


def read_document(path: Path, name: str | None = None) -> Document:
    """Return the JSON object in a file.

    Args:
        path: The file.
        name: How errors call it; default its path.

    Raises:
        InputError: The file cannot be read or is not one strict JSON object; names the line where it can be told.
    """
    shown = str(path) if name is None else name
    data = SourceFile(path, name=shown).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(message("json-not-utf8"), path=shown, line=line) from None
    return parse_document(text, shown)


def parse_document(text: str, name: str) -> Document:
    """Return the JSON object of a text; ``name`` is how errors call it.

    Raises:
        InputError: As for :func:`read_document`.
    """
    content = _parsed(text, name)
    if not isinstance(content, dict):
        raise InputError(message("json-no-object"), path=name)
    try:
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        # JSON can spell half a character (a lone surrogate), which no file can then hold.
        raise InputError(message("json-half-character"), path=name) from None
    return Document(content, text)


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise InputError(message("json-malformed", reason=error.msg), path=name, line=error.lineno) from None
    except InputError as error:
        raise InputError(error.message, path=name) from None
    except RecursionError:
        raise InputError(message("json-too-deep"), path=name) from None
    except ValueError as error:
        raise InputError(message("json-malformed", reason=error), path=name) from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(message("json-key-twice", key=key))
        found[key] = value
    return found


def _no_constant(text: str) -> Never:
    raise InputError(message("json-no-number", text=text))


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise InputError(message("json-no-number", text=text))
    return number
