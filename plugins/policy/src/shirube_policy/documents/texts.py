"""The sentences of the documents and commands, in both languages."""

from __future__ import annotations

from typing import Final

from shirube.messages import Message, Text, catalogue

PACKAGE: Final = "shirube_policy.documents"

__all__ = ["label", "message"]


def message(code: str, /, **params: object) -> Message:
    """Return a sentence of this package's catalogue with its places filled."""
    return Message(PACKAGE, code, params)


def label(code: str) -> Text:
    """Return a text of this package's catalogue as it stands."""
    return catalogue(PACKAGE)[code]
