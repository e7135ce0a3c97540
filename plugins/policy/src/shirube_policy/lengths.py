"""Lengths as the policy counts them, in Japanese, English and mixed text, and the band of an "about"."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from typing import Final, Literal, TypeAlias

from attrs import frozen

from shirube.text import full_width_equivalents, is_japanese

Band: TypeAlias = Literal["within", "about", "outside"]

#: An opening, closing or empty tag; ``x < 5 and y > 3`` holds none.
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]*>")

__all__ = ["Band", "Length", "at_least", "at_most", "measure", "plain_text"]


@frozen
class Length:
    """How long a text is.

    The policy gives each limit for Japanese and, doubled, for English. Counting full-width equivalents (全角換算)
    serves both, and mixed text: one for a full-width character, a half for any other. For the lower limit a text that
    is mainly Japanese is counted by characters, as a word processor does, so that formulae do not make it too short.

    Attributes:
        characters: Characters, without combining marks.
        full_width: Full-width equivalents.
        japanese: Whether at least half of the letters are Japanese.
    """

    characters: int
    full_width: float
    japanese: bool

    @property
    def for_minimum(self) -> float:
        """The length that is held against a lower limit."""
        return self.characters if self.japanese else self.full_width


# Several rules read the same few texts of a dataset.
@functools.lru_cache(maxsize=256)
def plain_text(text: str) -> str:
    """Return ``text`` as it is read: without markup and invisible characters, composed (NFC), white space collapsed."""
    visible = unicodedata.normalize("NFC", html.unescape(_MARKUP.sub("", text)))
    return " ".join("".join(char for char in visible if unicodedata.category(char) != "Cf").split())


@functools.lru_cache(maxsize=256)
def measure(text: str) -> Length:
    """Return how long ``text`` is."""
    plain = plain_text(text)
    letters = [char for char in plain if unicodedata.category(char).startswith("L")]
    japanese = sum(map(is_japanese, letters))
    return Length(
        characters=sum(not unicodedata.category(char).startswith("M") for char in plain),
        full_width=full_width_equivalents(plain),
        japanese=bool(letters) and 2 * japanese >= len(letters),
    )


def at_most(length: Length, limit: int, tolerance: float) -> Band:
    """Return how ``length`` stands to an upper limit that reads "about" (程度)."""
    if length.full_width <= limit:
        return "within"
    return "about" if length.full_width <= _rounded(limit * (1 + tolerance)) else "outside"


def at_least(length: Length, limit: int, tolerance: float) -> Band:
    """Return how ``length`` stands to a lower limit that reads "about" (程度)."""
    if length.for_minimum >= limit:
        return "within"
    return "about" if length.for_minimum >= _rounded(limit * (1 - tolerance)) else "outside"


def _rounded(limit: float) -> float:
    # 500 * 1.1 is a little more than 550; the edge of the band is meant exactly.
    return round(limit, 6)
