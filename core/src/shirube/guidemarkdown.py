"""A guide as Markdown, from which its page of the documentation is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from shirube.blocks import Block, Code, Grid, Heading, Listing, Paragraph
from shirube.guidedocument import guide_document
from shirube.guides import GuideData
from shirube.messages import Language
from shirube.terms import Vocabulary

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~$^])")
_LINK: Final = re.compile(r"https?://[^\s、。（）]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

__all__ = ["guide_markdown"]


def guide_markdown(guide: GuideData, vocabulary: Vocabulary, lang: Language) -> str:
    """Return the guide as CommonMark with tables, in ``lang``; ends with a line end."""
    blocks = guide_document(guide, vocabulary, lang)
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"{'#' * level} {_escaped(text)}"
        case Paragraph(text):
            yield _escaped(text)
        case Listing(items):
            yield from (f"* {_escaped(item)}" for item in items)
        case Code(text):
            yield from ("```text", text, "```")
        case Grid(rows, head):
            yield _row(head or [""] * len(rows[0]))
            yield "|" + "---|" * len(rows[0])
            yield from (_row(row) for row in rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_escaped(cell).replace("\n", "<br>") for cell in cells) + " |"


def _escaped(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is; addresses become links."""
    parts: list[str] = []
    at = 0
    for match in _LINK.finditer(text):
        parts += [_SPECIAL.sub(r"\\\1", text[at : match.start()]), f"<{match[0]}>"]
        at = match.end()
    return "".join((*parts, _SPECIAL.sub(r"\\\1", text[at:])))
