"""The items of a batch: each data file with its sidecar, however it was named; only the heads of files are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.errors import InputError, ShirubeError, all_problems, core_message
from shirube.hooks import Reader
from shirube.intake import Group, claim, normal_name, readers_told, sidecar_name
from shirube.plugins import Plugins
from shirube.records import Source
from shirube.sources import SourceFile, hash_file
from shirube.text import printable

__all__ = ["BatchItem", "Found", "items_in", "sources_of"]


@frozen
class BatchItem:
    """One data file: what it is called, the group it makes, and all its files, as far as somebody reads them."""

    label: str
    group: Group
    files: tuple[Path, ...] = field(converter=as_tuple)


@frozen
class Found:
    """The items of the inputs, in order, and the files of folders that nobody reads."""

    items: tuple[BatchItem, ...] = field(converter=as_tuple)
    passed: tuple[Path, ...] = field(converter=as_tuple)


class _Folders:
    """The direct files of folders by their names, each folder looked into once."""

    def __init__(self) -> None:
        self._listed: dict[Path, dict[str, Path]] = {}

    def files(self, folder: Path) -> dict[str, Path]:
        if folder not in self._listed:
            paths = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file())
            self._listed[folder] = {normal_name(path.name): path for path in paths}
        return self._listed[folder]


def items_in(paths: Sequence[Path], plugins: Plugins, reader: str | None = None) -> Found:
    """Return the items that ``paths`` make: a folder is all data files directly in it.

    A named file that nobody reads is an item, too, which will fail and say why; in a folder it is passed over.

    Raises:
        InputError: A path does not exist, or a folder holds nothing to read: all of them.
    """
    folders = _Folders()
    problems: list[ShirubeError] = []
    data: dict[Path, tuple[Path, ...]] = {}
    beside: set[Path] = set()
    passed: list[Path] = []
    for path in paths:
        try:
            named = _named(path, folders)
        except ShirubeError as error:
            problems.append(error)
            continue
        found = {file: _claimed(file, plugins, reader) for file in named}
        for file, one in found.items():
            data[file] = (file, *_sidecars(one, file, folders)) if isinstance(one, Reader) else (file,)
            beside.update(data[file][1:])
        unread = [file for file, one in found.items() if one is None]
        if path.is_dir():
            passed += [file for file in unread if file not in beside]
            for file in unread:
                del data[file]
            if len(unread) == len(found):
                problems.append(InputError(core_message("folder-without-data", **readers_told(plugins)), path=path))
    if problems:
        raise all_problems(problems)
    return Found(_labelled({file: files for file, files in data.items() if file not in beside}), passed)


def sources_of(item: BatchItem) -> tuple[Source, ...]:
    """Return the record of every file of an item.

    Raises:
        InputError: One cannot be read.
    """
    return tuple(hash_file(path, path.name) for path in item.files)


def _named(path: Path, folders: _Folders) -> Iterable[Path]:
    if path.is_dir():
        return folders.files(path.resolve()).values()
    if not path.exists():
        raise InputError(core_message("input-missing"), path=path)
    # Not resolved further: a link is called what its maker calls it.
    return [path.parent.resolve() / path.name]


def _claimed(path: Path, plugins: Plugins, reader: str | None) -> Reader | ShirubeError | None:
    """Return who reads a file, None if nobody does; an error is for whoever works on it to tell."""
    try:
        registered = claim(SourceFile(path), plugins, reader)
    except InputError as error:
        return error
    return None if registered is None else registered.record


def _sidecars(reader: Reader, path: Path, folders: _Folders) -> tuple[Path, ...]:
    name = sidecar_name(reader, path.name)
    found = None if name is None else folders.files(path.parent).get(name)
    return () if found is None or found == path else (found,)


def _labelled(data: dict[Path, tuple[Path, ...]]) -> list[BatchItem]:
    items, taken = [], dict[str, int]()
    for path, files in data.items():
        label = printable(f"{path.parent.name}/{path.name}")
        taken[label] = taken.get(label, 0) + 1
        label = label if taken[label] == 1 else f"{label} ({taken[label]})"
        items.append(BatchItem(label, Group(printable(path.stem) or "data", (path,)), files))
    return items
