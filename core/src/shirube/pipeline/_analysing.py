"""Third step: run the analyses in the order of their terms, each on the targets it applies to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from attrs import evolve, frozen

from shirube.blame import Registered, blamed, call
from shirube.errors import PluginError, core_message
from shirube.guides import GuideAnalysis, GuideData, switched_on
from shirube.hooks import Analysis
from shirube.known import install_hint
from shirube.messages import Message, Text
from shirube.parameters import effective
from shirube.pipeline._axes import how_to_analyse, summed, unknown
from shirube.pipeline._promised import keeps_promises
from shirube.plugins import Plugins
from shirube.progress import NoProgress, Progress
from shirube.records import AnalysisTarget, Entry, Finding, Registration, Result, Value
from shirube.reduction import Chain, chains_of, entry_target, spectrum_target
from shirube.settings import RunSettings, Settings
from shirube.vocabulary import knowledge

__all__ = ["Analysed", "Job", "analyse_chains", "analyse_entry", "ordered"]


@frozen(eq=False)
class Job:
    """One analysis to run, with its parameters, or the reason why it is off."""

    registered: Registered[Analysis]
    parameters: Any
    off: Text | None = None


@frozen(eq=False)
class Analysed:
    """Results in order, what is missing, and what analyses did not see."""

    results: tuple[Result, ...]
    #: Analyses that the guide asks for and nobody provides, each with why, and what to do.
    missing: tuple[tuple[str, Text], ...]
    findings: tuple[Finding, ...] = ()


def analyse_entry(
    entry: Entry,
    guide: GuideData | None,
    plugins: Plugins,
    settings: Settings,
    run: RunSettings,
    progress: Progress,
    given: Sequence[Result] = (),
) -> Analysed:
    """Return what the analyses found on the entry and its spectra.

    Without an invoice an analysis runs where it applies; with one, a switch that is absent is off, as guides say.

    Args:
        entry: What is analysed.
        guide: The guide that applies, if any.
        plugins: Whose analyses.
        settings: Effective settings.
        run: The core's own section of them.
        progress: Told how far the analyses are.
        given: Results that have been found already (:func:`analyse_chains`); the rest is added.

    Raises:
        PluginError: Analyses require each other in a circle, or one broke its contract.
        Exception: Whatever an analysis raised, with its plugin in a note.
    """
    wanted, missing = _wanted(guide, plugins, run)
    jobs = [_job(registered, guide, entry.registration, plugins, settings) for registered in ordered(wanted)]
    chains = chains_of(entry)
    work = [(job, chain) for job in jobs for chain in _chains_for(job, entry, chains)]
    results = _Found(given)
    for number, (job, chain) in enumerate(work):
        results.add(job, chain, plugins, _Step(progress, number, len(work), job.registered.name))
    progress.update(1.0)
    findings = summed(entry) if any(job.off is None for job in jobs) else ()
    findings += tuple(unknown(entry, guide, run))
    return Analysed(tuple(results.listed), missing, findings)


def analyse_chains(
    entry: Entry,
    guide: GuideData | None,
    plugins: Plugins,
    settings: Settings,
    chains: Sequence[Chain],
) -> tuple[Result, ...]:
    """Return what analyses of spectra found on some chains of an entry; what needs the whole entry is left out.

    Raises:
        Exception: As :func:`analyse_entry`.
    """
    wanted, _ = _wanted(guide, plugins, settings.run)
    results, late = _Found(()), set[str]()
    for registered in ordered(wanted):
        record = registered.record
        if record.scope == "entry" or late.intersection(record.requires):
            late.update(record.yields)
            continue
        job = _job(registered, guide, entry.registration, plugins, settings)
        for chain in chains:
            results.add(job, _chain_targets(entry, chain), plugins, NoProgress())
    return tuple(results.listed)


def ordered(analyses: Sequence[Registered[Analysis]]) -> tuple[Registered[Analysis], ...]:
    """Return analyses so that each comes after those that yield the terms it requires.

    Otherwise those of spectra come before those of entries, which see what was found on the spectra, and then by name.

    Raises:
        PluginError: They require each other in a circle.
    """
    by_name = {one.name: one for one in sorted(analyses, key=lambda one: one.name)}
    yielders: dict[str, list[str]] = {}
    for name, one in by_name.items():
        for term in one.record.yields:
            yielders.setdefault(term, []).append(name)
    graph = {
        name: sorted({up for term in one.record.requires for up in yielders.get(term, []) if up != name})
        for name, one in by_name.items()
    }
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(str(by_name[name]) for name in error.args[1])
        raise blamed(
            PluginError(core_message("analyses-in-circle", analyses=circle)), by_name[error.args[1][0]]
        ) from None
    order: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted((*ready, *sorter.get_ready()), key=lambda name: (by_name[name].record.scope == "entry", name))
        order.append(ready.pop(0))
        sorter.done(order[-1])
    return tuple(by_name[name] for name in order)


class _Found:
    """Results in the order in which they are found, some of which are known beforehand."""

    def __init__(self, given: Sequence[Result]) -> None:
        self.listed: list[Result] = []
        self._given = {(one.analysis, one.target): one for one in given}
        self._places: dict[str, list[int]] = {}

    def add(self, job: Job, chain: Sequence[AnalysisTarget], plugins: Plugins, progress: Progress) -> None:
        """Add the results of one analysis on a chain of targets."""
        keys = [(job.registered.name, _name(job, target)) for target in chain]
        known = [self._given.get(key) for key in keys]
        if None in known:
            found = _analyse_chain(job, [self._with_results(target) for target in chain], plugins, progress)
        else:
            found = [one for one in known if one is not None]
        for one in found:
            self._places.setdefault(one.target, []).append(len(self.listed))
            self.listed.append(one)

    def _with_results(self, target: AnalysisTarget) -> AnalysisTarget:
        names = {target.entry, *(spectrum.id for spectrum in target.spectra)}
        places = sorted(place for name in names for place in self._places.get(name, ()))
        return evolve(target, results=[self.listed[place] for place in places])


class _Step:
    """Progress of one analysis on one target as a part of the whole."""

    def __init__(self, progress: Progress, number: int, count: int, name: str) -> None:
        self._progress, self._number, self._count, self._name = progress, number, count, name

    def update(self, done: float, label: str = "") -> None:
        shown = ": ".join(part for part in (self._name, label) if part)
        self._progress.update((self._number + min(max(done, 0.0), 1.0)) / self._count, shown)


def _wanted(
    guide: GuideData | None, plugins: Plugins, run: RunSettings
) -> tuple[list[Registered[Analysis]], tuple[tuple[str, Text], ...]]:
    if run.analyses == ("none",):
        return [], ()
    if run.analyses:
        for name in run.analyses:
            plugins.named("shirube_analyses", name)
        return [plugins.analyses[name] for name in run.analyses], ()
    if guide is None:
        return list(plugins.analyses.values()), ()
    names = [one.analysis for one in guide.analyses]
    missing = tuple((name, _missing(name, plugins)) for name in names if name not in plugins.analyses)
    return [plugins.analyses[name] for name in names if name in plugins.analyses], missing


def _missing(name: str, plugins: Plugins) -> Text:
    """Return why nobody provides an analysis that the guide asks for, and what to do."""
    distribution = plugins.kept_out("analyses", name)
    if distribution is not None:
        return core_message("analysis-kept-out", name=name, distribution=distribution).text()
    hint = install_hint("analyses", name) or Text(en="", ja="")
    return core_message("analysis-missing", name=name, hint=hint).text()


def _job(
    registered: Registered[Analysis],
    guide: GuideData | None,
    registration: Registration | None,
    plugins: Plugins,
    settings: Settings,
) -> Job:
    asked = next((one for one in guide.analyses if one.analysis == registered.name), None) if guide else None
    manual: Mapping[str, Value] = {} if registration is None else registration.manual
    # What a person sets for this run is more explicit than the invoice, and the invoice more than the guide.
    values = {**_guide_values(asked, manual), **settings.section(f"analyses.{registered.name}")}
    parameters = plugins.parameters(registered, values)
    return Job(registered, parameters, _switched_off(asked, guide, registration))


def _guide_values(asked: GuideAnalysis | None, manual: Mapping[str, Value]) -> dict[str, Value]:
    if asked is None:
        return {}
    entered = {name: manual[key] for name, key in asked.manual.items() if key in manual}
    return {**asked.parameters, **entered}


def _switched_off(
    asked: GuideAnalysis | None, guide: GuideData | None, registration: Registration | None
) -> Text | None:
    if asked is None or guide is None or asked.switch is None or registration is None:
        return None
    if registration.document is None and not registration.manual:
        # Facts or a sample alone, written by hand, are no form on which a box was left blank.
        return None
    if switched_on(registration.manual.get(asked.switch)):
        return None
    label = next((item.label for item in guide.manual if item.key == asked.switch), Text(asked.switch, asked.switch))
    return core_message("analysis-switched-off", item=label).text()


def _chains_for(job: Job, entry: Entry, chains: Sequence[Chain]) -> Iterator[tuple[AnalysisTarget, ...]]:
    """Yield the targets of an analysis; only one that can make use of neighbours gets several at a time."""
    if job.registered.record.scope == "entry":
        yield (entry_target(entry),)
        return
    for chain in chains:
        yield _chain_targets(entry, chain)


def _chain_targets(entry: Entry, chain: Chain) -> tuple[AnalysisTarget, ...]:
    return tuple(spectrum_target(entry, spectrum) for spectrum in chain)


def _name(job: Job, target: AnalysisTarget) -> str:
    return target.spectra[0].id if job.registered.record.scope == "spectrum" else target.entry


def _analyse_chain(job: Job, chain: Sequence[AnalysisTarget], plugins: Plugins, progress: Progress) -> list[Result]:
    """Return the result of each target: those that apply are run as a series where the analysis can do that."""
    registered = job.registered
    used = {} if job.parameters is None else effective(job.parameters)
    reasons = [_reasons(job, target, plugins) for target in chain]
    wanted = [target for target, why in zip(chain, reasons, strict=True) if not why]
    terms = knowledge(plugins).vocabulary
    found = (keeps_promises(registered, one, terms) for one in _run(job, wanted, plugins, progress))
    return [
        Result(analysis=registered.name, target=_name(job, target), status="skipped", reasons=why, parameters=used)
        if why
        else evolve(next(found), analysis=registered.name, target=_name(job, target), parameters=used)
        for target, why in zip(chain, reasons, strict=True)
    ]


def _reasons(job: Job, target: AnalysisTarget, plugins: Plugins) -> tuple[Text, ...]:
    """Return why a target is not analysed; nothing when it is."""
    reason = job.off or _lacking(job.registered.record, target)
    return (reason,) if reason is not None else _declined(job.registered, target, job.parameters, plugins)


def _run(job: Job, targets: Sequence[AnalysisTarget], plugins: Plugins, progress: Progress) -> tuple[Result, ...]:
    registered = job.registered
    if len(targets) > 1 and plugins.provides(registered, "run_series"):
        answer = plugins.call(registered, "run_series", targets, job.parameters, progress)
        results = plugins.checked_all(registered, answer, Result)
        if len(results) != len(targets):
            told = core_message(
                "series-of-other-length", analysis=registered.name, got=len(results), wanted=len(targets)
            )
            raise blamed(PluginError(told), registered)
        return results
    found = []
    for number, target in enumerate(targets):
        step = _Step(progress, number, len(targets), "")
        answer = plugins.call(registered, "run", target, job.parameters, step)
        found.append(plugins.checked(registered, answer, Result))
    return tuple(found)


def _declined(
    registered: Registered[Analysis], target: AnalysisTarget, parameters: Any, plugins: Plugins
) -> tuple[Text, ...]:
    """Return why an analysis does not apply, and what could be changed about that; nothing when it applies."""
    answer = plugins.call(registered, "applies", target, parameters)
    if answer is None:
        return ()
    if not isinstance(answer, Text):
        answer = call(registered.note, plugins.checked(registered, answer, Message).text)
    return (answer, *(how_to_analyse(target) if registered.record.scope == "spectrum" else ()))


def _lacking(analysis: Analysis, target: AnalysisTarget) -> Text | None:
    """Return why required terms are not there; an upstream result that is missing skips, it never crashes."""
    found = {term for result in target.results for term in result.scalars}
    for term in analysis.requires:
        if term not in found and not any(term in facts for facts in target.facts.values()):
            return core_message("analysis-lacks-term", term=term).text()
    return None
