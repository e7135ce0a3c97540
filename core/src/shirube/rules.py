"""Rules: what a policy or guide asks, as frozen records with a function that judges one subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from attrs import field, frozen

from shirube import _checks
from shirube._frozen import FrozenMapping, as_frozen, as_tuple
from shirube.messages import Text
from shirube.records import Dataset, FindingKind, Outcome, Result, Severity, Waiver

if TYPE_CHECKING:
    from shirube.guides import GuideData

#: What a rule looks at: the dataset, one entry, or a registry's tree (whose record is its exporter's own).
RuleSubject: TypeAlias = Literal["dataset", "entry", "tree"]
#: What a rule's answer comes to: its kind, failures told apart into notes and those that count.
RuleOutcome: TypeAlias = Literal["pass", "note", "fail", "open", "review", "notApplicable", "informational"]
_OUTCOMES: Final[tuple[RuleOutcome, ...]] = get_args(RuleOutcome)

__all__ = [
    "Judgement",
    "Rule",
    "RuleContext",
    "RuleOutcome",
    "RuleSubject",
    "failed",
    "informational",
    "not_applicable",
    "open_",
    "passed",
    "review",
]


@frozen(kw_only=True)
class Judgement:
    """What a rule says of one place: one of the six kinds, and the values that fill its message.

    ``text`` replaces the rule's own message; ``kind`` ``open`` names the missing input in ``params["missing"]``.
    """

    kind: FindingKind
    params: FrozenMapping[str, object] = field(factory=FrozenMapping, converter=as_frozen)
    text: Text | None = None
    note: bool = False
    path: str | None = None
    line: int | None = None
    #: Day on which something begins that an informational answer speaks of; until then its gates wait.
    due: date | None = None


def passed(text: Text | None = None, **params: object) -> Judgement:
    """Return a pass."""
    return Judgement(kind="pass", text=text, params=params)


def failed(text: Text | None = None, *, note: bool = False, path: str | None = None, **params: object) -> Judgement:
    """Return a failure; ``note`` for the band of an "about" and for heuristics."""
    return Judgement(kind="fail", text=text, note=note, path=path, params=params)


def not_applicable(text: Text | None = None, **params: object) -> Judgement:
    """Return that the rule does not concern this subject."""
    return Judgement(kind="notApplicable", text=text, params=params)


def open_(missing: str, text: Text | None = None, **params: object) -> Judgement:
    """Return that the rule cannot be decided until ``missing`` is supplied."""
    return Judgement(kind="open", text=text, params={"missing": missing, **params})


def review(text: Text | None = None, **params: object) -> Judgement:
    """Return that a person must decide."""
    return Judgement(kind="review", text=text, params=params)


def informational(text: Text | None = None, *, due: date | None = None, **params: object) -> Judgement:
    """Return a computed value or advice; ``due`` for what has yet to come, on which the rule's gates wait."""
    return Judgement(kind="informational", text=text, params=params, due=due)


@frozen(eq=False)
class RuleContext:
    """What a rule may look at besides its subject.

    Attributes:
        today: The date on which is judged, in Japan.
        parameters: The policy's parameters.
        outcome: The outcome an entry comes from; None for a dataset file.
        dataset: The dataset an entry belongs to; None without one.
        guide: The guide that applies to the entry.
        waivers: Waivers in force for the subject; for rules that ask what other rules say (see :meth:`accepts`).
    """

    today: date
    parameters: Any = None
    outcome: Outcome | None = None
    dataset: Dataset | None = None
    guide: GuideData | None = None
    waivers: tuple[Waiver, ...] = ()

    def accepts(self, rule: str, path: str | None = None) -> bool:
        """Tell whether a failure of ``rule`` at a place of the subject is waived."""
        return any(one.covers(rule, path) for one in self.waivers)

    @property
    def results(self) -> tuple[Result, ...]:
        """The results of the outcome, none without one."""
        return () if self.outcome is None else self.outcome.results


@frozen(kw_only=True)
class Rule:
    """A rule.

    Attributes:
        id: Stable, never reused (``ARIM-TTL-001``).
        subject: What it looks at.
        severity: Read off the wording of the source.
        message: Said of a failure; ``{name}`` places are filled from the judgement.
        judge: Returns one judgement, or one for each place looked at. Must not change anything.
        remedy: What to do about a failure.
        passed: Said of a pass; default: the rule holds.
        outcomes: Every outcome that its answers can have; another one is an error of the rule. Empty: not declared.
            What the core says in its place (a failed prerequisite, a failure that is not yet due) is not among them.
        requires: Rules that must not fail before this one is judged; otherwise it is not applicable.
        blocks: Gates that a failure closes (registration, catalogue, doi, sharing, licence, access).
        due: Returns the date from which it counts; before, a failure is informational. None: always.
        quote: The sentence of the source.
        source: Title, date and section of the source.
        heuristic: It guesses and can be wrong, so that its failures are notes.
        advisory: Its failures are notes for another reason.
        derived: Made by us, not by the source; can be switched off as a group.
        locked: Can be neither disabled nor waived.
    """

    id: str = field(validator=_checks.check(lambda value: isinstance(value, str), Text(en="a text", ja="文字列")))
    subject: RuleSubject = field(validator=_checks.one_of(get_args(RuleSubject)))
    severity: Severity = field(validator=_checks.one_of(get_args(Severity)))
    message: Text = field(validator=_checks.text)
    judge: Callable[[Any, RuleContext], Judgement | Iterable[Judgement]] = field(validator=_checks.function)
    remedy: Text | None = None
    passed: Text | None = None
    outcomes: tuple[RuleOutcome, ...] = field(default=(), converter=as_tuple, validator=_checks.some_of(_OUTCOMES))
    requires: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    blocks: tuple[str, ...] = field(default=(), converter=as_tuple, validator=_checks.texts)
    due: Callable[[Any, RuleContext], date | None] | None = None
    quote: str | None = None
    source: Text | None = None
    heuristic: bool = False
    advisory: bool = False
    derived: bool = False
    locked: bool = False

    def outcome(self, judgement: Judgement) -> RuleOutcome:
        """Return what an answer of this rule comes to."""
        if judgement.kind != "fail":
            return judgement.kind
        return "note" if judgement.note or self.notes else "fail"

    @property
    def notes(self) -> bool:
        """Whether its failures are notes, to look at and not to count."""
        return self.heuristic or self.advisory
