"""Gates: what a registry lets through, and what the findings say about it: open for the dataset, or closed by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, get_args

from attrs import frozen

from shirube.errors import core_message
from shirube.messages import Language, Message, Text
from shirube.records import Finding
from shirube.text import display_width

#: How a gate stands, worst first. ``closed``: a rule that nobody can waive fails. ``withheld``: another failure stands
#: in the way, to be mended or waived. ``undecided``: something is not supplied, or a person must decide. ``later``:
#: nothing is wrong, but something has yet to come. ``clear``: nothing is in the way. ``none``: nothing concerns it.
GateState: TypeAlias = Literal["closed", "withheld", "undecided", "later", "clear", "none"]

STATES: Final[tuple[GateState, ...]] = get_args(GateState)

__all__ = ["STATES", "Gate", "GateState", "gates_of", "gates_to_json", "is_passed", "render_gates", "state_message"]


@frozen
class Gate:
    """How one gate stands.

    Attributes:
        name: Name of the gate (``doi``), as rules block it.
        label: What people call it.
        state: How it stands.
        causes: The findings that make it so; none for ``clear`` and ``none``.
    """

    name: str
    label: Text
    state: GateState
    causes: tuple[Finding, ...] = ()


def gates_of(findings: Iterable[Finding], labels: Mapping[str, Text]) -> tuple[Gate, ...]:
    """Return how every gate stands: those of ``labels`` first and in that order, then others that rules name.

    Args:
        findings: What was found of one subject.
        labels: The gates that are known, and what people call them.
    """
    found = list(findings)
    names = dict.fromkeys([*labels, *(name for finding in found for name in finding.blocks)])
    return tuple(_gate(name, labels.get(name, Text(en=name, ja=name)), found) for name in names)


def is_passed(gate: Gate) -> bool:
    """Tell whether nothing is in the way of a gate; what is undecided or has yet to come is."""
    return gate.state in ("clear", "none")


def _gate(name: str, label: Text, findings: Sequence[Finding]) -> Gate:
    concerned = [finding for finding in findings if name in finding.blocks]
    by_state: dict[GateState, list[Finding]] = {}
    for finding in concerned:
        by_state.setdefault(_effect(finding), []).append(finding)
    worst = next(state for state in STATES if state in by_state or state == "none")
    if worst in ("clear", "none"):
        return Gate(name, label, worst)
    # Everything that keeps it shut is said, not only the worst: all of it must go.
    causes = [one for state in STATES[: STATES.index("clear")] for one in by_state.get(state, ())]
    return Gate(name, label, worst, tuple(causes))


def _effect(finding: Finding) -> GateState:
    if finding.counts:
        return "closed" if finding.locked and not finding.error else "withheld"
    if finding.kind in ("open", "review"):
        return "undecided"
    if finding.kind == "informational" and finding.due is not None:
        return "later"
    return "none" if finding.kind == "notApplicable" else "clear"


def state_message(state: GateState) -> Message:
    """Return the word for a state."""
    return core_message(f"gate-{state}")


def gates_to_json(gates: Iterable[Gate]) -> list[dict[str, Any]]:
    """Return the gates as plain data; the causes by rule and place, for the findings themselves stand elsewhere."""
    return [
        {
            "gate": gate.name,
            "label": {"en": gate.label.en, "ja": gate.label.ja},
            "state": gate.state,
            "causes": [{"rule": cause.rule, "kind": cause.kind, "path": cause.path} for cause in gate.causes],
        }
        for gate in gates
    ]


def render_gates(gates: Sequence[Gate], lang: Language) -> str:
    """Return the gates as people read them, a line each: its name, how it stands, and the rules that make it so."""
    labels = [gate.label.render(lang) for gate in gates]
    states = [state_message(gate.state).render(lang) for gate in gates]
    widths = [max((display_width(one) for one in column), default=0) for column in (labels, states)]
    lines = []
    for gate, label, state in zip(gates, labels, states, strict=True):
        rules = ", ".join(dict.fromkeys(cause.rule for cause in gate.causes))
        cells = [label + " " * (widths[0] - display_width(label)), state + " " * (widths[1] - display_width(state))]
        lines.append(f"  {'  '.join([*cells, rules])}".rstrip())
    return "\n".join(lines)
