"""What this package says, by code, from its own catalogue."""

from __future__ import annotations

from shirube.messages import Message

__all__ = ["background_name", "message"]


def message(code: str, **params: object) -> Message:
    """Return a message of this package."""
    return Message("shirube_bicfit", code, params)


def background_name(background: object) -> Message:
    """Return a background as people name it: ``Shirley`` for ``shirley``."""
    return message(f"background-{background}")
