"""Shirube makes data reference guides executable: read, map, convert, analyse, judge and write through plugins."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["__version__"]
