"""Cells of tables as values of the types that a schema or a definition asks for."""

from __future__ import annotations

import math

from shirube.records import Value

__all__ = ["cast"]


def cast(text: str, kind: str) -> Value:
    """Return a cell as a value of the type ``kind``.

    Raises:
        ValueError: It is none.
    """
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "string":
        return text
    if kind not in ("integer", "number") or "_" in text:
        raise ValueError(text)
    try:
        return int(text)
    except ValueError:
        if kind == "integer" or not math.isfinite(number := float(text)):
            raise
        return number
