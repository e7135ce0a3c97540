"""``shirube check``: findings, gates and a verdict for whatever can be judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shirube.cli.answers import answer_json
from shirube.cli.common import Session, common_options, japan_today, profile_option
from shirube.cli.run import parse_day
from shirube.errors import core_message

if TYPE_CHECKING:
    from shirube.cli.records import Problems
    from shirube.reports import Report

_LEVELS = ("must", "should", "may", "never")
_FORMATS = ("text", "json", "sarif", "junit", "markdown", "html")

__all__ = ["check"]


@click.command(short_help="Judge dataset files, run folders and registry trees.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORD...")
@click.option("--today", help="The date to judge on, YYYY-MM-DD (default: today in Japan). / 判定日")
@click.option("--gate", "gates", multiple=True, metavar="NAME", help="Only what concerns this gate (doi …). / 項目")
@click.option("--fail-on", type=click.Choice(_LEVELS), help="Failures of this level give exit code 1. / 終了コード 1")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to answer. / 出力形式")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file. / 出力先")
@click.option("--verbose", is_flag=True, help="List what passed, too. / 合格した項目も示す")
@common_options
@profile_option
def check(
    session: Session,
    paths: tuple[Path, ...],
    today: str | None,
    gates: tuple[str, ...],
    fail_on: str | None,
    form: str,
    output: Path | None,
    *,
    verbose: bool,
) -> int:
    """Judge RECORDs: dataset files (YAML, TOML, JSON), run folders, a registry's trees and downloads.

    Exit code 1 when a failure reaches the level of --fail-on, or when a gate named with --gate is not passed.
    """
    from shirube.cli.records import Problems

    if fail_on is not None:
        session.settings = session.settings.with_values({"run.fail_on": fail_on})
    problems = Problems()
    day = japan_today() if today is None else parse_day(today)
    report = _report(session, paths, day, gates, problems)
    form = "json" if session.as_json else form
    if form == "text":
        _write(session, _text(session, report, gates, verbose=verbose), output)
    else:
        from shirube.reports import render_report

        text = render_report(report, form, session.lang, verbose=verbose)  # type: ignore[arg-type]
        _write(session, answer_json(text) if output is None and form in ("json", "sarif") else text, output)
    problems.raise_all()
    return int(not report.ok)


def _report(session: Session, paths: Sequence[Path], day: date, wanted: Sequence[str], problems: Problems) -> Report:
    """Return the report on all paths; what is wrong with one of several is kept in ``problems``."""
    from shirube import __version__
    from shirube.cli.checking import gate_labels, judged_record, policy_plugins
    from shirube.cli.records import named_paths
    from shirube.findings import level_reached
    from shirube.gates import is_passed
    from shirube.progress import terminal_progress
    from shirube.reports import JudgedRecord, Report
    from shirube.waivers import misspelt_subjects

    labels = gate_labels(session, wanted)
    records: list[JudgedRecord] = []
    named = named_paths(paths)
    with terminal_progress("check") as progress:
        for number, (name, path) in enumerate(named):
            progress.update(number / len(named), name)
            with problems.collected(named):
                records.append(judged_record(path, name, session, day, labels, wanted))
    judged = {one.subject.id for record in records for one in record.findings} | {name for name, _ in named}
    for slip in misspelt_subjects(session.settings.waivers, judged):
        session.warn(slip)
    reached = any(level_reached(record.findings, session.settings.run.fail_on) for record in records)
    shut = any(not is_passed(gate) for record in records for gate in record.gates)
    return Report(
        records=tuple(records),
        judged_on=day.isoformat(),
        version=__version__,
        plugins=policy_plugins(session),
        parameters={key: value for key, value in session.settings.values().items() if key.startswith("policies.")},
        ok=not (shut if wanted else reached),
    )


def _text(session: Session, report: Report, wanted: Sequence[str], *, verbose: bool) -> str:
    """Return the report for people: a block a record, then every record in a line, then the verdict."""
    from shirube.findings import render_text
    from shirube.gates import render_gates

    lang, blocks = session.lang, []
    for record in report.records:
        parts = [f"== {record.name} =="] if len(report.records) > 1 else []
        parts.append(render_text(record.findings, lang, verbose=verbose))
        if record.gates:
            parts += [session.render(core_message("gates-title")), render_gates(record.gates, lang), ""]
        blocks.append("\n".join(parts))
    if len(report.records) > 1:
        blocks.append(_overview(report, session))
    if wanted:
        verdict = core_message("gates-passed" if report.ok else "gates-not-passed", gates=", ".join(wanted))
    else:
        verdict = core_message("verdict-pass" if report.ok else "verdict-fail", level=session.settings.run.fail_on)
    return "\n".join([*blocks, session.render(verdict)]) + "\n"


def _overview(report: Report, session: Session) -> str:
    """Return a line a record: its name, and how each gate stands."""
    from shirube.gates import state_message

    lines = [session.render(core_message("records-title", count=len(report.records)))]
    for record in report.records:
        gates = [f"{session.render(one.label)} {session.render(state_message(one.state))}" for one in record.gates]
        lines.append(f"  {record.name}: {', '.join(gates) or '-'}")
    return "\n".join([*lines, ""])


def _write(session: Session, text: str, output: Path | None) -> None:
    if output is None:
        session.print(text)
        return
    from shirube.trees import write_text

    write_text(output, text)
