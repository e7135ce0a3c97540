"""The input files of a job, and those of a zip file in it, without what operating systems leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Final

from shirube.errors import InputError
from shirube.messages import Message
from shirube.records import ItemFile
from shirube_rde.archives import extracted
from shirube_rde.layout import Job, is_file, walk
from shirube_rde.texts import joined, message

_LEFT_BEHIND: Final = re.compile(r"(\..*|__MACOSX|Thumbs\.db|desktop\.ini|~\$.*)", re.IGNORECASE)

__all__ = ["INPUT", "input_files", "is_left_behind", "locks", "short_names", "unpacked"]

#: How messages call the folder.
INPUT: Final = "data/inputdata"


def input_files(job: Job) -> tuple[ItemFile, ...]:
    """Return the files below ``data/inputdata`` by their place in it, sorted; what systems leave behind aside.

    Raises:
        InputError: There is none; or links that lead out of the folder, pipes and devices: all of them.
    """
    folder = job.data / "inputdata"
    _refuse_others(job, folder)
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    files = tuple(ItemFile(name, folder / name) for name in names if not is_left_behind(name))
    if not files:
        raise InputError(message("job-without-files"))
    return files


def is_left_behind(name: str) -> bool:
    """Tell whether a file is hidden, or one that an operating system or an office program left."""
    return any(_LEFT_BEHIND.fullmatch(part) for part in PurePosixPath(name).parts)


def unpacked(archive: ItemFile, stack: ExitStack) -> tuple[ItemFile, ...]:
    """Return the files of a zip file by their place in it, sorted; they are gone when ``stack`` closes.

    Raises:
        InputError: It is damaged or dangerous.
    """
    folder = stack.enter_context(extracted(archive.path, f"{INPUT}/{archive.name}"))
    names = [path.relative_to(folder).as_posix() for path in walk(folder) if is_file(path)]
    return tuple(ItemFile(name, folder / name) for name in names if not is_left_behind(name))


def short_names(files: Iterable[ItemFile]) -> tuple[ItemFile, ...]:
    """Return files under their names without folders; under their places where two names would be the same."""
    listed = tuple(files)
    names = [PurePosixPath(one.name).name.casefold() for one in listed]
    if len(set(names)) != len(names):
        return listed
    return tuple(ItemFile(PurePosixPath(one.name).name, one.path) for one in listed)


def locks(job: Job) -> tuple[str, ...]:
    """Return the files in the job's input that Excel keeps while it has a workbook open."""
    return tuple(path.name for path in sorted((job.data / "inputdata").rglob("~$*")))


def _refuse_others(job: Job, folder: Path) -> None:
    """Refuse what is no file or leads out of the job's input; RDE makes none, but an archive unpacked there can."""
    inside = job.data.resolve() / "inputdata"
    paths: Sequence[Path] = [folder, *sorted(folder.rglob("*"))]
    wrong = ((path, _wrong(path, inside)) for path in paths)
    problems = [
        InputError(said, path=f"data/{path.relative_to(job.data).as_posix()}")
        for path, said in wrong
        if said is not None
    ]
    if problems:
        raise InputError(joined([one.text() for one in problems]))


def _wrong(path: Path, inside: Path) -> Message | None:
    if path.is_symlink():
        return None if _leads_into(path, inside) else message("input-link")
    irregular = path.exists() and not (path.is_dir() or path.is_file())
    return message("input-irregular") if irregular else None


def _leads_into(link: Path, folder: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(folder)
    except (OSError, RuntimeError):
        # It leads nowhere, or to itself (a RuntimeError until Python 3.12).
        return False
