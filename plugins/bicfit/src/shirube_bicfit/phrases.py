"""What this package says, by code, from its own catalogue."""

from __future__ import annotations

from shirube.messages import LANGUAGES, Message, Text

__all__ = ["background_name", "message", "variant_name"]


def message(code: str, **params: object) -> Message:
    """Return a message of this package."""
    return Message("shirube_bicfit", code, params)


def background_name(background: object) -> Message:
    """Return a background as people name it: ``Shirley`` for ``shirley``."""
    return message(f"background-{background}")


def variant_name(background: str, lineshape: str, doublet: str) -> Text:
    """Return a variant as people name it, what is usual left out: ``Shirley, asymmetric, Ag 3d doublets``."""
    parts = [background_name(background)]
    parts += [message("lineshape-asymmetric")] if lineshape == "asymmetric" else []
    parts += [message("doublets-of", level=doublet)] if doublet else []
    signs = {"en": ", ", "ja": "、"}
    return Text(**{lang: signs[lang].join(part.render(lang) for part in parts) for lang in LANGUAGES})
