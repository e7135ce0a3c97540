"""What a template is made of: the guide, the definitions derived from it, and the distributions that follow it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, version
from typing import Any, Final

from attrs import frozen

from shirube.blame import Registered
from shirube.errors import UsageError
from shirube.guides import GuideData
from shirube.hooks import Record
from shirube.parameters import build
from shirube.plugins import Plugins
from shirube.settings import Settings
from shirube.vocabulary import guide_data, knowledge
from shirube_rde.definition import derive, to_json
from shirube_rde.form import invoice_schema
from shirube_rde.items import Definition
from shirube_rde.parameters import Parameters
from shirube_rde.texts import message

#: Extras that a job needs: figures, conversion of units, and the registry's configuration file.
_CORE: Final = ("shirube", ("figures", "units", "yaml"))
#: An extra of this distribution that the container goes without: it has a runner of its own.
_TOOLKIT: Final = "rdetoolkit"

__all__ = ["Distribution", "Guided", "guided"]


@frozen
class Distribution:
    """A distribution that the container needs, with the extras of it."""

    name: str
    version: str
    extras: tuple[str, ...] = ()


@frozen(eq=False)
class Guided:
    """A guide with all that a template derives from it.

    Attributes:
        guide: The guide.
        definition: Its metadata items, and those of its analyses and calibration.
        distributions: What reads, converts, analyses and writes as the guide says, the core first.
        parameters: Settings of the exporter.
    """

    guide: GuideData
    definition: Definition
    distributions: tuple[Distribution, ...]
    parameters: Parameters

    @property
    def metadata_definition(self) -> dict[str, Any]:
        """Content of ``metadata-def.json``."""
        return to_json(self.definition)

    @property
    def form(self) -> dict[str, Any]:
        """Content of ``invoice.schema.json``."""
        return invoice_schema([self.guide], custom=True, sample=True)


def guided(name: str, plugins: Plugins, settings: Settings) -> Guided:
    """Return the guide called ``name`` with what is derived from it.

    Raises:
        MissingPluginError: The guide, or something that it asks for, is not installed.
        UsageError: Something that it asks for comes from a local file, which no container can install.
    """
    plugins.named("shirube_guides", name)
    guide = guide_data(plugins, settings)[name]
    asked = list(dict.fromkeys(one.analysis for one in guide.analyses))
    for one in asked:
        plugins.named("shirube_analyses", one)
    analyses = [plugins.analyses[one].record for one in asked]
    calibrated = guide.calibration.yields if guide.calibration is not None else ()
    return Guided(
        guide=guide,
        definition=derive([guide], analyses, knowledge(plugins).vocabulary, calibrated=calibrated),
        distributions=tuple(_distributions(guide, plugins)),
        parameters=build(Parameters, settings.section("exporters.rde"), "exporters.rde"),
    )


def _distributions(guide: GuideData, plugins: Plugins) -> Iterator[Distribution]:
    core, extras = _CORE
    yield Distribution(core, version(core), extras)
    names = {one.distribution for one in _records(guide, plugins)} - {core}
    for name in sorted(names):
        try:
            offered = metadata(name).get_all("Provides-Extra") or []
        except PackageNotFoundError:
            raise UsageError(message("template-local-plugin", plugin=name)) from None
        own = name == plugins.exporters["rde"].distribution
        wanted = tuple(sorted(set(offered) - {_TOOLKIT})) if own else ()
        yield Distribution(name, version(name), wanted)


def _records(guide: GuideData, plugins: Plugins) -> Iterator[Registered[Any]]:
    """Yield everything that a job by the guide uses."""
    asked: list[tuple[str, str]] = [("shirube_guides", guide.name), ("shirube_exporters", "rde")]
    asked += [("shirube_readers", name) for name in guide.match.readers]
    asked += [("shirube_unit_conversions", name) for name in guide.conversions]
    asked += [("shirube_analyses", one.analysis) for one in guide.analyses]
    if guide.checks.policy is not None and guide.checks.policy in plugins.policies:
        asked.append(("shirube_policies", guide.checks.policy))
    found: list[Registered[Record]] = [plugins.named(hook, name) for hook, name in asked]
    yield from found
    yield from (one for one in plugins.metadata_maps.values() if one.record.reader in guide.match.readers)
