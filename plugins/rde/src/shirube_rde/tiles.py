"""Data tiles: where each goes, and everything that is written into one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shirube.exporting import RenderedFigure
from shirube.records import Outcome
from shirube.trees import write_bytes, write_json, write_text
from shirube_rde.definition import Definition
from shirube_rde.images import place_images
from shirube_rde.metadata import Metadata, metadata_of
from shirube_rde.parameters import Parameters
from shirube_rde.rawfiles import copy_inputs
from shirube_rde.structured import structured_files

__all__ = ["tile_places", "write_tile"]


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
    inputs: dict[str, Path],
    parameters: Parameters,
) -> Metadata:
    """Write one tile into ``folder`` and return its metadata.

    Args:
        outcome: What came of the tile's item.
        folder: ``data/`` or ``data/divided/NNNN``.
        definition: The metadata items.
        figures: The figures of the entry.
        inputs: Where the input files lie, by name.
        parameters: Settings of the exporter.

    Raises:
        OutputError: Metadata that RDE cannot take, or a folder that cannot be written.
        InputError: An input file that is gone or has changed.
    """
    metadata = metadata_of(outcome, definition, parameters.utc_offset)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "meta" / "metadata.json", metadata.to_json())
    (folder / "structured").mkdir()
    for file in structured_files(outcome):
        write_text(folder / "structured" / file.name, file.text)
    for name in ("main_image", "other_image", "thumbnail"):
        (folder / name).mkdir()
    for image in place_images(figures, parameters.thumbnail_size):
        write_bytes(folder / image.folder / image.name, image.png)
    copy_inputs(outcome.entry.files, inputs, folder / _raw_folder(parameters))
    return metadata


def _raw_folder(parameters: Parameters) -> str:
    return "raw" if parameters.raw_sharing == "shared" else "nonshared_raw"
