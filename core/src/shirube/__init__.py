"""Shirube makes data reference guides executable: read, map, convert, analyse, judge and write through plugins.

Names are imported on first use, so that ``import shirube`` costs nothing::

    import shirube

    measurement = shirube.read("Cu-HHTP_0003.txt")
    outcome = shirube.process_paths(["Cu-HHTP_0003.txt"], guide="ses2002")[0]
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

__version__ = "0.1.0"

if TYPE_CHECKING:
    from shirube.api import process_paths, read
    from shirube.errors import ShirubeError
    from shirube.pipeline import process, write
    from shirube.plugins import Plugins, load_plugins
    from shirube.records import Dataset, Entry, Item, Measurement, Outcome, Result, Spectrum
    from shirube.runs import read_run
    from shirube.settings import Settings, load_settings

_HOMES: Final = {
    "Dataset": "shirube.records",
    "Entry": "shirube.records",
    "Item": "shirube.records",
    "Measurement": "shirube.records",
    "Outcome": "shirube.records",
    "Plugins": "shirube.plugins",
    "Result": "shirube.records",
    "Settings": "shirube.settings",
    "ShirubeError": "shirube.errors",
    "Spectrum": "shirube.records",
    "load_plugins": "shirube.plugins",
    "load_settings": "shirube.settings",
    "process": "shirube.pipeline",
    "process_paths": "shirube.api",
    "read": "shirube.api",
    "read_run": "shirube.runs",
    "write": "shirube.pipeline",
}

__all__ = [
    "Dataset",
    "Entry",
    "Item",
    "Measurement",
    "Outcome",
    "Plugins",
    "Result",
    "Settings",
    "ShirubeError",
    "Spectrum",
    "__version__",
    "load_plugins",
    "load_settings",
    "process",
    "process_paths",
    "read",
    "read_run",
    "write",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    message = f"module 'shirube' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
