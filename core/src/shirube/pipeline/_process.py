"""From item to outcome, without touching any output."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from shirube import __version__
from shirube.pipeline._analysing import analyse_entry
from shirube.pipeline._converting import convert_entry
from shirube.pipeline._judging import choose_guide, entry_findings, missing_analysis_findings
from shirube.pipeline._reading import read_entry
from shirube.plugins import CORE_PLUGIN, Plugins
from shirube.progress import NoProgress, Progress
from shirube.records import Item, Outcome, PluginVersion, Provenance
from shirube.reduction import treatment
from shirube.settings import Settings
from shirube.vocabulary import guide_data, knowledge

__all__ = ["process"]


def process(
    item: Item, plugins: Plugins, settings: Settings, *, today: date, progress: Progress | None = None
) -> Outcome:
    """Return everything that comes of ``item``: read, mapped, amended, converted, analysed and judged.

    Args:
        item: Files, sidecars and what the registry knows of them.
        plugins: Who does the work.
        settings: Effective settings.
        today: The date on which rules judge, in Japan.
        progress: Told how far the analyses are.

    Raises:
        InputError: Files that cannot be read, all of them.
        MissingPluginError: A named guide, reader, conversion or analysis is not installed.
        UsageError: Two plugins could do a thing and nobody said which.
        Exception: Whatever a plugin raised, with a note that names it.
    """
    run = settings.run
    guides = guide_data(plugins, settings)
    entry = read_entry(item, plugins, settings, knowledge(plugins))
    entry, guide = choose_guide(item, entry, guides, run, plugins)
    entry = evolve(entry, axes=treatment({} if guide is None else guide.axes, run.axes))
    converted = convert_entry(entry, guide, plugins, settings, run)
    entry = converted.entry
    analysed = analyse_entry(entry, guide, plugins, settings, run, progress or NoProgress())
    outcome = Outcome(
        entry=entry,
        results=analysed.results,
        decisions=converted.decisions,
        provenance=Provenance(
            core=__version__,
            plugins=_versions(plugins),
            inputs=entry.files,
            settings=settings.values(),
            judged_on=today.isoformat(),
        ),
    )
    findings = (
        *converted.findings,
        *analysed.findings,
        *missing_analysis_findings(entry, analysed.missing, analysed.results),
        *entry_findings(outcome, guide, plugins, settings, run, today),
    )
    return evolve(outcome, findings=findings)


def _versions(plugins: Plugins) -> tuple[PluginVersion, ...]:
    """Return every plugin that could take part: the absence of one explains a result as much as its presence."""
    return tuple(
        PluginVersion(name=one.name, distribution=one.distribution, version=one.version)
        for one in plugins.sources.values()
        if one.name != CORE_PLUGIN
    )
