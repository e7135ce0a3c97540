"""Where names still stand in what is published of a tree: file names, metadata, tables, invoices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from shirube.messages import Message
from shirube_rde.hiding import Hidden
from shirube_rde.layout import TILE_FOLDERS, Job, Tile
from shirube_rde.texts import message

#: Files whose text is looked through; images and the rest hold no text that could be found.
_TEXTS: Final = (".csv", ".json", ".txt", ".tsv", ".svg", ".md", ".html", ".xml", ".dat")
#: Never made public.
_KEPT: Final = "nonshared_raw"

__all__ = ["names_left", "names_shown", "said_of_names"]


def names_shown(job: Job, hidden: Hidden) -> tuple[str, ...]:
    """Return the files of a finished job that show what is hidden, with the line where it can be told."""
    found = (one for tile in job.tiles for one in names_left(tile, hidden))
    return tuple(place if line is None else f"{place}:{line}" for place, line in found)


def said_of_names(named: Sequence[str] | None) -> Iterator[Message]:
    """Yield what is to be said of an anonymised job: what was done, and where names remain."""
    if named is not None:
        yield message("job-anonymised")
    if named:
        yield message("job-names-left", places=", ".join(named))


def names_left(tile: Tile, hidden: Hidden) -> Iterator[tuple[str, int | None]]:
    """Yield the files of a tile, relative to ``data``, that show what is hidden: in their name, or in that line first.

    What is in ``nonshared_raw`` is not looked at: it stays hidden.
    """
    prefix = f"{tile.place}/" if tile.place else ""
    for role in TILE_FOLDERS:
        for name in tile.names(role) if role != _KEPT else ():
            place = f"{prefix}{role}/{name}"
            if hidden.shows_in(name):
                yield place, None
            elif Path(name).suffix.lower() in _TEXTS:
                line = _line(tile.folder / role / name, hidden)
                if line is not None:
                    yield place, line


def _line(path: Path, hidden: Hidden) -> int | None:
    """Return the number of the first line that shows a name, None when none does."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return next((number for number, line in enumerate(lines, start=1) if hidden.shows_in(line)), None)
