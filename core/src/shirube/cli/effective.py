"""Effective values of settings: each with where it came from and what it overrides, down to the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.errors import core_message
from shirube.messages import Language
from shirube.settings import PluginSettings, RunSettings, Setting, Settings

if TYPE_CHECKING:
    from shirube.blame import Registered
    from shirube.cli.common import Session
    from shirube.hooks import Record
    from shirube.plugins import Plugins

__all__ = ["Effective", "effective_values", "guide_leaves", "set_of", "set_values"]


@frozen
class Effective:
    """A value, and where it came from.

    Attributes:
        name: Dotted name.
        value: The value that holds.
        layer: ``default``, ``guide``, or a layer of settings.
        where: The file, guide or distribution that says it.
        overrides: The same of lower layers, the nearest first; they do not hold.
    """

    name: str
    value: Any
    layer: str
    where: str = ""
    overrides: tuple[Effective, ...] = field(default=(), converter=as_tuple)

    def line(self, lang: Language) -> str:
        """Return the value with all that is known of it, as people read it."""
        below = "".join(
            core_message("config-over", value=repr(one.value), origin=one.origin).render(lang) for one in self.overrides
        )
        return f"{self.name} = {self.value!r}  ({self.origin}{below})"

    @property
    def origin(self) -> str:
        """Layer and place."""
        return f"{self.layer} {self.where}".rstrip()


def set_values(settings: Settings) -> list[Effective]:
    """Return what any layer sets, by name."""
    return [_of(settings.leaves[name]) for name in sorted(settings.leaves)]


def set_of(settings: Settings, section: str, base: Iterable[Effective] = ()) -> list[Effective]:
    """Return what any layer sets below ``section``, over what ``base`` says of the same names."""
    below = {one.name: one for one in base}
    leaves = sorted(name for name in settings.leaves if name.startswith(f"{section}."))
    return [_of(settings.leaves[name], below.get(name)) for name in leaves]


def effective_values(session: Session, guide: str | None) -> list[Effective]:
    """Return every value there is: of the core, of the records of all plugins, and of guides where they are set.

    Raises:
        PluginError: A plugin cannot be used.
        MissingPluginError: The guide is not installed.
    """
    settings, plugins = session.settings, session.plugins
    sections = {
        "run": list(_defaults("run", RunSettings, _core())),
        "plugins": list(_defaults("plugins", PluginSettings, _core())),
        "facts": [],
    }
    for section, registered in _records(plugins):
        if section.startswith("guides."):
            sections[section] = list(guide_leaves(registered, settings))
        else:
            cls = plugins.parameters_class(registered)
            sections[section] = [] if cls is None else list(_defaults(section, cls, registered.origin))
    if guide is not None:
        _lay_guide(sections, guide, session)
    return sorted(_merged(sections, settings), key=lambda one: one.name)


def _merged(sections: Mapping[str, list[Effective]], settings: Settings) -> Iterator[Effective]:
    """Yield what is set over what is not, and what is set for nobody."""
    told = set()
    for section, base in sections.items():
        values = {one.name: one for one in base if not section.startswith("guides.")}
        values |= {one.name: one for one in set_of(settings, section, base)}
        told |= set(values)
        yield from values.values()
    yield from (_of(one) for name, one in settings.leaves.items() if name not in told)


def _lay_guide(sections: dict[str, list[Effective]], name: str, session: Session) -> None:
    """Lay what a guide says of parameters over their defaults."""
    from shirube.vocabulary import guide_data

    session.plugins.named("shirube_guides", name)
    guide = guide_data(session.plugins, session.settings)[name]
    said: dict[str, Mapping[str, Any]] = {f"analyses.{one.analysis}": one.parameters for one in guide.analyses}
    said |= {f"conversions.{key}": values for key, values in guide.conversions.items()}
    said["run.axes"] = guide.axes
    settings = session.settings
    for section, values in said.items():
        at = "run" if section == "run.axes" else section
        known = {one.name: one for one in sections.setdefault(at, [])}
        for key, value in values.items():
            full = f"{section}.{key}"
            known[full] = _yielding(Effective(full, value, "guide", name, _chain(known.get(full))), at, settings)
        sections[at] = list(known.values())


def _yielding(said: Effective, section: str, settings: Settings) -> Effective:
    """Return what holds of what a guide says: of an axis that it only keeps, what is set of all others."""
    other = settings.leaves.get("run.other_axes")
    if section != "run" or said.value != "keep" or other is None or other.value == "keep":
        return said
    return Effective(said.name, _plain(other.value), other.layer, other.where, _chain(said))


def _records(plugins: Plugins) -> Iterator[tuple[str, Registered[Record]]]:
    from shirube.plugins import SECTIONS

    for hook, section in SECTIONS.items():
        for name, registered in plugins.records(hook).items():
            yield f"{section}.{name}", registered


def _defaults(section: str, cls: type, where: str) -> Iterator[Effective]:
    from shirube.parameters import fields

    for one in fields(cls):
        if not one.is_table:
            yield Effective(f"{section}.{one.name}", one.default, "default", where)


def guide_leaves(registered: Registered[Record], settings: Settings) -> Iterator[Effective]:
    """Yield what a guide itself says of the leaves that settings override."""
    import tomllib

    record: Any = registered.record
    prefix = f"guides.{registered.name}."
    names = [name for name in settings.leaves if name.startswith(prefix)]
    if not names:
        return
    table = tomllib.loads(record.resource.read_bytes().decode("utf-8"))
    for name in names:
        found, value = _leaf(table, name.removeprefix(prefix).split("."))
        if found:
            yield Effective(name, value, "default", registered.origin)


def _leaf(table: Any, parts: list[str]) -> tuple[bool, Any]:
    """Return whether a guide has a leaf, and its value; entries of lists are known by what names them."""
    from shirube._keyed import by_identity

    held, name = table, ""
    for part in parts:
        entries = by_identity(name, held) if isinstance(held, list) else held
        if not isinstance(entries, Mapping) or part not in entries:
            return False, None
        held, name = entries[part], part
    return True, held


def _of(setting: Setting, base: Effective | None = None) -> Effective:
    below: list[Effective] = []
    lower = setting.over
    while lower is not None:
        below.append(Effective(lower.name, _plain(lower.value), lower.layer, lower.where))
        lower = lower.over
    below += _chain(base)
    return Effective(setting.name, _plain(setting.value), setting.layer, setting.where, below)


def _chain(one: Effective | None) -> tuple[Effective, ...]:
    return () if one is None else (Effective(one.name, one.value, one.layer, one.where), *one.overrides)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | bool | int | float | list | tuple) or value is None else str(value)


def _core() -> str:
    from shirube import __version__

    return f"shirube {__version__}"
