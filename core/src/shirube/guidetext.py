"""A guide as text for terminals: wrapped to their width, tables aligned whatever the script."""

from __future__ import annotations

from collections.abc import Iterator

from shirube.blocks import Block, Code, Grid, Heading, Listing, Paragraph
from shirube.guidedocument import guide_document
from shirube.guides import GuideData
from shirube.messages import Language
from shirube.terms import Vocabulary
from shirube.text import display_width
from shirube.wrapping import grid_lines, wrapped

__all__ = ["guide_text"]


def guide_text(guide: GuideData, vocabulary: Vocabulary, lang: Language, width: int = 100) -> str:
    """Return the guide as text in ``lang``, no line wider than ``width`` columns where its words allow it."""
    lines = [line for block in guide_document(guide, vocabulary, lang) for line in ("", *_lines(block, width))]
    return "\n".join(lines[1:])


def _lines(block: Block, width: int) -> Iterator[str]:
    match block:
        case Heading(text, level):
            lines = wrapped(text, width)
            yield from lines
            if level < 3:  # noqa: PLR2004 sections and the document are underlined, tables are not
                yield "=-"[level - 1] * max(display_width(line) for line in lines)
        case Paragraph(text):
            yield from wrapped(text, width)
        case Listing(items):
            yield from (line for item in items for line in _hanging("* ", item, width))
        case Code(text):
            yield from (f"    {line}" for line in text.split("\n"))
        case Grid(rows, head):
            yield from grid_lines(rows, width, head, indent="  ")


def _hanging(mark: str, text: str, width: int) -> Iterator[str]:
    first, *others = wrapped(text, width - 2 - len(mark))
    yield f"  {mark}{first}"
    yield from (f"  {' ' * len(mark)}{line}" for line in others)
