"""Texts of a template's files."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["as_json"]


def as_json(content: Any) -> str:
    """Return JSON as people read it: two spaces of indent, no ASCII escapes, a final line end."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
