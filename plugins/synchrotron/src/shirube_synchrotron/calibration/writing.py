"""Writing several files so that either all are there or none: aside, synced, then swapped in."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from attrs import frozen

from shirube.errors import OutputError, ShirubeError
from shirube_synchrotron.calibration.phrases import message

#: Windows syncs only files that are open for writing.
_OPEN_TO_SYNC: Final = os.O_RDWR if os.name == "nt" else os.O_RDONLY

#: What a person may have built on: a calibration.
_GUARDED: Final = ".json"

__all__ = ["check_unchanged", "write_together"]


@frozen
class _Move:
    """One file on its way: the new one aside, and where the old one was put (None where there was none)."""

    place: Path
    new: Path
    old: Path | None


def check_unchanged(files: Mapping[Path, bytes], *, force: bool) -> Iterator[ShirubeError]:
    """Yield an error for each file that would be replaced by other content, unless that is forced.

    Figures and tables only show what calibration files say, in one language or the other: they are replaced freely.
    """
    for path, data in files.items():
        if path.is_dir():
            yield OutputError(message("output-is-folder"), path=path)
        elif path.suffix == _GUARDED and os.path.lexists(path) and not force and not _holds(path, data):
            yield OutputError(message("output-differs"), path=path)


def write_together(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write all ``files`` or none; one that holds its bytes already is left untouched.

    New files are written and synced beside their places first. If one cannot be put in its place, those that were are
    taken back.

    Returns:
        The files that were written.

    Raises:
        OutputError: A file cannot be written; everything is as it was.
    """
    changed = {path: data for path, data in files.items() if not _holds(path, data)}
    prepared: list[Path] = []
    folders = _missing_folders(changed)
    try:
        moves = [_prepared(path, data, prepared) for path, data in changed.items()]
        _swap(moves)
    except BaseException:
        _remove(prepared)
        for folder in folders:
            # Only those that are empty go.
            with suppress(OSError):
                folder.rmdir()
        raise
    finally:
        _remove(prepared)
    return tuple(changed)


def _missing_folders(files: Iterable[Path]) -> list[Path]:
    """Return the folders that writing ``files`` would make, the innermost first."""
    missing = {folder for path in files for folder in path.parents if not folder.exists()}
    return sorted(missing, key=lambda folder: len(folder.parts), reverse=True)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()


def _prepared(path: Path, data: bytes, prepared: list[Path]) -> _Move:
    new = _beside(path, "new")
    prepared.append(new)
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        _sync(new)
    return _Move(path, new, _beside(path, "old") if os.path.lexists(path) else None)


def _swap(moves: Sequence[_Move]) -> None:
    done: list[_Move] = []
    try:
        for move in moves:
            with _told(move.place):
                if move.old is not None:
                    # A second name for the old file: at its own place there is always one, the old or the new.
                    _keep(move.place, move.old)
                done.append(move)
                move.new.replace(move.place)
    except BaseException:
        for move in reversed(done):
            _take_back(move)
        raise
    for move in moves:
        if move.old is not None:
            with suppress(OSError):
                move.old.unlink()
    for folder in {move.place.parent for move in moves}:
        with suppress(OSError):
            # Some systems open or sync no folders; the files are in place all the same.
            _sync(folder)


def _keep(place: Path, old: Path) -> None:
    try:
        os.link(place, old, follow_symlinks=False)
    except OSError:
        # No hard links here: a copy does as well.
        old.write_bytes(place.read_bytes())


def _take_back(move: _Move) -> None:
    with suppress(OSError):
        if move.old is not None:
            move.old.replace(move.place)
            # Two names of one file: a rename between them does nothing, and leaves the second.
            move.old.unlink(missing_ok=True)
        elif not move.new.exists():
            move.place.unlink()


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == data
    except OSError:
        return False


def _beside(path: Path, purpose: str) -> Path:
    return path.with_name(f".shirube-{secrets.token_hex(6)}.{purpose}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, _OPEN_TO_SYNC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(message("not-writable", reason=error.strerror or str(error)), path=path) from error
