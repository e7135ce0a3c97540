"""What decides whether an item has to be done again: hashes of its files, of the settings, and of the plugins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from attrs import asdict

from shirube import __version__
from shirube.errors import ShirubeError
from shirube.hooks import HOOKS
from shirube.messages import Language
from shirube.plugins import Plugins
from shirube.records import Source
from shirube.settings import Settings
from shirube.sources import hash_file

#: Settings that say how long work may take, not what comes of it.
_LIMITS: Final = ("run.item_seconds", "run.item_memory")

__all__ = ["fingerprint", "hash_of", "inputs_hash", "settings_hash"]


def hash_of(document: Any) -> str:
    """Return the SHA-256 of plain data."""
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def inputs_hash(sources: Iterable[Source]) -> str:
    """Return the hash of the files of an item: their names and contents, in any order."""
    return hash_of(sorted((one.name, one.size, one.sha256) for one in sources))


def settings_hash(
    settings: Settings, *, today: date, lang: Language, guide: str | None, reader: str | None, figures: bool
) -> str:
    """Return the hash of everything that a person has said, so far as it has a part in what is written."""
    values = {name: value for name, value in settings.values().items() if name not in _LIMITS}
    said = {"today": today.isoformat(), "lang": lang, "guide": guide, "reader": reader, "figures": figures}
    whole: list[Any] = [values, [asdict(one) for one in settings.waivers], said]
    files = _files_named(values)
    return hash_of([*whole, files] if files else whole)


def _files_named(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the SHA-256 of every file that a value names: a parameter knows of itself only that it is a text."""
    found = {}
    for text in {text for value in values.values() for text in _texts(value)}:
        with suppress(OSError, ValueError, ShirubeError):
            if Path(text).is_file():
                found[text] = hash_file(Path(text)).sha256
    return found


def _texts(value: Any) -> Iterator[str]:
    """Yield a text and, as a list may be given as one, what is between its commas."""
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, str):
            yield one
            yield from (part.strip() for part in one.split(","))


def fingerprint(plugins: Plugins) -> tuple[str, ...]:
    """Return a line for the core and each plugin: name, distribution, version (of a local file its hash), records."""
    records: dict[str, list[str]] = {}
    for hook in HOOKS:
        for name, one in plugins.records(hook).items():
            records.setdefault(one.plugin, []).append(f"{hook.removeprefix('shirube_')}.{name}")
    return (
        f"shirube {__version__}",
        *(
            f"{one.name} ({one.distribution} {one.version}): {', '.join(sorted(records.get(one.name, [])))}"
            for one in sorted(plugins.sources.values(), key=lambda source: source.name)
        ),
    )
