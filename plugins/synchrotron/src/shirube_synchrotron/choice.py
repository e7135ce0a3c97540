"""What a choice between candidates is: the quantity that holds, the decision that records it, and what must be said."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from shirube.messages import Text
from shirube.records import Decision, Facts, Notice, OriginKind, Quantity

#: Who is believed first. What was written for this one file goes before what is stated for many; a calibration is
#: written for the file like additional metadata, and both correct the header.
PRECEDENCE: Final[tuple[OriginKind, ...]] = (
    "sidecar",
    "calibration",
    "invoice",
    "header",
    "axis",
    "settings",
    "amendment",
)
CORRECTIONS: Final[tuple[OriginKind, ...]] = PRECEDENCE[:2]

#: Key of the origin of what a doubtful calibration states, so that decisions can say so.
DOUBTFUL: Final = "status: doubtful"

__all__ = ["CORRECTIONS", "DOUBTFUL", "PRECEDENCE", "Choice", "decided", "is_correction", "is_doubtful", "stated"]


@frozen
class Choice:
    """What was chosen for one term.

    Attributes:
        chosen: What holds; None when nothing that is stated can hold.
        decision: The record of it.
        notices: What the reader of a report must know.
    """

    chosen: Quantity | None
    decision: Decision
    notices: tuple[Notice, ...] = ()


def stated(facts: Facts, term: str) -> tuple[Quantity, ...]:
    """Return every candidate for ``term``, the most believed first."""
    found = list(facts.candidates.get(term, ()))
    already = facts.decided.get(term)
    if already is not None and already not in found:
        found.append(already)
    return tuple(sorted(found, key=_rank))


def is_correction(quantity: Quantity) -> bool:
    """Tell whether ``quantity`` was registered to correct what the header says."""
    return quantity.origin.kind in CORRECTIONS


def is_doubtful(quantity: Quantity) -> bool:
    """Tell whether ``quantity`` comes from a calibration that is doubtful."""
    return quantity.origin.kind == "calibration" and quantity.origin.key == DOUBTFUL


def decided(
    term: str,
    chosen: Quantity | None,
    candidates: tuple[Quantity, ...],
    rule: Text,
    subject: str,
    notices: tuple[Notice, ...] = (),
) -> Choice:
    """Return the choice of ``chosen`` among ``candidates``; the others are rejected."""
    rejected = tuple(one for one in candidates if one is not chosen)
    return Choice(chosen, Decision(term, chosen, rejected, rule, subject), notices)


def _rank(quantity: Quantity) -> int:
    kind = quantity.origin.kind
    return PRECEDENCE.index(kind) if kind in PRECEDENCE else len(PRECEDENCE)
