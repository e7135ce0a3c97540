"""Datasets as RDE hands them out: a zip file, or its folder, of ``data_0001`` … with their invoices and metadata."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from shirube.errors import InputError
from shirube.records import Catalogue, Dataset, DatasetEntry, FrozenMapping, Person
from shirube_rde.archives import extracted
from shirube_rde.documents import read_document
from shirube_rde.invoice import INVOICE, dataset_entry
from shirube_rde.layout import Tile, is_file, is_folder
from shirube_rde.metadata import flat_values
from shirube_rde.texts import message

_NUMBERED: Final = re.compile(r"data_\d{4,}")
_FACTS: Final = "data.json"
_CATALOGUE: Final = "catalog.json"
_CHUNK: Final = 2**20

__all__ = ["dataset_of_download", "dataset_of_zip", "download_at"]


@frozen
class Download:
    """The folder of a downloaded dataset.

    Attributes:
        folder: Where it lies.
        shown: How errors call it.
        data: Its folders ``data_0001`` …, in order.
    """

    folder: Path
    shown: str
    data: tuple[Path, ...]


def download_at(path: Path, shown: str | None = None) -> Download | None:
    """Return the download in a folder, or in the only folder of it; None when there is none."""
    if not path.is_dir():
        return None
    for folder in (path, *_only_folder(path)):
        data = tuple(sorted(one for one in folder.iterdir() if is_folder(one) and _NUMBERED.fullmatch(one.name)))
        if data and any(is_file(one / name) for one in data for name in (_FACTS, INVOICE)):
            return Download(folder, shown or str(folder), data)
    return None


def dataset_of_zip(path: Path) -> Dataset | None:
    """Return the dataset of a downloaded zip file; None when it holds something else.

    Raises:
        InputError: The file is damaged or dangerous, or holds documents that RDE does not write.
    """
    with extracted(path) as folder:
        found = download_at(folder, str(path))
        return None if found is None else dataset_of_download(found)


def dataset_of_download(download: Download) -> Dataset:
    """Return the dataset of a download: what its data state alike, its catalogue form, and an entry a datum.

    Raises:
        InputError: A document is not what RDE writes, or the data are of different datasets.
    """
    facts = [_document(download, one / _FACTS) for one in download.data]
    told = [_table(one, "dataset", download) for one in facts]
    ids = {str(one["datasetId"]) for one in told if one.get("datasetId")}
    if len(ids) > 1:
        raise InputError(message("download-mixed", ids=", ".join(sorted(ids))), path=download.shown)
    entries = tuple(_entry(download, folder, one) for folder, one in zip(download.data, facts, strict=True))
    whole = next((one for one in told if one), {})
    return evolve(_dataset(whole, facts), entries=entries, catalogue=_catalogue(download))


def _dataset(whole: Mapping[str, Any], facts: list[Mapping[str, Any]]) -> Dataset:
    manager = whole.get("manager")
    template = whole.get("datasetTemplate")
    return Dataset(
        id=_text(whole, "datasetId"),
        title=_text(whole, "datasetName"),
        program=_text(whole, "programName"),
        project_number=_text(whole, "grantNumber"),
        project_title=_text(whole, "grantTitle"),
        manager=_person(manager) if isinstance(manager, Mapping) else None,
        template=_text(template, "nameJa", "nameEn") if isinstance(template, Mapping) else None,
        instruments=tuple(dict.fromkeys(_instruments(facts))) or None,
    )


def _entry(download: Download, folder: Path, facts: Mapping[str, Any]) -> DatasetEntry:
    tile = Tile(folder, folder.name)
    invoice = folder / INVOICE
    name = f"{download.shown}: {folder.name}/{INVOICE}"
    entry = dataset_entry(read_document(invoice, name), name) if is_file(invoice) else DatasetEntry()
    data = _table(facts, "data", download)
    return evolve(
        entry,
        name=entry.name or _text(data, "dataName"),
        metadata=_metadata(download, tile),
        files=FrozenMapping(tile.files()),
        digests=FrozenMapping(_digests(folder, tile)),
    )


def _metadata(download: Download, tile: Tile) -> FrozenMapping[str, Any] | None:
    if not is_file(tile.metadata_path):
        return None
    document = read_document(tile.metadata_path, f"{download.shown}: {tile.place}/meta/metadata.json")
    return FrozenMapping(flat_values(document, tile.metadata_path))


def _digests(folder: Path, tile: Tile) -> Iterator[tuple[str, str]]:
    for role in ("raw", "nonshared_raw", "structured"):
        for name in tile.names(role):
            with (folder / role / name).open("rb") as source:
                digest = hashlib.sha256()
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
            yield f"{tile.place}/{role}/{name}", digest.hexdigest()


def _catalogue(download: Download) -> Catalogue | None:
    """Return what the catalogue form says; None when it was not filled in (``null``)."""
    path = download.folder / _CATALOGUE
    if not is_file(path) or path.read_bytes().strip() == b"null":
        return None
    document = _document(download, path)
    held = document.get("catalog", document)
    if not isinstance(held, Mapping):
        return None
    keys = tuple(text for number in range(1, 6) if (text := _text(held, f"key{number}")))
    references = _text(held, "references")
    found = Catalogue(
        title=_text(held, "dataset_title"),
        summary=_text(held, "abstract"),
        references=(references,) if references else None,
        tags=keys or None,
    )
    return None if found == Catalogue() else found


def _instruments(facts: list[Mapping[str, Any]]) -> Iterator[str]:
    for one in facts:
        source = one.get("source")
        instrument = source.get("instrument", source) if isinstance(source, Mapping) else None
        if isinstance(instrument, Mapping):
            parts = [_text(instrument, "localId"), _text(instrument, "nameJa", "nameEn", "instrumentName", "name")]
            if any(parts):
                yield " ".join(part for part in parts if part)


def _person(held: Mapping[str, Any]) -> Person:
    return Person(name=_text(held, "userName"), organization=_text(held, "organizationName"))


def _text(held: Mapping[str, Any], *keys: str) -> str | None:
    """Return the first text under the keys; an empty one was left blank, null and anything else not supplied."""
    for key in keys:
        if isinstance(value := held.get(key), str):
            return value
    return None


def _table(facts: Mapping[str, Any], key: str, download: Download) -> Mapping[str, Any]:
    held = facts.get(key)
    if held is not None and not isinstance(held, Mapping):
        raise InputError(message("download-table", key=key), path=f"{download.shown}: {_FACTS}")
    return held or {}


def _document(download: Download, path: Path) -> Mapping[str, Any]:
    if not is_file(path):
        return {}
    return read_document(path, f"{download.shown}: {path.relative_to(download.folder).as_posix()}").content


def _only_folder(path: Path) -> list[Path]:
    folders = [one for one in path.iterdir() if is_folder(one)]
    return folders if len(folders) == 1 else []
