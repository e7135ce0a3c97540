"""Names that must not be shown: how they may be written, and texts without them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from shirube.text import is_japanese

#: What stands in the place of a name; safe in names of files.
MARK: Final = "anonymous"
#: What may stand between the parts of a name.
_JOINT: Final = r"[\s_,.\-]*"
_PARTS: Final = re.compile(r"[\s,、，_]+")
#: A shorter part of a name may be any word (Li, 林), so that it is looked for beside the others only.
_SHORTEST_LATIN: Final = 4
_SHORTEST_JAPANESE: Final = 2

__all__ = ["MARK", "Hidden", "hide", "is_telling"]


@frozen
class Hidden:
    """Patterns of all that is hidden; none hides nothing."""

    patterns: tuple[re.Pattern[str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def shows_in(self, text: str) -> bool:
        """Tell whether a text shows a name, full-width or half, in any case and order."""
        plain = unicodedata.normalize("NFKC", text)
        return any(pattern.search(plain) for pattern in self.patterns)

    def without(self, text: str) -> str:
        """Return a text with the mark in the place of names; the text itself where there are none."""
        if not self.shows_in(text):
            return text
        plain = unicodedata.normalize("NFKC", text)
        for pattern in self.patterns:
            plain = pattern.sub(MARK, plain)
        return plain


def hide(names: Iterable[str]) -> Hidden:
    """Return what hides names of people or institutions.

    Args:
        names: As a registry shows them (``YAMADA, Taro``; ``山田 太郎``) or otherwise; blank ones are none. Parts are
            looked for in either order, and the family name alone where it is long enough to be no chance.
    """
    found = {spelling for name in names for spelling in _spellings(unicodedata.normalize("NFKC", name).strip())}
    ordered = sorted(found, key=lambda parts: (-sum(map(len, parts)), parts))
    return Hidden(tuple(_pattern(parts) for parts in ordered))


def is_telling(name: str) -> bool:
    """Tell whether a name alone is long enough to be found in other texts by more than chance."""
    return len(name) >= (_SHORTEST_JAPANESE if is_japanese(name) else _SHORTEST_LATIN)


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    parts = tuple(part for part in _PARTS.split(name) if part)
    if not parts:
        return
    yield parts
    if len(parts) == 1:
        return
    yield tuple(reversed(parts))
    split = "," in name or "、" in name or is_japanese(name)
    if split and is_telling(parts[0]):
        yield parts[:1]


def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    body = _JOINT.join(re.escape(part) for part in parts)
    # Within a Latin word nothing is hidden (Sato in "Satoshi"); a Japanese name touches its neighbours.
    edges = ("", "") if any(map(is_japanese, parts)) else (r"(?<![A-Za-z])", r"(?![A-Za-z])")
    return re.compile(f"{edges[0]}{body}{edges[1]}", re.IGNORECASE)
