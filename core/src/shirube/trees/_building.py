"""Building a folder aside, syncing it to disk and swapping it in."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from shirube.blame import note_of
from shirube.errors import OutputError, core_message
from shirube.trees._files import beside, not_writable
from shirube.trees._syncing import sync, sync_tree

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
#: Failures of a plugin to write that are the place's, not the plugin's.
_REFUSED: Final = (*_FULL, errno.EACCES, errno.EROFS)


@contextmanager
def building(target: Path, *, replace: bool = False, synced: bool = True) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` when the block ends without an exception.

    The folder lies hidden beside the target, so that the last step is a rename: what stands at ``target`` is either the
    old folder or the whole new one. On any exception, an interrupt included, the new folder is removed and the old one
    stays.

    Args:
        target: Where the folder shall be; its parents are made. An empty folder there is replaced.
        replace: Replace a folder that is not empty, too.
        synced: Whether everything is on the disk before the rename; else that is left to ``sync_trees``.

    Raises:
        OutputError: ``target`` is a file, the current folder or one above it, or a folder that is not empty (without
            ``replace``); it cannot be written; the disk is full.
    """
    place = Path(os.path.realpath(target))
    _check(place, target, replace)
    missing = [folder for folder in place.parents if not os.path.lexists(folder)]
    site = beside(place, "new")
    try:
        _make(site, target)
        with _naming(target, site):
            yield site
            if synced:
                sync_tree(site)
        _check(place, target, replace)
        swap_in(site, place, target)
    except BaseException:
        shutil.rmtree(site, ignore_errors=True)
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


def _check(place: Path, target: Path, replace: bool) -> None:
    if os.path.isdir(place):  # noqa: PTH112 Path.is_dir raises where a folder may not be looked into
        if _is_current(place):
            raise OutputError(core_message("output-is-current"), path=target)
        if not replace and _has_content(place, target):
            raise OutputError(core_message("output-not-empty"), path=target)
    elif os.path.lexists(place):
        raise OutputError(core_message("output-is-file"), path=target)


def _is_current(place: Path) -> bool:
    try:
        return Path.cwd().is_relative_to(place)
    except OSError:
        # The current folder was removed, so it is not this one.
        return False


def _has_content(place: Path, target: Path) -> bool:
    try:
        return any(place.iterdir())
    except OSError as error:
        raise not_writable(target, error) from None


def _make(site: Path, target: Path) -> None:
    try:
        # Not tempfile.mkdtemp: the folder becomes the output, and its mode must follow the umask.
        site.mkdir(parents=True)
    except OSError as error:
        raise not_writable(target, error) from None


@contextmanager
def _naming(target: Path, site: Path) -> Iterator[None]:
    """Turn failures to write below the building site into errors that name the place the user knows."""
    try:
        yield
    except OutputError as error:
        if error.path is not None and Path(error.path).is_relative_to(site):
            error.path = str(target / Path(error.path).relative_to(site))
        raise
    except OSError as error:
        note = note_of(error)
        # What a plugin does wrong there is its own mistake; only what a person can mend is the target's.
        if not _is_about(error, site) or (note is not None and error.errno not in _REFUSED):
            raise
        failure = not_writable(target, error)
        if note is not None:
            failure.add_note(note)
        raise failure from error


def _is_about(error: OSError, site: Path) -> bool:
    names = [name for name in (error.filename, error.filename2) if isinstance(name, str)]
    return error.errno in _FULL or any(Path(name).is_relative_to(site) for name in names)


def swap_in(site: Path, place: Path, target: Path | None = None) -> None:
    """Rename a finished folder to ``place``, on the same file system; a folder that stands there is replaced.

    Raises:
        OutputError: It cannot be; named as ``target``, by which a person knows the place.
    """
    try:
        if place.is_dir():
            _exchange(site, place)
        else:
            site.replace(place)
    except OSError as error:
        raise not_writable(target or place, error) from error
    with suppress(OSError):
        # The tree is complete and in place: a file system that cannot sync a folder does not change that.
        sync(place.parent)


def _exchange(site: Path, place: Path) -> None:
    aside = beside(place, "old")
    with suppress(OSError):
        shutil.copymode(place, site)
    try:
        place.replace(aside)
        site.replace(place)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.replace(place)
        raise
    finally:
        if place.exists():
            shutil.rmtree(aside, ignore_errors=True)
