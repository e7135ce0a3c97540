"""Where things lie in a job: the ``data`` folder, its tiles and their files."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

IMAGE_FOLDERS: Final = ("main_image", "other_image", "thumbnail")
#: Folders of a tile that hold what a job makes of its input.
OUTPUT_FOLDERS: Final = ("structured", "meta", *IMAGE_FOLDERS, "raw", "nonshared_raw")
#: What describes the files of a tile, beside its folders.
FILE_METADATA: Final = "filemeta.json"
#: Folders of a tile whose files are registered, by their role.
TILE_FOLDERS: Final = (*OUTPUT_FOLDERS, "attachment", "invoice")
_NUMBER: Final = re.compile(r"\d{4}")

__all__ = [
    "FILE_METADATA",
    "IMAGE_FOLDERS",
    "OUTPUT_FOLDERS",
    "TILE_FOLDERS",
    "Job",
    "Tile",
    "is_file",
    "is_folder",
    "job_at",
    "walk",
]


def is_folder(path: Path) -> bool:
    """Tell whether ``path`` is a folder itself, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def is_file(path: Path) -> bool:
    """Tell whether ``path`` is a regular file itself: no link, no pipe, no device."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def walk(folder: Path) -> Iterator[Path]:
    """Yield everything below ``folder`` that is no folder, sorted by place; links are yielded and never followed."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        found.extend(path for name in folders if (path := Path(place, name)).is_symlink())
        found.extend(Path(place, name) for name in files)
    return iter(sorted(found))


@frozen
class Tile:
    """One data tile: ``data/`` itself or ``data/divided/NNNN``."""

    folder: Path
    #: Relative to ``data``; ``""`` for the root tile.
    place: str

    @property
    def invoice(self) -> Path:
        """Where the tile's invoice is."""
        return self.folder / "invoice" / "invoice.json"

    @property
    def metadata_path(self) -> Path:
        """Where the tile's metadata are."""
        return self.folder / "meta" / "metadata.json"

    def names(self, role: str) -> tuple[str, ...]:
        """Return the regular files of one folder, relative to it, sorted; nothing that a link leads to."""
        folder = self.folder / role
        if not is_folder(folder):
            return ()
        return tuple(sorted(path.relative_to(folder).as_posix() for path in walk(folder) if is_file(path)))

    def files(self) -> dict[str, tuple[str, ...]]:
        """Return the files by role, relative to ``data``; roles without files are absent."""
        prefix = f"{self.place}/" if self.place else ""
        found = {role: tuple(f"{prefix}{role}/{name}" for name in self.names(role)) for role in TILE_FOLDERS}
        return {role: names for role, names in found.items() if names}


@frozen
class Job:
    """A job folder."""

    data: Path

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The tiles in the order in which RDE registers them: the divided ones by number, the root last."""
        divided = self.data / "divided"
        folders = sorted(path for path in divided.iterdir() if is_folder(path)) if is_folder(divided) else []
        numbered = [path for path in folders if _NUMBER.fullmatch(path.name)]
        return (*(Tile(path, f"divided/{path.name}") for path in numbered), Tile(self.data, ""))

    @property
    def invoice(self) -> Path:
        """Where the invoice of the job, and of the tile in ``data`` itself, is."""
        return self.data / "invoice" / "invoice.json"

    @property
    def definition(self) -> Path:
        """Where the metadata definition is."""
        return self.data / "tasksupport" / "metadata-def.json"

    @property
    def schema(self) -> Path:
        """Where the schema of the invoice is."""
        return self.data / "tasksupport" / "invoice.schema.json"


def job_at(path: Path) -> Job | None:
    """Return the job in a folder (that holds ``data/`` or is it), None when there is none."""
    for data in (path / "data", path):
        if any((data / part).is_dir() for part in ("invoice", "meta", "tasksupport", "inputdata")):
            return Job(data)
    return None
