"""``shirube policy anonymise`` and ``diff``: a record without names, and what changed between two records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from shirube.cli.common import Session, common_options
from shirube.errors import UsageError
from shirube_policy.commands.common import dataset_of, save
from shirube_policy.documents.texts import label, message

if TYPE_CHECKING:
    from shirube_policy.documents.differences import Difference
    from shirube_policy.documents.inside import Searched

__all__ = ["anonymise", "diff"]


@click.command(short_help="A record without what names people or the project.")
@click.argument("record", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="(.yaml, .json)")
@click.option(
    "--files", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Look into these. / 検索先"
)
@click.option("--force", is_flag=True, help="Replace a file that is there. / 既存のファイルを置き換える")
@common_options
def anonymise(session: Session, record: Path, output: Path, files: Path | None, *, force: bool) -> int:
    """Write RECORD as it may be published without names.

    Hidden are the registrant, the organisation, the project's title and its number, the user, the location and comments
    in metadata, and all of these in texts and names of files. With --files the files themselves, in that folder, are
    searched, too; exit code 1 when one of them still holds what is hidden. A dataset that has a DOI or wants one is
    refused.

    氏名・組織名・課題名・課題番号などを除いた記録を書き出します。DOI があるものは対象外です。
    """
    from shirube.datasets import render_dataset
    from shirube_policy.documents.anonymous import anonymise as anonymised
    from shirube_policy.documents.inside import search

    if output.exists() and not force:
        raise UsageError(message("file-exists"), path=output)
    found = anonymised(dataset_of(record, session))
    text = render_dataset(found.dataset, output.suffix)
    inside = None if files is None else search(files, found.files, found.hidden)
    remarks = [label(code) for code in found.remarks]
    if found.doubtful:
        remarks.append(message("anonymise-doubtful", places=", ".join(found.doubtful)).text())
    session.answer(
        "shirube-policy-anonymise/1",
        {
            "output": str(output),
            "places": list(found.places),
            "renamed": dict(found.renamed),
            "doubtful": list(found.doubtful),
            "files": None if inside is None else attrs.asdict(inside),
            "remarks": [{"en": one.en, "ja": one.ja} for one in remarks],
        },
    )
    from shirube.trees import write_text

    write_text(output, text)
    session.say(message("anonymise-done", places=len(found.places), files=len(found.renamed), output=output))
    for place in found.places:
        session.say(f"  {place}")
    for old, new in found.renamed:
        session.say(f"  {old} -> {new}")
    for remark in remarks:
        session.say(remark)
    return 0 if inside is None else _tell_inside(inside, session)


def _tell_inside(inside: Searched, session: Session) -> int:
    for name, line in inside.found:
        session.say(message("anonymise-inside", name=name, line=line))
    if inside.unsearched:
        session.say(message("anonymise-unsearched", names=", ".join(inside.unsearched)))
    if inside.absent:
        session.warn(message("anonymise-absent", names=", ".join(inside.absent)))
    return int(bool(inside.found))


@click.command(short_help="What changed between two records, by whom and when.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--by", help="Who made the changes, for the log. / 変更者")
@click.option("--date", "day", help="When, YYYY-MM-DD. / 変更日")
@click.option("--role", help="registrant, manager, staff. / 変更者の立場")
@click.option("--contacted/--not-contacted", default=None, help="Whether the manager was told. / 管理者へ連絡したか")
@common_options
def diff(
    session: Session,
    old: Path,
    new: Path,
    by: str | None,
    day: str | None,
    role: str | None,
    *,
    contacted: bool | None,
) -> int:
    """Show what changed from OLD to NEW, and who the log in NEW (changes) says it was.

    With --by and --date also the entries that the log lacks. Exit code 1 when a change is in no log.

    2 つの記録の違いと、変更の記録（changes）にある変更者・変更日を示します。
    """
    from shirube.cli.run import parse_day
    from shirube_policy.documents.differences import differences, log_entries

    if (by is None) != (day is None):
        raise UsageError(message("diff-by-and-date"))
    found = differences(dataset_of(old, session), dataset_of(new, session))
    entries: tuple[Any, ...] = ()
    if by is not None and day is not None:
        entries = log_entries(found, by=by, date=parse_day(day).isoformat(), role=role, contacted=contacted)
    session.answer(
        "shirube-policy-diff/1",
        {"differences": [attrs.asdict(one) for one in found], "entries": [attrs.asdict(one) for one in entries]},
    )
    for one in found:
        session.say(_line(one))
        session.say(f"  {_who(one, session)}")
    if not found:
        session.say(label("diff-none"))
    if entries and not session.as_json:
        from shirube.datasets import render_dataset
        from shirube.records import Dataset

        session.say(label("diff-entries"))
        save(session, render_dataset(Dataset(changes=entries), ".yaml"), None)
    return int(any(one.logged is None for one in found) and not entries)


def _line(one: Difference) -> Any:
    shown = {"field": one.field, "old": _short(one.old), "new": _short(one.new)}
    code = "supplied" if one.old is None else "removed" if one.new is None else "changed"
    return message(f"diff-{code}", **shown)


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    line = "".join(char for char in line if char.isprintable())
    return f'"{line}"'


def _who(one: Difference, session: Session) -> str:
    if one.logged is None:
        return session.render(label("diff-unlogged"))
    role = f" ({one.logged.role})" if one.logged.role else ""
    return session.render(message("diff-logged", by=one.logged.by or "?", date=one.logged.date or "?", role=role))
