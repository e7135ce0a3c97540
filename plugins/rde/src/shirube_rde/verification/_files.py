"""Rules on files: leftovers of a failure, the numbering of tiles, completeness, images and names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from shirube.rules import Judgement, Rule
from shirube_rde.layout import IMAGE_FOLDERS, TILE_FOLDERS, Tile
from shirube_rde.verification._inspected import Inspected, fault, rule

#: What RDE's viewer shows, with the bytes such a file begins with.
_SHOWN: Final = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".gif": b"GIF8"}
#: Stored and downloaded soundly, but not always shown.
_STORED: Final = (".bmp", ".tif", ".tiff")
#: Names of these come from the user's own files.
_USERS: Final = ("raw", "nonshared_raw", "attachment")

__all__ = ["FILE_RULES"]


def _no_failure(tree: Inspected) -> Iterator[Judgement]:
    left = tree.job.data / "job.failed"
    if left.exists():
        said = left.read_text(encoding="utf-8", errors="replace") if left.is_file() else ""
        yield fault(tree.name(left), said=" ".join(said.split())[:200])


def _numbering(tree: Inspected) -> Iterator[Judgement] | None:
    divided = tree.job.data / "divided"
    if not divided.is_dir():
        return None
    names = sorted(path.name for path in divided.iterdir())
    wanted = [f"{number:04d}" for number in range(1, len(names) + 1)]
    if names == wanted:
        return iter(())
    return iter([fault(tree.name(divided), names=", ".join(names[:20]))])


def _metadata_there(tree: Inspected) -> Iterator[Judgement]:
    return (fault(_shown(one.tile)) for one in tree.tiles if one.metadata is None)


def _parts_there(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        for part in ("structured", "main_image", "thumbnail"):
            if not one.tile.names(part):
                yield fault(_shown(one.tile), part=part)


def _raw_there(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        if not one.tile.names("raw") and not one.tile.names("nonshared_raw"):
            yield fault(_shown(one.tile))


def _invoice_there(tree: Inspected) -> Iterator[Judgement] | None:
    if all(one.invoice is None for one in tree.tiles):
        return None
    return (fault(_shown(one.tile)) for one in tree.tiles if one.invoice is None)


def _raw_once(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        hidden = one.tile.names("nonshared_raw")
        for name in one.tile.names("raw"):
            if name in hidden:
                yield fault(_shown(one.tile), name=name)


def _suffixes(tree: Inspected) -> Iterator[Judgement]:
    for path in _files(tree, IMAGE_FOLDERS):
        suffix = path.suffix.lower()
        if suffix not in _SHOWN:
            yield fault(tree.name(path), note=suffix in _STORED)


def _contents(tree: Inspected) -> Iterator[Judgement]:
    for path in _files(tree, IMAGE_FOLDERS):
        begins = _SHOWN.get(path.suffix.lower())
        if begins is not None:
            with path.open("rb") as handle:
                if not handle.read(len(begins)).startswith(begins):
                    yield fault(tree.name(path))


def _one_main(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        names = one.tile.names("main_image")
        if len(names) > 1:
            yield fault(_shown(one.tile), note=True, names=", ".join(names), first=names[0])


def _ascii(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        for role, names in _named(one.tile):
            for name in names:
                if not name.isascii():
                    yield fault(f"{_shown(one.tile)}/{role}/{name}", note=role in _USERS)


def _case(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        for role, names in _named(one.tile):
            seen: dict[str, str] = {}
            for name in names:
                first = seen.setdefault(name.casefold(), name)
                if first != name:
                    yield fault(f"{_shown(one.tile)}/{role}/{name}", first=first, second=name)


def _leftovers(tree: Inspected) -> Iterator[Judgement]:
    for path in _files(tree, TILE_FOLDERS):
        if path.name.startswith((".", "~$")) or re.search(r"(~|\.tmp|\.bak|\.swp)$", path.name):
            yield fault(tree.name(path), note=_role(tree, path) in _USERS)


def _files(tree: Inspected, roles: tuple[str, ...]) -> Iterator[Path]:
    for one in tree.tiles:
        for role in roles:
            yield from (one.tile.folder / role / name for name in one.tile.names(role))


def _named(tile: Tile) -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((role, tile.names(role)) for role in TILE_FOLDERS)


def _role(tree: Inspected, path: Path) -> str:
    parts = PurePosixPath(tree.name(path)).parts
    return parts[3] if parts[1] == "divided" else parts[1]


def _shown(tile: Tile) -> str:
    return f"data/{tile.place}".rstrip("/")


FILE_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-JOB-001", "must", _no_failure),
    rule("RDE-TIL-001", "must", _numbering),
    rule("RDE-TIL-002", "must", _metadata_there),
    rule("RDE-TIL-003", "should", _parts_there),
    rule("RDE-TIL-004", "must", _raw_there),
    rule("RDE-TIL-005", "must", _invoice_there),
    rule("RDE-RAW-001", "must", _raw_once),
    rule("RDE-IMG-001", "must", _suffixes),
    rule("RDE-IMG-002", "must", _contents),
    rule("RDE-IMG-003", "should", _one_main),
    rule("RDE-NAM-001", "should", _ascii),
    rule("RDE-NAM-002", "should", _case),
    rule("RDE-NAM-003", "should", _leftovers),
)
