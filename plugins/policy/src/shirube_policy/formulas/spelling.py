"""How formulae are spelt: sub- and superscripts, LaTeX, HTML, full-width letters and the many dots and dashes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TAGS: Final = re.compile(r"</?(?:sub|sup|i|b|em|strong|span)\b[^<>]*>", re.IGNORECASE)
_LATEX: Final = re.compile(r"\\(?:mathrm|mathit|rm|text|ce)\b\s*|\\[,;!]|[$_^{}]")
_GREEK: Final = {"\\delta": "δ", "\\alpha": "α", "\\beta": "β", "\\gamma": "γ", "\\cdot": "·"}
#: What people type for a minus and for the dot of a hydrate.
_SIGNS: Final = str.maketrans({**dict.fromkeys("−‐‑‒–—－", "-"), **dict.fromkeys("・•∙⋅‧･＊*", "·"), "＋": "+"})

__all__ = ["spelt"]


def spelt(text: str) -> str:
    """Return ``text`` in plain letters: NFKC, without markup, with one kind of dash and of dot."""
    plain = _TAGS.sub("", text)
    for command, sign in _GREEK.items():
        plain = plain.replace(command, sign)
    plain = _LATEX.sub("", plain)
    return unicodedata.normalize("NFKC", plain.translate(_SIGNS)).translate(_SIGNS)
