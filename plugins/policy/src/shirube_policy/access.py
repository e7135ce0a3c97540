"""Who may do what with which data (利用可能なデータの範囲): the table of the policy, and what follows for a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Final, Literal, TypeAlias

from attrs import frozen

from shirube_policy.embargo import Phase

Actor: TypeAlias = Literal["registrant", "data_user", "arim_organisation"]
Action: TypeAlias = Literal["view", "download", "secondary_use"]
DataKind: TypeAlias = Literal["registered", "structured"]
#: A cell of the table: ○, × or 登録者自身のデータに限る.
Cell: TypeAlias = Literal["yes", "no", "own"]
Answer: TypeAlias = Literal["yes", "no", "undecided"]

ACTORS: Final[tuple[Actor, ...]] = ("registrant", "data_user", "arim_organisation")
ACTIONS: Final[tuple[Action, ...]] = ("view", "download", "secondary_use")
KINDS: Final[tuple[DataKind, ...]] = ("registered", "structured")

#: What people write for each role, action and kind, apart from its own name.
_ACTORS: Final[Mapping[str, Actor]] = {
    **{one: one for one in ACTORS},
    "データ登録者": "registrant",
    "登録者": "registrant",
    "user": "data_user",
    "データ利用者": "data_user",
    "利用者": "data_user",
    "arim": "arim_organisation",
    "arim_organization": "arim_organisation",
    "organisation": "arim_organisation",
    "organization": "arim_organisation",
    "本事業機関": "arim_organisation",
}
_ACTIONS: Final[Mapping[str, Action]] = {
    **{one: one for one in ACTIONS},
    "search": "view",
    "view/search": "view",
    "閲覧": "view",
    "検索": "view",
    "閲覧・検索": "view",
    "ダウンロード": "download",
    "secondary": "secondary_use",
    "二次利用": "secondary_use",
}
_KINDS: Final[Mapping[str, DataKind]] = {
    **{one: one for one in KINDS},
    "raw": "registered",
    "生データ": "registered",
    "登録データ": "registered",
    "構造化データ": "structured",
}

__all__ = [
    "ACTIONS",
    "ACTORS",
    "KINDS",
    "Action",
    "Actor",
    "Answer",
    "Cell",
    "DataKind",
    "Permission",
    "action_of",
    "actor_of",
    "cell",
    "kind_of",
    "may",
]


@frozen(kw_only=True)
class Permission:
    """Whether somebody may do something.

    Attributes:
        answer: yes, no, or undecided because something was not said.
        roles: The roles that permit it.
        missing: What must be said to decide: ``own``, ``licensed``.
    """

    answer: Answer
    roles: tuple[Actor, ...] = ()
    missing: tuple[str, ...] = ()


def cell(actor: Actor, action: Action, kind: DataKind, phase: Phase) -> Cell:
    """Return what the policy's table says of one role.

    The three actions always go together: the table distinguishes roles, kinds and phases only.
    """
    if action not in ACTIONS:
        msg = f"{action!r} is none of {', '.join(ACTIONS)}"
        raise ValueError(msg)
    if phase == "embargo":
        return "yes" if actor == "registrant" else "no"
    if actor == "registrant":
        return "own"
    return "no" if actor == "data_user" and kind == "registered" else "yes"


def may(
    roles: Collection[Actor],
    action: Action,
    kind: DataKind,
    phase: Phase,
    *,
    own: bool | None = None,
    licensed: bool | None = None,
) -> Permission:
    """Return whether a person who has ``roles`` may do something; one role that permits it is enough.

    Args:
        roles: Roles of the person.
        action: What is to be done.
        kind: With what.
        phase: When.
        own: Whether the registrant registered these data: a registrant's rights never reach the data of others.
        licensed: Whether the data user has a licence, without which no data user may do anything.
    """
    answers = {
        actor: _answer(actor, cell(actor, action, kind, phase), own, licensed) for actor in ACTORS if actor in roles
    }
    permitting = tuple(actor for actor, answer in answers.items() if answer is True)
    missing = tuple(answer for answer in answers.values() if isinstance(answer, str))
    if permitting:
        return Permission(answer="yes", roles=permitting)
    return Permission(answer="undecided", missing=missing) if missing else Permission(answer="no")


def actor_of(text: str) -> Actor | None:
    """Return the role that ``text`` names in either language."""
    return _ACTORS.get(_key(text))


def action_of(text: str) -> Action | None:
    """Return the action that ``text`` names in either language."""
    return _ACTIONS.get(_key(text))


def kind_of(text: str) -> DataKind | None:
    """Return the kind of data that ``text`` names in either language; raw data are part of the registered data."""
    return _KINDS.get(_key(text))


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold().replace(" ", "_").replace("-", "_")


def _answer(actor: Actor, said: Cell, own: bool | None, licensed: bool | None) -> bool | str:
    """Return whether one role permits it, or the name of what is missing to tell."""
    if said == "no":
        return False
    if actor == "registrant":
        return "own" if own is None else own
    if actor == "data_user":
        return "licensed" if licensed is None else licensed
    return True
