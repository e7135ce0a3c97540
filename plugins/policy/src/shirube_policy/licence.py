"""Who may be licensed to use shared data (データ利用のライセンスを付与する対象): six conditions and their verdict.

Everything is taken as the institution declares it; nothing is inferred from a name. This is no legal advice, and no
answer holds what was declared: only the rule and how it came out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from attrs import frozen

from shirube.records import Affiliation, LicenceRequest
from shirube_policy.dates import day_of, fiscal_year_end

Verdict: TypeAlias = Literal["eligible", "ineligible", "undecided"]
Kind: TypeAlias = Literal["pass", "fail", "open", "review", "notApplicable"]

#: Months of residence after which a foreign national is a resident (6ヶ月以上).
MONTHS: Final = 6
#: 産官学.
INSTITUTIONS: Final = ("industry", "government", "academia")
_JAPAN: Final = frozenset({"jp", "jpn", "japan", "日本"})
_CATEGORIES: Final = frozenset({"1", "2", "3"})

__all__ = [
    "CONDITIONS",
    "INSTITUTIONS",
    "MONTHS",
    "PREREQUISITES",
    "Condition",
    "Decision",
    "Kind",
    "Verdict",
    "condition",
    "decide",
    "licence_end",
]


@frozen(kw_only=True)
class Condition:
    """How one condition came out; ``missing`` names the field that would decide an open one."""

    rule: str
    kind: Kind
    missing: str = ""


@frozen(kw_only=True)
class Decision:
    """Whether a licence can be given: ineligible when a condition fails, undecided when one is open or for a person."""

    verdict: Verdict
    conditions: tuple[Condition, ...]

    @property
    def causes(self) -> tuple[Condition, ...]:
        """The conditions that stand against a licence, or leave it undecided."""
        wanted = ("fail",) if self.verdict == "ineligible" else ("open", "review")
        return tuple(one for one in self.conditions if one.kind in wanted)


def decide(request: LicenceRequest, today: date, *, residency_by_employment: bool = False) -> Decision:
    """Return whether the person of ``request`` can be licensed.

    Args:
        request: What is declared.
        today: The day of access unless the request names one.
        residency_by_employment: Whether working at an office in Japan makes a resident before six months are over; the
            policy's "など" leaves that open, so that otherwise a person decides.
    """
    found: dict[str, Condition] = {}
    for rule in CONDITIONS:
        blocked = any(found[needed].kind == "fail" for needed in PREREQUISITES.get(rule, ()))
        found[rule] = (
            Condition(rule=rule, kind="notApplicable")
            if blocked
            else condition(rule, request, today, residency_by_employment)
        )
    kinds = {one.kind for one in found.values()}
    verdict: Verdict = "ineligible" if "fail" in kinds else "undecided" if kinds & {"open", "review"} else "eligible"
    return Decision(verdict=verdict, conditions=tuple(found[rule] for rule in sorted(found)))


def condition(rule: str, request: LicenceRequest, today: date, residency_by_employment: bool = False) -> Condition:
    """Return how the condition of ``rule`` comes out by itself."""
    kind, missing = CONDITIONS[rule](_Case(request, today, residency_by_employment))
    return Condition(rule=rule, kind=kind, missing=missing)


def licence_end(approved: date) -> date:
    """Return the last day of a licence: the end of the fiscal year of its approval (portal's FAQ, not the policy)."""
    return fiscal_year_end(approved)


@frozen
class _Case:
    request: LicenceRequest
    today: date
    residency_by_employment: bool


_Answer: TypeAlias = tuple[Kind, str]
_HOLDS: Final[_Answer] = ("pass", "")
_FAILS: Final[_Answer] = ("fail", "")
_ASK: Final[_Answer] = ("review", "")


def _not_overseas(case: _Case) -> _Answer:
    """海外の機関に所属する方は利用できません: none but domestic affiliations; both at once a person decides."""
    affiliations = case.request.affiliations
    if affiliations is None:
        return "open", "affiliations"
    overseas = [one for one in affiliations if one.country and not _is_japan(one.country)]
    if overseas and len(overseas) == len(affiliations):
        return _FAILS
    if any(not one.country for one in affiliations):
        return "open", "affiliations[].country"
    return _ASK if overseas else _HOLDS


def _not_alone(case: _Case) -> _Answer:
    """法人に属さない個人は利用できません: at least one affiliation is a corporation."""
    affiliations = case.request.affiliations
    if affiliations is None:
        return "open", "affiliations"
    if any(one.corporation for one in affiliations):
        return _HOLDS
    return ("open", "affiliations[].corporation") if any(one.corporation is None for one in affiliations) else _FAILS


def _guaranteed(case: _Case) -> _Answer:
    """国内の産官学の機関が保証する: a domestic institution of industry, government or academia vouches."""
    request = case.request
    if request.affiliations is None:
        return "open", "affiliations"
    if request.institution_guarantee is None:
        return "open", "institution_guarantee"
    kinds = [one.kind for one in _domestic(request)]
    if request.institution_guarantee and any(_key(kind or "") in INSTITUTIONS for kind in kinds):
        return _HOLDS
    undecided = request.institution_guarantee and None in kinds
    return ("open", "affiliations[].kind") if undecided else _FAILS


def _resident(case: _Case) -> _Answer:
    """外為法上の居住者: as declared, else what follows from nationality, residence and employment as declared."""
    request = case.request
    if request.resident is not None:
        return _HOLDS if request.resident else _FAILS
    abroad = None if not request.residence_country else not _is_japan(request.residence_country)
    if abroad:
        return _FAILS
    if request.national is None:
        return "open", "resident"
    if request.national:
        return ("open", "residence_country") if abroad is None else _HOLDS
    return _resident_by_stay(case)


def _resident_by_stay(case: _Case) -> _Answer:
    months, works = case.request.months_resident, case.request.works_at_domestic_office
    if months is not None and months >= MONTHS:
        return _HOLDS
    if works:
        return _HOLDS if case.residency_by_employment else _ASK
    if months is None:
        return "open", "months_resident"
    return ("open", "works_at_domestic_office") if works is None else _FAILS


def _permitted(case: _Case) -> _Answer:
    """特定類型に該当する場合は事前に経産省の許可が必要: none applies, or the permission came before the access."""
    category = _key(case.request.specific_category or "unknown")
    if category == "none":
        return _HOLDS
    if category not in _CATEGORIES:
        return "open", "specific_category"
    stated = (case.request.permission_on or "").strip()
    permission = day_of(stated)
    if permission is None:
        return ("open", "permission_on") if stated else _FAILS
    return _HOLDS if permission <= (day_of(case.request.access_on) or case.today) else _FAILS


def _approved(case: _Case) -> _Answer:
    """日本国内の法人に属し、法人が事業内共用の利用を承認する: its approval; of a foreign corporation's branch, ask."""
    request = case.request
    if request.corporate_approval is None:
        return "open", "corporate_approval"
    if not request.corporate_approval:
        return _FAILS
    if request.affiliations is None:
        return "open", "affiliations"
    corporations = [one for one in _domestic(request) if one.corporation]
    return _ASK if corporations and all(one.branch_of_foreign for one in corporations) else _HOLDS


def _domestic(request: LicenceRequest) -> list[Affiliation]:
    return [one for one in request.affiliations or () if one.country and _is_japan(one.country)]


def _is_japan(country: str) -> bool:
    return _key(country) in _JAPAN


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


#: The conditions by rule, those first that others stand on.
CONDITIONS: Final[Mapping[str, Callable[[_Case], _Answer]]] = {
    "ARIM-LIC-002": _not_overseas,
    "ARIM-LIC-003": _not_alone,
    "ARIM-LIC-001": _guaranteed,
    "ARIM-LIC-004": _resident,
    "ARIM-LIC-005": _permitted,
    "ARIM-LIC-006": _approved,
}
#: Conditions that are not asked when another fails, so that one cause gives one failure.
PREREQUISITES: Final[Mapping[str, tuple[str, ...]]] = {
    "ARIM-LIC-001": ("ARIM-LIC-002", "ARIM-LIC-003"),
    "ARIM-LIC-006": ("ARIM-LIC-002", "ARIM-LIC-003"),
}
