"""From outcomes to files: the run folder and every exporter's tree, built aside and swapped in together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve

from shirube.errors import OutputError, core_message
from shirube.exporting import ExportContext, RenderedFigure
from shirube.isolation import Limits, run_isolated
from shirube.messages import Language
from shirube.pipeline._isolated import loaded
from shirube.plugins import Plugins
from shirube.records import Item, Outcome
from shirube.rendering import render_figures
from shirube.runs import DOCUMENT, ENTRIES, REPORT, is_run, was_written_here, write_run
from shirube.settings import Settings
from shirube.trees import building
from shirube.vocabulary import guide_data, knowledge

__all__ = ["check_exporters", "check_target", "chosen_exporters", "export_context", "export_outcomes", "write"]


def write(  # noqa: PLR0913 each says one thing of its own
    outcomes: Sequence[Outcome],
    target: Path,
    plugins: Plugins,
    settings: Settings,
    *,
    items: Sequence[Item] = (),
    lang: Language = "en",
    overwrite: bool = False,
    figures: Sequence[RenderedFigure] | None = None,
    limits: Limits | None = None,
    synced: bool = True,
) -> tuple[RenderedFigure, ...]:
    """Write a run folder with a sub-folder for each exporter; returns the figures.

    Everything is built beside ``target`` and swapped in at the end: on any error ``target`` is as it was.

    Args:
        outcomes: What came of the items.
        target: The folder to make; may exist if it is empty.
        plugins: Who draws and exports.
        settings: Effective settings; ``run.exporters`` chooses the exporters.
        items: Where the input files lie, for exporters that keep them.
        lang: Language of figures and texts.
        overwrite: Replace a run that is already there (and nothing but a run).
        figures: The figures of the outcomes where they have been drawn already; default: they are drawn.
        limits: Let each exporter write in a worker of its own, ``limits.seconds`` being those of one outcome; default:
            they write in this process.
        synced: Whether everything is on the disk at the end; else that is left to ``shirube.trees.sync_trees``.

    Raises:
        OutputError: The target holds a run or something else, or cannot be written.
        Exception: Whatever a plugin raised, with a note that names it.
    """
    check_target(target, plugins, overwrite=overwrite)
    drawn = render_figures(outcomes, plugins, lang) if figures is None else tuple(figures)
    read = _with_data(outcomes)
    with building(target, replace=overwrite, synced=synced) as folder:
        write_run(outcomes, folder, drawn)
        for name in chosen_exporters(plugins, settings):
            (folder / name).mkdir()
            job = (name, read, folder / name, settings, drawn, tuple(items), lang)
            if limits is None:
                _export(plugins, *job)
            else:
                run_isolated(_for_all(limits, len(read)), _export_here, *job)
    return drawn


def _export(
    plugins: Plugins,
    name: str,
    outcomes: Sequence[Outcome],
    target: Path,
    settings: Settings,
    figures: Sequence[RenderedFigure],
    items: Sequence[Item],
    lang: Language,
) -> None:
    registered = plugins.exporters[name]
    parameters = plugins.parameters(registered, settings.section(f"exporters.{name}"))
    context = export_context(plugins, settings, figures=figures, items=items, lang=lang)
    plugins.call(registered, "write", outcomes, target, context, parameters)


def _export_here(
    name: str,
    outcomes: Sequence[Outcome],
    target: Path,
    settings: Settings,
    figures: Sequence[RenderedFigure],
    items: Sequence[Item],
    lang: Language,
) -> None:
    """Export in a worker, which has loaded no plugins yet."""
    _export(loaded(settings), name, outcomes, target, settings, figures, items, lang)


def export_outcomes(
    outcomes: Sequence[Outcome], name: str, target: Path, plugins: Plugins, settings: Settings, *, lang: Language = "en"
) -> None:
    """Let the exporter ``name`` write outcomes of another day into the empty folder ``target``, which is made.

    It is given neither figures nor the places of input files.

    Raises:
        Exception: Whatever the exporter raised, with a note that names it.
    """
    target.mkdir(parents=True)
    _export(plugins, name, _with_data(outcomes), target, settings, (), (), lang)


def _with_data(outcomes: Sequence[Outcome]) -> list[Outcome]:
    # What could not be read is told in the run folder; a registry has no use for an entry without data.
    return [one for one in outcomes if one.entry.measurements]


def _for_all(limits: Limits, count: int) -> Limits:
    return limits if limits.seconds is None else evolve(limits, seconds=limits.seconds * max(count, 1))


def check_target(target: Path, plugins: Plugins, *, overwrite: bool = False) -> None:
    """Refuse a target that holds something, before any work is done.

    Raises:
        OutputError: The target is a file, holds a run (and ``overwrite`` is not set), or holds something else: only
            what a run wrote is ever replaced.
    """
    if target.is_file():
        raise OutputError(core_message("output-is-file"), path=target)
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not is_run(target) or not was_written_here(target):
        raise OutputError(core_message("output-not-a-run"), path=target)
    if not overwrite:
        raise OutputError(core_message("output-holds-run"), path=target)
    _refuse_strangers(target, plugins)


def _refuse_strangers(target: Path, plugins: Plugins) -> None:
    ours = {DOCUMENT, ENTRIES, REPORT, *plugins.exporters}
    strangers = sorted(path.name for path in target.iterdir() if path.name not in ours)
    if strangers:
        raise OutputError(core_message("output-holds-strangers", names=", ".join(strangers)), path=target)


def chosen_exporters(plugins: Plugins, settings: Settings) -> tuple[str, ...]:
    """Return the names of the exporters to use: those of the settings, or all but those on request; then also others.

    Raises:
        MissingPluginError: One that settings name is not installed.
    """
    run = settings.run
    named = () if run.exporters == ("none",) else run.exporters
    for name in (*named, *run.also_export):
        plugins.named("shirube_exporters", name)
    always = tuple(name for name, one in plugins.exporters.items() if not one.record.on_request)
    return tuple(dict.fromkeys((*(named if run.exporters else always), *run.also_export)))


def check_exporters(plugins: Plugins, settings: Settings) -> None:
    """Refuse exporters that are not there or lack something, before any work is done.

    Raises:
        MissingPluginError: One that settings name is not installed, or an optional dependency of one is not.
    """
    for name in chosen_exporters(plugins, settings):
        registered = plugins.exporters[name]
        if plugins.provides(registered, "ready"):
            parameters = plugins.parameters(registered, settings.section(f"exporters.{name}"))
            plugins.call(registered, "ready", parameters)


def export_context(
    plugins: Plugins,
    settings: Settings,
    *,
    figures: Sequence[RenderedFigure] = (),
    items: Sequence[Item] = (),
    lang: Language = "en",
) -> ExportContext:
    """Return what exporters are given besides the outcomes."""
    inputs: Mapping[str, Mapping[str, Path]] = {
        item.name: {one.name: one.path for one in item.files()} for item in items
    }
    return ExportContext(
        lang=lang,
        vocabulary=knowledge(plugins).vocabulary,
        guides=guide_data(plugins, settings),
        figures=tuple(figures),
        inputs=inputs,
        registrations={item.name: item.registration for item in items if item.registration is not None},
        analyses=tuple(one.record for one in plugins.analyses.values()),
    )
