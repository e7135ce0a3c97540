"""Choices of elements as people write them, and what is wrong with those that cannot be used."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from shirube.messages import Message
from shirube_quant.lines import element_names
from shirube_quant.phrases import message

#: What may stand between symbols, as in Japanese texts, too.
_BETWEEN: Final = re.compile(r"[\s,;、，；]+")

__all__ = ["named_wrongly", "split_symbols"]


def split_symbols(text: str) -> tuple[str, ...]:
    """Return the symbols in a text, full-width letters as plain ones: ``C, Ｎ、O`` has three."""
    return tuple(one for one in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if one)


def named_wrongly(setting: str, given: Sequence[str]) -> Iterator[Message]:
    """Yield what is wrong with the symbols of a setting: those of no element, and those that stand there twice."""
    unknown = [one for one in given if one not in element_names()]
    if unknown:
        meant = [near for one in unknown if (near := one.strip().capitalize()) in element_names()]
        yield message(
            "unknown-elements",
            setting=setting,
            given=", ".join(one.strip() or "''" for one in dict.fromkeys(unknown)),
            example=", ".join(dict.fromkeys(meant)) or "Cu",
        )
    twice = [one for one, times in Counter(given).items() if times > 1 and one not in unknown]
    if twice:
        yield message("elements-twice", setting=setting, given=", ".join(twice))
