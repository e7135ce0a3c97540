"""The sentences of this package in both languages: the rules' own and the variants that a judgement may choose."""

from __future__ import annotations

from typing import Final

from shirube.messages import Text, catalogue

PACKAGE: Final = "shirube_policy"

__all__ = ["listed", "say"]


def say(code: str) -> Text:
    """Return the sentence ``code`` of this package's catalogue, its places still to be filled."""
    return catalogue(PACKAGE)[code]


def listed(texts: list[Text]) -> Text:
    """Return several texts as one, separated as each language does; each is named once."""
    once = list(dict.fromkeys(texts))
    return Text(en=", ".join(one.en for one in once), ja="、".join(one.ja for one in once))
