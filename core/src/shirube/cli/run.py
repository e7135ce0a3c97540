"""``shirube run``: everything, from files to a run folder."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from shirube.cli.common import Session, common_options, japan_today, lenient_option
from shirube.cli.registering import read_registration
from shirube.errors import UsageError, core_message

__all__ = ["run"]


@click.command(short_help="Read, map, convert, analyse, judge and write.")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
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
@click.option("--no-export", is_flag=True, help="Write the run folder only. / 登録用の出力をしない")
@click.option("--overwrite", is_flag=True, help="Replace a run that is already there. / 既存の出力を置き換える")
@click.option("--today", help="The date to judge on, YYYY-MM-DD (default: today in Japan). / 判定日")
@lenient_option
@common_options
def run(  # noqa: PLR0913 one parameter an option
    session: Session,
    inputs: tuple[Path, ...],
    output: Path,
    guide: str | None,
    reader: str | None,
    invoice: Path | None,
    today: str | None,
    *,
    no_analysis: bool,
    no_export: bool,
    overwrite: bool,
    lenient: bool,
) -> int:
    """Read INPUT files and folders, map metadata, convert energies, analyse, judge, and write a run folder.

    Each folder is one entry; files named one by one make one entry together.
    """
    from shirube.cli.reporting import report_run
    from shirube.findings import level_reached
    from shirube.intake import items_from
    from shirube.pipeline import check_target, process, write
    from shirube.progress import terminal_progress

    if lenient:
        session.read_leniently()
    check_target(output, session.plugins, overwrite=overwrite)
    off = {"run.analyses": ("none",)} if no_analysis else {}
    off |= {"run.exporters": ("none",)} if no_export else {}
    settings = session.settings.with_values(off)
    registration = None if invoice is None else read_registration(invoice, session.plugins, settings)
    wanted = guide or settings.run.guide
    if wanted is not None:
        session.plugins.named("shirube_guides", wanted)
    items = items_from(
        inputs, session.plugins, guide=guide, reader=reader or settings.run.reader, registration=registration
    )
    day = japan_today() if today is None else parse_day(today)
    outcomes = []
    for item in items:
        with terminal_progress(item.name) as progress:
            outcomes.append(process(item, session.plugins, settings, today=day, progress=progress))
    report = report_run(session, outcomes)
    figures = write(outcomes, output, session.plugins, settings, items=items, lang=session.lang, overwrite=overwrite)
    report.say(session, output, figures)
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    return int(level_reached(findings, settings.run.fail_on))


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
