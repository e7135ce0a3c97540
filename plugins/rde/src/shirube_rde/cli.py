"""``shirube rde``: run a structuring job as RDE starts one, and verify a job tree."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from shirube.cli.common import Session, common_options, japan_today
from shirube.cli.language import language_of
from shirube.errors import ShirubeError, message_of
from shirube.messages import Language
from shirube.settings import load_settings, project_settings
from shirube_rde.templatecommand import template
from shirube_rde.texts import message

if TYPE_CHECKING:
    from shirube_rde.job import JobReport
    from shirube_rde.writing import TileReport

P = ParamSpec("P")

__all__ = ["rde"]


@click.group(short_help="Run an RDE structuring job, or verify a job tree.")
def rde() -> None:
    """Run an RDE structuring job, or verify a job tree.

    RDE の構造化処理を実行します。または結果を検査します。
    """


def _failing_visibly(command: Callable[P, int]) -> Callable[P, int]:
    """Write ``job.failed`` for whatever stops the command, a broken settings file or plugin too."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> int:
        from shirube_rde.failure import failing_visibly

        given: dict[str, Any] = dict(kwargs)
        data = given["folder"] / "data"
        if not data.is_dir():
            return command(*args, **kwargs)
        with failing_visibly(data, _language(given["lang"], data)):
            return command(*args, **kwargs)

    return wrapped


def _language(wanted: str | None, data: Path) -> Language:
    """Return the language of ``job.failed``; the container of RDE has no locale that says it, its template does."""
    try:
        setting = load_settings().with_project(project_settings(data / "tasksupport")).run.lang
    except (ShirubeError, OSError):
        # What is wrong with the settings is said by the job itself.
        setting = None
    return language_of(wanted, setting)


@rde.command(short_help="Structure the job in FOLDER (default: here).")
@click.argument("folder", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--guide", help="The guide to follow. / ガイド名")
@click.option("--today", help="The date to judge on, YYYY-MM-DD (default: today in Japan). / 判定日")
@_failing_visibly
@common_options
def run(session: Session, folder: Path, guide: str | None, today: str | None) -> int:
    """Structure the job in FOLDER, the folder that holds data/ (default: the current one).

    Exit code 0 when everything is written, whatever the findings say: RDE takes any other code for a failure, and then
    data/job.failed says why.
    """
    from shirube.cli.run import parse_day
    from shirube.progress import terminal_progress
    from shirube_rde.job import run_job

    # The container of RDE has no locale that says it; the template does.
    template = session.settings.with_project(project_settings(folder / "data" / "tasksupport"))
    session.lang = language_of(session.wanted, template.run.lang)
    day = japan_today() if today is None else parse_day(today)
    plugins = session.plugins
    with terminal_progress("rde") as progress:
        report = run_job(
            folder, plugins, session.settings, today=day, lang=session.lang, guide=guide, progress=progress
        )
    session.answer("shirube-rde-run/2", _document(report))
    _say(session, report, folder)
    return 0


@rde.command(short_help="Check a finished job tree of any program.")
@click.argument("folder", default=".", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--verbose", is_flag=True, help="List what passed, too. / 合格した項目も示す")
@click.option("--hide", "hidden", multiple=True, metavar="NAME", help="A name it must not show. / 残さない氏名など")
@common_options
def verify(session: Session, folder: Path, hidden: tuple[str, ...], *, verbose: bool) -> int:
    """Check the job tree in FOLDER (that holds data/, or is it), whichever program wrote it.

    Metadata against their definition, the invoice against its schema and the server's limits, images, names, tiles.
    Exit code 1 when a finding reaches the level of the setting run.fail_on.
    """
    from shirube.findings import level_reached, render_text, to_json
    from shirube_rde.parameters import exporter_parameters
    from shirube_rde.verification import verify_job

    if hidden:
        session.settings = session.settings.with_values(
            {"exporters.rde.anonymised": True, "exporters.rde.hidden_names": hidden}
        )
    findings = verify_job(folder, exporter_parameters(session.settings))
    reached = level_reached(findings, session.settings.run.fail_on)
    session.answer("shirube-rde-verify/1", {"ok": not reached, "findings": to_json(findings)})
    session.say(render_text(findings, session.lang, verbose=verbose))
    return int(reached)


def _document(report: JobReport) -> dict[str, Any]:
    return {
        "mode": report.mode,
        "tiles": [_tile_document(tile) for tile in report.tiles],
        "left_out": [{"tile": one.tile.where.en, "error": message_of(one.error)} for one in report.left_out],
        "overruled": list(report.overruled),
        "remarks": [{"en": one.en, "ja": one.ja} for one in report.remarks],
        "raw_shared": report.shared,
        "names_left": None if report.named is None else list(report.named),
    }


def _tile_document(tile: TileReport) -> dict[str, Any]:
    entry = None if tile.outcome is None else tile.outcome.entry
    return {
        "place": f"data/{tile.place}".rstrip("/"),
        "entry": entry and entry.name,
        "guide": entry and entry.guide,
        "spectra": [] if entry is None else [spectrum.id for spectrum in entry.spectra()],
        "figures": tile.figures,
        "metadata_missing": list(tile.metadata.missing),
        "metadata_undefined": list(tile.undefined),
    }


def _say(session: Session, report: JobReport, folder: Path) -> None:
    from shirube_rde.failure import reason_of
    from shirube_rde.remaining import said_of_names

    for tile in report.tiles:
        _say_tile(session, tile)
    for one in report.left_out:
        session.warn(message("job-left-out", tile=one.tile.where))
        session.warn(reason_of(one.error))
    if report.overruled:
        session.say(message("job-overruled", keys=", ".join(report.overruled)))
    if report.shared:
        session.say(message("job-raw-shared"))
    for remark in report.remarks:
        session.warn(remark)
    for said in said_of_names(report.named):
        session.warn(said)
    outcomes = [tile.outcome for tile in report.tiles if tile.outcome is not None]
    cells = [cells for tile in report.tiles for cells in (tile.metadata.constant, *tile.metadata.variable)]
    session.say(
        message(
            "job-done",
            tiles=len(report.tiles),
            mode=report.mode,
            spectra=sum(len(outcome.entry.spectra()) for outcome in outcomes),
            figures=sum(tile.figures for tile in report.tiles),
            values=sum(len(one) for one in cells),
            folder=folder / "data",
        )
    )


def _say_tile(session: Session, tile: TileReport) -> None:
    from shirube.findings import render_text

    if tile.outcome is None:
        return
    session.say(render_text(tile.outcome.findings, session.lang))
    for code, keys in (("metadata-missing", tile.metadata.missing), ("job-undefined", tile.undefined)):
        if keys:
            session.say(message(code, keys=", ".join(keys)))


rde.add_command(template)
