"""JSON that strict readers take: no half characters, and nothing but ASCII where a stream is not UTF-8."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

_LONE: Final = re.compile("[\ud800-\udfff]")
_NOT_ASCII: Final = re.compile(r"[^\0-\x7f]+")

__all__ = ["ascii_json", "json_text"]


def json_text(
    value: Any,
    *,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    default: Callable[[Any], Any] | None = None,
) -> str:
    r"""Return ``value`` as JSON that UTF-8 can hold, without escapes of what it need not escape.

    A lone surrogate, as the name of a file may hold for a byte that is no UTF-8, becomes the text of its escape: in
    the document a backslash, ``u`` and its number, as in tables. Its escape itself would be JSON by the letter of
    RFC 8259, but section 8.2 promises nothing of who reads it, and strict readers refuse it.

    Raises:
        ValueError: A number is nan or infinite, which JSON does not know.
        TypeError: ``value`` holds what JSON does not know, nor ``default`` turns into what it knows.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators, default=default)
    return text if text.isascii() else _LONE.sub(lambda found: rf"\\u{ord(found[0]):04x}", text)


def ascii_json(text: str) -> str:
    """Return a JSON text with escapes for all that is not ASCII: the same document in nearly every encoding."""
    return _NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)
