"""Files whose first line says what a process is doing, for whoever finds it dead: written often, and so cheaply."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

__all__ = ["FirstLine", "first_line"]

#: Windows changes line ends without it.
_BINARY: Final = getattr(os, "O_BINARY", 0)


class FirstLine:
    """A file that stays open, and whose first line is written anew in place.

    A file that is emptied and filled again is sent to the disk each time by file systems that guard against power
    failures, which takes a thousand times as long; and a check may watch which files are opened.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._file)

    def write(self, document: Any) -> None:
        """Write plain data; what is left of a longer line before it lies behind the line end."""
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, json.dumps(document).encode("ascii") + b"\n")


def first_line(path: Path) -> Any:
    """Return what was written last.

    Raises:
        OSError: There is no file.
        ValueError: There is nothing in it.
    """
    return json.loads(path.read_bytes().partition(b"\n")[0])
