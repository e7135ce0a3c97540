"""Messages of this plugin, and several problems said as one error."""

from __future__ import annotations

from collections.abc import Sequence

from shirube.messages import Message, Renderable, Text

__all__ = ["joined", "message"]


def message(code: str, **params: object) -> Message:
    """Return a message of this plugin's catalogue."""
    return Message("shirube_rde", code, params)


def joined(problems: Sequence[Renderable]) -> Text:
    """Return several problems as one text, in the order given."""
    return Text(
        en="; ".join(problem.render("en") for problem in problems),
        ja="；".join(problem.render("ja") for problem in problems),
    )
