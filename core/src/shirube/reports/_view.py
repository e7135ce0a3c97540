"""What Markdown and HTML show alike: the words of one finding and of one gate in one language."""

from __future__ import annotations

from attrs import frozen

from shirube.errors import core_message
from shirube.findings import category, category_label, severity_label, subject_label
from shirube.gates import Gate, GateState, state_message
from shirube.messages import Language
from shirube.records import Finding

__all__ = ["FindingWords", "GateWords", "finding_words", "gate_words"]


@frozen
class FindingWords:
    """A finding in words; an empty text where there is nothing to say."""

    category: str
    label: str
    severity: str
    rule: str
    subject: str
    message: str
    where: str
    remedy: str
    remarks: tuple[str, ...]
    quote: str


@frozen
class GateWords:
    """A gate in words."""

    state: GateState
    label: str
    stands: str
    rules: tuple[str, ...]


def finding_words(finding: Finding, lang: Language) -> FindingWords:
    """Return the words of a finding."""
    kind = category(finding)
    where = finding.path or ""
    return FindingWords(
        category=kind,
        label=category_label(kind).render(lang),
        severity=severity_label(finding.severity).render(lang),
        rule=finding.rule,
        subject=f"{subject_label(finding.subject.kind).render(lang)} {finding.subject.id}",
        message=finding.message.render(lang),
        where=where if finding.line is None else f"{where}:{finding.line}",
        remedy="" if finding.remedy is None else finding.remedy.render(lang),
        remarks=tuple(_remarks(finding, lang)),
        quote=finding.quote or "",
    )


def gate_words(gate: Gate, lang: Language) -> GateWords:
    """Return the words of a gate."""
    rules = tuple(dict.fromkeys(cause.rule for cause in gate.causes))
    return GateWords(gate.state, gate.label.render(lang), state_message(gate.state).render(lang), rules)


def _remarks(finding: Finding, lang: Language) -> list[str]:
    said = []
    if finding.due is not None:
        said.append(core_message("finding-due", due=finding.due).render(lang))
    if finding.waiver is not None:
        waiver = finding.waiver
        code = "finding-waived" if waiver.expires is None else "finding-waived-until"
        params = {"reason": waiver.reason, "approver": waiver.approved_by, "expires": waiver.expires}
        said.append(core_message(code, **params).render(lang))
    return said
