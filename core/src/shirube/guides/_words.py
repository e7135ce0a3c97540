"""Names and words of guides: registry keys, switches on forms, patterns of file names."""

from __future__ import annotations

import fnmatch
import re

from shirube.records import Value

__all__ = ["file_matches", "registry_key", "switched_on"]


def registry_key(name: str) -> str:
    """Return an item's name as a registry key: ``Detector First X-Channel`` -> ``detector_first_x_channel``."""
    # "eV" is one word.
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name)
    return re.sub(r"[^0-9a-z]+", "_", spaced.lower()).strip("_")


def switched_on(value: Value | None) -> bool | None:
    """Return what a boolean item says: true, false, or the words that forms have for them; None for anything else."""
    words = {"有": True, "on": True, "true": True, "1": True, "無": False, "off": False, "false": False, "0": False}
    if isinstance(value, bool):
        return value
    return words.get(str(value).strip().lower())


def file_matches(patterns: tuple[str, ...], name: str) -> bool:
    """Tell whether a file name matches one of the glob patterns, whatever its case."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
