"""Putting a job's new outputs in the place of the old ones, all or none, also across a crash.

The new outputs stand in ``data/.shirube/new``. Each step is a rename; the old outputs wait in ``data/.shirube/old``,
where an empty file ``<name>.absent`` stands for what was not there. So ``old`` is the journal: it tells what to undo,
whenever the program was killed. Renaming ``.shirube`` to ``.shirube-done`` ends it: from then on the new ones hold.
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
from shirube_rde.failure import tell_registrants, writing_outputs
from shirube_rde.layout import FILE_METADATA, OUTPUT_FOLDERS

WORK: Final = ".shirube"
_DONE: Final = ".shirube-done"
#: What a job replaces; everything else in ``data`` is its input, or somebody else's.
REPLACED: Final = ("divided", *OUTPUT_FOLDERS, FILE_METADATA)
#: What a job replaces only when it makes it anew: the invoice, which some modes fill.
_REFILLED: Final = ("invoice",)

__all__ = ["REPLACED", "WORK", "recover", "replacing_outputs"]


@contextmanager
def replacing_outputs(data: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well, what is in it replaces the outputs in ``data``.

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
    except OutputError as error:
        if error.path is not None and Path(error.path).is_relative_to(work):
            tell_registrants(error)
        shutil.rmtree(work, ignore_errors=True)
        raise
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    with writing_outputs():
        _swap(data, work)
    shutil.rmtree(data / _DONE, ignore_errors=True)


def recover(data: Path) -> None:
    """Undo what a killed job left half-done; the old outputs are back, the leftovers gone.

    Raises:
        OutputError: ``data`` cannot be written.
    """
    shutil.rmtree(data / _DONE, ignore_errors=True)
    with writing_outputs():
        _undo(data, data / WORK)


def _swap(data: Path, work: Path) -> None:
    new, old = work / "new", work / "old"
    try:
        old.mkdir()
        for name in (*REPLACED, *(name for name in _REFILLED if (new / name).exists())):
            if os.path.lexists(data / name):
                (data / name).replace(old / name)
            else:
                (old / f"{name}.absent").touch()
            if (new / name).exists():
                (new / name).replace(data / name)
        _sync(data)
        work.replace(data / _DONE)
    except BaseException:
        # What cannot be undone now stays in the journal, and the next run tries again: nothing is lost.
        _undo(data, work)
        raise


def _undo(data: Path, work: Path) -> None:
    old = work / "old"
    if old.is_dir():
        for name in (*REPLACED, *_REFILLED):
            if os.path.lexists(old / name):
                _remove(data / name)
                (old / name).replace(data / name)
            elif (old / f"{name}.absent").exists():
                _remove(data / name)
    if work.exists():
        shutil.rmtree(work)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    with suppress(OSError):
        # Windows opens no folders; the renames have happened all the same.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
