"""Datasets as files: the registry facts of a dataset, written by hand as TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, Final, Never, get_args, get_origin

import cattrs

from shirube._problems import Place, line_of, problems_of, wrong_type
from shirube._structure import converter
from shirube.errors import InputError, core_message
from shirube.messages import Message, Text, joined
from shirube.records import Dataset
from shirube.sources import SourceFile
from shirube.text import decode

SUFFIXES: Final = (".toml", ".json")

__all__ = ["SUFFIXES", "parse_dataset", "read_dataset"]


def read_dataset(path: Path, name: str | None = None) -> Dataset:
    """Return the dataset that a TOML or JSON file describes.

    Args:
        path: The file; its suffix says which of the two it is.
        name: How the file is called in errors; default: its path.

    Raises:
        InputError: As :func:`parse_dataset`, or the file cannot be read or has another suffix.
    """
    shown = str(path) if name is None else name
    source = SourceFile(path, name=shown)
    if source.suffix not in SUFFIXES:
        raise InputError(core_message("dataset-suffix"), path=shown)
    return _dataset(decode(source.read_bytes()).text, source.suffix, shown)


def parse_dataset(text: str, name: str) -> Dataset:
    """Return the dataset of a text whose keys are the fields of :class:`shirube.records.Dataset`.

    A key that is absent (or null in JSON) was not supplied; an empty text was left blank. Dates may be TOML dates.

    Args:
        text: The file's text.
        name: Name of the file; with the suffix ``.json`` it is JSON, otherwise TOML.

    Raises:
        InputError: Malformed text, unknown keys (with suggestions), wrong types: all at once, each with its key, and
            with the line where it can be told.
    """
    return _dataset(text, ".json" if name.lower().endswith(".json") else ".toml", name)


def _dataset(text: str, suffix: str, name: str) -> Dataset:
    data = _json(text, name) if suffix == ".json" else _toml(text, name)
    if not isinstance(data, Mapping):
        raise InputError(wrong_type((), data, Dataset), path=name)
    try:
        return _converter().structure(data, Dataset)
    except cattrs.BaseValidationError as error:
        problems = tuple(problems_of(error, data, Dataset))
    raise _malformed(problems, text, name)


def _malformed(problems: Sequence[tuple[Place, Message]], text: str, name: str) -> InputError:
    found = sorted(((line_of(place, text), said) for place, said in problems), key=lambda one: one[0] or len(text))
    if len(found) == 1:
        ((line, message),) = found
        return InputError(message, path=name, line=line)
    return InputError(joined(_numbered(message, line) for line, message in found), path=name)


def _numbered(message: Message, line: int | None) -> Text:
    return message.text() if line is None else core_message("key-on-line", problem=message, line=line).text()


def _toml(text: str, name: str) -> Any:
    try:
        return _plain(tomllib.loads(text))
    except ValueError as error:
        # The parser tells the line in its sentence only, and raises plain ValueErrors for numbers out of bounds.
        reason, _, where = str(error).partition(" (at ")
        at = re.match(r"line (\d+)", where)
        _refuse("TOML", reason, name, int(at[1]) if at else None)
    except RecursionError:
        _refuse("TOML", core_message("dataset-too-deep"), name, None)


def _json(text: str, name: str) -> Any:
    try:
        return _plain(json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        _refuse("JSON", error.msg, name, error.lineno)
    except ValueError as error:
        _refuse("JSON", error, name, None)
    except RecursionError:
        _refuse("JSON", core_message("dataset-too-deep"), name, None)


def _refuse(kind: str, reason: object, name: str, line: int | None) -> Never:
    raise InputError(core_message("dataset-syntax", kind=kind, reason=reason), path=name, line=line) from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if repeated:
        msg = f"the key {repeated[0]!r} is given twice"
        raise ValueError(msg)
    return dict(pairs)


def _no_constant(text: str) -> Never:
    msg = f"{text} is no number of JSON"
    raise ValueError(msg)


def _plain(value: Any) -> Any:
    """Return a document without nulls, dates as ISO texts."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _converter() -> cattrs.Converter:
    """Return the core's strict converter, which also refuses a text or a table where a list belongs."""
    conv = converter()

    def structure(value: Any, cls: Any) -> tuple[Any, ...]:
        listed: Any = list[get_args(cls)[0]]  # type: ignore[misc] # the element type is known at run time only
        return tuple(conv.structure(_listed(value), listed))

    conv.register_structure_hook_func(_is_tuple, structure)
    return conv


def _is_tuple(cls: Any) -> bool:
    return get_origin(cls) is tuple


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        msg = "expected a list"
        raise ValueError(msg)
    return value
