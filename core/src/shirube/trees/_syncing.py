"""Waiting until what was written is on the disk, which is where a power failure leaves it."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from shirube.trees._files import not_writable

_CANNOT_SYNC: Final = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)
#: Windows syncs only files that are open for writing.
_OPEN_TO_SYNC: Final = os.O_RDWR if os.name == "nt" else os.O_RDONLY

__all__ = ["sync", "sync_tree", "sync_trees"]


def sync_trees(roots: Iterable[Path], target: Path) -> None:
    """Return when everything in some folders of one file system is on the disk.

    Linux syncs a file system in one go, for which the disk is asked once and not once for each file.

    Args:
        roots: The folders.
        target: By what name a person knows the place.

    Raises:
        OutputError: It cannot be written.
    """
    listed = list(roots)
    try:
        if listed and not _synced_at_once(listed[0]):
            for root in listed:
                sync_tree(root)
    except OSError as error:
        raise not_writable(target, error) from error


def sync_tree(root: Path) -> None:
    """Return when everything in a folder is on the disk, asked of each file.

    Raises:
        OSError: One cannot be written; it names the file.
    """
    for folder, _, files in os.walk(root, topdown=False):
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                sync(path)
        _sync_folder(Path(folder))


def sync(path: Path) -> None:
    """Return when a file, or the list of a folder, is on the disk.

    Raises:
        OSError: It cannot be written; it names the file.
    """
    descriptor = os.open(path, _OPEN_TO_SYNC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    try:
        sync(folder)
    except OSError as error:
        # Windows opens no folders, and some network file systems do not sync them.
        if error.errno not in _CANNOT_SYNC:
            raise


def _synced_at_once(folder: Path) -> bool:
    """Sync the file system of a folder, if this system can; tell whether it could."""
    syncfs = _system_call()
    if syncfs is None:
        return False
    descriptor = os.open(folder, _OPEN_TO_SYNC)
    try:
        if syncfs(descriptor) == 0:
            return True
        number = ctypes.get_errno()
    finally:
        os.close(descriptor)
    if number in (*_CANNOT_SYNC, errno.ENOSYS):
        return False
    raise OSError(number, os.strerror(number), str(folder))


@cache
def _system_call() -> Any:
    """Return ``syncfs`` of the C library of Linux, which Python does not offer; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
