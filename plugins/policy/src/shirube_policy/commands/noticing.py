"""``shirube policy notice``: datasets that are due for their notice of release, and the letters to their managers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import evolve

from shirube.cli.common import Session, common_options, profile_option
from shirube.errors import UsageError
from shirube_policy.commands.common import POLICY, dataset_of, day_or_today, parameters_in, today_option
from shirube_policy.documents.texts import message

if TYPE_CHECKING:
    from shirube.cli.records import Problems
    from shirube_policy.documents.notices import Due, Letter

_MONTH: Final = re.compile(r"(20\d\d|21\d\d)-(0[1-9]|1[0-2])")

__all__ = ["notice"]


@click.command(short_help="Letters on the release of datasets from the embargo.")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--month", required=True, help="The month of the notice, YYYY-MM. / 案内する月")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="A folder for letters. / 出力先")
@today_option
@common_options
@profile_option
def notice(session: Session, records: tuple[Path, ...], month: str, output: Path | None, today: str | None) -> int:
    """List the RECORDS whose notice of release falls in a month, with the letter to each manager in both languages.

    The notice comes about one month before the embargo ends. A letter holds dates, and what should be completed.

    エンバーゴ解除の案内月にあたるデータセットと、管理者ごとの案内文（日本語・英語）を作ります。
    """
    from shirube.cli.records import Problems
    from shirube_policy.documents.notices import letters

    year, number = _month(month)
    day, problems = day_or_today(today), Problems()
    due, unknown = _due(session, records, (year, number), day, problems)
    written = letters(due)
    session.answer("shirube-policy-notice/1", _document(month, due, written, unknown, day))
    _say(session, month, due, unknown)
    if output is None:
        for letter in written:
            session.say("")
            session.say(letter.render(session.lang, day))
    elif written:
        _write(session, written, output, day)
    problems.raise_all()
    return 0


def _due(
    session: Session, records: Sequence[Path], month: tuple[int, int], day: date, problems: Problems
) -> tuple[list[Due], list[str]]:
    """Return the datasets that are due, judged, and the names of those of which no date is known."""
    from shirube.cli.records import named_paths
    from shirube.progress import terminal_progress
    from shirube_policy.documents.notices import due_in, open_items
    from shirube_policy.timeline import timeline

    found, unknown, parameters = [], [], parameters_in(session)
    named = named_paths(records)
    session.settings = session.settings.with_values({"run.policies": (POLICY,)})
    with terminal_progress("notice") as progress:
        for number, (name, path) in enumerate(named):
            progress.update(number / len(named), name)
            with problems.collected(named):
                dataset = dataset_of(path, session)
                due = due_in(name, dataset, *month, parameters)
                if due is not None:
                    found.append(evolve(due, findings=open_items(session.judged(dataset, name, day))))
                elif timeline(dataset, parameters.basis).ends_on is None:
                    unknown.append(name)
    return found, unknown


def _month(text: str) -> tuple[int, int]:
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise UsageError(message("month-malformed", text=text))
    return int(found[1]), int(found[2])


def _say(session: Session, month: str, due: Sequence[Due], unknown: Sequence[str]) -> None:
    session.say(message("notice-count", count=len(due), month=month) if due else message("notice-none", month=month))
    for one in due:
        manager = one.dataset.manager.name if one.dataset.manager else None
        session.say(f"  {one.notice_on}  {one.name}  {manager or '-'}  ({len(one.findings)})")
    if unknown:
        session.warn(message("notice-unknown", names=", ".join(unknown)))


def _write(session: Session, written: Sequence[Letter], output: Path, day: date) -> None:
    from shirube.trees import safe_name, write_text

    for number, letter in enumerate(written, start=1):
        stem = safe_name(f"{number:03d}-{letter.manager.name or 'manager'}")
        write_text(output / f"{stem}.ja.txt", letter.render("ja", day))
        write_text(output / f"{stem}.en.txt", letter.render("en", day))
    session.say(message("notice-written", count=len(written), output=output))


def _document(
    month: str, due: Sequence[Due], written: Sequence[Letter], unknown: Sequence[str], day: date
) -> dict[str, Any]:
    return {
        "month": month,
        "due": [
            {
                "name": one.name,
                "id": one.dataset.id,
                "notice_on": one.notice_on.isoformat(),
                "ends_on": one.ends_on.isoformat(),
                "items": [finding.rule for finding in one.findings],
            }
            for one in due
        ],
        "letters": [
            {
                "manager": letter.manager.name,
                "organization": letter.manager.organization,
                "ja": letter.render("ja", day),
                "en": letter.render("en", day),
            }
            for letter in written
        ],
        "unknown": list(unknown),
    }
