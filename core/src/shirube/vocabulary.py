"""What installed plugins know together: all terms, structured metadata maps and guides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar, final
from weakref import WeakKeyDictionary

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen
from shirube.blame import Registered, call
from shirube.errors import PluginError, SettingsError, core_message
from shirube.guides import GuideData, parse_guide
from shirube.hooks import Record, Resource
from shirube.mapping import MapData, MapRule, parse_map
from shirube.plugins import Plugins
from shirube.settings import Settings
from shirube.terms import Vocabulary, core_terms, parse_terms

T = TypeVar("T")

__all__ = ["Knowledge", "guide_data", "knowledge", "one_guide"]


@frozen
class Knowledge:
    """Terms of the core and of every plugin, and the map rules of each reader."""

    vocabulary: Vocabulary
    rules: FrozenMapping[str, tuple[MapRule, ...]] = field(converter=as_frozen)


#: Kept as long as the plugins: to read it anew for each of many items would take longer than the items.
_KNOWN: Final[WeakKeyDictionary[Plugins, Knowledge]] = WeakKeyDictionary()
_GUIDES: Final[WeakKeyDictionary[Plugins, dict[str, GuideData]]] = WeakKeyDictionary()


def knowledge(plugins: Plugins) -> Knowledge:
    """Return what the installed plugins know; what the same plugins know is looked up once.

    Raises:
        PluginError: A resource is malformed, a term is defined twice, or a rule names a term that nobody defines.
    """
    if plugins not in _KNOWN:
        _KNOWN[plugins] = _knowledge(plugins)
    return _KNOWN[plugins]


def _knowledge(plugins: Plugins) -> Knowledge:
    vocabulary = core_terms()
    maps: dict[str, MapData] = {}
    for name, registered in plugins.metadata_maps.items():
        maps[name] = _parsed(registered, registered.record.resource, parse_map)
        vocabulary = call(registered.note, vocabulary.extended, maps[name].terms, registered.plugin)
    for analysis in plugins.analyses.values():
        if analysis.record.terms is not None:
            terms = _parsed(analysis, analysis.record.terms, parse_terms)
            vocabulary = call(analysis.note, vocabulary.extended, terms, analysis.plugin)
    rules: dict[str, tuple[MapRule, ...]] = {}
    for name, data in maps.items():
        registered = plugins.metadata_maps[name]
        call(registered.note, _refuse_unknown_terms, data, vocabulary, name)
        reader = registered.record.reader
        rules[reader] = (*rules.get(reader, ()), *data.rules)
    return Knowledge(vocabulary, rules)


def guide_data(plugins: Plugins, settings: Settings) -> Mapping[str, GuideData]:
    """Return the installed guides, structured, with the facility's overrides applied.

    A guide is parsed when it is asked for, so that one that nobody asks for stops nothing. Looking one up raises what
    :func:`one_guide` raises.
    """
    return _Guides(plugins, settings)


def one_guide(name: str, plugins: Plugins, settings: Settings) -> GuideData:
    """Return one guide, structured, with the facility's overrides applied.

    Raises:
        MissingPluginError: There is no such guide; says what to install.
        SettingsError: The guide or an override is malformed; names file and key.
        Exception: The guide's resource cannot be read; its plugin stands in a note.
    """
    plugins.named("shirube_guides", name)
    registered = plugins.guides[name]
    resource = registered.record.resource
    guides = _GUIDES.setdefault(plugins, {})
    if name not in guides:
        guides[name] = _parsed(registered, resource, lambda text, where: parse_guide(text, name, where))
    guide = guides[name]
    overrides = settings.section(f"guides.{name}")
    if not overrides:
        return guide
    try:
        return parse_guide(_text(resource), name, str(resource), overrides)
    except SettingsError as error:
        # The guide alone is sound: what is wrong now is the settings' fault.
        files = _files(settings, f"guides.{name}.")
        raise SettingsError(core_message("guide-override", guide=name, files=files, reason=error.message)) from None


@final
class _Guides(Mapping[str, GuideData]):
    """Guides by name, each parsed on first use."""

    def __init__(self, plugins: Plugins, settings: Settings) -> None:
        self._plugins, self._settings = plugins, settings
        self._parsed: dict[str, GuideData] = {}

    def __getitem__(self, name: str) -> GuideData:
        if name not in self._plugins.guides:
            raise KeyError(name)
        if name not in self._parsed:
            self._parsed[name] = one_guide(name, self._plugins, self._settings)
        return self._parsed[name]

    def __contains__(self, name: object) -> bool:
        return name in self._plugins.guides

    def __iter__(self) -> Iterator[str]:
        return iter(self._plugins.guides)

    def __len__(self) -> int:
        return len(self._plugins.guides)


def _files(settings: Settings, prefix: str) -> str:
    """Return the layers and files that set something of a section."""
    leaves = [one for name, one in settings.leaves.items() if name.startswith(prefix)]
    return ", ".join(dict.fromkeys(f"{one.layer} {one.where}".rstrip() for one in leaves))


def _parsed(registered: Registered[Record], resource: Resource, parse: Callable[[str, str], T]) -> T:
    """Return what ``parse`` makes of a record's resource; what is wrong with it is its plugin's fault."""
    return call(registered.note, lambda: parse(_text(resource), str(resource)))


def _text(resource: Resource) -> str:
    return resource.read_bytes().decode("utf-8")


def _refuse_unknown_terms(data: MapData, vocabulary: Vocabulary, name: str) -> None:
    unknown = sorted({rule.term for rule in data.rules} - set(vocabulary))
    if unknown:
        raise PluginError(core_message("map-unknown-term", map=name, terms=", ".join(unknown)))
