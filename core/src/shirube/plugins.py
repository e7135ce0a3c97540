"""The typed façade over plugins: the only place that calls hooks and the records they return."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from shirube import _loader
from shirube._discovery import CORE_PLUGIN, PluginSource, discover
from shirube._frozen import FrozenMapping, freeze
from shirube._loader import LoadFailure
from shirube.blame import PluginNote, Registered, blamed, call, noted
from shirube.errors import MissingPluginError, PluginError, SettingsError, ShirubeError, core_message
from shirube.hooks import (
    HOOKS,
    Amendment,
    Analysis,
    Command,
    Conversion,
    Exporter,
    Guide,
    MetadataMap,
    Policy,
    Reader,
    Record,
)
from shirube.known import distribution_of, install_hint
from shirube.messages import Text, joined
from shirube.parameters import build, fields, suggestion

R = TypeVar("R", bound=Record)
T = TypeVar("T")

#: Settings section of the records of each hook.
SECTIONS: Final[Mapping[str, str]] = FrozenMapping(
    {
        "shirube_readers": "readers",
        "shirube_metadata_maps": "metadata_maps",
        "shirube_amendments": "amendments",
        "shirube_unit_conversions": "conversions",
        "shirube_guides": "guides",
        "shirube_analyses": "analyses",
        "shirube_policies": "policies",
        "shirube_exporters": "exporters",
        "shirube_commands": "commands",
    }
)

__all__ = ["CORE_PLUGIN", "SECTIONS", "LoadFailure", "PluginSource", "Plugins", "discover", "load_plugins"]


class Plugins:
    """Registered plugins and their records, each with the plugin that is to blame for it."""

    def __init__(self, loaded: _loader.Loaded) -> None:
        self._loaded = loaded
        self._records: dict[str, FrozenMapping[str, Registered[Record]]] = {}

    # what is there

    @property
    def sources(self) -> Mapping[str, PluginSource]:
        """The registered plugins by name, the core's own first."""
        return self._loaded.sources

    @property
    def blocked(self) -> Mapping[str, PluginSource]:
        """Installed plugins that settings keep out."""
        return self._loaded.blocked

    @property
    def failures(self) -> tuple[LoadFailure, ...]:
        """Plugins that could not be used."""
        return self._loaded.failures

    @property
    def conflicts(self) -> Mapping[str, tuple[PluginSource, ...]]:
        """Plugin names that several distributions offer."""
        return self._loaded.conflicts

    def problems(self) -> tuple[Text, ...]:
        """Return a sentence for each conflict and each failure."""
        return (
            *(_loader.conflict_error(name, offers).text() for name, offers in self.conflicts.items()),
            *(core_message("plugin-failed", plugin=one.source.name, reason=one.reason).text() for one in self.failures),
        )

    @property
    def readers(self) -> Mapping[str, Registered[Reader]]:
        """The readers by name."""
        return self._of("shirube_readers", Reader)

    @property
    def metadata_maps(self) -> Mapping[str, Registered[MetadataMap]]:
        """The metadata maps by name."""
        return self._of("shirube_metadata_maps", MetadataMap)

    @property
    def amendments(self) -> Mapping[str, Registered[Amendment]]:
        """The amendments by name."""
        return self._of("shirube_amendments", Amendment)

    @property
    def conversions(self) -> Mapping[str, Registered[Conversion]]:
        """The conversions by name."""
        return self._of("shirube_unit_conversions", Conversion)

    @property
    def guides(self) -> Mapping[str, Registered[Guide]]:
        """The guides by name."""
        return self._of("shirube_guides", Guide)

    @property
    def analyses(self) -> Mapping[str, Registered[Analysis]]:
        """The analyses by name."""
        return self._of("shirube_analyses", Analysis)

    @property
    def policies(self) -> Mapping[str, Registered[Policy]]:
        """The policies by name."""
        return self._of("shirube_policies", Policy)

    @property
    def exporters(self) -> Mapping[str, Registered[Exporter]]:
        """The exporters by name."""
        return self._of("shirube_exporters", Exporter)

    @property
    def commands(self) -> Mapping[str, Registered[Command]]:
        """The commands by name."""
        return self._of("shirube_commands", Command)

    def records(self, hook: str) -> Mapping[str, Registered[Record]]:
        """Return the records of ``hook`` by name, sorted, collected on first use.

        Raises:
            PluginError: A hook returned something else than its records, or two records share a name.
            Exception: Whatever a plugin's hook raised, with a :class:`PluginNote`.
        """
        if hook not in self._records:
            self._records[hook] = self._collect(hook)
        return self._records[hook]

    def named(self, hook: str, name: str) -> Registered[Record]:
        """Return the record ``name`` of ``hook``.

        Raises:
            MissingPluginError: There is none; says what to install, or what was perhaps meant.
        """
        records = self.records(hook)
        if name in records:
            return records[name]
        kind = SECTIONS[hook]
        failed = next((one for one in self.failures if one.source.name == name), None)
        if failed is not None:
            raise PluginError(core_message("plugin-failed", plugin=name, reason=failed.reason))
        kept_out = self.kept_out(kind, name)
        if kept_out is not None:
            raise MissingPluginError(core_message("record-kept-out", name=name, distribution=kept_out))
        hint = install_hint(kind, name) or suggestion(name, list(records))
        raise MissingPluginError(core_message(f"no-such-{kind}", name=name, hint=hint))

    def kept_out(self, kind: str, name: str) -> str | None:
        """Return the distribution that is known to provide ``name`` and that settings keep out, None if they do not."""
        known = distribution_of(kind, name)
        return next((one.distribution for one in self.blocked.values() if one.distribution == known), None)

    # calling into records

    def implementation(self, registered: Registered[Record]) -> Any:
        """Return what stands behind a record, imported on first use."""
        record = cast("Any", registered.record)
        return self._resolve(registered, record.implementation)

    def parameters_class(self, registered: Registered[Record]) -> type | None:
        """Return the parameters class of a record, None when it has no parameters."""
        reference = registered.record.parameters
        return None if reference is None else cast("type", self._resolve(registered, reference))

    def parameters(self, registered: Registered[Record], values: Mapping[str, Any], section: str | None = None) -> Any:
        """Return the parameters of a record with ``values`` set, None when it has none.

        Raises:
            SettingsError: Unknown names, wrong types, values out of range.
            Exception: Whatever the record's class is to blame for, with a :class:`PluginNote`.
        """
        shown = section or f"{SECTIONS[registered.hook]}.{registered.name}"
        cls = self.parameters_class(registered)
        if cls is None:
            if values:
                raise _no_parameters(shown)
            return None
        call(registered.note, fields, cls)
        try:
            return build(cls, values, shown)
        except ShirubeError:
            # What a person has set is no fault of the plugin.
            raise
        except Exception as error:
            raise noted(error, registered.note) from error

    def call(self, registered: Registered[Record], method: str, *args: Any) -> Any:
        """Call ``method`` of what stands behind a record, and blame its plugin for what it raises.

        Raises:
            PluginError: There is no such method, or the plugin tried to end the program.
            Exception: Whatever the plugin raised, with a :class:`PluginNote`.
        """
        target = self.implementation(registered)
        function: Callable[..., Any] | None = getattr(target, method, None)
        if function is None:
            message = core_message("record-without-method", record=registered.name, method=method)
            raise blamed(PluginError(message), registered)
        return call(registered.note, function, *args)

    def provides(self, registered: Registered[Record], method: str) -> bool:
        """Tell whether what stands behind a record has the optional ``method``."""
        return callable(getattr(self.implementation(registered), method, None))

    def checked(self, registered: Registered[Record], value: Any, wanted: type[T]) -> T:
        """Return ``value``, which a record returned.

        Raises:
            PluginError: It is not of the type that the contract promises.
        """
        if isinstance(value, wanted):
            return value
        message = core_message(
            "record-returned-wrong-type", record=registered.name, got=type(value).__name__, wanted=wanted.__name__
        )
        raise blamed(PluginError(message), registered)

    def checked_all(self, registered: Registered[Record], values: Iterable[Any], wanted: type[T]) -> tuple[T, ...]:
        """Return the values that a record yielded, each checked, the plugin blamed for what iterating raises."""
        listed: tuple[Any, ...] = call(registered.note, tuple, values)
        return tuple(self.checked(registered, value, wanted) for value in listed)

    # inside

    def _of(self, hook: str, _: type[R]) -> Mapping[str, Registered[R]]:
        return cast("Mapping[str, Registered[R]]", self.records(hook))

    def _collect(self, hook: str) -> FrozenMapping[str, Registered[Record]]:
        found: dict[str, Registered[Record]] = {}
        caller = getattr(self._loaded.manager.hook, hook)
        implementations = {one.plugin_name: one for one in caller.get_hookimpls()}
        for plugin in self.sources:
            if plugin in implementations:
                for registered in self._collect_from(plugin, hook, implementations[plugin].function):
                    if registered.name in found:
                        raise _duplicate(found[registered.name], registered)
                    found[registered.name] = registered
        return freeze({name: found[name] for name in sorted(found)})

    def _collect_from(self, plugin: str, hook: str, function: Callable[[], Iterable[Any]]) -> list[Registered[Record]]:
        source = self.sources[plugin]
        note = PluginNote.of(plugin, source.distribution, source.version, hook)
        records = call(note, lambda: tuple(function()))
        for record in records:
            if not isinstance(record, HOOKS[hook]):
                error = PluginError(
                    core_message(
                        "hook-returned-wrong-type",
                        plugin=plugin,
                        hook=hook,
                        got=type(record).__name__,
                        wanted=HOOKS[hook].__name__,
                    )
                )
                error.add_note(note)
                raise error
        return [Registered(record, plugin, source.distribution, source.version, hook) for record in records]

    def _resolve(self, registered: Registered[Record], reference: object) -> Any:
        if not isinstance(reference, str):
            return reference
        return call(registered.note, functools.partial(_loader.import_reference, reference))


def load_plugins(
    *,
    allow: Sequence[str] | None = None,
    block: Sequence[str] = (),
    files: Sequence[Path] = (),
    strict: bool = True,
) -> Plugins:
    """Return the installed plugins, loaded one by one in the order of their names.

    Args:
        allow: Names of plugins or distributions; only these. None: all.
        block: Names of plugins or distributions to leave out; never imported.
        files: Local plugin files, trusted as the settings file that names them.
        strict: Raise when a plugin failed; otherwise failures are only kept.

    Raises:
        PluginError: ``strict``, and a plugin failed to load or two distributions offer one name: all of them.
    """
    from shirube import builtin

    plugins = Plugins(_loader.load(allow=allow, block=block, files=files, builtin=builtin))
    problems = plugins.problems()
    if strict and problems:
        raise PluginError(joined(problems, "\n", "\n"))
    return plugins


def _duplicate(first: Registered[Record], second: Registered[Record]) -> PluginError:
    message = core_message(
        "record-registered-twice",
        record=first.name,
        hook=first.hook,
        first=f"{first.plugin} ({first.origin})",
        second=f"{second.plugin} ({second.origin})",
    )
    error = PluginError(message)
    # Of two plugins either may be the one to blame; the sentence names both.
    return blamed(error, second) if first.plugin == second.plugin else error


def _no_parameters(section: str) -> SettingsError:
    return SettingsError(core_message("record-without-parameters", section=section))
