"""Finding and registering plugins strictly: by name, each on its own, every mistake reported."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pluggy
from attrs import field, frozen

from shirube._discovery import PluginSource, core_source, discover, file_conflict, file_source, is_chosen
from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.blame import in_place
from shirube.deprecation import warn_of_hook
from shirube.errors import PluginError, ShirubeError, core_message, message_of
from shirube.hooks import ENTRY_POINT_GROUP, HOOKS, PROJECT, HookSpecs
from shirube.messages import Text, joined
from shirube.parameters import suggestion

_MARK: Final = f"{PROJECT}_impl"
_PREFIX: Final = f"{PROJECT}_"
_REFUSED_MARKS: Final = ("wrapper", "hookwrapper", "tryfirst", "trylast")


@frozen
class LoadFailure:
    """A plugin that could not be used, and why."""

    source: PluginSource
    error: BaseException
    reason: Text


@frozen(eq=False)
class Loaded:
    """Registered plugins with the manager that holds them."""

    manager: pluggy.PluginManager
    sources: FrozenMapping[str, PluginSource] = field(converter=as_frozen)
    blocked: FrozenMapping[str, PluginSource] = field(converter=as_frozen)
    failures: tuple[LoadFailure, ...] = field(converter=as_tuple)
    conflicts: FrozenMapping[str, tuple[PluginSource, ...]] = field(converter=as_frozen)


def load(
    *,
    allow: Sequence[str] | None = None,
    block: Sequence[str] = (),
    files: Sequence[Path] = (),
    builtin: ModuleType,
) -> Loaded:
    """Register the core's own plugin, the installed ones and local plugin files.

    A plugin that fails is kept with its reason; the others are registered all the same.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(HookSpecs)
    found = discover()
    sources: dict[str, PluginSource] = {}
    failures: list[LoadFailure] = []
    offers = {name: (source,) for name, source in found.plugins.items()} | dict(found.conflicts)
    left = {name: tuple(one for one in offers[name] if is_chosen(one, allow, block)) for name in sorted(offers)}
    chosen = {name: sources[0] for name, sources in left.items() if len(sources) == 1}
    core = core_source()
    local = [(file_source(path), path) for path in files]
    for source, path in [(core, None), *((source, None) for source in chosen.values()), *local]:
        try:
            _refuse_taken_name(source, path, sources)
            with in_place():
                module = builtin if source is core else _import(source, path)
            _register(manager, module, source)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 a plugin may raise anything while it loads
            failures.append(LoadFailure(source, error, _reason(error)))
        else:
            sources[source.name] = source
    return Loaded(
        manager=manager,
        sources=sources,
        blocked={name: source for name, source in found.plugins.items() if name not in chosen},
        failures=failures,
        conflicts={name: sources for name, sources in left.items() if len(sources) > 1},
    )


def conflict_error(name: str, offers: Iterable[PluginSource]) -> PluginError:
    """Return the error for one plugin name offered by several distributions."""
    names = ", ".join(f"{one.distribution} {one.version}" for one in offers)
    return PluginError(core_message("plugin-offered-twice", plugin=name, distributions=names))


def _refuse_taken_name(source: PluginSource, path: Path | None, sources: Mapping[str, PluginSource]) -> None:
    taken = sources.get(source.name)
    if taken is not None:
        raise conflict_error(source.name, (taken, source)) if path is None else PluginError(file_conflict(path, taken))


def _import(source: PluginSource, path: Path | None) -> ModuleType:
    if path is None:
        target: object = metadata.EntryPoint(source.name, source.module, ENTRY_POINT_GROUP).load()
        if not isinstance(target, ModuleType):
            raise PluginError(core_message("plugin-not-a-module", plugin=source.name, value=source.module))
        return target
    spec = importlib.util.spec_from_file_location(f"shirube_local_{source.name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise PluginError(core_message("plugin-file-missing"), path=path)
    module = importlib.util.module_from_spec(spec)
    # Records may refer to the file's own functions by reference, and workers must find it again.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _register(manager: pluggy.PluginManager, module: ModuleType, source: PluginSource) -> None:
    problems = list(_problems(module, source.name))
    if problems:
        raise PluginError(joined(problems))
    manager.register(module, name=source.name)
    manager.check_pending()
    for name, value in vars(module).items():
        marks = _marks(value)
        if marks is not None:
            warn_of_hook(value, marks.get("specname") or name)


def _problems(module: ModuleType, plugin: str) -> Iterator[Text]:
    """Yield what pluggy would silently accept and then never call as meant."""
    implementations: dict[str, list[str]] = {}
    for name, value in sorted(vars(module).items()):
        marks = _marks(value)
        if marks is None:
            if inspect.isfunction(value):
                yield from _unmarked_problems(plugin, name)
            continue
        implementations.setdefault(marks.get("specname") or name, []).append(name)
        yield from _mark_problems(plugin, name, value, marks)
    for hook, names in implementations.items():
        if len(names) > 1:
            yield core_message("hook-twice", plugin=plugin, hook=hook, functions=", ".join(names)).text()


def _marks(value: object) -> Mapping[str, Any] | None:
    try:
        marks = getattr(value, _MARK, None)
    except Exception:  # noqa: BLE001 a plugin's objects may do anything when asked for an attribute
        return None
    # A mock has every attribute; pluggy takes only its own.
    return marks if isinstance(marks, dict) else None


def _unmarked_problems(plugin: str, name: str) -> Iterator[Text]:
    if name in HOOKS:
        yield core_message("hook-not-marked", plugin=plugin, hook=name).text()
    elif name.startswith(_PREFIX):
        # Compared without the prefix, which makes everything that carries it look alike.
        near = get_close_matches(name.removeprefix(_PREFIX), [hook.removeprefix(_PREFIX) for hook in HOOKS], 1, 0.8)
        if near:
            hint = suggestion(_PREFIX + near[0], HOOKS)
            yield core_message("hook-unknown", plugin=plugin, hook=name, hint=hint).text()


def _mark_problems(plugin: str, name: str, value: Any, marks: Mapping[str, Any]) -> Iterator[Text]:
    hook = marks.get("specname") or name
    if hook not in HOOKS:
        if not marks.get("optionalhook"):
            yield core_message("hook-unknown", plugin=plugin, hook=hook, hint=suggestion(hook, HOOKS)).text()
        return
    refused = [mark for mark in _REFUSED_MARKS if marks.get(mark)]
    if refused:
        yield core_message("hook-mark-refused", plugin=plugin, hook=hook, mark=", ".join(refused)).text()
    if not inspect.isfunction(value):
        kind = type(value).__name__
        yield core_message("hook-not-a-function", plugin=plugin, hook=hook, kind=kind).text()
        return
    arguments = list(inspect.signature(value).parameters)
    if arguments:
        yield core_message("hook-takes-argument", plugin=plugin, hook=hook, argument=", ".join(arguments)).text()


def _reason(error: BaseException) -> Text:
    if isinstance(error, ShirubeError):
        return error.text()
    if isinstance(error, SystemExit):
        return core_message("plugin-exits-on-import", status=error.code).text()
    plain = message_of(error)
    return Text(plain, plain)


def import_reference(reference: str) -> object:
    """Return the module ``package.module`` or its attribute ``package.module:name``."""
    module_name, _, attribute = reference.partition(":")
    target: object = importlib.import_module(module_name)
    for part in attribute.split(".") if attribute else ():
        target = getattr(target, part)
    return target
