"""``shirube run``: everything, from files to a run folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shirube.cli.common import Session, common_options, japan_today, lenient_option, profile_option
from shirube.cli.paths import GivenPath
from shirube.cli.registering import read_registration
from shirube.errors import UsageError, core_message

if TYPE_CHECKING:
    from shirube.isolation import Limits
    from shirube.pipeline import Done, Task

__all__ = ["run"]


@click.command(short_help="Read, map, convert, analyse, judge and write.")
@click.argument("inputs", nargs=-1, required=True, type=GivenPath())
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write. / 出力フォルダー"
)
@click.option("--guide", help="The guide to follow. / ガイド名")
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option(
    "--invoice",
    type=click.Path(path_type=Path),
    help="A registry's invoice or job tree, or an entry file (.toml, .yaml). / 送り状、またはエントリーファイル",
)
@click.option("--no-analysis", is_flag=True, help="Do not analyse. / 解析しない")
@click.option(
    "--export",
    "export",
    multiple=True,
    metavar="NAME",
    help="Write this, too: itx, vamas, nexus (repeatable). / この形式でも書く（繰り返し指定できる）",
)
@click.option("--no-export", is_flag=True, help="Write the run folder, and what --export names. / 登録用の出力をしない")
@click.option("--overwrite", is_flag=True, help="Replace a run that is already there. / 既存の出力を置き換える")
@click.option("--today", help="The date to judge on, YYYY-MM-DD (default: today in Japan). / 判定日")
@click.option(
    "--isolate", is_flag=True, help="Each item in a process of its own, with limits. / 1 件ずつ隔離して処理する"
)
@lenient_option
@common_options
@profile_option
def run(  # noqa: PLR0913 one parameter an option
    session: Session,
    inputs: tuple[Path, ...],
    output: Path,
    guide: str | None,
    reader: str | None,
    invoice: Path | None,
    today: str | None,
    export: tuple[str, ...],
    *,
    no_analysis: bool,
    no_export: bool,
    overwrite: bool,
    isolate: bool,
    lenient: bool,
) -> int:
    """Read INPUT files and folders, map metadata, convert energies, analyse, judge, and write a run folder.

    Each folder is one entry; files named one by one make one entry together.
    """
    from shirube.cli.reporting import report_run
    from shirube.findings import level_reached
    from shirube.intake import groups_of
    from shirube.isolation import Limits
    from shirube.pipeline import Task, check_exporters, check_target, write
    from shirube.waivers import misspelt_subjects

    if lenient:
        session.read_leniently()
    check_target(output, session.plugins, overwrite=overwrite)
    off: dict[str, tuple[str, ...]] = {"run.analyses": ("none",)} if no_analysis else {}
    off |= {"run.exporters": ("none",), "run.also_export": export} if no_export else {}
    off |= {"run.also_export": (*session.settings.run.also_export, *export)} if export and not no_export else {}
    settings = session.settings.with_values(off)
    # Said before any work is done.
    check_exporters(session.plugins, settings)
    registration = None if invoice is None else read_registration(invoice, session.plugins, settings)
    wanted = guide or settings.run.guide
    if wanted is not None:
        session.plugins.named("shirube_guides", wanted)
    day = japan_today() if today is None else parse_day(today)
    tasks = [
        Task(
            group=group,
            settings=settings,
            today=day,
            lang=session.lang,
            guide=guide,
            reader=reader or settings.run.reader,
            registration=registration,
        )
        for group in groups_of(inputs)
    ]
    limits = Limits(seconds=settings.run.item_seconds, memory=settings.run.item_memory) if isolate else None
    done = _done(session, tasks, limits)
    outcomes = [one.outcome for one in done]
    report = report_run(session, outcomes)
    figures = write(
        outcomes,
        output,
        session.plugins,
        settings,
        items=[one.item for one in done if one.item is not None],
        lang=session.lang,
        overwrite=overwrite,
        figures=[figure for one in done for figure in one.figures],
        limits=limits,
    )
    report.say(session, output, figures)
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    for slip in misspelt_subjects(session.settings.waivers, {outcome.entry.name for outcome in outcomes}):
        session.warn(slip)
    failed = any(one.error is not None for one in done)
    return int(failed or level_reached(findings, settings.run.fail_on))


def _done(session: Session, tasks: Sequence[Task], limits: Limits | None) -> list[Done]:
    """Return what came of every task; within limits, what goes wrong with some of them stops the others no more.

    Raises:
        ShirubeError: Nothing came of any of them: why, for each.
        Exception: Without limits, whatever went wrong first.
    """
    from shirube.errors import all_problems
    from shirube.pipeline import item_for, work, work_isolated

    if limits is None:
        # What is wrong with the last input is said before the first one is worked on.
        items = [item_for(task, session.plugins) for task in tasks]
        return [work(task, item, session.plugins) for task, item in zip(tasks, items, strict=True)]
    done = [work_isolated(task, limits) for task in tasks]
    errors = [one.error for one in done if one.error is not None]
    if len(errors) == len(done):
        raise all_problems(errors)
    return done


def parse_day(text: str) -> date:
    """Return the date of ``YYYY-MM-DD``.

    Raises:
        UsageError: It is none.
    """
    # fromisoformat alone takes 20260101 and week dates, too.
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise UsageError(core_message("not-a-date", text=text))
