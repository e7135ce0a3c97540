"""Which language a person wants: said on the command line, else what the locale says."""

from __future__ import annotations

import os

from shirube.messages import LANGUAGES, Language

__all__ = ["language_of"]


def language_of(wanted: str | None, setting: str | None = None) -> Language:
    """Return the language to speak: ``wanted``, else the setting, else the locale's, else English."""
    for known in LANGUAGES:
        if known in (wanted, setting if wanted not in LANGUAGES else None):
            return known
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "ja" if locale.startswith("ja") else "en"
