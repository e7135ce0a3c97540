"""Files of an archive that no row of a table names: sidecars come along, anything else is refused, not forgotten."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from shirube.messages import Text
from shirube.records import ItemFile
from shirube_rde.texts import message

__all__ = ["beside", "unclear", "with_companions"]


def with_companions(
    tiles: Sequence[Sequence[ItemFile]],
    packed: Sequence[ItemFile],
    sidecars: Sequence[str],
    archive: str,
    problems: list[Text],
) -> list[tuple[ItemFile, ...]]:
    """Return the files of each tile with the sidecars that lie beside them.

    Args:
        tiles: The files that the rows name.
        packed: All files of the archive.
        sidecars: Patterns of sidecars (``{stem}_metadata.json``).
        archive: Name of the archive.
        problems: Gains one that names the files that belong to no tile.
    """
    whole = [(*files, *beside(files, packed, sidecars)) for files in tiles]
    used = {one.path for files in whole for one in files}
    left = [one.name for one in packed if one.path not in used]
    if left:
        problems.append(message("table-files-left", archive=archive, files=", ".join(left)).text())
    return whole


def unclear(where: Text, file: str, archive: str, *, several: bool) -> Text:
    """Return what is said of a cell whose file is not in the archive, or may be several."""
    if several:
        return message("table-file-several", where=where, file=file, archive=archive).text()
    return message("table-file-missing", where=where, file=file, archive=archive).text()


def beside(files: Sequence[ItemFile], packed: Sequence[ItemFile], sidecars: Sequence[str]) -> Iterator[ItemFile]:
    """Yield the sidecars of files that lie in the same folder of the archive, and are not among the files."""
    have = {one.path for one in files}
    for one in files:
        wanted = {
            _normal(pattern.format(stem=PurePosixPath(one.path.name).stem, name=one.path.name)) for pattern in sidecars
        }
        for other in packed:
            same_folder = other.path.parent == one.path.parent
            if same_folder and other.path not in have and _normal(other.path.name) in wanted:
                have.add(other.path)
                yield ItemFile((PurePosixPath(one.name).parent / other.path.name).as_posix(), other.path)


def _normal(name: str) -> str:
    # macOS stores Japanese names decomposed.
    return unicodedata.normalize("NFC", name)
