"""``shirube batch``: many items, resumable, on this machine or on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shirube.cli.common import Session, common_options, japan_today, lenient_option
from shirube.cli.paths import GivenPath
from shirube.errors import UsageError, core_message

if TYPE_CHECKING:
    from shirube.batch import Summary, Workers
    from shirube.settings import Settings

#: What a command returns that was interrupted.
_INTERRUPTED = 130

__all__ = ["batch"]


@click.command(short_help="Work on many files, resumably.")
@click.argument("inputs", nargs=-1, required=True, type=GivenPath())
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write or to go on with. / 出力先"
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes on this machine. / このマシンのプロセス数")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler to work with. / Dask スケジューラーのアドレス")
@click.option(
    "--each/--sum",
    default=None,
    help="Of other axes than energy: each point (default), or the sum. / 各点を解析する（既定）、または合計する",
)
@click.option("--guide", help="The guide to follow. / ガイド名")
@click.option("--reader", help="The reader to use. / リーダー名")
@click.option("--no-analysis", is_flag=True, help="Do not analyse. / 解析しない")
@click.option("--no-figures", is_flag=True, help="Draw no figures. / 図を描かない")
@click.option("--export", is_flag=True, help="Write each item for registries, too. / 登録用の出力も書く")
@click.option("--today", help="The date to judge on, YYYY-MM-DD (default: that of the first start). / 判定日")
@click.option("--no-isolate", is_flag=True, help="No limits of time and memory. / 時間とメモリーを制限しない")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0.0, min_open=True),
    help="Seconds an item may take. / 1 件の制限時間（秒）",
)
@click.option("--memory-limit", type=click.IntRange(min=256), help="MB a process may take. / メモリーの上限（MB）")
@click.option(
    "--events", type=click.Choice(["jsonl"]), help="Tell what happens in JSON lines. / 経過を JSON で出力する"
)
@lenient_option
@common_options
def batch(  # noqa: PLR0913 one parameter an option
    session: Session,
    inputs: tuple[Path, ...],
    output: Path,
    *,
    workers: int | None,
    scheduler: str | None,
    each: bool | None,
    guide: str | None,
    reader: str | None,
    today: str | None,
    time_limit: float | None,
    memory_limit: int | None,
    events: str | None,
    no_analysis: bool,
    no_figures: bool,
    export: bool,
    no_isolate: bool,
    lenient: bool,
) -> int:
    """Work on INPUT files and folders, each data file an item, and write a run folder for each.

    The same command goes on with a batch that was stopped: what is done with the same files and settings stays.
    """
    from shirube.batch import Wish, run_batch
    from shirube.cli.batching import Events, watching
    from shirube.cli.run import parse_day

    if scheduler is not None and workers is not None:
        raise UsageError(core_message("batch-workers-and-scheduler"))
    if events is not None and session.as_json:
        raise UsageError(core_message("batch-events-and-json"))
    if lenient:
        session.read_leniently()
    limits = {"run.item_seconds": time_limit, "run.item_memory": memory_limit}
    values: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    if each is not None or "run.other_axes" not in session.settings.leaves:
        values["run.other_axes"] = "sum" if each is False else "each"
    off = {"run.analyses": no_analysis, "run.exporters": not export}
    values |= {name: ("none",) for name, is_off in off.items() if is_off}
    settings = session.settings.with_values(values)
    _check_names(session, guide or settings.run.guide, settings)
    wish = Wish(
        inputs=inputs,
        out=output,
        now=japan_today(),
        lang=session.lang,
        today=None if today is None else parse_day(today),
        guide=guide,
        reader=reader or settings.run.reader,
        figures=not no_figures,
        seconds=None if no_isolate else settings.run.item_seconds,
    )

    def hire(items: int) -> Workers:
        return _hired(scheduler, workers, settings, items, isolate=not no_isolate)

    try:
        with watching(session, events=events is not None) as observer:
            summary = run_batch(wish, session.plugins, settings, hire, observer)
            document = _document(summary, output)
            if isinstance(observer, Events):
                observer.ended(document)
                return _code(summary)
    except KeyboardInterrupt:
        return _interrupted(session, output)
    session.answer("shirube-batch-report/1", document)
    _say(session, summary, output)
    return _code(summary)


def _check_names(session: Session, guide: str | None, settings: Settings) -> None:
    """Refuse what nobody has, or what lacks something, before anything begins, not once for each item."""
    from shirube.pipeline import check_exporters

    if guide is not None:
        session.plugins.named("shirube_guides", guide)
    for name in settings.run.analyses:
        if settings.run.analyses != ("none",):
            session.plugins.named("shirube_analyses", name)
    check_exporters(session.plugins, settings)


def _interrupted(session: Session, output: Path) -> int:
    """Say what there is after a second interrupt; nothing was written if there is no batch at all."""
    from shirube.batch import DOCUMENT

    if not (output / DOCUMENT).is_file():
        raise KeyboardInterrupt
    click.echo(session.render(core_message("batch-interrupted", output=output)), err=True)
    return _INTERRUPTED


def _hired(scheduler: str | None, workers: int | None, settings: Settings, items: int, *, isolate: bool) -> Workers:
    from shirube.batch import LocalWorkers, processors
    from shirube.isolation import Limits

    if scheduler is not None:
        from shirube.batch import ClusterWorkers

        return ClusterWorkers(scheduler)
    run = settings.run
    limits = Limits(seconds=run.item_seconds, memory=run.item_memory) if isolate else Limits(seconds=None, memory=None)
    return LocalWorkers(min(workers or processors(), items), limits)


def _code(summary: Summary) -> int:
    if summary.stopped:
        return _INTERRUPTED
    return int(bool(summary.failed or summary.flagged))


def _document(summary: Summary, output: Path) -> dict[str, Any]:
    return {
        "output": str(output),
        "stopped": summary.stopped,
        "left": summary.left,
        "items": len(summary.states),
        "done": sum(one.state == "done" for one in summary.states),
        "skipped": summary.agenda.done,
        "spectra": _spectra(summary),
        "not_analysed": summary.not_analysed,
        "flagged": [one.item for one in summary.flagged],
        "failed": [
            {
                "item": one.item,
                "error": None if one.failure is None else {"en": one.failure.message.en, "ja": one.failure.message.ja},
                "plugin": None if one.failure is None else one.failure.plugin,
            }
            for one in summary.failed
        ],
    }


def _spectra(summary: Summary) -> int:
    return sum(one.spectra for one in summary.states)


def _say(session: Session, summary: Summary, output: Path) -> None:
    """Say what failed and why, how much was not analysed, and how it ended."""
    from shirube.cli.batching import told_reason
    from shirube.cli.common import terminal_width
    from shirube.wrapping import grid_lines

    rows = [(one.item, "" if one.failure is None else told_reason(session, one.failure)) for one in summary.failed]
    if rows:
        head = [session.render(core_message(code)) for code in ("batch-head-item", "batch-head-reason")]
        for line in grid_lines(rows, terminal_width(), head):
            session.say(line)
        session.say("")
    if summary.stopped:
        session.say(core_message("batch-stopped", left=summary.left))
        if (output / "tables").is_dir():
            session.say(core_message("batch-stopped-tables", output=output))
        return
    if summary.not_analysed:
        session.say(core_message("batch-not-analysed", count=summary.not_analysed, spectra=_spectra(summary)))
    done = sum(one.state == "done" for one in summary.states)
    session.say(core_message("batch-ended", done=done, failed=len(rows), flagged=len(summary.flagged), output=output))
