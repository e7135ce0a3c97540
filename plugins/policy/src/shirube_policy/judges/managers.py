"""The dataset's manager (データセット管理者), as the DICE account shows name and organisation."""

from __future__ import annotations

import re
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, not_applicable, open_, passed, review
from shirube_policy.blanks import filled
from shirube_policy.judges.common import same
from shirube_policy.wording import listed, say

#: Identifiers of accounts: long runs of letters and digits, or numbers.
_ACCOUNT: Final = re.compile(r"(?=.*\d)[0-9A-Za-z_\-]{6,}|\d+")
#: A name of one Latin word, where FAMILY,Given is usual.
_ONE_WORD: Final = re.compile(r"[A-Za-z.\-']+")
_STAFF: Final = re.compile(r"staff|facility|スタッフ|実施機関", re.IGNORECASE)

__all__ = ["JUDGES", "affiliated", "named"]


def named(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the manager's name is shown."""
    return _shown(None if dataset.manager is None else dataset.manager.name, "manager.name")


def affiliated(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the manager's organisation is shown."""
    return _shown(None if dataset.manager is None else dataset.manager.organization, "manager.organization")


def as_in_the_account(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the manager is shown as the DICE account says."""
    shown, account = dataset.manager, dataset.manager_account
    if shown is None or account is None:
        return open_("manager" if shown is None else "manager_account")
    unlike = []
    for field in ("name", "organization"):
        mine, its = getattr(shown, field), getattr(account, field)
        if mine is None or its is None:
            return open_(f"manager.{field}" if mine is None else f"manager_account.{field}")
        if not same(mine, its):
            unlike.append(say(f"manager-{field}"))
    return failed(path="manager", field=listed(unlike)) if unlike else passed()


def plausible(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note a name or organisation that looks like something else: an address, an account, one word of two."""
    manager = dataset.manager
    if manager is None or manager.name is None or manager.organization is None:
        return open_("manager")
    wrong = [
        one for one in (manager.name, manager.organization) if not filled(one) or "@" in one or _ACCOUNT.fullmatch(one)
    ]
    wrong += [manager.name] if _ONE_WORD.fullmatch(manager.name.strip()) and manager.name not in wrong else []
    return failed(path="manager", value=", ".join(wrong)) if wrong else passed()


def anonymity_through_staff(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that anonymity was asked for through the facility's staff."""
    wish = dataset.anonymization
    if wish is None:
        return not_applicable(say("not-anonymised")) if dataset.is_anonymized is False else open_("anonymization")
    if not wish.requested:
        return open_("anonymization.requested") if wish.requested is None else not_applicable(say("not-anonymised"))
    if wish.via is None:
        return open_("anonymization.via")
    return passed() if _STAFF.search(wish.via) else review()


def _shown(value: str | None, path: str) -> Judgement:
    if value is None:
        return open_(path)
    return passed() if filled(value) else failed(path=path)


JUDGES: Final = {
    "ARIM-MGR-001": named,
    "ARIM-MGR-002": affiliated,
    "ARIM-MGR-003": as_in_the_account,
    "ARIM-MGR-004": plausible,
    "ARIM-MGR-005": anonymity_through_staff,
}
