"""``shirube rde``: run a structuring job as RDE starts one, and verify a job tree."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from shirube.cli.common import Session, common_options, japan_today
from shirube.cli.language import language_of
from shirube_rde.templatecommand import template
from shirube_rde.texts import message

if TYPE_CHECKING:
    from shirube.records import Outcome
    from shirube_rde.job import JobReport

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
        with failing_visibly(data, language_of(given["lang"])):
            return command(*args, **kwargs)

    return wrapped


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

    day = japan_today() if today is None else parse_day(today)
    plugins = session.plugins
    with terminal_progress("rde") as progress:
        report = run_job(
            folder, plugins, session.settings, today=day, lang=session.lang, guide=guide, progress=progress
        )
    session.answer("shirube-rde-run/1", _document(report))
    _say(session, report, folder)
    return 0


@rde.command(short_help="Check a finished job tree of any program.")
@click.argument("folder", default=".", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--verbose", is_flag=True, help="List what passed, too. / 合格した項目も示す")
@common_options
def verify(session: Session, folder: Path, *, verbose: bool) -> int:
    """Check the job tree in FOLDER (that holds data/, or is it), whichever program wrote it.

    Metadata against their definition, the invoice against its schema and the server's limits, images, names, tiles.
    Exit code 1 when a finding reaches the level of the setting run.fail_on.
    """
    from shirube.findings import level_reached, render_text, to_json
    from shirube_rde.verification import verify_job

    findings = verify_job(folder)
    reached = level_reached(findings, session.settings.run.fail_on)
    session.answer("shirube-rde-verify/1", {"ok": not reached, "findings": to_json(findings)})
    session.say(render_text(findings, session.lang, verbose=verbose))
    return int(reached)


def _document(report: JobReport) -> dict[str, Any]:
    outcome: Outcome = report.outcome
    return {
        "entry": outcome.entry.name,
        "guide": outcome.entry.guide,
        "spectra": [spectrum.id for spectrum in outcome.entry.spectra()],
        "figures": report.figures,
        "metadata_missing": list(report.metadata.missing),
        "metadata_undefined": list(report.undefined),
        "raw_shared": report.shared,
    }


def _say(session: Session, report: JobReport, folder: Path) -> None:
    from shirube.findings import render_text

    metadata = report.metadata
    count = len(metadata.constant) + sum(len(values) for values in metadata.variable)
    spectra = len(report.outcome.entry.spectra())
    session.say(render_text(report.outcome.findings, session.lang))
    for code, keys in (("metadata-missing", metadata.missing), ("job-undefined", report.undefined)):
        if keys:
            session.say(message(code, keys=", ".join(keys)))
    if report.shared:
        session.say(message("job-raw-shared"))
    session.say(message("job-done", spectra=spectra, figures=report.figures, values=count, folder=folder / "data"))


rde.add_command(template)
