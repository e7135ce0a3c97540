"""Data tiles: where each goes, and everything that is written into one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from shirube.errors import OutputError
from shirube.exporting import RenderedFigure
from shirube.records import FrozenMapping, ItemFile, Outcome
from shirube.sources import hash_file
from shirube.trees import inside, write_bytes, write_json
from shirube_rde.failure import MetadataError
from shirube_rde.filemeta import file_metadata
from shirube_rde.images import place_images
from shirube_rde.items import Definition
from shirube_rde.layout import FILE_METADATA
from shirube_rde.metadata import Metadata, metadata_of
from shirube_rde.parameters import Parameters
from shirube_rde.rawfiles import copy_inputs
from shirube_rde.sharing import by_folder
from shirube_rde.stated import with_stated
from shirube_rde.structured import structured_files

__all__ = ["copy_raw", "keep_given", "tile_places", "write_made", "write_tile"]


def tile_places(count: int) -> tuple[str, ...]:
    """Return the place of each of ``count`` tiles below ``data/``, ``""`` for ``data/`` itself.

    RDE registers ``divided/0001``, ``divided/0002`` … first and ``data/`` last. With the last tile in ``data/``, tiles
    are registered in the order in which they are given.
    """
    return (*(f"divided/{number:04d}" for number in range(1, count)), "") if count else ()


def write_tile(
    outcome: Outcome,
    folder: Path,
    definition: Definition,
    figures: Sequence[RenderedFigure],
    inputs: Mapping[str, Path],
    parameters: Parameters,
    stated: Mapping[str, str] = FrozenMapping(),
) -> Metadata:
    """Write one tile into ``folder`` and return its metadata.

    Args:
        outcome: What came of the tile's item.
        folder: ``data/`` or ``data/divided/NNNN``.
        definition: The metadata items.
        figures: The figures of the entry.
        inputs: Where the input files lie, by name.
        parameters: Settings of the exporter.
        stated: Metadata that a table states, by key.

    Raises:
        MetadataError: Metadata that RDE cannot take.
        OutputError: A folder that cannot be written.
        InputError: An input file that is gone or has changed.
    """
    metadata = write_made(outcome, folder, definition, figures, parameters, stated)
    for place, files in by_folder(outcome.entry.files, parameters).items():
        copy_inputs(files, inputs, folder / place)
    return metadata


def write_made(
    outcome: Outcome,
    folder: Path,
    definition: Definition,
    figures: Sequence[RenderedFigure],
    parameters: Parameters,
    stated: Mapping[str, str] = FrozenMapping(),
) -> Metadata:
    """Write all of a tile but its input files, as :func:`write_tile`.

    Raises:
        MetadataError: Metadata that RDE cannot take.
        OutputError: A folder that cannot be written.
    """
    try:
        metadata = with_stated(metadata_of(outcome, definition, parameters.utc_offset), stated, definition)
    except OutputError as error:
        raise MetadataError(error.message, path=error.path) from None
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "meta" / "metadata.json", metadata.to_json())
    (folder / "structured").mkdir()
    files = tuple(structured_files(outcome))
    for file in files:
        with (folder / "structured" / file.name).open("x", encoding="utf-8", newline="\n") as writing:
            writing.writelines(file.text())
    for name in ("main_image", "other_image", "thumbnail"):
        (folder / name).mkdir()
    images = place_images(figures, parameters.thumbnail_size, outcome)
    for image in images:
        write_bytes(folder / image.folder / image.name, image.content)
    drawn = [image.name for image in images if image.folder == "structured"]
    write_json(folder / FILE_METADATA, file_metadata(files, drawn))
    return metadata


def keep_given(given: Mapping[tuple[str, str], Path], folder: Path) -> None:
    """Copy into a tile what an archive already held of it, where this program made nothing of that name.

    There is one main image and one thumbnail: where the tile has them, those of the archive join the other images.

    Raises:
        InputError: A name leads out of its folder.
    """
    single = {role for role in ("main_image", "thumbnail") if any((folder / role).glob("*"))}
    for (role, name), path in given.items():
        if role == "thumbnail" and role in single:
            continue
        target = inside(folder / ("other_image" if role in single else role), name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def copy_raw(files: Sequence[ItemFile], folder: Path, parameters: Parameters) -> None:
    """Copy input files that nobody reads into a tile.

    Raises:
        InputError: A file is gone, or its name leads out of the folder.
    """
    lie = {one.name: one.path for one in files}
    hashed = [hash_file(path, name) for name, path in lie.items()]
    for place, kept in by_folder(hashed, parameters).items():
        copy_inputs(kept, lie, folder / place)
