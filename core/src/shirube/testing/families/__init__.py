"""The checks, a module for each family; importing a module enters its checks."""

from __future__ import annotations

from importlib import import_module
from typing import Final

__all__ = ["FAMILY_MODULES", "load_families"]

#: In the order in which the checks are shown.
FAMILY_MODULES: Final = (
    "api",
    "imports",
    "readers",
    "reading",
    "maps",
    "amendments",
    "conversions",
    "guides",
    "analyses",
    "drawing",
    "policies",
    "exporters",
    "commands",
    "packaging",
)


def load_families() -> None:
    """Import every family, so that its checks are entered; once is enough."""
    for name in FAMILY_MODULES:
        import_module(f"{__name__}.{name}")
