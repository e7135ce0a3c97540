"""One item after the other, each in a worker of its own: what goes wrong with one costs that one only."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from shirube import __version__
from shirube.blame import note_of, unexpected
from shirube.errors import PluginError, ShirubeError, core_message
from shirube.exporting import RenderedFigure
from shirube.intake import Group, item_from
from shirube.isolation import Limits, run_isolated
from shirube.messages import Language
from shirube.pipeline._process import process
from shirube.plugins import Plugins, load_plugins
from shirube.progress import terminal_progress
from shirube.records import Entry, Finding, Item, Outcome, Provenance, Registration, Subject
from shirube.rendering import render_figures
from shirube.settings import Settings

__all__ = ["Done", "Task", "item_for", "loaded", "told", "work", "work_isolated"]


@frozen(eq=False, kw_only=True)
class Task:
    """What is to be made of one group of paths.

    Attributes:
        group: The paths, and the name of the item that they make.
        settings: Effective settings; they say which plugins may be loaded.
        today: The date to judge on.
        lang: Language of figures.
        guide: Name of the guide, None to select by match.
        reader: Name of the reader, None to select by claim.
        registration: What the registry already knows.
    """

    group: Group
    settings: Settings
    today: date
    lang: Language = "en"
    guide: str | None = None
    reader: str | None = None
    registration: Registration | None = None


@frozen(eq=False, kw_only=True)
class Done:
    """What came of a task.

    Attributes:
        outcome: Where the item failed, one without measurements, with the finding ``run.item-failed``.
        item: None where the item failed.
        figures: Everything that was drawn.
        error: Why the item failed, with the plugin to blame in its note; None if it did not.
    """

    outcome: Outcome
    item: Item | None = None
    figures: tuple[RenderedFigure, ...] = ()
    error: ShirubeError | None = None


def item_for(task: Task, plugins: Plugins) -> Item:
    """Return the item of a task.

    Raises:
        InputError: As :func:`shirube.intake.items_from`.
    """
    return item_from(task.group, plugins, guide=task.guide, reader=task.reader, registration=task.registration)


def work(task: Task, item: Item, plugins: Plugins) -> Done:
    """Return what comes of an item: everything that :func:`process` does, and the figures.

    Raises:
        Exception: As :func:`shirube.pipeline.process`.
    """
    with terminal_progress(item.name) as progress:
        outcome = process(item, plugins, task.settings, today=task.today, progress=progress)
    return Done(item=item, outcome=outcome, figures=render_figures([outcome], plugins, task.lang))


def work_isolated(task: Task, limits: Limits) -> Done:
    """Return what comes of a task in a worker that loads plugins for itself; a failure is returned, not raised."""
    try:
        return run_isolated(limits, _work_here, task)
    except Exception as error:  # noqa: BLE001 whatever it is, it is this item's
        return _failed(task, error)


def _work_here(task: Task) -> Done:
    plugins = loaded(task.settings)
    return work(task, item_for(task, plugins), plugins)


def loaded(settings: Settings) -> Plugins:
    """Return the plugins that settings allow."""
    wanted = settings.plugins
    return load_plugins(allow=wanted.allow, block=wanted.block, files=settings.plugin_files())


def _failed(task: Task, error: Exception) -> Done:
    said = told(error)
    if said.path is None:
        said.path = str(task.group.paths[0])
    finding = Finding(
        rule="run.item-failed",
        policy="run",
        subject=Subject("item", task.group.name),
        kind="fail",
        severity="must",
        message=core_message("item-failed", reason=said).text(),
        path=said.path,
        line=said.line,
    )
    provenance = Provenance(core=__version__, settings=task.settings.values(), judged_on=task.today.isoformat())
    outcome = Outcome(entry=Entry(name=task.group.name, measurements=()), findings=(finding,), provenance=provenance)
    return Done(outcome=outcome, error=said)


def told(error: Exception) -> ShirubeError:
    """Return what was said on purpose as it is, and anything else as the failure of a plugin that it is."""
    if isinstance(error, ShirubeError):
        return error
    note = note_of(error)
    said = PluginError(unexpected(error, note))
    if note is not None:
        said.add_note(note)
    return said
