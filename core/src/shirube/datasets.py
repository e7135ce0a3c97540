"""Datasets and entries as files: what a person knows of them, written by hand as TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time
from pathlib import Path, PurePath
from typing import Any, Final, Never, TypeVar, get_args, get_origin

import cattrs
from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen
from shirube._problems import Place, line_of, problems_of, wrong_type
from shirube._structure import converter
from shirube.errors import InputError, core_message
from shirube.messages import Message, Text, joined
from shirube.records import Dataset, Registration, Sample, Value
from shirube.sources import SourceFile
from shirube.text import decode

SUFFIXES: Final = (".toml", ".json")

_Held = TypeVar("_Held")

__all__ = ["SUFFIXES", "parse_dataset", "parse_registration", "read_dataset", "read_registration"]


@frozen(kw_only=True)
class _EntryFile:
    """The keys of an entry file."""

    data_name: str | None = None
    manual: FrozenMapping[str, Value] = field(factory=FrozenMapping, converter=as_frozen)
    facts: FrozenMapping[str, Value] = field(factory=FrozenMapping, converter=as_frozen)
    sample: Sample | None = None


def read_dataset(path: Path, name: str | None = None) -> Dataset:
    """Return the dataset that a TOML or JSON file describes.

    Args:
        path: The file; its suffix says which of the two it is.
        name: How the file is called in errors; default: its path.

    Raises:
        InputError: As :func:`parse_dataset`, or the file cannot be read or has another suffix.
    """
    shown = str(path) if name is None else name
    return _structured(_text(path, shown), path.suffix, shown, Dataset)


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
    return _structured(text, PurePath(name).suffix, name, Dataset)


def read_registration(path: Path, name: str | None = None) -> Registration:
    """Return what an entry file says: TOML or JSON with the tables ``manual``, ``facts`` and ``sample``.

    Args:
        path: The file; its suffix says which of the two it is.
        name: How the file is called in errors and in the record; default: its path.

    Raises:
        InputError: As :func:`parse_registration`, or the file cannot be read or has another suffix.
    """
    shown = str(path) if name is None else name
    return _registration(_text(path, shown), path.suffix, shown)


def parse_registration(text: str, name: str) -> Registration:
    """Return what the text of an entry file says.

    ``manual`` holds the items that a guide asks a person for, by registry key, ``facts`` what no data file carries,
    by term and in the term's unit, ``sample`` the fields of :class:`shirube.records.Sample`, ``data_name`` the entry's
    name. An item left blank is as absent.

    Raises:
        InputError: As :func:`parse_dataset`.
    """
    return _registration(text, PurePath(name).suffix, name)


def _registration(text: str, suffix: str, name: str) -> Registration:
    held = _structured(text, suffix, name, _EntryFile)
    return Registration(
        manual={key: value for key, value in held.manual.items() if value != ""},
        sample=held.sample,
        data_name=held.data_name,
        source=PurePath(name).name,
        facts={key: value for key, value in held.facts.items() if value != ""},
    )


def _text(path: Path, shown: str) -> str:
    source = SourceFile(path, name=shown)
    if source.suffix not in SUFFIXES:
        raise InputError(core_message("dataset-suffix"), path=shown)
    return decode(source.read_bytes()).text


def _structured(text: str, suffix: str, name: str, cls: type[_Held]) -> _Held:
    data = _json(text, name) if suffix.lower() == ".json" else _toml(text, name)
    if not isinstance(data, Mapping):
        raise InputError(wrong_type((), data, cls), path=name)
    try:
        return _converter().structure(data, cls)
    except cattrs.BaseValidationError as error:
        problems = tuple(problems_of(error, data, cls))
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
