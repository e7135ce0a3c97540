"""What anonymity hides, looked for inside the files of a dataset: texts are searched, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from attrs import frozen

from shirube.errors import InputError
from shirube.text import decode
from shirube_policy.documents.texts import message
from shirube_policy.hidden import Trace, found_in

#: Larger files are numbers; who measured stands in headers, far before.
_LOOKED_AT: Final = 16 * 2**20

__all__ = ["Searched", "search"]


@frozen
class Searched:
    """What was found in files.

    Attributes:
        found: Names of files with the line of each occurrence.
        unsearched: Names of files that are no texts, at which a person must look (images, containers).
        absent: Names of files that are not in the folder.
    """

    found: tuple[tuple[str, int], ...]
    unsearched: tuple[str, ...]
    absent: tuple[str, ...]


def search(folder: Path, names: Iterable[str], hidden: Sequence[Trace]) -> Searched:
    """Return where in files of a folder something hidden stands.

    Args:
        folder: Where the files lie.
        names: Their names, relative to the folder.
        hidden: What is hidden; parts of names that may be words are left aside.

    Raises:
        InputError: A name leads out of the folder.
    """
    wanted = [one for one in hidden if one.certainty != "perhaps"]
    found: list[tuple[str, int]] = []
    unsearched, absent = [], []
    for name in names:
        path = folder / PurePosixPath(name)
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InputError(message("anonymise-elsewhere", name=name), path=folder)
        if not path.is_file():
            absent.append(name)
            continue
        with path.open("rb") as source:
            data = source.read(_LOOKED_AT)
        if b"\0" in data[:4096]:
            unsearched.append(name)
            continue
        lines = decode(data).text.splitlines()
        found += [(name, number) for number, line in enumerate(lines, 1) if any(found_in(line, wanted))]
    return Searched(tuple(found), tuple(unsearched), tuple(absent))
