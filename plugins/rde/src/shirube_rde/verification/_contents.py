"""Rules on what tiles hold: things RDE does not register, empty files, tables, and what no output was made of."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from shirube.errors import InputError
from shirube.rules import Judgement, Rule
from shirube.trees import safe_name
from shirube_rde.documents import read_document
from shirube_rde.layout import OUTPUT_FOLDERS, TILE_FOLDERS, Tile, is_file
from shirube_rde.texts import message
from shirube_rde.verification._inspected import Inspected, fault, rule, shown

#: What a tile may hold beside the folders that are registered.
_SCRATCH: Final = ("logs", "temp", "invoice_patch", "filemeta.json")
_ROOT: Final = ("divided", "inputdata", "tasksupport", "job.failed")
#: Nobody looks at more rows of a table than this to tell whether it is one.
_ROWS: Final = 200_000

__all__ = ["CONTENT_RULES"]


def _known_names(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        known = (*TILE_FOLDERS, *_SCRATCH, *(() if one.tile.place else _ROOT))
        for path in sorted(one.tile.folder.iterdir()):
            if path.name not in known:
                yield fault(tree.name(path))


def _not_empty(tree: Inspected) -> Iterator[Judgement]:
    for path in tree.files(OUTPUT_FOLDERS):
        if path.stat().st_size == 0:
            yield fault(tree.name(path), note="raw" in path.parent.name)


def _only_metadata(tree: Inspected) -> Iterator[Judgement]:
    for one in tree.tiles:
        yield from (
            fault(f"{shown(one.tile)}/meta/{name}") for name in one.tile.names("meta") if name != "metadata.json"
        )


def _tables(tree: Inspected) -> Iterator[Judgement] | None:
    found = [path for path in tree.files(("structured",)) if path.suffix.lower() == ".csv" and path.stat().st_size]
    return (
        (fault(tree.name(path), said) for path in found if (said := _wrong_table(path)) is not None) if found else None
    )


def _wrong_table(path: Path) -> Any:
    """Return what is wrong with a CSV file: its encoding, or a row of another length than the first."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(line for line in lines if not line.startswith("#"))
            width = len(next(rows, ()))
            for row, _ in zip(rows, range(_ROWS), strict=False):
                if row and len(row) != width:
                    return message("table-ragged", line=rows.line_num, width=width, found=len(row))
    except UnicodeDecodeError:
        return message("json-not-utf8")
    except csv.Error as error:
        return message("table-malformed", reason=error)
    return None


def _described(tree: Inspected) -> Iterator[Judgement] | None:
    found = [(one.tile, path) for one in tree.tiles if is_file(path := one.tile.folder / "filemeta.json")]
    if not found:
        return None
    return (fault(tree.name(path), said) for tile, path in found for said in _wrong_description(tree, tile, path))


def _wrong_description(tree: Inspected, tile: Tile, path: Path) -> Iterator[Any]:
    try:
        content = read_document(path, tree.name(path)).content
    except InputError as error:
        yield error.message
        return
    listed = content.get("filemetadata", content.get("filemeta"))
    if not isinstance(listed, list):
        yield message("filemeta-shape")
        return
    for one in listed:
        name = one.get("filename") if isinstance(one, Mapping) else None
        if not isinstance(name, str) or not is_file(tile.folder / PurePosixPath(name)):
            yield message("filemeta-astray", name=json.dumps(name, ensure_ascii=False))


def _all_structured(tree: Inspected) -> Iterator[Judgement]:
    """Note inputs of which nothing was made, though something was made of others of their kind."""
    for one in tree.tiles:
        made = [PurePosixPath(name).name for name in one.tile.names("structured")]
        inputs = [PurePosixPath(name) for role in ("raw", "nonshared_raw") for name in one.tile.names(role)]
        used = {name: any(name.stem in other or safe_name(name.stem) in other for other in made) for name in inputs}
        kinds = {name.suffix.lower() for name, found in used.items() if found}
        for name, found in used.items():
            if not found and name.suffix.lower() in kinds and not name.stem.endswith("_metadata"):
                yield fault(shown(one.tile), note=True, name=name.as_posix())


CONTENT_RULES: Final[tuple[Rule, ...]] = (
    rule("RDE-TIL-007", "should", _known_names),
    rule("RDE-TIL-008", "must", _not_empty),
    rule("RDE-TIL-009", "should", _only_metadata),
    rule("RDE-RAW-002", "should", _all_structured),
    rule("RDE-CSV-001", "should", _tables),
    rule("RDE-FIL-001", "must", _described),
)
