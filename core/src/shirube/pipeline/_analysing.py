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
from shirube.pipeline._axes import how_to_sum, summed, unknown
from shirube.plugins import Plugins
from shirube.progress import Progress
from shirube.records import AnalysisTarget, Entry, Finding, Registration, Result, Value
from shirube.reduction import entry_target, spectrum_target
from shirube.settings import RunSettings, Settings

__all__ = ["Analysed", "Job", "analyse_entry", "ordered"]


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
    entry: Entry, guide: GuideData | None, plugins: Plugins, settings: Settings, run: RunSettings, progress: Progress
) -> Analysed:
    """Return what the analyses found on the entry and its spectra.

    Without an invoice an analysis runs where it applies; with one, a switch that is absent is off, as guides say.

    Raises:
        PluginError: Analyses require each other in a circle, or one broke its contract.
        Exception: Whatever an analysis raised, with its plugin in a note.
    """
    wanted, missing = _wanted(guide, plugins, run)
    jobs = [_job(registered, guide, entry.registration, plugins, settings) for registered in ordered(wanted)]
    work = [(job, target) for job in jobs for target in _targets(entry, job.registered.record)]
    results: list[Result] = []
    for number, (job, target) in enumerate(work):
        step = _Step(progress, number, len(work), job.registered.name)
        results.append(_analyse(job, evolve(target, results=_results_for(target, results)), plugins, step))
    progress.update(1.0)
    findings = summed(entry) if any(job.off is None for job in jobs) else ()
    findings += tuple(unknown(entry, guide, run))
    return Analysed(tuple(results), missing, findings)


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


class _Step:
    """Progress of one analysis on one target as a part of the whole."""

    def __init__(self, progress: Progress, number: int, count: int, name: str) -> None:
        self._progress, self._number, self._count, self._name = progress, number, count, name

    def update(self, done: float, label: str = "") -> None:
        shown = f"{self._name}: {label}" if label else self._name
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


def _targets(entry: Entry, analysis: Analysis) -> Iterator[AnalysisTarget]:
    if analysis.scope == "entry":
        yield entry_target(entry)
        return
    for spectrum in entry.spectra():
        yield spectrum_target(entry, spectrum)


def _results_for(target: AnalysisTarget, results: Sequence[Result]) -> tuple[Result, ...]:
    names = {target.entry, *(spectrum.id for spectrum in target.spectra)}
    return tuple(result for result in results if result.target in names)


def _analyse(job: Job, target: AnalysisTarget, plugins: Plugins, progress: Progress) -> Result:
    registered = job.registered
    name = target.spectra[0].id if registered.record.scope == "spectrum" else target.entry
    used = {} if job.parameters is None else effective(job.parameters)
    reason = job.off or _lacking(registered.record, target)
    reasons = (reason,) if reason is not None else _declined(registered, target, job.parameters, plugins)
    if reasons:
        return Result(analysis=registered.name, target=name, status="skipped", reasons=reasons, parameters=used)
    answer = plugins.call(registered, "run", target, job.parameters, progress)
    result = plugins.checked(registered, answer, Result)
    return evolve(result, analysis=registered.name, target=name, parameters=used)


def _declined(
    registered: Registered[Analysis], target: AnalysisTarget, parameters: Any, plugins: Plugins
) -> tuple[Text, ...]:
    """Return why an analysis does not apply, and what could be changed about that; nothing when it applies."""
    answer = plugins.call(registered, "applies", target, parameters)
    if answer is None:
        return ()
    if not isinstance(answer, Text):
        answer = call(registered.note, plugins.checked(registered, answer, Message).text)
    return (answer, *(how_to_sum(target) if registered.record.scope == "spectrum" else ()))


def _lacking(analysis: Analysis, target: AnalysisTarget) -> Text | None:
    """Return why required terms are not there; an upstream result that is missing skips, it never crashes."""
    found = {term for result in target.results for term in result.scalars}
    for term in analysis.requires:
        if term not in found and not any(term in facts for facts in target.facts.values()):
            return core_message("analysis-lacks-term", term=term).text()
    return None
