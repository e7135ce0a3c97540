"""``shirube check``: findings and a verdict for whatever can be judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shirube.cli.common import Session, common_options, japan_today
from shirube.cli.registering import read_dataset
from shirube.cli.run import parse_day
from shirube.errors import InputError, core_message

if TYPE_CHECKING:
    from shirube.records import Dataset, Finding

__all__ = ["check"]


@click.command(short_help="Judge dataset files, run folders and registry trees.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--today", help="The date to judge on, YYYY-MM-DD (default: today in Japan). / 判定日")
@click.option("--verbose", is_flag=True, help="List what passed, too. / 合格した項目も示す")
@common_options
def check(session: Session, paths: tuple[Path, ...], today: str | None, *, verbose: bool) -> int:
    """Judge PATHs: a dataset file (TOML or JSON), a run folder, a registry's tree or download."""
    from shirube.findings import level_reached, render_text, to_json

    day = japan_today() if today is None else parse_day(today)
    findings: list[Finding] = []
    for path in paths:
        findings.extend(_findings(path, session, day))
    reached = level_reached(findings, session.settings.run.fail_on)
    session.answer("shirube-check/1", {"judged_on": day.isoformat(), "ok": not reached, "findings": to_json(findings)})
    session.say(render_text(findings, session.lang, verbose=verbose))
    session.say(core_message("verdict-fail" if reached else "verdict-pass", level=session.settings.run.fail_on))
    return int(reached)


def _findings(path: Path, session: Session, today: date) -> list[Finding]:
    from shirube.runs import is_run, read_run

    if not path.exists():
        raise InputError(core_message("input-missing"), path=path)
    if is_run(path):
        stored = [finding for outcome in read_run(path) for finding in outcome.findings]
        trees = [(path / name, name) for name in session.plugins.exporters if (path / name).is_dir()]
        return [*stored, *(finding for tree, name in trees for finding in _tree_findings(tree, name, session, today))]
    found = _registry_findings(path, session, today)
    if found is not None:
        return found
    if path.is_dir():
        raise InputError(core_message("nothing-to-check"), path=path)
    return _dataset_findings(path, session, today)


def _registry_findings(path: Path, session: Session, today: date) -> list[Finding] | None:
    """Return what the exporter that understands ``path`` and the policies say, None when no exporter does."""
    try:
        found = read_dataset(path, session.plugins, session.settings)
    except InputError:
        failing = _failing(path, session)
        if not failing:
            raise
        return failing
    if found is None:
        return None
    name, dataset = found
    verified = _verified(path, name, session) if path.is_dir() else []
    return [*verified, *_judged(dataset, path.name, session, today)]


def _failing(path: Path, session: Session) -> list[Finding]:
    """Return what exporters find wrong with a tree that could not be read; nothing when none of them knows it."""
    if not path.is_dir():
        return []
    verified = [finding for name in session.plugins.exporters for finding in _verified(path, name, session)]
    return verified if any(finding.kind == "fail" for finding in verified) else []


def _tree_findings(tree: Path, name: str, session: Session, today: date) -> list[Finding]:
    """Return what the exporter that wrote ``tree`` says of it, and the policies of the dataset it describes."""
    found = read_dataset(tree, session.plugins, session.settings)
    judged = [] if found is None else _judged(found[1], f"{tree.parent.name}/{tree.name}", session, today)
    return [*_verified(tree, name, session), *judged]


def _verified(tree: Path, name: str, session: Session) -> list[Finding]:
    from shirube.records import Finding as FindingRecord

    registered = session.plugins.exporters[name]
    if not session.plugins.provides(registered, "verify"):
        return []
    parameters = session.plugins.parameters(registered, session.settings.section(f"exporters.{name}"))
    answer = session.plugins.call(registered, "verify", tree, parameters)
    return list(session.plugins.checked_all(registered, answer, FindingRecord))


def _judged(dataset: Dataset, name: str, session: Session, today: date) -> list[Finding]:
    from shirube.pipeline import judge_dataset

    settings = session.settings
    return list(judge_dataset(dataset, name, session.plugins, settings, settings.run, today))


def _dataset_findings(path: Path, session: Session, today: date) -> list[Finding]:
    from shirube.datasets import read_dataset as read_dataset_file

    return _judged(read_dataset_file(path), path.name, session, today)
