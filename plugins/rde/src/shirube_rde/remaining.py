"""Where names still stand in what is published of a tree: file names, metadata, tables, invoices."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from shirube.messages import Message
from shirube_rde.hiding import Hidden
from shirube_rde.layout import TILE_FOLDERS, Job, Tile
from shirube_rde.texts import message

#: Files whose text is looked through.
_TEXTS: Final = (".csv", ".json", ".txt", ".tsv", ".svg", ".md", ".html", ".xml", ".dat", ".rels", ".yaml", ".toml")
#: Pictures, whose text nobody can find; what this program draws, it draws without names.
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif")
#: An archive's files of more bytes than this are not unpacked to be looked through.
_LARGEST: Final = 64 * 2**20
#: Never made public.
_KEPT: Final = "nonshared_raw"

__all__ = ["names_left", "names_shown", "not_looked_into", "said_of_names"]


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
    for place, path in _published(tile):
        if hidden.shows_in(path.relative_to(tile.folder).as_posix()) or _archive_shows(path, hidden):
            yield place, None
        elif path.suffix.lower() in _TEXTS:
            line = _line(path, hidden)
            if line is not None:
                yield place, line


def not_looked_into(job: Job) -> Iterator[Message]:
    """Yield what is to be said of an anonymised job's files in which names cannot be looked for."""
    found = [place for tile in job.tiles for place, path in _published(tile) if not _is_searched(path)]
    if found:
        yield message("job-names-unsearched", places=", ".join(found))


def _published(tile: Tile) -> Iterator[tuple[str, Path]]:
    prefix = f"{tile.place}/" if tile.place else ""
    for role in TILE_FOLDERS:
        for name in tile.names(role) if role != _KEPT else ():
            yield f"{prefix}{role}/{name}", tile.folder / role / name


def _is_searched(path: Path) -> bool:
    if path.suffix.lower() in (*_TEXTS, *_PICTURES):
        return True
    members = _members(path)
    return bool(members) and all(map(_is_searchable, members))


def _archive_shows(path: Path, hidden: Hidden) -> bool:
    """Tell whether a zip file, as workbooks are, shows a name in the name or text of one of its files."""
    members = _members(path)
    if any(hidden.shows_in(member.filename) for member in members):
        return True
    texts = [member for member in members if _is_searchable(member)]
    if not texts:
        return False
    with zipfile.ZipFile(path) as archive:
        return any(hidden.shows_in(archive.read(member).decode("utf-8", "replace")) for member in texts)


def _members(path: Path) -> list[zipfile.ZipInfo]:
    """Return the files of a zip file; none of another."""
    if path.suffix.lower() in (*_TEXTS, *_PICTURES) or not zipfile.is_zipfile(path):
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            return [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError):
        return []


def _is_searchable(member: zipfile.ZipInfo) -> bool:
    encrypted = member.flag_bits & 1
    return not encrypted and Path(member.filename).suffix.lower() in _TEXTS and member.file_size <= _LARGEST


def _line(path: Path, hidden: Hidden) -> int | None:
    """Return the number of the first line that shows a name, None when none does."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return next((number for number, line in enumerate(lines, start=1) if hidden.shows_in(line)), None)
