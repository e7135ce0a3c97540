"""What installed plugins know together: all terms, structured metadata maps and guides."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen
from shirube.errors import PluginError, core_message
from shirube.guides import GuideData, parse_guide
from shirube.hooks import Resource
from shirube.mapping import MapData, MapRule, parse_map
from shirube.plugins import Plugins
from shirube.settings import Settings
from shirube.terms import Vocabulary, core_terms, parse_terms

__all__ = ["Knowledge", "guide_data", "knowledge"]


@frozen
class Knowledge:
    """Terms of the core and of every plugin, and the map rules of each reader."""

    vocabulary: Vocabulary
    rules: FrozenMapping[str, tuple[MapRule, ...]] = field(converter=as_frozen)


def knowledge(plugins: Plugins) -> Knowledge:
    """Return what the installed plugins know.

    Raises:
        PluginError: A resource is malformed, a term is defined twice, or a rule names a term that nobody defines.
    """
    vocabulary = core_terms()
    maps: dict[str, MapData] = {}
    for name, registered in plugins.metadata_maps.items():
        resource = registered.record.resource
        maps[name] = parse_map(_text(resource), str(resource))
        vocabulary = vocabulary.extended(maps[name].terms, registered.plugin)
    for analysis in plugins.analyses.values():
        if analysis.record.terms is not None:
            terms = parse_terms(_text(analysis.record.terms), str(analysis.record.terms))
            vocabulary = vocabulary.extended(terms, analysis.plugin)
    rules: dict[str, tuple[MapRule, ...]] = {}
    for name, data in maps.items():
        _refuse_unknown_terms(data, vocabulary, name)
        reader = plugins.metadata_maps[name].record.reader
        rules[reader] = (*rules.get(reader, ()), *data.rules)
    return Knowledge(vocabulary, rules)


def guide_data(plugins: Plugins, settings: Settings) -> Mapping[str, GuideData]:
    """Return the installed guides, structured, with the facility's overrides applied.

    Raises:
        SettingsError: A guide or an override is malformed; names file and key.
    """
    return {name: one_guide(name, plugins, settings) for name in plugins.guides}


def one_guide(name: str, plugins: Plugins, settings: Settings) -> GuideData:
    """Return one guide, structured, with the facility's overrides applied.

    Raises:
        MissingPluginError: There is no such guide; says what to install.
        SettingsError: The guide or an override is malformed; names file and key.
    """
    plugins.named("shirube_guides", name)
    resource = plugins.guides[name].record.resource
    return parse_guide(_text(resource), name, str(resource), settings.section(f"guides.{name}"))


def _text(resource: Resource) -> str:
    return resource.read_bytes().decode("utf-8")


def _refuse_unknown_terms(data: MapData, vocabulary: Vocabulary, name: str) -> None:
    unknown = sorted({rule.term for rule in data.rules} - set(vocabulary))
    if unknown:
        raise PluginError(core_message("map-unknown-term", map=name, terms=", ".join(unknown)))
