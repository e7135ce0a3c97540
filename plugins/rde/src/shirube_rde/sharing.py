"""Which input files may become public: none, unless a facility says so, and never those that are restricted."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from shirube.records import Source
from shirube_rde.parameters import Parameters

RawFolder: TypeAlias = Literal["raw", "nonshared_raw"]

__all__ = ["RawFolder", "by_folder", "raw_folder"]


def raw_folder(name: str, parameters: Parameters) -> RawFolder:
    """Return where an input file goes: ``raw`` becomes public after the embargo, ``nonshared_raw`` never.

    Files of an anonymised dataset stay hidden whatever is shared: nobody can take a name out of an instrument's file.

    Args:
        name: Name of the file in the tile, folders included.
        parameters: Settings of the exporter.
    """
    restricted = any(_matches(name, pattern) for pattern in parameters.restricted_files)
    shared = parameters.raw_sharing == "shared" and not parameters.anonymised and not restricted
    return "raw" if shared else "nonshared_raw"


def by_folder(files: Sequence[Source], parameters: Parameters) -> dict[RawFolder, list[Source]]:
    """Return input files by the folder they go to; at least one folder is there, even without files."""
    found: dict[RawFolder, list[Source]] = {}
    for file in files:
        found.setdefault(raw_folder(file.name, parameters), []).append(file)
    return found or {raw_folder("", parameters): []}


def _matches(name: str, pattern: str) -> bool:
    folded = name.casefold()
    return any(fnmatchcase(one, pattern.casefold()) for one in (folded, PurePosixPath(folded).name))
