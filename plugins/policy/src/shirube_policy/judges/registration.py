"""Registering data (データ登録の原則, 効率的なデータ登録の方法): all of them, on the day of use, in RDE's form."""

from __future__ import annotations

import re
from typing import Final

from shirube.records import Dataset, DatasetEntry, Exemption, Session
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed, review
from shirube_policy.blanks import filled
from shirube_policy.dates import day_of
from shirube_policy.judges.common import known_day, registered_only, squeezed, worst
from shirube_policy.wording import say

#: Roles under which a user of the instrument decides.
_USERS: Final = frozenset({"user", "equipmentuser", "registrant", "機器利用者", "利用者", "データ登録者"})
#: Situations that are no ground for leaving data out, by code and by what people write.
_NO_GROUND: Final = ("failed_result", "disappointing", "no_value_to_user")
_FAILURE_WORDS: Final = re.compile(
    r"失敗|期待外れ|期待はずれ|価値が?な|\bfail|disappoint|worthless|no value", re.IGNORECASE
)

__all__ = ["JUDGES"]


def everything_registered(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge that each session has data, or a recorded exemption."""
    usage = dataset.usage
    if usage is None or usage.sessions is None:
        return open_("usage.sessions")
    if usage.data_registration is None:
        return open_("usage.data_registration")
    registered = {entry.session for entry in dataset.entries} | {one.session for one in dataset.exemptions or ()}
    absent = [place for place, one in enumerate(usage.sessions) if one.id not in registered]
    if absent and any(entry.session is None for entry in dataset.entries):
        return open_("entries[].session")
    if absent:
        return [failed(path=f"usage.sessions[{place}]", session=usage.sessions[place].id) for place in absent]
    return passed(count=len(usage.sessions)) if usage.sessions else not_applicable(say("no-sessions"))


def no_registration_applied_for(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that "no registration" was applied for before the use."""
    usage = dataset.usage
    if usage is None or usage.data_registration is None:
        return open_("usage.data_registration")
    if usage.data_registration:
        return not_applicable(say("registration-booked"))
    applied = usage.no_registration_applied_on
    if applied == "":
        return failed(path="usage.no_registration_applied_on")
    day = known_day(applied, "usage.no_registration_applied_on")
    if isinstance(day, Judgement):
        return day
    days = [day_of(one.date) for one in usage.sessions or ()]
    first = min((one for one in days if one is not None), default=None)
    if first is not None and day > first:
        return failed(say("applied-late"), path="usage.no_registration_applied_on", day=day, first=first)
    return open_("usage.sessions[].date") if first is None or None in days else passed(day=day)


def registration_booked(dataset: Dataset, _: RuleContext) -> Judgement:
    """Compute whether the rules on registration apply at all."""
    if dataset.usage is None or dataset.usage.data_registration is None:
        return open_("usage.data_registration")
    return passed() if dataset.usage.data_registration else informational()


def failures_registered(dataset: Dataset, _: RuleContext) -> list[Judgement]:
    """Note claims of exemption that amount to a failed or disappointing result."""
    judgements = []
    for place, one in enumerate(dataset.exemptions or ()):
        told = one.code if one.code in _NO_GROUND else _told_as_failure(one)
        proper = one.conditions_appropriate is not False
        judgements.append(failed(path=f"exemptions[{place}]", reason=told) if told and proper else passed())
    return worst(judgements)


def decided_by_the_user(dataset: Dataset, _: RuleContext) -> list[Judgement]:
    """Judge that the user of the instrument decided on each exemption."""
    judgements = []
    for place, one in enumerate(dataset.exemptions or ()):
        path = f"exemptions[{place}].decided_by"
        if one.decided_by is None:
            judgements.append(open_(path))
        elif not one.decided_by.strip():
            judgements.append(failed(path=path, role="-"))
        elif squeezed(one.decided_by).replace("_", "") in _USERS:
            judgements.append(passed())
        else:
            judgements.append(review(role=one.decided_by))
    return worst(judgements)


def on_the_day_of_use(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge that each entry was registered on the day of its session, or says why not."""
    if not dataset.entries:
        return open_("entries")
    return worst([_prompt(entry, place, dataset) for place, entry in enumerate(dataset.entries)])


def staff_consulted(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge that the facility's staff were consulted about late registration."""
    if not dataset.entries:
        return open_("entries")
    judgements = []
    for place, entry in enumerate(dataset.entries):
        lag = _lag(entry, place, dataset)
        path = f"entries[{place}].staff_consulted"
        if isinstance(lag, Judgement):
            judgements.append(lag)
        elif lag <= 0:
            judgements.append(not_applicable(say("registered-promptly")))
        elif entry.staff_consulted is None:
            judgements.append(open_(path))
        else:
            judgements.append(passed() if entry.staff_consulted else failed(path=path, entry=_name(entry, place)))
    return worst(judgements)


def staff_asked(dataset: Dataset, _: RuleContext) -> list[Judgement]:
    """Point to the policy's table where nobody knows whether data need be registered."""
    return worst(
        [
            informational() if (one.code or "unknown").strip().casefold() in ("", "unknown", "不明") else passed()
            for one in dataset.exemptions or ()
        ]
    )


def _prompt(entry: DatasetEntry, place: int, dataset: Dataset) -> Judgement:
    lag = _lag(entry, place, dataset)
    if isinstance(lag, Judgement):
        return lag
    name, path = _name(entry, place), f"entries[{place}].submitted_on"
    if lag == 0:
        return passed()
    if lag < 0:
        return failed(say("registered-before-use"), path=path, entry=name, days=-lag)
    if filled(entry.late_reason):
        return informational(say("registered-late"), entry=name, days=lag, reason=entry.late_reason)
    return failed(path=path, entry=name, days=lag)


def _lag(entry: DatasetEntry, place: int, dataset: Dataset) -> int | Judgement:
    """Return the days from the use to the registration; a use over midnight counts from its last day."""
    session = _session(entry, dataset)
    if session is None:
        return open_(f"entries[{place}].session")
    submitted = known_day(entry.submitted_on, f"entries[{place}].submitted_on")
    if isinstance(submitted, Judgement):
        return submitted
    first = known_day(session.date, "usage.sessions[].date")
    if isinstance(first, Judgement):
        return first
    last = day_of(session.ends_on) or first
    return 0 if first <= submitted <= last else (submitted - (last if submitted > last else first)).days


def _session(entry: DatasetEntry, dataset: Dataset) -> Session | None:
    sessions = (dataset.usage.sessions if dataset.usage else None) or ()
    return next((one for one in sessions if one.id == entry.session), None)


def _told_as_failure(exemption: Exemption) -> str | None:
    found = _FAILURE_WORDS.search(exemption.reason or "")
    return found[0] if found and exemption.code in (None, "", "other", "unknown") else None


def _name(entry: DatasetEntry, place: int) -> str:
    return entry.name or f"{place + 1}"


JUDGES: Final = {
    "ARIM-REG-001": registered_only(everything_registered),
    "ARIM-REG-002": no_registration_applied_for,
    "ARIM-REG-003": registration_booked,
    "ARIM-REG-004": failures_registered,
    "ARIM-REG-005": decided_by_the_user,
    "ARIM-REG-006": registered_only(on_the_day_of_use),
    "ARIM-REG-007": registered_only(staff_consulted),
    "ARIM-REG-008": staff_asked,
}
