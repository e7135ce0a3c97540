"""What is installed: plugins by name from the metadata of distributions alone, nothing imported."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

from attrs import field, frozen

from shirube import __version__
from shirube._frozen import FrozenMapping, as_frozen
from shirube.errors import core_message
from shirube.messages import Message

#: Entry-point group of plugins.
GROUP: Final = "shirube.plugins"

CORE_PLUGIN: Final = "core"

__all__ = [
    "CORE_PLUGIN",
    "GROUP",
    "Found",
    "PluginSource",
    "core_source",
    "discover",
    "file_conflict",
    "file_source",
    "is_chosen",
]


@frozen
class PluginSource:
    """Where a plugin comes from."""

    name: str
    distribution: str
    version: str
    module: str


@frozen
class Found:
    """What is installed: plugins by name, and names that several distributions offer."""

    plugins: FrozenMapping[str, PluginSource] = field(converter=as_frozen)
    conflicts: FrozenMapping[str, tuple[PluginSource, ...]] = field(converter=as_frozen)


def discover() -> Found:
    """Return the plugins that installed distributions offer, from their metadata alone, sorted by name."""
    offers: dict[str, list[PluginSource]] = {}
    for point in metadata.entry_points(group=GROUP):
        distribution = point.dist
        source = PluginSource(
            name=point.name,
            distribution="?" if distribution is None else distribution.name,
            version="?" if distribution is None else distribution.version,
            module=point.value,
        )
        # An editable install can be seen twice; the same offer is no conflict.
        if source not in offers.setdefault(point.name, []):
            offers[point.name].append(source)
    ordered = {name: sorted(offers[name], key=lambda one: one.distribution) for name in sorted(offers)}
    return Found(
        plugins={name: sources[0] for name, sources in ordered.items() if len(sources) == 1},
        conflicts={name: tuple(sources) for name, sources in ordered.items() if len(sources) > 1},
    )


def core_source() -> PluginSource:
    """Return the core's own plugin."""
    return PluginSource(CORE_PLUGIN, "shirube", __version__, "shirube.builtin")


def file_source(path: Path) -> PluginSource:
    """Return where a local plugin file comes from: named as the file, its version the beginning of its SHA-256."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"
    return PluginSource(path.stem, path.name, digest, path.stem)


def file_conflict(path: Path, taken: PluginSource) -> Message:
    """Return why a local plugin file cannot be used beside a plugin of its name, and what to do."""
    return core_message(
        "plugin-file-name-taken",
        file=path,
        plugin=taken.name,
        distribution=taken.distribution,
        version=taken.version,
    )


def is_chosen(source: PluginSource, allow: Sequence[str] | None, block: Sequence[str]) -> bool:
    names = {source.name, source.distribution}
    return not names & set(block) and (allow is None or bool(names & set(allow)))
