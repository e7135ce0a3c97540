"""What a job shall make: its mode, and for each data tile the files and the invoice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from shirube.messages import Text
from shirube.records import FrozenMapping, ItemFile
from shirube_rde.documents import Document

Mode: TypeAlias = Literal["Invoice", "MultiDataTile", "ExcelInvoice", "SmartTable", "rdeformat"]

__all__ = ["Mode", "Plan", "TilePlan", "changed", "numbered"]


@frozen(eq=False, kw_only=True)
class TilePlan:
    """One data tile to make.

    Attributes:
        where: What a message calls it: the file, or the row of the table that asks for it.
        files: Its input files, under the names they are registered with.
        invoice: Its invoice.
        unread: Files that are registered with the tile, and not read whatever they are.
        stated: Values for ``metadata.json`` that a table states, by key.
        given: What an archive already holds of the tile: role (``structured`` …) and place below it, to where it lies.
        place: Below ``data``; ``""`` for ``data`` itself.
    """

    where: Text
    files: tuple[ItemFile, ...]
    invoice: Document
    unread: tuple[ItemFile, ...] = ()
    stated: FrozenMapping[str, str] = field(factory=FrozenMapping)
    given: FrozenMapping[tuple[str, str], Path] = field(factory=FrozenMapping)
    place: str = ""


@frozen(eq=False)
class Plan:
    """The mode of a job and its tiles; the one in ``data`` itself is in its place of the order given.

    ``remarks`` is what whoever registers the data should know of it.
    """

    mode: Mode
    tiles: tuple[TilePlan, ...]
    remarks: tuple[Text, ...] = ()


def numbered(mode: Mode, tiles: Sequence[TilePlan], *, root: int = 0) -> Plan:
    """Return the plan of ``tiles`` in order, the one with the index ``root`` in ``data`` and the others divided."""
    return Plan(
        mode, tuple(evolve(tile, place=place) for tile, place in zip(tiles, _places(len(tiles), root), strict=True))
    )


def _places(count: int, root: int) -> Iterator[str]:
    number = 0
    for index in range(count):
        if index == root % count:
            yield ""
            continue
        number += 1
        yield f"divided/{number:04d}"


def changed(document: Document, **sections: Mapping[str, Any]) -> Document:
    """Return an invoice with other sections, written as RDE writes it."""
    import json

    content = {**document.content, **sections}
    return Document(content, json.dumps(content, ensure_ascii=False, indent=4) + "\n")
