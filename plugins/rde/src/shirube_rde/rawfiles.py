"""The input files of a tile, copied byte for byte under their own names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from shirube.errors import InputError, OutputError
from shirube.records import Source
from shirube.sources import open_input
from shirube.trees import inside
from shirube_rde.texts import message

_CHUNK: Final = 1 << 20

__all__ = ["copy_inputs"]


def copy_inputs(files: Sequence[Source], lie: Mapping[str, Path], folder: Path) -> None:
    """Copy every file of an entry into ``folder``.

    Args:
        files: What went in: names and hashes; one that is listed twice is copied once.
        lie: Where each lies, by name.
        folder: Made here; names with folders keep them.

    Raises:
        InputError: A file is gone, or is not the one that was read; or its name leads out of the folder.
        OutputError: Nobody says where a file lies, or the folder cannot be written.
    """
    folder.mkdir()
    for file in dict.fromkeys(files):
        if file.name not in lie:
            raise OutputError(message("input-place-unknown", file=file.name))
        target = inside(folder, file.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if _copy(lie[file.name], file.name, target) != file.sha256:
            raise InputError(message("input-changed"), path=file.name)


def _copy(source: Path, name: str, target: Path) -> str:
    digest = hashlib.sha256()
    with open_input(source, name) as reading, target.open("xb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
    return digest.hexdigest()
