"""What gathering says, by code, from its own catalogue."""

from __future__ import annotations

from shirube.messages import Message

__all__ = ["message"]


def message(code: str, **params: object) -> Message:
    """Return a message of this package."""
    return Message("shirube.series", code, params)
