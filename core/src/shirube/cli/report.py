"""``shirube report``: one page of HTML that shows a run folder or a batch, and needs nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shirube.cli.common import Session, common_options, profile_option
from shirube.cli.run import parse_day

if TYPE_CHECKING:
    from shirube.htmlreport import Judgement
    from shirube.records import Outcome

SCHEMA = "shirube-report/1"

__all__ = ["report"]


@click.command(short_help="Write a run folder or a batch as one page of HTML.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="OUT")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write (OUT/report.html). / 出力先"
)
@click.option("--today", help="The date to judge a run on, YYYY-MM-DD (default: that of the run). / 判定日")
@common_options
@profile_option
def report(session: Session, folder: Path, output: Path | None, today: str | None) -> int:
    """Write what is in OUT, a run folder or a batch, as one page of HTML that needs no network.

    A report that is there already is replaced.
    """
    from shirube.htmlreport import Words, write_report
    from shirube.vocabulary import knowledge

    day = None if today is None else parse_day(today)
    words = Words(session.lang, knowledge(session.plugins).vocabulary)
    abouts = {name: one.record.description for name, one in session.plugins.analyses.items()}
    written = write_report(folder, output, words, abouts, lambda found: _judgement(session, folder, day, found))
    for line in written.told(words):
        session.say(line)
    session.answer(
        SCHEMA,
        {
            "file": str(written.file),
            "bytes": written.size,
            "kind": written.kind,
            "entries": written.entries,
            "left_out": written.left_out,
        },
    )
    return 0


def _judgement(session: Session, folder: Path, today: date | None, outcomes: tuple[Outcome, ...]) -> Judgement | None:
    """Return what the policies say of a run, as of the day on which it was judged last; None if that is not known."""
    from shirube.cli.checking import gate_labels, judged_record, policy_plugins
    from shirube.htmlreport import Judgement

    days = [one.provenance.judged_on for one in outcomes if one.provenance.judged_on is not None]
    if today is None and not days:
        return None
    day = today or date.fromisoformat(max(days))
    record = judged_record(folder, folder.resolve().name, session, day, gate_labels(session, ()), ())
    return Judgement(record, day.isoformat(), policy_plugins(session))
