"""The parts of a document: headings, paragraphs, lists, tables; what shows them decides how they look."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from shirube._frozen import as_tuple

__all__ = ["Block", "Code", "Grid", "Heading", "Listing", "Paragraph"]


@frozen
class Heading:
    """The head of a section; level 1 is the document's own."""

    text: str
    level: int = 2


@frozen
class Paragraph:
    """Running text."""

    text: str


@frozen
class Listing:
    """Items of a list."""

    items: tuple[str, ...] = field(converter=as_tuple)


@frozen
class Code:
    """Lines that are shown as they are."""

    text: str


@frozen
class Grid:
    """A table; one without heads tells values by their names."""

    rows: tuple[tuple[str, ...], ...] = field(converter=as_tuple)
    head: tuple[str, ...] | None = None


Block: TypeAlias = Heading | Paragraph | Listing | Code | Grid
