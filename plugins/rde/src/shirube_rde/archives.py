"""Zip files, extracted into a temporary folder that is gone afterwards: nothing outside it, and no bombs."""

from __future__ import annotations

import errno
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from shirube.errors import InputError, OutputError
from shirube_rde.texts import message

SUFFIX: Final = ".zip"
#: Limits of what is extracted: a download of a dataset of ARIM has some hundred files and some gigabytes at most.
MOST_FILES: Final = 20_000
MOST_BYTES: Final = 4 * 2**30
#: How many times larger a file of more than a megabyte may become; text packs about twenty times.
MOST_RATIO: Final = 200
_RATIO_FROM: Final = 2**20
_CHUNK: Final = 2**20
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
#: What the library raises for the many ways in which a zip file can be broken.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')

__all__ = ["MOST_BYTES", "MOST_FILES", "MOST_RATIO", "SUFFIX", "extracted"]


@contextmanager
def extracted(path: Path, shown: str | None = None) -> Iterator[Path]:
    """Extract a zip file into a temporary folder for the time of the block; errors call it ``shown``, or by its path.

    Everything is judged by its names and sizes before the first byte is written, and the sizes again while writing,
    because a directory of a zip file may lie.

    Raises:
        InputError: No zip file, a damaged or encrypted one, names that lead elsewhere or that no file can have, links,
            too many files, too many bytes, or a file that grows suspiciously.
        OutputError: There is no room for what it holds.
    """
    with tempfile.TemporaryDirectory(prefix="shirube-") as folder:
        place, name = Path(folder), shown or str(path)
        try:
            with zipfile.ZipFile(path) as archive:
                _extract(archive, place, name)
        except _DAMAGED as error:
            raise InputError(message("zip-damaged", reason=" ".join(str(error).split())), path=name) from None
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise OutputError(message("zip-no-room", reason=error.strerror), path=name) from None
            raise InputError(message("zip-damaged", reason=error.strerror or error), path=name) from None
        yield place


def _extract(archive: zipfile.ZipFile, folder: Path, path: str) -> None:
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MOST_FILES:
        raise InputError(message("zip-many", count=len(members), most=MOST_FILES), path=path)
    if (total := sum(one.file_size for one in members)) > MOST_BYTES:
        raise InputError(message("zip-large", size=_gigabytes(total), most=_gigabytes(MOST_BYTES)), path=path)
    places = [_place(one, path) for one in members]
    _refuse_twice(places, path)
    left = MOST_BYTES
    for member, place in zip(members, places, strict=True):
        target = folder.joinpath(*place.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        left -= _copy(archive, member, target, left, path)


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, path: str) -> int:
    """Write one file and return its bytes; stop where it grows beyond what is left, or beyond the ratio."""
    allowed = min(left, max(_RATIO_FROM, member.compress_size * MOST_RATIO))
    written = 0
    with archive.open(member) as source, target.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > allowed:
                raise InputError(message("zip-bomb", name=member.filename), path=path)
            sink.write(chunk)
    return written


def _place(member: zipfile.ZipInfo, path: str) -> PurePosixPath:
    """Return where a file belongs below the folder.

    Raises:
        InputError: It is encrypted, no regular file, or its name leads elsewhere.
    """
    if member.flag_bits & _ENCRYPTED:
        raise InputError(message("zip-encrypted", name=member.filename), path=path)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise InputError(message("zip-link", name=member.filename), path=path)
    name = _name(member)
    place = PurePosixPath(name)
    odd = place.is_absolute() or not place.parts or ".." in place.parts or _FORBIDDEN.search(name)
    if odd or any(part.endswith((" ", ".")) or len(part.encode()) > 255 for part in place.parts):  # noqa: PLR2004 bytes of a name
        raise InputError(message("zip-elsewhere", name=name), path=path)
    return place


def _name(member: zipfile.ZipInfo) -> str:
    """Return the file's name; one that is not marked as UTF-8 is Japanese (cp932) if it can be."""
    # zipfile takes the part before a NUL for the name, so that what follows is judged here.
    name = member.orig_filename
    if member.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode("cp932")
    except UnicodeError:
        return name


def _refuse_twice(places: list[PurePosixPath], path: str) -> None:
    folders = {parent.as_posix().casefold() for place in places for parent in place.parents}
    seen = set(folders)
    for place in places:
        # File systems of Windows and macOS do not tell capital letters from small ones.
        key = place.as_posix().casefold()
        if key in seen:
            raise InputError(message("zip-twice", name=place.as_posix()), path=path)
        seen.add(key)


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.1f}"
