"""``shirube policy can``, ``licence`` and ``exempt``: what the policy's decision tables say of one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shirube.cli.common import Session, common_options, profile_option
from shirube.errors import InputError, UsageError
from shirube_policy.commands.common import dataset_of, day_or_today, parameters_in, rule_texts_in, today_option
from shirube_policy.documents.texts import label, message

if TYPE_CHECKING:
    from shirube.records import LicenceRequest
    from shirube_policy.embargo import Phase
    from shirube_policy.exemptions import Lookup
    from shirube_policy.licence import Condition

__all__ = ["can", "exempt", "licence"]


@click.command(short_help="Whether somebody may do something with data.")
@click.argument("actor")
@click.argument("action")
@click.argument("kind")
@click.option("--date", "day", help="When, YYYY-MM-DD (default: today in Japan). / 日付")
@click.option("--record", type=click.Path(path_type=Path), help="The dataset whose embargo counts. / データセット")
@click.option("--phase", type=click.Choice(["embargo", "wide_share"]), help="The phase, without a record. / 区分")
@click.option("--own/--not-own", default=None, help="Whether the registrant registered them. / 本人のデータか")
@click.option("--licensed/--not-licensed", default=None, help="Whether the data user has a licence. / ライセンスの有無")
@common_options
@profile_option
def can(  # noqa: PLR0913 click passes one argument an option
    session: Session,
    actor: str,
    action: str,
    kind: str,
    day: str | None,
    record: Path | None,
    phase: Phase | None,
    *,
    own: bool | None,
    licensed: bool | None,
) -> int:
    """Say whether ACTOR may do ACTION with data of KIND. Exit code 1 for no.

    ACTOR is registrant, data_user or arim_organisation, several roles of one person joined by commas; ACTION is view,
    download or secondary_use; KIND is registered or structured.

    データ利用者などが、データを閲覧・ダウンロード・二次利用できるかを示します。
    """
    from shirube_policy import access

    roles = [_known(one, access.actor_of(one), access.ACTORS) for one in actor.split(",")]
    doing, what = (
        _known(action, access.action_of(action), access.ACTIONS),
        _known(kind, access.kind_of(kind), access.KINDS),
    )
    now = phase or _phase(session, record, day_or_today(day))
    found = access.may(roles, doing, what, now, own=own, licensed=licensed)
    session.answer(
        "shirube-policy-can/1",
        {"answer": found.answer, "roles": list(found.roles), "missing": list(found.missing), "phase": now},
    )
    shown = {
        "answer": label(f"can-{found.answer}"),
        "actor": " + ".join(session.render(label(f"actor-{one}")) for one in roles),
        "action": label(f"action-{doing}"),
        "kind": label(f"kind-{what}"),
        "phase": label("timeline-embargo" if now == "embargo" else "timeline-wide-share"),
    }
    session.say(message("can-answer", **shown))
    for missing in found.missing:
        session.say(f"  {session.render(message(f'can-missing-{missing}'))}")
    return int(found.answer == "no")


@click.command(short_help="Whether a licence to use shared data can be given.")
@click.argument("request", type=click.Path(path_type=Path))
@today_option
@common_options
@profile_option
def licence(session: Session, request: Path, today: str | None) -> int:
    """Say whether the person of REQUEST can be licensed. Exit code 1 when not.

    REQUEST is a file (YAML, TOML, JSON) of a licence request, or a dataset that holds one. What was declared is neither
    repeated nor kept.

    データ利用のライセンスを付与できるかを示します。申告の内容は表示しません。
    """
    from shirube_policy.dates import day_of
    from shirube_policy.licence import decide, licence_end

    asked, parameters = _request(request), parameters_in(session)
    found = decide(asked, day_or_today(today), residency_by_employment=parameters.residency_by_employment)
    approved = day_of(asked.approved_on) if parameters.licence_period and found.verdict == "eligible" else None
    until = None if approved is None else licence_end(approved)
    session.answer(
        "shirube-policy-licence/1",
        {
            "verdict": found.verdict,
            "conditions": [{"rule": one.rule, "kind": one.kind, "missing": one.missing} for one in found.conditions],
            "until": None if until is None else until.isoformat(),
            "remark": {"en": label("not-legal-advice").en, "ja": label("not-legal-advice").ja},
        },
    )
    session.say(message(f"licence-{found.verdict}"))
    for cause in found.causes:
        session.say(f"  {cause.rule}: {_cause(cause, session)}")
    if until is not None:
        session.say(message("licence-until", end=until))
    session.say(label("not-legal-advice"))
    return int(found.verdict == "ineligible")


@click.command(short_help="Whether data need be registered.")
@click.argument("field")
@click.argument("code")
@click.option("--novel/--not-novel", default=None, help="Whether the material is new. / 新規材料か")
@click.option("--proper/--not-proper", default=None, help="Whether the conditions were proper. / 条件が適切だったか")
@common_options
def exempt(session: Session, field: str, code: str, *, novel: bool | None, proper: bool | None) -> int:
    """Say what the policy's table of exemptions says of data of FIELD in the situation CODE.

    FIELD is measurement, fabrication, film_quality or synthesis, or a process such as xps, etching, 分光系, or all;
    CODE is measurement_error, charge_up, failed_result, …

    データ登録の免除（参考1）の判断表を引きます。
    """
    from shirube_policy.exemptions import lookup

    where, how = _place(field)
    found = lookup(code, where, how, novel=novel, conditions_appropriate=proper)
    session.answer(
        "shirube-policy-exempt/1",
        {
            "rule": found.row.rule,
            "advice": found.row.advice,
            "also": [
                {"rule": one.rule, "advice": one.advice, "record": list(one.companions)} for one in found.rows[1:]
            ],
            "record": list(found.row.companions),
            "missing": found.missing,
        },
    )
    for line in _advice(found, session):
        session.say(line)
    session.say(label("exempt-user-decides"))
    return 0


def _known(text: str, found: Any, choices: Iterable[str]) -> Any:
    if found is None:
        raise UsageError(message("can-unknown", text=text, choices=", ".join(choices)))
    return found


def _phase(session: Session, record: Path | None, day: date) -> Phase:
    from shirube_policy.timeline import timeline

    if record is None:
        raise UsageError(message("can-phase"))
    found = timeline(dataset_of(record, session), parameters_in(session).basis).phase(day)
    if found is None:
        raise InputError(message("can-undated", day=day), path=record)
    return found


def _request(path: Path) -> LicenceRequest:
    """Return the request of a file: by its own keys, or as the part of a dataset."""
    from shirube.datasets import read_dataset, read_record
    from shirube.records import LicenceRequest

    try:
        return read_record(path, LicenceRequest)
    except InputError as error:
        try:
            dataset = read_dataset(path)
        except InputError:
            raise error from None
    if dataset.licence_request is None:
        raise InputError(message("licence-no-request"), path=path)
    return dataset.licence_request


def _cause(cause: Condition, session: Session) -> str:
    if cause.kind == "open":
        return session.render(message("licence-missing", missing=cause.missing))
    if cause.kind == "review":
        return session.render(message("licence-review"))
    return session.render(rule_texts_in(session)[cause.rule].message)


def _advice(found: Lookup, session: Session) -> Iterable[str]:
    texts = rule_texts_in(session)
    for row in found.rows:
        yield f"{row.rule}: {session.render(label(f'exempt-{row.advice}'))}"
        yield f"  「{texts[row.rule].quote}」"
        if row.companions:
            yield f"  {session.render(message('exempt-record', items=', '.join(row.companions)))}"
    if found.missing:
        yield session.render(message("exempt-missing", missing=found.missing))


def _place(text: str) -> tuple[str | None, str | None]:
    """Return the field or the process that ``text`` names; neither for ``all``."""
    from shirube_policy.exemptions import FIELDS, PROCESSES

    if text in FIELDS:
        return text, None
    if text.casefold() in PROCESSES:
        return None, text
    if text in ("all", "共通"):
        return None, None
    choices: Mapping[str, object] = {**FIELDS, **PROCESSES, "all": None}
    raise UsageError(message("exempt-field-unknown", text=text, choices=", ".join(choices)))
