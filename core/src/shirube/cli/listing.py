"""The rows of ``shirube plugins list``: what is there, in which state, and why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from shirube._discovery import PluginSource, core_source, discover, file_conflict, file_source, is_chosen
from shirube.cli.effective import Effective, guide_leaves, set_of
from shirube.errors import PluginError, ShirubeError, core_message, message_of
from shirube.messages import LANGUAGES, Message
from shirube.settings import Settings

if TYPE_CHECKING:
    from shirube.blame import Registered
    from shirube.hooks import Record
    from shirube.plugins import Plugins

__all__ = ["Listing", "installed_rows", "loaded_rows", "why_kept_out"]


@frozen
class Listing:
    """A row a plugin, and whether something cannot be used."""

    rows: list[dict[str, Any]]
    broken: bool


def installed_rows(settings: Settings) -> Listing:
    """Return what the metadata of distributions and the settings say; nothing is imported."""
    found = discover()
    rows = [
        _row(one, "installed") if _chosen(one, settings) else _blocked(one, settings) for one in found.plugins.values()
    ]
    offers = {name: [one for one in sources if _chosen(one, settings)] for name, sources in found.conflicts.items()}
    conflicts = {name: sources for name, sources in offers.items() if len(sources) > 1}
    for name, sources in found.conflicts.items():
        for one in sources:
            if not _chosen(one, settings):
                rows.append(_blocked(one, settings))
            else:
                rows.append(_conflict(one, offers[name]) if name in conflicts else _row(one, "installed"))
    files = settings.plugin_files()
    rows += (local := _file_rows(files, [one for one in found.plugins.values() if _chosen(one, settings)]))
    rows += _unknown_names(settings, (one for sources in offers.values() for one in sources), found.plugins.values())
    unusable = any(row["status"] != "installed" for row in local)
    return Listing(_sorted(rows), broken=bool(conflicts) or unusable)


def loaded_rows(settings: Settings) -> Listing:
    """Return what became of each plugin when it was loaded, its records, and what settings override of them."""
    from shirube.plugins import load_plugins

    wanted = settings.plugins
    loaded = load_plugins(allow=wanted.allow, block=wanted.block, files=settings.plugin_files(), strict=False)
    rows = [_row(one, "active") for one in loaded.sources.values()]
    rows += [_blocked(one, settings) for one in loaded.blocked.values()]
    rows += [
        _row(one.source, "failed") | {"reason": {lang: getattr(one.reason, lang) for lang in LANGUAGES}}
        for one in loaded.failures
    ]
    for sources in loaded.conflicts.values():
        rows += [_conflict(one, sources) for one in sources]
    broken = _add_records(loaded, rows, settings)
    failed = [one.source for one in loaded.failures]
    conflicting = [one for sources in loaded.conflicts.values() for one in sources]
    known = (*loaded.sources.values(), *loaded.blocked.values(), *failed, *conflicting)
    rows += _unknown_names(settings, known)
    return Listing(rows, broken=bool(loaded.failures or loaded.conflicts or broken))


def _add_records(loaded: Plugins, rows: list[dict[str, Any]], settings: Settings) -> bool:
    """Add each plugin's records to its row; a hook that fails is a failure of the listing, told in its place."""
    from shirube.hooks import HOOKS
    from shirube.plugins import SECTIONS

    broken = False
    by_name = {row["name"]: row for row in rows if row["status"] == "active"}
    for hook in HOOKS:
        try:
            records = loaded.records(hook)
        except Exception as error:  # noqa: BLE001 a plugin's hook may raise anything; the listing shows it
            broken = True
            source = PluginSource(SECTIONS[hook], "-", "-", "")
            rows.append(_row(source, "failed") | {"reason": _both(error)})
            continue
        for registered in records.values():
            row = by_name[registered.plugin]
            row.setdefault("records", []).append(f"{SECTIONS[hook]}.{registered.name}")
            overrides = [_override(registered, one) for one in _set_values(registered, settings)]
            if overrides:
                row.setdefault("overrides", []).extend(overrides)
    return broken


def _set_values(registered: Registered[Record], settings: Settings) -> list[Effective]:
    """Return what settings say of a record, over what a guide itself says."""
    section = _section(registered)
    if section == "amendments.facts":
        # The core's amendment states what stands in a section of its own.
        return set_of(settings, "facts")
    base = guide_leaves(registered, settings) if section.startswith("guides.") else ()
    return set_of(settings, section, base)


def _override(registered: Registered[Record], value: Effective) -> dict[str, Any]:
    line = {lang: value.line(lang) for lang in LANGUAGES}
    return {"record": _section(registered), "name": value.name, "value": value.value, "layer": value.layer} | {
        "file": value.where,
        "line": line,
    }


def _section(registered: Registered[Record]) -> str:
    from shirube.plugins import SECTIONS

    return f"{SECTIONS[registered.hook]}.{registered.name}"


def _chosen(source: PluginSource, settings: Settings) -> bool:
    return is_chosen(source, settings.plugins.allow, settings.plugins.block)


def _blocked(source: PluginSource, settings: Settings) -> dict[str, Any]:
    """Return the row of a plugin that settings keep out, with the list that does and the file that holds it."""
    return _row(source, "blocked") | {"reason": _texts(why_kept_out(source, settings))}


def why_kept_out(source: PluginSource, settings: Settings) -> Message:
    """Return which list of settings keeps a plugin out, and which file holds it."""
    listed = "block" if {source.name, source.distribution} & set(settings.plugins.block) else "allow"
    leaf = settings.leaves[f"plugins.{listed}"]
    return core_message(f"plugin-kept-out-{listed}", layer=leaf.layer, file=leaf.where)


def _conflict(source: PluginSource, offers: Iterable[PluginSource]) -> dict[str, Any]:
    names = ", ".join(f"{one.distribution} {one.version}" for one in offers)
    reason = core_message("plugin-offered-twice", plugin=source.name, distributions=names)
    return _row(source, "conflict") | {"reason": _texts(reason)}


def _file_rows(paths: Iterable[Path], installed: Iterable[PluginSource]) -> list[dict[str, Any]]:
    """Return a row for each local plugin file; one that has the name of another plugin is in conflict with it."""
    taken = {one.name: one for one in (core_source(), *installed)}
    rows = []
    for path in paths:
        source = file_source(path)
        if source.name in taken:
            row = _row(source, "conflict") | {"reason": _texts(file_conflict(path, taken[source.name]))}
        elif path.is_file():
            row = _row(source, "installed")
        else:
            row = _row(source, "failed") | {
                "reason": _both(PluginError(core_message("plugin-file-missing"), path=path))
            }
        taken.setdefault(source.name, source)
        rows.append(row)
    return rows


def _unknown_names(settings: Settings, *groups: Iterable[PluginSource]) -> list[dict[str, Any]]:
    """Return a row for each name in the lists of settings that nothing installed has."""
    known = {name for group in groups for one in group for name in (one.name, one.distribution)}
    wanted = settings.plugins
    return [
        _row(PluginSource(name, "-", "-", ""), "absent")
        | {"reason": _texts(core_message("plugin-listed-absent", list=listed))}
        for listed, names in (("allow", wanted.allow or ()), ("block", wanted.block))
        for name in names
        if name not in known
    ]


def _both(error: Exception) -> dict[str, str]:
    notes = " ".join(str(note) for note in getattr(error, "__notes__", ()))
    if isinstance(error, ShirubeError):
        return {lang: f"{error.render(lang)} {notes}".strip() for lang in LANGUAGES}
    return dict.fromkeys(LANGUAGES, f"{message_of(error)} {notes}".strip())


def _texts(message: Message) -> dict[str, str]:
    return {lang: message.render(lang) for lang in LANGUAGES}


def _row(source: PluginSource, status: str) -> dict[str, Any]:
    return {
        "name": source.name,
        "distribution": source.distribution,
        "version": source.version,
        "status": status,
    }


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["name"], row["distribution"]))
