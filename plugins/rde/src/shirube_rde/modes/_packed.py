"""Mode rdeformat: one zip file that already holds a job tree, its tiles in numbered folders (``0000``)."""

from __future__ import annotations

import filecmp
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Final

from attrs import evolve

from shirube.errors import InputError
from shirube.messages import Text
from shirube.records import FrozenMapping, ItemFile
from shirube_rde.documents import Document, read_document
from shirube_rde.layout import OUTPUT_FOLDERS
from shirube_rde.metadata import flat_values
from shirube_rde.modes._files import INPUT, unpacked
from shirube_rde.modes._plan import Plan, TilePlan, numbered
from shirube_rde.texts import joined, message

_NUMBER: Final = re.compile(r"\d{4}")
_RAW: Final = ("raw", "nonshared_raw")
#: Folders of a job tree that only tell how it was made.
_TRACES: Final = ("logs", "temp", "invoice_patch")
#: Folders of a job tree that are no output: what RDE itself or the program of that job put there.
_PASSED_OVER: Final = (*_TRACES, "invoice", "tasksupport", "inputdata", "attachment")
_METADATA: Final = ("meta", "metadata.json")

__all__ = ["plan_packed"]


def plan_packed(files: Sequence[ItemFile], invoice: Document, stack: ExitStack) -> Plan:
    """Return a tile for each numbered folder of the zip file, the one of the smallest number in ``data`` itself.

    The raw files of a folder are the tile's input; what else it holds is kept where this program makes nothing of
    the same name.

    Raises:
        InputError: Not exactly one zip file, files in it that stand in no folder of a tile, different files that would
            get one name, or metadata that are none: all of them.
    """
    archives = [one for one in files if one.name.lower().endswith(".zip")]
    if len(archives) != 1 or len(files) != 1:
        raise InputError(message("packed-files", files=", ".join(one.name for one in files)), path=INPUT)
    groups: dict[int, dict[tuple[str, str], Path]] = {}
    names: dict[Path, str] = {}
    stray: list[str] = []
    passed_over: list[str] = []
    problems: list[Text] = []
    for one in unpacked(archives[0], stack):
        number, place = _place(one.name)
        if place is None:
            stray.append(one.name)
        elif place[0] in _PASSED_OVER:
            passed_over += [one.name] if place[0] not in _TRACES else []
        else:
            names[one.path] = one.name
            kept = groups.setdefault(number, {}).setdefault(place, one.path)
            problems += _unlike([kept, one.path], names)
    if stray:
        problems.append(message("packed-stray", files=", ".join(stray), folders=", ".join(OUTPUT_FOLDERS)).text())
    for group in groups.values():
        problems += (*_raw_problems(group, names), *_metadata_problems(group, names))
    name = f"{INPUT}/{archives[0].name}"
    if problems:
        raise InputError(joined(problems), path=name)
    if not groups:
        raise InputError(message("packed-empty"), path=name)
    said = [message("packed-passed-over", files=", ".join(passed_over)).text()] if passed_over else []
    tiles = [_tile(number, groups[number], invoice) for number in sorted(groups)]
    return evolve(numbered("rdeformat", tiles), remarks=tuple(said))


def _raw_problems(group: Mapping[tuple[str, str], Path], names: Mapping[Path, str]) -> Iterator[Text]:
    """Yield raw files of a tile that would get one name: both of its folders hold one of it, and not the same bytes."""
    named: dict[str, list[Path]] = {}
    for (role, name), path in sorted(group.items()):
        if role in _RAW:
            named.setdefault(name, []).append(path)
    for paths in named.values():
        yield from _unlike(paths, names)


def _unlike(paths: Sequence[Path], names: Mapping[Path, str]) -> Iterator[Text]:
    if any(not filecmp.cmp(paths[0], other, shallow=False) for other in paths[1:]):
        yield message("packed-unlike", files=", ".join(names[path] for path in paths)).text()


def _metadata_problems(group: Mapping[tuple[str, str], Path], names: Mapping[Path, str]) -> Iterator[Text]:
    """Yield why the metadata that a tile brings are none of RDE's."""
    path = group.get(_METADATA)
    if path is None:
        return
    try:
        flat_values(read_document(path, names[path]), Path(names[path]))
    except InputError as error:
        yield error.text()


def _place(name: str) -> tuple[int, tuple[str, str] | None]:
    """Return the number of a file's tile, and its role and place in it; None where it has no role."""
    parts = PurePosixPath(name).parts[:-1]
    number = next((int(part) for part in parts if _NUMBER.fullmatch(part)), 0)
    for index, part in enumerate(parts):
        if part in OUTPUT_FOLDERS or part in _PASSED_OVER:
            return number, (part, PurePosixPath(*PurePosixPath(name).parts[index + 1 :]).as_posix())
    return number, None


def _tile(number: int, group: Mapping[tuple[str, str], Path], invoice: Document) -> TilePlan:
    raw = {place: path for place, path in group.items() if place[0] in _RAW}
    files = {name: path for (_, name), path in sorted(raw.items())}
    return TilePlan(
        where=Text(en=f"{number:04d}", ja=f"{number:04d}"),
        files=tuple(ItemFile(name, path) for name, path in sorted(files.items())),
        invoice=invoice,
        given=FrozenMapping({place: path for place, path in group.items() if place not in raw}),
    )
