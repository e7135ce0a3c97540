"""Where names still stand in what is published of a tree: file names, metadata, tables, invoices."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
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
#: So many lines of a file are told at most: who mends them sees by then what is to be done.
_MOST_LINES: Final = 20
#: Never made public.
_KEPT: Final = "nonshared_raw"

__all__ = ["names_left", "names_shown", "not_looked_into", "said_of_names"]


def names_shown(job: Job, hidden: Hidden) -> tuple[str, ...]:
    """Return the files of a finished job that show what is hidden, with the first lines that do where there are any."""
    found = (one for tile in job.tiles for one in names_left(tile, hidden))
    lines: dict[str, list[str]] = {}
    for place, line in found:
        lines.setdefault(place, []).extend([] if line is None else [str(line)])
    return tuple(f"{place}:{_few(told)}" if told else place for place, told in lines.items())


def _few(lines: Sequence[str]) -> str:
    return ",".join((*lines[:_MOST_LINES], "…") if len(lines) > _MOST_LINES else lines)


def said_of_names(named: Sequence[str] | None) -> Iterator[Message]:
    """Yield what is to be said of an anonymised job: what was done, and where names remain."""
    if named is not None:
        yield message("job-anonymised")
    if named:
        yield message("job-names-left", places=", ".join(named))


def names_left(tile: Tile, hidden: Hidden) -> Iterator[tuple[str, int | None]]:
    """Yield the files of a tile, relative to ``data``, that show what is hidden: in their name, or in that line.

    A file comes once for each such line, but for no more lines than a reader needs. What is in ``nonshared_raw`` is not
    looked at: it stays hidden.
    """
    for place, path in _published(tile):
        if hidden.shows_in(path.relative_to(tile.folder).as_posix()) or _archive_shows(path, hidden):
            yield place, None
        elif path.suffix.lower() in _TEXTS:
            yield from ((place, line) for line in islice(_lines(path, hidden), _MOST_LINES + 1))


def not_looked_into(job: Job) -> Iterator[Message]:
    """Yield what is to be said of an anonymised job's files in which names cannot be looked for."""
    found = [
        place
        for tile in job.tiles
        for place, path in _published(tile)
        if not _is_searched(path) and not _is_figure(tile, path)
    ]
    if found:
        yield message("job-names-unsearched", places=", ".join(found))


def _is_figure(tile: Tile, path: Path) -> bool:
    """Tell whether a PDF is what this program has drawn as a PNG too, which it draws without names."""
    images = (name for role in ("main_image", "other_image") for name in tile.names(role))
    return path.suffix == ".pdf" and path.parent.name == "structured" and f"{path.stem}.png" in images


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


def _lines(path: Path, hidden: Hidden) -> Iterator[int]:
    """Yield the numbers of the lines that show a name."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        yield from (number for number, line in enumerate(lines, start=1) if hidden.shows_in(line))
