"""Signing: folders say which of their files a gathering wrote, so that the next one replaces those and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from shirube.trees import write_json

#: The file that names the others; hidden, because nobody is to read it.
MARK: Final = ".shirube-gathered.json"
_SCHEMA: Final = "shirube-gathered/1"

__all__ = ["MARK", "held", "sign", "strangers"]


def sign(folder: Path, names: Iterable[str]) -> None:
    """Write down in a folder which files in it were gathered.

    Raises:
        OutputError: It cannot be written.
    """
    write_json(folder / MARK, {"schema": _SCHEMA, "files": sorted(names)})


def held(folder: Path) -> tuple[str, ...]:
    """Return the names of what is in a folder, none where there is no folder."""
    return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()


def strangers(folder: Path) -> tuple[str, ...]:
    """Return the names of what no gathering wrote into a folder; all of them where nothing says what one wrote."""
    signed = {*_signed(folder)}
    return tuple(name for name in held(folder) if name not in signed or not (folder / name).is_file())


def _signed(folder: Path) -> tuple[str, ...]:
    try:
        document = json.loads((folder / MARK).read_bytes())
        if document["schema"] != _SCHEMA:
            return ()
        return (MARK, *(name for name in document["files"] if isinstance(name, str)))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        # There is none, or it is none of ours: then nothing may be taken for ours.
        return ()
