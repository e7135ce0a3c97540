"""Finding: the run folders below what was named, and what their items are called."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Final

from shirube._naming import unlike
from shirube.errors import InputError, all_problems
from shirube.runs import DOCUMENT, is_run
from shirube.series._phrases import message

#: Where a batch keeps the run folders of its items.
ITEMS: Final = "items"

__all__ = ["ITEMS", "find_runs", "item_names"]


def find_runs(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the run folders that are named, or lie in a named folder or its folder ``items``, by name.

    Raises:
        InputError: Something named is no run folder and holds none; all are told.
    """
    found: dict[Path, None] = {}
    problems = []
    for path in paths:
        runs = [path] if is_run(path) else sorted(_inside(path))
        if not runs:
            problems.append(InputError(message("no-runs", document=DOCUMENT), path=path))
        found.update(dict.fromkeys(runs))
    if problems:
        raise all_problems(problems)
    return tuple(found)


def item_names(runs: Sequence[Path]) -> tuple[str, ...]:
    """Return what runs are called: their paths below the folder that all have in common, no two the same."""
    places = [PurePath(os.path.realpath(run)) for run in runs]
    try:
        common = os.path.commonpath([place.parent for place in places]) if places else ""
        named = [place.relative_to(common).as_posix() for place in places]
    except ValueError:
        # On several drives; the names of machines' folders are not kept.
        named = [place.name for place in places]
    return tuple(unlike(named))


def _inside(path: Path) -> Iterator[Path]:
    for folder in (path, path / ITEMS):
        try:
            yield from (one for one in folder.iterdir() if is_run(one))
        except OSError:
            # No folder, or none that may be looked into: there is no run in it.
            continue
