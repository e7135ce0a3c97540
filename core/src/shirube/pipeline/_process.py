"""From item to outcome, without touching any output."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from attrs import evolve, frozen

from shirube import __version__
from shirube.guides import GuideData
from shirube.pipeline._analysing import analyse_entry
from shirube.pipeline._converting import ConvertedEntry, convert_entry
from shirube.pipeline._judging import choose_guide, entry_findings, missing_analysis_findings
from shirube.pipeline._reading import read_entry
from shirube.plugins import CORE_PLUGIN, Plugins
from shirube.progress import NoProgress, Progress
from shirube.records import Entry, Item, Outcome, PluginVersion, Provenance, Result
from shirube.reduction import cut_entry, filled, treatment
from shirube.settings import Settings
from shirube.vocabulary import guide_data, knowledge

__all__ = ["Prepared", "finish", "prepare", "process"]


@frozen(eq=False)
class Prepared:
    """An item that is ready to be analysed.

    Attributes:
        entry: Its entry, converted, and cut into spectra as its axes say.
        whole: The same as it was measured.
        guide: The guide that applies, if any.
        converted: What the conversion decided and found.
    """

    entry: Entry
    whole: Entry
    guide: GuideData | None
    converted: ConvertedEntry


def process(
    item: Item,
    plugins: Plugins,
    settings: Settings,
    *,
    today: date,
    progress: Progress | None = None,
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
    return finish(prepare(item, plugins, settings), plugins, settings, today=today, progress=progress)


def prepare(item: Item, plugins: Plugins, settings: Settings) -> Prepared:
    """Return an item read, mapped, amended, converted, and cut into the spectra that analyses see.

    Raises:
        Exception: As :func:`process`.
    """
    run = settings.run
    guides = guide_data(plugins, settings)
    entry = read_entry(item, plugins, settings, knowledge(plugins))
    entry, guide = choose_guide(item, entry, guides, run, plugins)
    said = filled(treatment({} if guide is None else guide.axes), entry, run.other_axes)
    entry = evolve(entry, axes=treatment(said, run.axes))
    converted = convert_entry(entry, guide, plugins, settings, run)
    return Prepared(cut_entry(converted.entry), converted.entry, guide, converted)


def finish(
    prepared: Prepared,
    plugins: Plugins,
    settings: Settings,
    *,
    today: date,
    progress: Progress | None = None,
    given: Sequence[Result] = (),
) -> Outcome:
    """Return everything that comes of a prepared item: analysed and judged.

    Args:
        prepared: What :func:`prepare` returned for the same plugins and settings.
        plugins: Who does the work.
        settings: Effective settings.
        today: The date on which rules judge, in Japan.
        progress: Told how far the analyses are.
        given: Results of some of its spectra that are known already.

    Raises:
        Exception: As :func:`process`.
    """
    run, entry, guide, converted = settings.run, prepared.entry, prepared.guide, prepared.converted
    analysed = analyse_entry(entry, guide, plugins, settings, run, progress or NoProgress(), given)
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
        *entry_findings(_uncut(outcome, prepared.whole), guide, plugins, settings, run, today),
    )
    return evolve(outcome, findings=findings)


def _uncut(outcome: Outcome, entry: Entry) -> Outcome:
    """Return an outcome as it is judged: what was measured in one go is one spectrum, into however many it was cut."""
    if outcome.entry is entry:
        return outcome
    whole = {entry.name, *(spectrum.id for spectrum in entry.spectra())}
    return evolve(outcome, entry=entry, results=[one for one in outcome.results if one.target in whole])


def _versions(plugins: Plugins) -> tuple[PluginVersion, ...]:
    """Return every plugin that could take part: the absence of one explains a result as much as its presence."""
    return tuple(
        PluginVersion(name=one.name, distribution=one.distribution, version=one.version)
        for one in plugins.sources.values()
        if one.name != CORE_PLUGIN
    )
