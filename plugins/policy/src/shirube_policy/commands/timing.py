"""``shirube policy timeline``: the days of a dataset, as text and as a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from shirube.cli.common import Session, common_options, profile_option
from shirube.errors import InputError
from shirube_policy.commands.common import dataset_of, day_or_today, parameters_in, today_option
from shirube_policy.documents.texts import label, message

if TYPE_CHECKING:
    from shirube_policy.timeline import Timeline

__all__ = ["timeline"]


@click.command(short_help="The days of a dataset: registration, notice, embargo, sharing.")
@click.argument("record", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A figure (.png, .svg). / 図")
@today_option
@common_options
@profile_option
def timeline(session: Session, record: Path, output: Path | None, today: str | None) -> int:
    """Show the days of RECORD: registration, when its texts are due, notice, end of the embargo, first day of sharing.

    登録日、記載期限、エンバーゴ解除の案内、エンバーゴ終了日、共有開始日を示します。
    """
    from shirube_policy.timeline import timeline as days_of

    dataset, day = dataset_of(record, session), day_or_today(today)
    days = days_of(dataset, parameters_in(session).basis)
    if days.ends_on is None:
        raise InputError(message("timeline-nothing"), path=record)
    session.answer("shirube-policy-timeline/1", {**_document(days), "today": day.isoformat(), "phase": days.phase(day)})
    for line in _lines(days, session):
        session.say(line)
    phase = days.phase(day)
    code = {"embargo": "embargo", "wide_share": "wide-share"}.get(phase or "", "unknown")
    session.say(message(f"timeline-phase-{code}", day=day))
    if output is not None:
        _draw(session, days, output, day, dataset.title or "")
    return 0


def _document(days: Timeline) -> dict[str, Any]:
    plain = attrs.asdict(days)
    window = days.notice_window
    plain["notice_window"] = None if window is None else [day.isoformat() for day in window]
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in plain.items()}


def _lines(days: Timeline, session: Session) -> list[str]:
    from shirube_policy.documents.drawing import marks

    shown = [*marks(days)]
    if days.maximum_end is not None:
        shown.append((days.maximum_end, label("timeline-maximum")))
    return [f"{day}  {session.render(text)}" for day, text in shown]


def _draw(session: Session, days: Timeline, output: Path, today: Any, title: str) -> None:
    from shirube.errors import UsageError
    from shirube.figures import to_png, to_svg
    from shirube.trees import write_bytes
    from shirube_policy.documents.drawing import draw_timeline

    writers = {".png": to_png, ".svg": to_svg}
    if output.suffix.lower() not in writers:
        raise UsageError(message("can-unknown", text=output.suffix, choices=", ".join(writers)), path=output)
    figure = draw_timeline(days, today, session.lang, title)
    write_bytes(output, writers[output.suffix.lower()](figure))
    session.say(message("written", output=output))
