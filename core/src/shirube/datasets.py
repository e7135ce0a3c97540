"""Datasets and entries as files: what a person knows of them, written by hand as YAML, TOML or JSON."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Final, TypeVar, get_args, get_origin

import attrs
import cattrs
from attrs import field, frozen
from cattrs.gen import make_dict_structure_fn

from shirube._documents import KINDS, Document, parse_document
from shirube._frozen import FrozenMapping, as_frozen
from shirube._problems import Place, problems_of, wrong_type
from shirube._structure import converter
from shirube.errors import InputError, UsageError, core_message
from shirube.messages import Message, Text, joined
from shirube.records import Dataset, Registration, Sample, Value
from shirube.sources import SourceFile
from shirube.text import decode

SUFFIXES: Final = tuple(KINDS)
#: Bytes of the largest file that is read; a dataset of a thousand entries with their metadata takes about two million.
LARGEST: Final = 8 * 2**20
#: More problems than these nobody reads at once.
_MOST_PROBLEMS: Final = 50

#: The steps of a place: names, and numbers of items in brackets.
_STEPS: Final = re.compile(r"\[\d*\]|[^.\[\]]+")

Held = TypeVar("Held")

__all__ = [
    "LARGEST",
    "SUFFIXES",
    "DatasetFile",
    "parse_dataset",
    "parse_registration",
    "read_dataset",
    "read_dataset_file",
    "read_record",
    "read_registration",
    "render_dataset",
]


@frozen(kw_only=True)
class _EntryFile:
    """The keys of an entry file."""

    data_name: str | None = None
    manual: FrozenMapping[str, Value] = field(factory=FrozenMapping, converter=as_frozen)
    facts: FrozenMapping[str, Value] = field(factory=FrozenMapping, converter=as_frozen)
    sample: Sample | None = None


@frozen
class DatasetFile:
    """A dataset and the file that describes it.

    Attributes:
        dataset: The dataset.
        document: The file's content, which knows its lines.
    """

    dataset: Dataset
    document: Document

    def line(self, path: str) -> int | None:
        """Return the line of a place (``entries[0].files.raw``), or of what holds it; None when it cannot be told."""
        place: Place = tuple(
            int(step[1:-1]) if step.startswith("[") else step for step in _STEPS.findall(path) if step != "[]"
        )
        lines = (self.document.line(place[:length]) for length in range(len(place), 0, -1))
        return next((line for line in lines if line is not None), None)


def read_dataset_file(path: Path, name: str | None = None) -> DatasetFile:
    """Return the dataset that a file describes, with the file's lines.

    Args:
        path: The file; its suffix says whether it is YAML, TOML or JSON.
        name: How the file is called in errors; default: its path.

    Raises:
        InputError: As :func:`read_dataset`.
    """
    shown = str(path) if name is None else name
    return DatasetFile(*_structured(_text(path, shown), path.suffix, shown, Dataset))


def read_dataset(path: Path, name: str | None = None) -> Dataset:
    """Return the dataset that a YAML, TOML or JSON file describes.

    Args:
        path: The file; its suffix says which of the three it is.
        name: How the file is called in errors; default: its path.

    Raises:
        InputError: As :func:`parse_dataset`, or the file cannot be read or has another suffix.
    """
    return read_dataset_file(path, name).dataset


def parse_dataset(text: str, name: str) -> Dataset:
    """Return the dataset of a text whose keys are the fields of :class:`shirube.records.Dataset`.

    A key that is absent (or null, in YAML also without a value) was not supplied; an empty text was left blank. Dates
    may be written without quotation marks.

    Args:
        text: The file's text.
        name: Name of the file; its suffix ``.json``, ``.yaml`` or ``.yml`` says what it is, otherwise it is TOML.

    Raises:
        MissingPluginError: YAML without the extra ``shirube[yaml]``.
        InputError: Malformed text, unknown keys (with suggestions), wrong types: all at once, each with its key, and
            with the line where it can be told.
    """
    return _structured(text, PurePath(name).suffix, name, Dataset)[0]


def read_record(path: Path, cls: type[Held], name: str | None = None) -> Held:
    """Return the record of another class that a file describes, such as a part of a dataset.

    Args:
        path: The file; its suffix says whether it is YAML, TOML or JSON.
        cls: The attrs class of the record; the keys are its fields.
        name: How the file is called in errors; default: its path.

    Raises:
        InputError: As :func:`read_dataset`.
    """
    shown = str(path) if name is None else name
    return _structured(_text(path, shown), path.suffix, shown, cls)[0]


def render_dataset(dataset: Dataset, suffix: str) -> str:
    """Return a dataset as the text of a file that :func:`parse_dataset` reads back.

    Args:
        dataset: The dataset; what was not supplied is left out.
        suffix: ``.json``, ``.yaml`` or ``.yml``.

    Raises:
        UsageError: Another suffix.
        MissingPluginError: YAML without the extra ``shirube[yaml]``.
    """
    plain = _converter().unstructure(dataset)
    kind = KINDS.get(suffix.lower())
    if kind == "JSON":
        return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
    if kind == "YAML":
        from shirube._yaml import render_yaml

        return render_yaml(plain)
    raise UsageError(core_message("dataset-write-suffix", suffix=suffix or "-"))


def read_registration(path: Path, name: str | None = None) -> Registration:
    """Return what an entry file says: YAML, TOML or JSON with the tables ``manual``, ``facts`` and ``sample``.

    Args:
        path: The file; its suffix says which of the three it is.
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
    held, _ = _structured(text, suffix, name, _EntryFile)
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
        raise InputError(core_message("dataset-suffix", suffixes=", ".join(SUFFIXES)), path=shown)
    data = source.read_bytes()
    if len(data) > LARGEST:
        raise InputError(
            core_message("dataset-too-large", size=len(data) / 2**20, largest=LARGEST // 2**20), path=shown
        )
    return decode(data).text


def _structured(text: str, suffix: str, name: str, cls: type[Held]) -> tuple[Held, Document]:
    document = parse_document(text, suffix, name)
    if not isinstance(document.data, Mapping):
        raise InputError(wrong_type((), document.data, cls), path=name)
    try:
        return _converter().structure(document.data, cls), document
    except cattrs.BaseValidationError as error:
        problems = tuple(problems_of(error, document.data, cls))
    raise _malformed(problems, document, name)


def _malformed(problems: Sequence[tuple[Place, Message]], document: Document, name: str) -> InputError:
    last = len(document.text)
    found = sorted(((document.line(place), said) for place, said in problems), key=lambda one: one[0] or last)
    if len(found) == 1:
        ((line, message),) = found
        return InputError(message, path=name, line=line)
    shown = [_numbered(message, line) for line, message in found[:_MOST_PROBLEMS]]
    if len(found) > len(shown):
        shown.append(core_message("problems-more", count=len(found) - len(shown)).text())
    return InputError(joined(shown), path=name)


def _numbered(message: Message, line: int | None) -> Text:
    return message.text() if line is None else core_message("key-on-line", problem=message, line=line).text()


@functools.cache
def _converter() -> cattrs.Converter:
    """Return the core's strict converter, which also refuses a text or a table where a list belongs.

    A null stands for what is not supplied, so it is as absent; under a key that does not exist it still is a mistake.
    """
    conv = converter()

    def structure(value: Any, cls: Any) -> tuple[Any, ...]:
        listed: Any = list[get_args(cls)[0]]  # type: ignore[misc] # the element type is known at run time only
        return tuple(conv.structure(_listed(value), listed))

    def supplied(cls: Any) -> Any:
        structured = make_dict_structure_fn(cls, conv, _cattrs_forbid_extra_keys=True)
        known = {one.name for one in attrs.fields(cls)}
        return lambda value, wanted: structured(_without_nulls(value, known), wanted)

    def mapping(value: Any, cls: Any) -> FrozenMapping[Any, Any]:
        held: Any = dict[get_args(cls)]  # type: ignore[misc] # likewise
        return as_frozen(conv.structure(_without_nulls(value, None), held))

    conv.register_structure_hook_func(_is_tuple, structure)
    conv.register_structure_hook_func(_is_mapping, mapping)
    conv.register_structure_hook_factory(_is_plain_record, supplied)
    return conv


def _without_nulls(value: Any, known: Collection[str] | None) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: one for key, one in value.items() if one is not None or (known is not None and key not in known)}


def _is_tuple(cls: Any) -> bool:
    return get_origin(cls) is tuple


def _is_mapping(cls: Any) -> bool:
    return get_origin(cls) is FrozenMapping


def _is_plain_record(cls: Any) -> bool:
    return isinstance(cls, type) and attrs.has(cls)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        msg = "expected a list"
        raise ValueError(msg)
    return value
