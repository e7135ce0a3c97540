"""Findings for people and programs: text in Japanese or English, versioned JSON, counts and the exit level."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, get_args

import cattrs

from shirube._structure import converter
from shirube.errors import InputError, core_message
from shirube.messages import Language, Text
from shirube.records import Finding, Severity, Subject
from shirube.text import display_width
from shirube.wrapping import wrapped

#: What a finding comes to, worst first; every finding is exactly one of them.
Category: TypeAlias = Literal[
    "error", "fail", "waived", "note", "review", "open", "informational", "notApplicable", "pass"
]
FailOn: TypeAlias = Literal["must", "should", "may", "never"]

SCHEMA: Final = "shirube-findings/1"
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
_QUIET: Final = ("pass", "notApplicable")
#: Columns of a long list of rules; never fewer than the second, however far it is indented.
_WIDTH: Final = 110
_NARROWEST: Final = 40

_CATEGORY_LABELS: Final[Mapping[Category, Text]] = {
    "error": Text(en="error", ja="エラー"),
    "fail": Text(en="fail", ja="不適合"),
    "waived": Text(en="waived", ja="免除"),
    "note": Text(en="note", ja="注意"),
    "review": Text(en="review", ja="要判断"),
    "open": Text(en="open", ja="未定"),
    "informational": Text(en="info", ja="情報"),
    "notApplicable": Text(en="n/a", ja="対象外"),
    "pass": Text(en="pass", ja="適合"),
}
_SEVERITY_LABELS: Final[Mapping[Severity, Text]] = {
    "must": Text(en="must", ja="必須"),
    "should": Text(en="should", ja="推奨"),
    "may": Text(en="may", ja="任意"),
    "info": Text(en="", ja=""),
}
_SUBJECT_LABELS: Final[Mapping[str, Text]] = {
    "item": Text(en="item", ja="項目"),
    "entry": Text(en="entry", ja="エントリー"),
    "spectrum": Text(en="spectrum", ja="スペクトル"),
    "dataset": Text(en="dataset", ja="データセット"),
    "tree": Text(en="folder", ja="フォルダー"),
    "run": Text(en="run", ja="実行"),
}

__all__ = [
    "CATEGORIES",
    "SCHEMA",
    "Category",
    "FailOn",
    "alike",
    "category",
    "category_label",
    "counts",
    "from_json",
    "level_reached",
    "render_text",
    "severity_label",
    "subject_label",
    "to_json",
    "worst",
]


def category(finding: Finding) -> Category:
    """Return what ``finding`` comes to: its kind, with failures told apart into error, waived, note and fail."""
    if finding.kind != "fail":
        return finding.kind
    if finding.error:
        return "error"
    if finding.waiver is not None:
        return "waived"
    return "note" if finding.note else "fail"


def category_label(one: Category) -> Text:
    """Return what people call a category."""
    return _CATEGORY_LABELS[one]


def severity_label(severity: Severity) -> Text:
    """Return what people call a severity; empty for ``info``."""
    return _SEVERITY_LABELS[severity]


def subject_label(kind: str) -> Text:
    """Return what people call a kind of subject."""
    return _SUBJECT_LABELS[kind]


def counts(findings: Iterable[Finding]) -> dict[Category, int]:
    """Return how many findings there are of every category, worst first, zeros included."""
    tally: dict[Category, int] = dict.fromkeys(CATEGORIES, 0)
    for finding in findings:
        tally[category(finding)] += 1
    return tally


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity among the failures that count; an error counts as ``must``. None without failures."""
    grave = {"must" if finding.error else finding.severity for finding in findings if finding.counts}
    return next((severity for severity in SEVERITIES if severity in grave), None)


def level_reached(findings: Iterable[Finding], fail_on: FailOn) -> bool:
    """Tell whether a failure of severity ``fail_on`` or above counts, so that the exit code is 1.

    Notes and waived failures never count; a failure that only informs is below every level.
    """
    found = worst(findings)
    return fail_on != "never" and found is not None and SEVERITIES.index(found) <= SEVERITIES.index(fail_on)


def to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings as plain data: schema id, worst severity, counts, and every finding in both languages."""
    return {
        "schema": SCHEMA,
        "worst": worst(findings),
        "counts": counts(findings),
        "findings": _converter().unstructure(list(findings)),
    }


def from_json(value: object) -> tuple[Finding, ...]:
    """Return the findings of :func:`to_json`.

    Raises:
        InputError: The value is of another schema, or a finding holds something that it should not.
    """
    if not isinstance(value, Mapping) or value.get("schema") != SCHEMA:
        raise InputError(core_message("findings-schema", schema=SCHEMA))
    listed = value.get("findings")
    try:
        return _converter().structure(listed if isinstance(listed, list) else [listed], tuple[Finding, ...])
    except cattrs.BaseValidationError as error:
        reasons = "; ".join(cattrs.transform_error(error, path="findings"))
        raise InputError(core_message("findings-malformed", reason=reasons)) from None


@functools.cache
def _converter() -> cattrs.Converter:
    return converter()


def render_text(findings: Sequence[Finding], lang: Language, *, verbose: bool = False) -> str:
    """Return the findings as people read them: by subject, worst first, a line of counts at the end.

    Passes and rules that do not apply are only counted, and rules that wait for the same input stand together, unless
    ``verbose``, which also quotes the sources.
    """
    if not findings:
        return core_message("findings-none").render(lang) + "\n"
    groups: dict[Subject, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.subject, []).append(finding)
    shown = [together for group in groups.values() for together in alike(group, verbose=verbose)]
    widths = _widths(shown, lang)
    blocks = [_block(subject, group, widths, lang, verbose=verbose) for subject, group in groups.items()]
    return "\n\n".join([*blocks, _summary(findings, lang)]) + "\n"


def _block(subject: Subject, group: Sequence[Finding], widths: Sequence[int], lang: Language, *, verbose: bool) -> str:
    ordered = sorted(group, key=lambda one: (CATEGORIES.index(category(one)), SEVERITIES.index(one.severity)))
    lines = [_clean(f"{_SUBJECT_LABELS[subject.kind].render(lang)} {subject.id}")]
    for together in alike(ordered, verbose=verbose):
        lines += _lines(together, widths, lang, verbose=verbose)
    if not verbose and (quiet := _tally(group, lang, _QUIET)):
        lines.append(f"  {quiet}")
    return "\n".join(lines)


def alike(findings: Iterable[Finding], *, verbose: bool = False) -> list[list[Finding]]:
    """Return what a person should see, rules that are open for the same reason together; all, apart, if ``verbose``."""
    shown: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        if verbose or category(finding) not in _QUIET:
            together = finding.kind == "open" and not verbose
            shown.setdefault((finding.message, finding.path, finding.line) if together else number, []).append(finding)
    return list(shown.values())


def _lines(alike: Sequence[Finding], widths: Sequence[int], lang: Language, *, verbose: bool) -> list[str]:
    finding = alike[0]
    head = "  ".join(_padded(cell, width) for cell, width in zip(_cells(alike, lang), widths, strict=True))
    indent = " " * (2 + display_width(head) + 2)
    said = [f"  {head}  {_clean(finding.message.render(lang))}{_where(finding)}"]
    if len(alike) > 1:
        rules = ", ".join(dict.fromkeys(one.rule for one in alike))
        said += [f"{indent}{line}" for line in wrapped(rules, max(_NARROWEST, _WIDTH - len(indent)))]
    if finding.remedy is not None:
        said.append(f"{indent}-> {_clean(finding.remedy.render(lang))}")
    if finding.due is not None:
        said.append(indent + core_message("finding-due", due=finding.due).render(lang))
    if finding.waiver is not None:
        said.append(indent + _clean(_waived(finding, lang)))
    if verbose and finding.quote:
        said.append(f"{indent}「{finding.quote}」")
    return said


def _clean(text: str) -> str:
    # Texts quote titles and names out of data, which may hold line breaks or control sequences of a terminal.
    return "".join(char if char.isprintable() else " " for char in text)


def _waived(finding: Finding, lang: Language) -> str:
    waiver = finding.waiver
    if waiver is None:
        return ""
    code = "finding-waived" if waiver.expires is None else "finding-waived-until"
    said = core_message(code, reason=waiver.reason, approver=waiver.approved_by, expires=waiver.expires)
    return said.render(lang)


def _where(finding: Finding) -> str:
    if finding.path is None:
        return ""
    return _clean(f" [{finding.path}]" if finding.line is None else f" [{finding.path}:{finding.line}]")


def _cells(alike: Sequence[Finding], lang: Language) -> tuple[str, str, str]:
    finding = alike[0]
    kind = _CATEGORY_LABELS[category(finding)].render(lang)
    severity = _SEVERITY_LABELS[finding.severity].render(lang)
    rule = finding.rule if len(alike) == 1 else core_message("finding-rules", count=len(alike)).render(lang)
    return kind, severity, rule


def _widths(shown: Sequence[Sequence[Finding]], lang: Language) -> list[int]:
    rows = [_cells(together, lang) for together in shown]
    return [max((display_width(row[column]) for row in rows), default=0) for column in range(3)]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _summary(findings: Sequence[Finding], lang: Language) -> str:
    return _tally(findings, lang, CATEGORIES)


def _tally(findings: Sequence[Finding], lang: Language, wanted: Sequence[Category]) -> str:
    tally = counts(findings)
    parts = [f"{_CATEGORY_LABELS[one].render(lang)} {tally[one]}" for one in wanted if tally[one]]
    return ("、" if lang == "ja" else ", ").join(parts)
