"""Invoices of RDE (``invoice.json``) as registrations and datasets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from shirube.errors import InputError
from shirube.messages import Message, Renderable
from shirube.records import Dataset, DatasetEntry, FrozenMapping, Registration, Sample, Value
from shirube_rde.documents import Document, read_document
from shirube_rde.layout import Tile, job_at
from shirube_rde.metadata import flat_values
from shirube_rde.texts import joined, message

INVOICE: Final = "invoice.json"
#: Items of ``basic`` that no invoice of RDE lacks.
_FILLED: Final = ("dateSubmitted", "dataOwnerId", "dataName")
#: All items of ``basic``; each is a text.
BASIC_ITEMS: Final = (*_FILLED, "instrumentId", "experimentId", "description")
#: Control characters and line breaks that no name holds; a description has lines.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_IN_LINES: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

__all__ = [
    "BASIC_ITEMS",
    "INVOICE",
    "blank_items",
    "dataset_at",
    "dataset_entry",
    "read_registration",
    "registration_of",
    "unfilled",
]


def dataset_at(path: Path) -> Dataset | None:
    """Return the dataset of an invoice, a job folder, its ``data`` folder or a download; None when it is none of these.

    A download is a zip file or its folder. A job's entries come in the order in which RDE registers them:
    ``divided/0001`` … first, ``data/`` last.

    Raises:
        InputError: It is RDE's, but not what RDE defines; names the file and every key that is wrong.
    """
    # Downloads hold invoices, so that their module imports this one.
    from shirube_rde.downloads import dataset_of_download, dataset_of_zip, download_at

    if path.is_file():
        return dataset_of_zip(path) if path.suffix.lower() == ".zip" else _of_file(path)
    download = download_at(path)
    if download is not None:
        return dataset_of_download(download)
    job = job_at(path)
    tiles = [] if job is None else [one for one in job.tiles if one.invoice.is_file() or one.metadata_path.is_file()]
    if not tiles:
        return None
    invoices = [read_document(tile.invoice) if tile.invoice.is_file() else None for tile in tiles]
    entries = tuple(_tile_entry(tile, invoice) for tile, invoice in zip(tiles, invoices, strict=True))
    ids = [invoice.content.get("datasetId") for invoice in invoices if invoice is not None]
    return Dataset(id=ids[-1] if ids else None, entries=entries)


def read_registration(path: Path, name: str | None = None) -> Registration:
    """Return what the invoice at ``path`` knows; ``name`` is how errors and the record call it.

    Raises:
        InputError: It is not what RDE defines; names every key that is wrong.
    """
    shown = name or path.name
    return registration_of(read_document(path, shown), shown)


def registration_of(document: Document, name: str) -> Registration:
    """Return the registration that an invoice document makes; ``name`` is its file's.

    Items left blank (null, or an empty text) are absent from ``manual``.

    Raises:
        InputError: Sections or values are not of RDE's types: all of them.
    """
    problems = list(_problems(document.content))
    if problems:
        raise InputError(joined(problems), path=name)
    content = document.content
    return Registration(
        manual={key: value for key, value in (content.get("custom") or {}).items() if value not in (None, "")},
        sample=_sample(content["sample"]) if content.get("sample") else None,
        data_name=content["basic"].get("dataName"),
        document=document.text,
        source=Path(name).name,
    )


def blank_items(content: Mapping[str, Any]) -> list[str]:
    """Return which items of ``basic`` are blank although no invoice that RDE hands to a job lacks them.

    Args:
        content: Content of ``invoice.json``, its sections and values of RDE's types.
    """
    return [f"basic.{key}" for key in _FILLED if not (content["basic"].get(key) or "").strip()]


def unfilled(content: Mapping[str, Any]) -> list[Message]:
    """Return what is said of the items that :func:`blank_items` finds in an invoice that RDE gave."""
    return [message("invoice-basic-blank", key=key) for key in blank_items(content)]


def _of_file(path: Path) -> Dataset | None:
    if path.name != INVOICE and path.suffix.lower() != ".json":
        return None
    try:
        document = read_document(path)
    except InputError:
        # Another program's JSON may be anything; a file called invoice.json is meant for us.
        if path.name == INVOICE:
            raise
        return None
    if path.name != INVOICE and not {"datasetId", "basic"} <= set(document.content):
        return None
    return Dataset(id=document.content.get("datasetId"), entries=(dataset_entry(document, str(path)),))


def _tile_entry(tile: Tile, invoice: Document | None) -> DatasetEntry:
    entry = DatasetEntry() if invoice is None else dataset_entry(invoice, str(tile.invoice))
    return evolve(entry, metadata=_metadata(tile), files=FrozenMapping(tile.files()))


def _metadata(tile: Tile) -> FrozenMapping[str, Value] | None:
    """Return the tile's metadata; None when there are none, or none that can be read, of which ``verify`` speaks."""
    if not tile.metadata_path.is_file():
        return None
    try:
        return FrozenMapping(flat_values(read_document(tile.metadata_path), tile.metadata_path))
    except InputError:
        return None


def dataset_entry(document: Document, name: str) -> DatasetEntry:
    """Return what an invoice document says of its entry; ``name`` is its file's.

    Raises:
        InputError: Sections or values are not of RDE's types: all of them.
    """
    registration = registration_of(document, name)
    basic = document.content["basic"]
    return DatasetEntry(
        name=registration.data_name,
        submitted_on=basic.get("dateSubmitted"),
        description=_blank(basic, "description"),
        registration=registration,
    )


def _sample(content: Mapping[str, Any]) -> Sample:
    attributes = {
        one["termId"]: one["value"]
        for section in ("generalAttributes", "specificAttributes")
        for one in content.get(section) or ()
        if one.get("value") is not None
    }
    classes = [one.get("classId") for one in content.get("specificAttributes") or ()]
    identifier = _blank(content, "sampleId")
    return Sample(
        id=identifier,
        # The form leaves the id blank for a sample that it registers anew.
        is_new=None if identifier is None else not identifier.strip(),
        names=tuple(content["names"] or ()) if "names" in content else None,
        composition=_blank(content, "composition"),
        description=_blank(content, "description"),
        reference_url=_blank(content, "referenceUrl"),
        owner_id=_blank(content, "ownerId"),
        attributes=attributes,
        classes=tuple(dict.fromkeys(one for one in classes if isinstance(one, str) and one.strip())) or None,
    )


def _blank(content: Mapping[str, Any], key: str) -> str | None:
    """Return a text; an item the form shows and nobody filled (null) was left blank, one that is absent not asked."""
    return None if key not in content else content[key] or ""


def _problems(content: Mapping[str, Any]) -> Iterator[Renderable]:
    basic = content.get("basic")
    if not isinstance(basic, Mapping):
        yield message("invoice-section", key="basic")
    else:
        yield from _not_texts(basic, "basic", BASIC_ITEMS)
        yield from _controls(basic)
    if not isinstance(content.get("datasetId", ""), str):
        yield message("invoice-text", key="datasetId")
    for section in ("custom", "sample"):
        if not isinstance(content.get(section) or {}, Mapping):
            yield message("invoice-section", key=section)
    custom, sample = content.get("custom"), content.get("sample")
    if isinstance(custom, Mapping):
        for key, value in custom.items():
            if isinstance(value, Mapping | list):
                yield message("invoice-plain", key=f"custom.{key}")
    if isinstance(sample, Mapping):
        yield from _sample_problems(sample)


def _controls(basic: Mapping[str, Any]) -> Iterator[Renderable]:
    for key in BASIC_ITEMS:
        forbidden = _CONTROL_IN_LINES if key == "description" else _CONTROL
        found = forbidden.search(value) if isinstance(value := basic.get(key), str) else None
        if found is not None:
            yield message("invoice-control", key=f"basic.{key}", character=f"U+{ord(found[0]):04X}")


def _sample_problems(sample: Mapping[str, Any]) -> Iterator[Renderable]:
    yield from _not_texts(sample, "sample", ("sampleId", "composition", "description", "referenceUrl", "ownerId"))
    names = sample.get("names") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        yield message("invoice-names", key="sample.names")
    for section in ("generalAttributes", "specificAttributes"):
        listed = sample.get(section) or []
        if not isinstance(listed, list) or not all(_is_attribute(one) for one in listed):
            yield message("invoice-attributes", key=f"sample.{section}")


def _is_attribute(one: object) -> bool:
    return isinstance(one, Mapping) and isinstance(one.get("termId"), str) and isinstance(one.get("value"), str | None)


def _not_texts(content: Mapping[str, Any], section: str, keys: Sequence[str]) -> Iterator[Renderable]:
    for key in keys:
        if not isinstance(content.get(key), str | None):
            yield message("invoice-text", key=f"{section}.{key}")
