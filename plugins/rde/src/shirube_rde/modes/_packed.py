"""Mode rdeformat: one zip file that already holds a job tree, its tiles in numbered folders (``0000``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Final

from shirube.errors import InputError
from shirube.messages import Text
from shirube.records import FrozenMapping, ItemFile
from shirube_rde.documents import Document
from shirube_rde.layout import OUTPUT_FOLDERS
from shirube_rde.modes._files import INPUT, unpacked
from shirube_rde.modes._plan import Plan, TilePlan, numbered
from shirube_rde.texts import joined, message

_NUMBER: Final = re.compile(r"\d{4}")
_RAW: Final = ("raw", "nonshared_raw")
#: Folders of a job tree that are no output: what RDE itself or the program of that job put there.
_PASSED_OVER: Final = ("logs", "temp", "invoice", "invoice_patch", "tasksupport", "inputdata", "attachment")

__all__ = ["plan_packed"]


def plan_packed(files: Sequence[ItemFile], invoice: Document, stack: ExitStack) -> Plan:
    """Return a tile for each numbered folder of the zip file, the one of the smallest number in ``data`` itself.

    The raw files of a folder are the tile's input; what else it holds is kept where this program makes nothing of
    the same name.

    Raises:
        InputError: Not exactly one zip file, or files in it that stand in no folder of a tile: all of them.
    """
    archives = [one for one in files if one.name.lower().endswith(".zip")]
    if len(archives) != 1 or len(files) != 1:
        raise InputError(message("packed-files", files=", ".join(one.name for one in files)), path=INPUT)
    packed = unpacked(archives[0], stack)
    groups: dict[int, dict[tuple[str, str], Path]] = {}
    stray: list[str] = []
    for one in packed:
        number, place = _place(one.name)
        if place is None:
            stray.append(one.name)
        elif place[0] not in _PASSED_OVER:
            groups.setdefault(number, {})[place] = one.path
    name = f"{INPUT}/{archives[0].name}"
    if stray:
        text = message("packed-stray", files=", ".join(stray), folders=", ".join(OUTPUT_FOLDERS)).text()
        raise InputError(joined([text]), path=name)
    if not groups:
        raise InputError(message("packed-empty"), path=name)
    return numbered("rdeformat", [_tile(number, groups[number], invoice) for number in sorted(groups)])


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
