"""Rules on files: leftovers of a failure, the numbering of tiles, what they consist of, completeness and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from shirube.rules import Judgement, Rule
from shirube_rde.layout import TILE_FOLDERS, Tile, is_file, is_folder, walk
from shirube_rde.verification._inspected import Inspected, fault, rule, shown

#: Names of these come from the user's own files.
_USERS: Final = ("raw", "nonshared_raw", "attachment")

__all__ = ["FILE_RULES"]


def _no_failure(tree: Inspected) -> Iterator[Judgement]:
    left = tree.job.data / "job.failed"
    if left.exists() or left.is_symlink():
        said = left.read_text(encoding="utf-8", errors="replace") if is_file(left) else ""
        yield fault(tree.name(left), said=" ".join(said.split())[:200])


def _regular(tree: Inspected) -> Iterator[Judgement]:
    return (fault(tree.name(path)) for path in walk(tree.job.data) if not is_file(path))


def _folders(tree: Inspected) -> Iterator[Judgement]:
    data = tree.job.data
    places = [data / name for name in ("divided", "inputdata", "tasksupport")]
    places += [one.tile.folder / role for one in tree.tiles for role in TILE_FOLDERS]
    return (fault(tree.name(path)) for path in places if is_file(path))


def _numbering(tree: Inspected) -> Iterator[Judgement] | None:
    divided = tree.job.data / "divided"
    if not is_folder(divided):
        return None
    names = sorted(f"{path.name}/" if is_folder(path) else path.name for path in divided.iterdir())
    wanted = [f"{number:04d}/" for number in range(1, len(names) + 1)]
    if names == wanted:
        return iter(())
    return iter([fault(tree.name(divided), names=", ".join(names[:20]))])


def _metadata_there(tree: Inspected) -> Iterator[Judgement]:
    return (fault(shown(one.tile)) for one in tree.tiles if one.metadata is None)


def _parts_there(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        for part in ("structured", "main_image", "thumbnail"):
            if not one.tile.names(part):
                yield fault(shown(one.tile), part=part)


def _raw_there(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        if not one.tile.names("raw") and not one.tile.names("nonshared_raw"):
            yield fault(shown(one.tile))


def _invoice_there(tree: Inspected) -> Iterator[Judgement] | None:
    if all(one.invoice is None for one in tree.tiles):
        return None
    return (fault(shown(one.tile)) for one in tree.tiles if one.invoice is None)


def _raw_once(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        hidden = one.tile.names("nonshared_raw")
        for name in one.tile.names("raw"):
            if name in hidden:
                yield fault(shown(one.tile), name=name)


def _ascii(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        for role, names in _named(one.tile):
            for name in names:
                if not name.isascii():
                    yield fault(f"{shown(one.tile)}/{role}/{name}", note=role in _USERS)


def _case(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        for role, names in _named(one.tile):
            seen: dict[str, str] = {}
            for name in names:
                first = seen.setdefault(name.casefold(), name)
                if first != name:
                    yield fault(f"{shown(one.tile)}/{role}/{name}", first=first, second=name)


def _leftovers(tree: Inspected) -> Iterator[Judgement]:
    for path in tree.files(TILE_FOLDERS):
        if path.name.startswith((".", "~$")) or re.search(r"(~|\.tmp|\.bak|\.swp)$", path.name):
            yield fault(tree.name(path), note=_role(tree, path) in _USERS)


def _named(tile: Tile) -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((role, tile.names(role)) for role in TILE_FOLDERS)


def _role(tree: Inspected, path: Path) -> str:
    parts = PurePosixPath(tree.name(path)).parts
    return parts[3] if parts[1] == "divided" else parts[1]


FILE_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-JOB-001", "must", _no_failure),
    rule("RDE-JOB-002", "must", _regular),
    rule("RDE-TIL-001", "must", _numbering),
    rule("RDE-TIL-002", "must", _metadata_there),
    rule("RDE-TIL-003", "should", _parts_there),
    rule("RDE-TIL-004", "must", _raw_there),
    rule("RDE-TIL-005", "must", _invoice_there),
    rule("RDE-TIL-006", "must", _folders),
    rule("RDE-RAW-001", "must", _raw_once),
    rule("RDE-NAM-001", "should", _ascii),
    rule("RDE-NAM-002", "should", _case),
    rule("RDE-NAM-003", "should", _leftovers),
)
