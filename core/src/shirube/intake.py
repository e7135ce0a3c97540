"""Intake: which files make an item, which are data, which are their sidecars, and which nobody reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from shirube._frozen import as_tuple
from shirube.blame import Registered, call
from shirube.errors import InputError, ShirubeError, UsageError, all_problems, core_message
from shirube.hooks import Reader
from shirube.messages import Message, Text
from shirube.plugins import Plugins
from shirube.records import Item, ItemFile, Registration
from shirube.sources import SourceFile

__all__ = [
    "Group",
    "claim",
    "groups_of",
    "item_from",
    "item_of",
    "items_from",
    "normal_name",
    "readers_told",
    "sidecar_name",
    "why_nobody",
]

#: The core's reader of bare columns.
_COLUMNS: Final = "columns"


@frozen
class Group:
    """Paths that make one item, and its name, which no other item of the run has."""

    name: str
    paths: tuple[Path, ...] = field(converter=as_tuple)


def items_from(
    paths: Sequence[Path],
    plugins: Plugins,
    *,
    guide: str | None = None,
    reader: str | None = None,
    registration: Registration | None = None,
) -> tuple[Item, ...]:
    """Return the items that ``paths`` make.

    A folder is one item of its direct files (hidden ones aside); files named one by one make one item together.
    A sidecar beside a named file comes along.

    Raises:
        InputError: A path does not exist, a named file is claimed by no reader, a folder holds nothing to read.
        PluginError: Two readers claim one file.
    """
    return tuple(
        item_from(group, plugins, guide=guide, reader=reader, registration=registration) for group in groups_of(paths)
    )


def groups_of(paths: Sequence[Path]) -> tuple[Group, ...]:
    """Return which of ``paths`` make an item together, the folders first; nothing is read."""
    groups: list[tuple[str, tuple[Path, ...]]] = [(path.resolve().name, (path,)) for path in paths if path.is_dir()]
    files = tuple(path for path in paths if not path.is_dir())
    if files:
        stem = files[0].stem if len(files) == 1 else files[0].resolve().parent.name
        groups.append((stem or "data", files))
    taken: dict[str, int] = {}
    named = []
    for name, together in groups:
        taken[name] = taken.get(name, 0) + 1
        named.append(Group(name if taken[name] == 1 else f"{name} ({taken[name]})", together))
    return tuple(named)


def item_from(
    group: Group,
    plugins: Plugins,
    *,
    guide: str | None = None,
    reader: str | None = None,
    registration: Registration | None = None,
) -> Item:
    """Return the item that a group of paths makes.

    Raises:
        InputError: As :func:`items_from`.
        PluginError: Two readers claim one file.
    """
    is_folder = len(group.paths) == 1 and group.paths[0].is_dir()
    make = _folder_item if is_folder else _loose_item
    return evolve(make(group, plugins, reader), guide=guide, reader=reader, registration=registration)


def item_of(name: str, files: Iterable[ItemFile], plugins: Plugins, *, reader: str | None = None) -> Item:
    """Return one item of ``files``: each is data, a sidecar of data, or unclaimed.

    Raises:
        PluginError: Two readers claim one file.
        InputError: A file cannot be read at all.
    """
    listed = sorted(files, key=lambda one: one.name)
    claims = {one.name: claim(SourceFile(one.path, name=one.name), plugins, reader) for one in listed}
    data = [one for one in listed if claims[one.name] is not None]
    sidecars: dict[str, ItemFile] = {}
    for one in data:
        registered = claims[one.name]
        found = None if registered is None else _sidecar(registered.record, one.name, listed)
        if found is not None and found not in data:
            sidecars[one.name] = found
    paired = {one.name for one in sidecars.values()}
    rest = [one for one in listed if one not in data and one.name not in paired]
    return Item(name=name, data=data, sidecars=sidecars, unclaimed=rest)


def claim(source: SourceFile, plugins: Plugins, reader: str | None = None) -> Registered[Reader] | None:
    """Return the one reader that claims ``source``, None when nobody does.

    A reader named with ``reader`` is taken for every file it has the suffix of. What nobody claims but resembles two
    columns of numbers is for the reader of those, which can tell the lines that are wrong.

    Raises:
        InputError: The file cannot be opened.
        MissingPluginError: The named reader is not installed.
        UsageError: Several readers claim the file: both are named, and ``--reader`` decides.
    """
    head = source.head
    if reader is not None:
        plugins.named("shirube_readers", reader)
        chosen = plugins.readers[reader]
        return chosen if source.suffix in chosen.record.suffixes and head else None
    claims = [one for one in plugins.readers.values() if _claims(one, source, plugins)]
    if len(claims) > 1:
        names = ", ".join(f"{one.name} ({one.origin})" for one in claims)
        raise UsageError(core_message("two-readers-claim", readers=names), path=source.name)
    return claims[0] if claims else _columns_reader(source, plugins)


def _columns_reader(source: SourceFile, plugins: Plugins) -> Registered[Reader] | None:
    """Return the reader of bare columns for a file that looks like them, none for any other."""
    registered = plugins.readers.get(_COLUMNS)
    if registered is None or source.suffix not in registered.record.suffixes:
        return None
    from shirube.builtin.columns import resembles

    return registered if resembles(source) else None


def why_nobody(source: SourceFile, plugins: Plugins) -> Message:
    """Return why nobody claims ``source``, and what to do."""
    from shirube.builtin.columns import columns_found
    from shirube.builtin.lines import is_blank

    if not source.head:
        return core_message("input-empty")
    if is_blank(source):
        return core_message("input-blank")
    names = columns_found(source) if _COLUMNS in plugins.readers else ()
    if names:
        return core_message("columns-several", number=len(names), names=", ".join(names))
    return core_message("nobody-claims", **readers_told(plugins))


def _claims(registered: Registered[Reader], source: SourceFile, plugins: Plugins) -> bool:
    if source.suffix not in registered.record.suffixes:
        return False
    return call(registered.note, bool, plugins.call(registered, "claims", source))


def _folder_item(group: Group, plugins: Plugins, reader: str | None) -> Item:
    (folder,) = group.paths
    files = _files_in(folder)
    if not files:
        raise InputError(core_message("folder-empty"), path=folder)
    item = item_of(group.name, files, plugins, reader=reader)
    if not item.data:
        raise InputError(core_message("folder-without-data", **readers_told(plugins)), path=folder)
    return item


def _files_in(folder: Path) -> list[ItemFile]:
    """Return the direct files of a folder, hidden ones aside.

    Raises:
        InputError: Links that lead out of the folder, or to nothing, and what is neither file nor folder: all of them.
    """
    problems: list[ShirubeError] = []
    files = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or (path.is_dir() and not path.is_symlink()):
            continue
        try:
            _refuse_odd(path, folder)
        except InputError as error:
            problems.append(error)
        files.append(ItemFile(path.name, path))
    if problems:
        raise all_problems(problems)
    return files


def _refuse_odd(path: Path, folder: Path) -> None:
    """Refuse what a folder should not bring along: an unpacked archive may hold links to anywhere."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise InputError(core_message("input-broken-link"), path=path) from None
    if not target.is_relative_to(folder.resolve()):
        raise InputError(core_message("input-link-leaves"), path=path)
    if not target.is_file():
        raise InputError(core_message("input-not-regular"), path=path)


def _loose_item(group: Group, plugins: Plugins, reader: str | None) -> Item:
    files = [ItemFile(path.name, path) for path in dict.fromkeys(group.paths)]
    _refuse_equal_names(files)
    problems: list[ShirubeError] = []
    beside: dict[str, ItemFile] = {one.name: one for one in files}
    for one in files:
        try:
            registered = claim(SourceFile(one.path, name=str(one.path)), plugins, reader)
        except ShirubeError as error:
            problems.append(error)
            continue
        if registered is not None:
            beside |= _beside(registered.record, one)
        elif not _may_be_sidecar(one, plugins):
            problems.append(_nobody(one, plugins))
    if problems:
        raise all_problems(problems)
    item = item_of(group.name, beside.values(), plugins, reader=reader)
    if not item.data:
        raise InputError(core_message("nothing-to-read", **readers_told(plugins)), path=files[0].path)
    return item


def _beside(reader: Reader, file: ItemFile) -> Mapping[str, ItemFile]:
    folder = file.path.parent
    found = _sidecar(reader, file.name, (ItemFile(path.name, path) for path in folder.iterdir()))
    if found is None:
        return {}
    _refuse_odd(found.path, folder)
    return {found.name: found}


def _sidecar(reader: Reader, name: str, files: Iterable[ItemFile]) -> ItemFile | None:
    wanted = sidecar_name(reader, name)
    return None if wanted is None else next((one for one in files if normal_name(one.name) == wanted), None)


def sidecar_name(reader: Reader, name: str) -> str | None:
    """Return what the sidecar of a data file is called, in the form of :func:`normal_name`; None without sidecars."""
    if reader.sidecar is None:
        return None
    return normal_name(reader.sidecar.format(stem=Path(name).stem, name=name))


def _may_be_sidecar(file: ItemFile, plugins: Plugins) -> bool:
    patterns = [one.record.sidecar for one in plugins.readers.values() if one.record.sidecar]
    return any(file.name.endswith(pattern.rpartition("}")[2]) for pattern in patterns)


def normal_name(name: str) -> str:
    """Return a file name composed: macOS stores Japanese names decomposed, and the same name must pair everywhere."""
    return unicodedata.normalize("NFC", name)


def _nobody(file: ItemFile, plugins: Plugins) -> InputError:
    return InputError(why_nobody(SourceFile(file.path, name=file.name), plugins), path=file.path)


def readers_told(plugins: Plugins) -> dict[str, object]:
    """Return what messages say of readers: the names of those there are, and which plugins settings keep out."""
    blocked = ", ".join(f"{one.name} ({one.distribution} {one.version})" for one in plugins.blocked.values())
    kept_out = core_message("readers-kept-out", plugins=blocked) if blocked else Text(en="", ja="")
    return {"readers": ", ".join(plugins.readers) or "-", "blocked": kept_out}


def _refuse_equal_names(files: Sequence[ItemFile]) -> None:
    seen: dict[str, Path] = {}
    for one in files:
        if one.name in seen:
            raise UsageError(core_message("equal-file-names", first=seen[one.name], second=one.path))
        seen[one.name] = one.path
