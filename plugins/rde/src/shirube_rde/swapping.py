"""Putting a job's new output folders in the place of the old ones, all or none, also across a crash.

The new folders stand in ``data/.shirube/new``. Each step is a rename; the old folders wait in ``data/.shirube/old``,
where an empty file ``<name>.absent`` stands for a folder that was not there. So what lies in ``old`` tells what to
undo, whenever the program was killed. Renaming ``.shirube`` to ``.shirube-done`` ends it: from then on the new ones
hold.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from shirube.errors import OutputError
from shirube.trees import building
from shirube_rde.layout import OUTPUT_FOLDERS
from shirube_rde.texts import message

WORK: Final = ".shirube"
_DONE: Final = ".shirube-done"
#: What a job replaces; everything else in ``data`` is its input, or somebody else's.
REPLACED: Final = ("divided", *OUTPUT_FOLDERS)

__all__ = ["REPLACED", "WORK", "recover", "replacing_outputs"]


@contextmanager
def replacing_outputs(data: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well, its folders replace the outputs in ``data``.

    Old outputs that have no successor go. On any exception the old outputs stay as they were.

    Args:
        data: The job's ``data`` folder, recovered.

    Raises:
        OutputError: ``data`` cannot be written.
    """
    work = data / WORK
    try:
        with building(work / "new") as folder:
            yield folder
        with _writable():
            _swap(data, work)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(data / _DONE, ignore_errors=True)


def recover(data: Path) -> None:
    """Undo what a killed job left half-done; the old outputs are back, the leftovers gone.

    Raises:
        OutputError: ``data`` cannot be written.
    """
    shutil.rmtree(data / _DONE, ignore_errors=True)
    work = data / WORK
    with _writable():
        if (work / "old").is_dir():
            _undo(data, work / "old")
        if work.exists():
            shutil.rmtree(work)


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(message("job-not-writable", reason=error.strerror or error), path="data") from error


def _swap(data: Path, work: Path) -> None:
    old = work / "old"
    old.mkdir()
    try:
        for name in REPLACED:
            if (data / name).exists():
                (data / name).replace(old / name)
            else:
                (old / f"{name}.absent").touch()
            if (work / "new" / name).exists():
                (work / "new" / name).replace(data / name)
        _sync(data)
        work.replace(data / _DONE)
    except BaseException:
        _undo(data, old)
        raise


def _undo(data: Path, old: Path) -> None:
    for name in REPLACED:
        if (old / name).exists():
            shutil.rmtree(data / name, ignore_errors=True)
            (old / name).replace(data / name)
        elif (old / f"{name}.absent").exists():
            shutil.rmtree(data / name, ignore_errors=True)


def _sync(folder: Path) -> None:
    with suppress(OSError):
        # Windows opens no folders; the renames have happened all the same.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
