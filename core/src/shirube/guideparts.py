"""Words and parts of a guide's document in one language: headings, tables and lists that hold what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from shirube.blocks import Block, Grid, Heading, Listing, Paragraph
from shirube.errors import core_message
from shirube.guideprose import Range
from shirube.guides import Condition
from shirube.messages import Language, Text
from shirube.terms import Vocabulary

#: Sign before the value, and sign of the tolerance.
_SIGNS: Final = {"equal": ("", "±"), "at_most": ("≤ ", "+"), "at_least": ("≥ ", "\u2212")}

__all__ = ["Parts", "plain", "rule"]


class Parts:
    """Makes the parts of a document in one language."""

    def __init__(self, vocabulary: Vocabulary, lang: Language) -> None:
        self.vocabulary, self.lang = vocabulary, lang

    def heading(self, code: str) -> Heading:
        """Return the heading of a section by its code."""
        return Heading(self.word(code))

    def paragraphs(self, texts: Iterable[Text | None]) -> Iterator[Block]:
        """Yield a paragraph for each text that is there."""
        yield from (Paragraph(self.text(text)) for text in texts if text is not None)

    def named(self, rows: Iterable[tuple[str, Text | str | None]]) -> Iterator[Block]:
        """Yield a table of what is named and there."""
        shown = [(self.word(code), self.text(value)) for code, value in rows if value]
        if shown:
            yield Grid(shown)

    def pairs(self, code: str, rows: Sequence[tuple[str, Text]]) -> Iterator[Block]:
        """Yield a section of names with their texts."""
        if rows:
            yield self.heading(code)
            yield Grid([(name, self.text(text)) for name, text in rows])

    def listed(self, code: str, texts: Sequence[Text | str]) -> Iterator[Block]:
        """Yield a section that lists texts."""
        if texts:
            yield self.heading(code)
            yield Listing([self.text(text) for text in texts])

    def table(self, head: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Grid:
        """Return a table with a head."""
        return Grid(rows, tuple(self.word(code) for code in head))

    def range(self, one: Range | None) -> str:
        """Return a range of numbers with its unit."""
        return "" if one is None else f"{one.minimum:g}–{one.maximum:g} {one.unit}"

    def term(self, term: str) -> str:
        """Return how a term is called."""
        return self.text(self.vocabulary[term].label) if term in self.vocabulary else term

    def text(self, text: Text | str) -> str:
        """Return a text in the language."""
        return text if isinstance(text, str) else text.render(self.lang)

    def word(self, code: str) -> str:
        """Return a word of the core's catalogue in the language."""
        return core_message(f"guide-{code}").render(self.lang)


def rule(one: Condition) -> str:
    """Return how a condition is checked, as a formula: ``50 ± 0.05 eV``, ``≤ 0.125 + 0.0125 eV``."""
    if one.comparison == "matches":
        return f"/{one.value}/"
    sign, slack = _SIGNS[one.comparison]
    tolerance = f" {slack} {one.tolerance:g}" if one.tolerance else ""
    return f"{sign}{plain(one.value)}{tolerance} {one.unit or ''}".rstrip()


def plain(value: float | str) -> str:
    """Return a value as people write it."""
    return value if isinstance(value, str) else f"{value:g}".replace("-", "\u2212")
