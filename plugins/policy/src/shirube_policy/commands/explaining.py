"""``shirube policy rules`` and ``explain``: the rules with their sentences, severity, stage and gates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from shirube.cli.common import Session, common_options, terminal_width
from shirube.errors import UsageError
from shirube_policy.commands.common import POLICY, parameters_in, rule_texts_in
from shirube_policy.documents.texts import label, message

if TYPE_CHECKING:
    from shirube.messages import Text
    from shirube.ruletables import RuleText

_PREFIX: Final = "ARIM-"

__all__ = ["explain", "rules"]


@click.command(short_help="List the rules.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="/ 出力形式")
@common_options
def rules(session: Session, form: str) -> int:
    """List every rule with its severity, stage, gates and what it says of a failure.

    規則の一覧を示します。
    """
    known = rule_texts_in(session)
    if session.as_json or form == "json":
        session.as_json = True
        document = {"version": parameters_in(session).version, "rules": [_document(one) for one in known.values()]}
        session.answer("shirube-policy-rules/1", document)
    elif form == "markdown":
        for line in _markdown(known, session):
            session.say(line)
    else:
        for line in _table(known, session):
            session.say(line)
    return 0


@click.command(short_help="Explain a rule.")
@click.argument("name", metavar="RULE")
@common_options
def explain(session: Session, name: str) -> int:
    """Explain RULE (ARIM-EMB-001, or EMB-001): its sentence, from when it counts, what it blocks, what to do.

    規則の根拠となる文、適用時期、対処などを示します。
    """
    from shirube.parameters import suggestion

    known = rule_texts_in(session)
    wanted = name.upper() if name.upper().startswith(_PREFIX) else f"{_PREFIX}{name.upper()}"
    if wanted not in known:
        raise UsageError(message("explain-unknown", name=name, hint=suggestion(wanted, list(known))))
    rule = known[wanted]
    session.answer("shirube-policy-rule/1", {"version": parameters_in(session).version, **_document(rule)})
    for line in _explained(rule, session):
        session.say(line)
    return 0


def _document(rule: RuleText) -> dict[str, Any]:
    def both(text: Text | None) -> dict[str, str] | None:
        return None if text is None else {"en": text.en, "ja": text.ja}

    return {
        "id": rule.id,
        "section": both(rule.section),
        "severity": rule.severity,
        "stage": rule.stage,
        "blocks": list(rule.blocks),
        "requires": list(rule.requires),
        "outcomes": list(rule.outcomes),
        "quote": rule.quote,
        "message": both(rule.message),
        "remedy": both(rule.remedy),
        "passed": both(rule.passed),
        "derived": rule.derived,
        "heuristic": rule.heuristic,
        "locked": rule.locked,
    }


def _explained(rule: RuleText, session: Session) -> Iterator[str]:
    from shirube.findings import category_label, severity_label

    gates = session.plugins.policies[POLICY].record.gates
    yield f"{rule.id}  {session.render(rule.section)}"
    yield session.render(message("explain-policy", version=parameters_in(session).version))
    rows: list[tuple[str, str]] = [
        ("quote", f"「{rule.quote}」" if rule.quote else ""),
        ("severity", session.render(severity_label(rule.severity)) or rule.severity),
        ("stage", session.render(label(f"stage-{rule.stage}")) if rule.stage else ""),
        ("blocks", ", ".join(session.render(gates[one]) if one in gates else one for one in rule.blocks)),
        ("requires", ", ".join(rule.requires)),
        ("outcomes", ", ".join(session.render(category_label(one)) for one in rule.outcomes)),
        ("message", session.render(rule.message)),
        ("remedy", session.render(rule.remedy) if rule.remedy else ""),
        ("passed", session.render(rule.passed) if rule.passed else ""),
    ]
    for code, text in rows:
        if text:
            yield f"{session.render(label(f'explain-{code}'))}: {text}"
    for said, code in ((rule.derived, "derived"), (rule.heuristic, "heuristic"), (rule.locked, "locked")):
        if said:
            yield session.render(label(f"explain-{code}"))


def _table(known: Mapping[str, RuleText], session: Session) -> Iterator[str]:
    from shirube.findings import severity_label
    from shirube.wrapping import grid_lines

    rows = [
        (
            rule.id,
            session.render(severity_label(rule.severity)) or rule.severity,
            ", ".join(rule.blocks),
            session.render(rule.message),
        )
        for rule in known.values()
    ]
    yield from grid_lines(rows, terminal_width())


def _markdown(known: Mapping[str, RuleText], session: Session) -> Iterator[str]:
    from shirube.findings import severity_label
    from shirube.reports import markdown_escaped

    heads = ["ID", *(session.render(label(f"explain-{code}")) for code in ("severity", "blocks", "quote", "message"))]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for rule in known.values():
        severity = session.render(severity_label(rule.severity)) or rule.severity
        cells = (rule.id, severity, ", ".join(rule.blocks), rule.quote, session.render(rule.message))
        yield f"| {' | '.join(markdown_escaped(one) for one in cells)} |"
