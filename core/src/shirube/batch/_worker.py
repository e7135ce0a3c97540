"""The work of one item, in whatever process it is done: it answers with a report, and never raises."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attrs import evolve

from shirube.batch._hashes import fingerprint
from shirube.batch._parts import kept_results, part_of, parts_in, stored_results
from shirube.batch._plan import Failure, Job, Plan, Report
from shirube.blame import note_of
from shirube.errors import PluginError, ShirubeError, core_message
from shirube.exporting import RenderedFigure
from shirube.findings import level_reached
from shirube.messages import Language
from shirube.pipeline import Prepared, Task, analyse_chains, finish, item_for, prepare, told, write
from shirube.pipeline import loaded as loaded_plugins
from shirube.plugins import Plugins
from shirube.records import Entry, Item, Outcome
from shirube.reduction import Chain, chains_of
from shirube.rendering import render_figures
from shirube.series import leave_points, left_place
from shirube.settings import Settings
from shirube.threads import few_threads
from shirube.trees import sync_trees

#: Up to so many spectra of one measurement, each is drawn with what was found on it.
_EACH_DRAWN: Final = 12

_loaded: Final[dict[str, Plugins]] = {}
_loading: Final = threading.Lock()
#: The item of which a part was done last, by the folder of its parts, which is another one for other files.
_last: Final[list[tuple[Path, Prepared]]] = []

__all__ = ["failed", "failure_of", "work_on"]


class _OtherPluginsError(Exception):
    """The plugins of this process are not those of the plan."""

    def __init__(self, found: tuple[str, ...]) -> None:
        super().__init__()
        self.found = found


def work_on(job: Job, *, synced: bool = True) -> Report:
    """Return what became of an item, whose run folder, if there is one, lies in the plan's folder of work.

    Args:
        job: What is to be done.
        synced: Whether the run folder is to be on the disk; else whoever takes it sees to that.
    """
    begun = time.perf_counter()
    try:
        with few_threads(1):
            return _worked(job, begun, synced=synced)
    except _OtherPluginsError as error:
        return Report(state="unfit", plugins=error.found)
    except MemoryError as error:
        ended = PluginError(core_message("isolated-memory", memory=job.plan.settings.run.item_memory))
        note = note_of(error)
        if note is not None:
            ended.add_note(note)
        return evolve(failed(job, ended, begun), exhausted=True)
    except Exception as error:  # noqa: BLE001 whatever it is, it is this item's
        return failed(job, told(error), begun)


def failure_of(job: Job, error: ShirubeError) -> Failure:
    """Return why an item failed, with its file where the error names none."""
    if error.path is None:
        error.path = str(job.group.paths[0])
    note = note_of(error)
    return Failure(message=error.text(), path=error.path, line=error.line, plugin=None if note is None else note.plugin)


def _worked(job: Job, begun: float, *, synced: bool) -> Report:
    plan = job.plan
    plugins = _plugins_of(plan)
    item = item_for(_task(job), plugins)
    prepared = _prepared(job, item, plugins)
    chains = chains_of(prepared.entry)
    if job.part is not None and job.kept is not None:
        some = part_of(chains, job.part)
        kept_results(job.kept, job.part, analyse_chains(prepared.entry, prepared.guide, plugins, plan.settings, some))
        return Report(state="part", seconds=time.perf_counter() - begun)
    if not job.parts and _is_much(prepared.entry, chains, plan.settings):
        sources = prepared.entry.files
        return Report(state="split", sources=sources, parts=parts_in(chains), seconds=time.perf_counter() - begun)
    given = () if job.kept is None else stored_results(job.kept, job.parts)
    outcome = finish(prepared, plugins, plan.settings, today=plan.today, given=given)
    site = _written(job, item, outcome, plugins)
    if synced:
        sync_trees([plan.work / site], plan.work)
    statuses: dict[str, int] = {}
    for result in outcome.results:
        statuses[result.status] = statuses.get(result.status, 0) + 1
    return Report(
        state="done",
        site=site,
        sources=outcome.entry.files,
        spectra=len(outcome.entry.spectra()),
        statuses=statuses,
        not_analysed=_not_analysed(outcome),
        flagged=level_reached(outcome.findings, plan.settings.run.fail_on),
        seconds=time.perf_counter() - begun,
        synced=synced,
    )


def _prepared(job: Job, item: Item, plugins: Plugins) -> Prepared:
    """Return an item ready to be analysed; that of which this process did a part last is not read again."""
    if job.kept is None:
        return prepare(item, plugins, job.plan.settings)
    for kept, prepared in tuple(_last):
        if kept == job.kept:
            return prepared
    prepared = prepare(item, plugins, job.plan.settings)
    _last[:] = [(job.kept, prepared)]
    return prepared


def _not_analysed(outcome: Outcome) -> int:
    """Return how many spectra every analysis that was asked of them skipped."""
    said: dict[str, set[str]] = {}
    for result in outcome.results:
        said.setdefault(result.target, set()).add(result.status)
    return sum(said.get(spectrum.id) == {"skipped"} for spectrum in outcome.entry.spectra())


def _is_much(entry: Entry, chains: Sequence[Chain], settings: Settings) -> bool:
    """Tell whether an item was cut into so many spectra that several workers should analyse them."""
    return "each" in entry.axes.values() and parts_in(chains) > 1 and settings.run.analyses != ("none",)


def _written(job: Job, item: Item, outcome: Outcome, plugins: Plugins) -> str:
    """Write the run folder of an item under a name that nobody else uses, and return that name."""
    plan = job.plan
    figures = _drawn(outcome, plugins, plan.lang) if plan.figures else ()
    site = f"{job.folder}-{secrets.token_hex(6)}"
    run = plan.work / site
    write([outcome], run, plugins, plan.settings, items=[item], lang=plan.lang, figures=figures, synced=False)
    leave_points([outcome], run, left_place(plan.work, run), plan.lang)
    return site


def _drawn(outcome: Outcome, plugins: Plugins, lang: Language) -> tuple[RenderedFigure, ...]:
    """Return the figures of an outcome; of a measurement that was cut into many spectra, panels of them all."""
    if "each" not in outcome.entry.axes.values() or len(outcome.entry.spectra()) <= _EACH_DRAWN:
        return render_figures([outcome], plugins, lang)
    return render_figures([evolve(outcome, results=())], plugins, lang, most=_EACH_DRAWN)


def _task(job: Job) -> Task:
    plan = job.plan
    return Task(
        group=job.group,
        settings=plan.settings,
        today=plan.today,
        lang=plan.lang,
        guide=plan.guide,
        reader=plan.reader,
    )


def _plugins_of(plan: Plan) -> Plugins:
    """Return the plugins of a plan, loaded once in a process.

    Raises:
        _OtherPluginsError: They are not those of whoever sent the plan.
    """
    with _loading:
        plugins = _loaded.get(plan.key)
        if plugins is None:
            plugins = loaded_plugins(plan.settings)
            found = fingerprint(plugins)
            if found != plan.plugins:
                raise _OtherPluginsError(found)
            _loaded.clear()
            _loaded[plan.key] = plugins
        return plugins


def failed(job: Job, error: ShirubeError, begun: float) -> Report:
    """Return the report on an item of which nothing came; ``begun`` is when, by :func:`time.perf_counter`."""
    return Report(state="failed", failure=failure_of(job, error), seconds=time.perf_counter() - begun)
