"""Files as readers see them: the name, the first bytes, the sidecar, and the record of what went in."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final

from shirube.errors import InputError, core_message
from shirube.records import Source

HEAD: Final = 8192
_CHUNK: Final = 1 << 20

__all__ = ["HEAD", "SourceFile", "hash_file", "open_input"]


class SourceFile:
    """A data file that readers may claim and read.

    Args:
        path: Where it lies.
        name: Its name in records; relative, never a path of the machine. Default: the file name.
        sidecar: The sidecar found beside it, if any.
    """

    def __init__(self, path: Path, *, name: str | None = None, sidecar: SourceFile | None = None) -> None:
        self.path = Path(path)
        self.name = self.path.name if name is None else name
        self.sidecar = sidecar

    @property
    def suffix(self) -> str:
        """The file's suffix in lower case (``.txt``)."""
        return self.path.suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """The first :data:`HEAD` bytes; empty for an empty file.

        Raises:
            InputError: There is no such file, it is a directory, or it may not be read.
        """
        return self._read(HEAD)

    def read_bytes(self) -> bytes:
        """Return all bytes of the file.

        Raises:
            InputError: As for :attr:`head`.
        """
        return self._read(-1)

    def record(self) -> Source:
        """Return the record of this file: name, size and SHA-256."""
        return hash_file(self.path, self.name)

    def _read(self, size: int) -> bytes:
        with open_input(self.path, self.name) as handle, _readable(self.name):
            return handle.read(size)


def open_input(path: Path, name: str | None = None) -> BinaryIO:
    """Open an input file for reading bytes.

    Raises:
        InputError: There is no such file, it is a directory, or it may not be read; ``name`` is how it is called.
    """
    with _readable(name or str(path)):
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            # Windows says only that access is denied.
            raise IsADirectoryError
        if not stat.S_ISREG(mode):
            # A pipe would be waited for without end, a device read without end.
            raise InputError(core_message("input-not-regular"), path=name or str(path))
        return path.open("rb")


@contextmanager
def _readable(shown: str) -> Iterator[None]:
    """Turn what the operating system says of a file into an error that names it ``shown``."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(core_message("input-missing"), path=shown) from None
    except IsADirectoryError:
        raise InputError(core_message("input-is-directory"), path=shown) from None
    except OSError as error:
        raise InputError(core_message("input-unreadable", reason=error.strerror or str(error)), path=shown) from None
    except ValueError:
        raise InputError(core_message("input-name"), path=shown) from None


def hash_file(path: Path, name: str | None = None) -> Source:
    """Return the record of a file: its name, size in bytes and SHA-256.

    Raises:
        InputError: The file cannot be read.
    """
    digest = hashlib.sha256()
    size = 0
    with open_input(path, name) as handle, _readable(name or str(path)):
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Source(name=name or path.name, size=size, sha256=digest.hexdigest())
