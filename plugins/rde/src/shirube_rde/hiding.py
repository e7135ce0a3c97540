"""Texts without the names that must not be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrs import frozen

from shirube.spellings import compiled, family_alone, folded, names, split_name, substituted

#: What stands in the place of a name; safe in names of files.
MARK: Final = "anonymous"

__all__ = ["MARK", "Hidden", "hide"]


@frozen
class Hidden:
    """What is hidden: a pattern for folded texts; None hides nothing."""

    pattern: re.Pattern[str] | None = None

    def shows_in(self, text: str) -> bool:
        """Tell whether a text shows a name, full-width or half, in any case and order."""
        return self.pattern is not None and self.pattern.search(folded(text)) is not None

    def without(self, text: str) -> str:
        """Return a text with the mark in the place of names; the text itself where there are none."""
        if self.pattern is None or not self.shows_in(text):
            return text
        return substituted(text, self.pattern, MARK)


def hide(called: Iterable[str]) -> Hidden:
    """Return what hides names of people or institutions.

    Args:
        called: As a registry shows them (``YAMADA, Taro``; ``山田 太郎``) or otherwise; blank ones are none. Parts are
            looked for in either order, and the family name alone where it is long enough to be no chance.
    """
    found = [
        spelling
        for name in called
        if split_name(folded(name)).family
        for spell in (names, family_alone)
        for spelling in spell(name)
    ]
    return Hidden(compiled(found) if found else None)
