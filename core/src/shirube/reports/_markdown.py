"""Markdown: the report for an issue, a wiki or a mail; what comes out of data cannot become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from shirube.errors import core_message
from shirube.findings import CATEGORIES, category_label, counts
from shirube.messages import Language
from shirube.records import Finding
from shirube.reports._report import JudgedRecord, Report
from shirube.reports._view import finding_words, gate_words

#: Punctuation that Markdown, or a platform's additions to it, reads as markup somewhere.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#|~@$!&])|^(\s*)([-+]|\d+\.)(?=\s)", re.MULTILINE)

__all__ = ["escaped", "render"]


def render(report: Report, lang: Language, *, verbose: bool) -> str:
    """Return the report as Markdown with tables (CommonMark and the tables of GitHub)."""
    lines = [f"# {core_message('report-title').render(lang)}", "", _about(report, lang)]
    for record in report.records:
        lines += ["", f"## {escaped(record.name)}", "", *_gates(record, lang)]
        lines += ["", *_findings(record.shown(verbose=verbose), lang), tally(record.findings, lang)]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return a text as one line that Markdown shows as it is."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _MARKUP.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}{_listed(found[3])}", line)


def tally(findings: Sequence[Finding], lang: Language) -> str:
    """Return how many findings there are of each category."""
    found = counts(findings)
    parts = [f"{category_label(one).render(lang)} {found[one]}" for one in CATEGORIES if found[one]]
    return ("、" if lang == "ja" else ", ").join(parts)


def _listed(mark: str) -> str:
    return f"{mark[:-1]}\\." if mark.endswith(".") else f"\\{mark}"


def _about(report: Report, lang: Language) -> str:
    plugins = ", ".join(f"{one.distribution} {one.version}" for one in report.plugins)
    said = core_message("report-about", day=report.judged_on, version=report.version, plugins=plugins or "-")
    return escaped(said.render(lang))


def _gates(record: JudgedRecord, lang: Language) -> Iterator[str]:
    if not record.gates:
        return
    heads = [core_message(f"report-{name}").render(lang) for name in ("gate", "stands", "causes")]
    yield _row(heads)
    yield _row(["---"] * 3)
    for gate in record.gates:
        words = gate_words(gate, lang)
        yield _row(
            [escaped(words.label), f"**{escaped(words.stands)}**", ", ".join(escaped(one) for one in words.rules)]
        )


def _findings(findings: Sequence[Finding], lang: Language) -> Iterator[str]:
    for finding in findings:
        words = finding_words(finding, lang)
        head = " ".join(part for part in (f"**{words.label}**", words.severity, f"`{words.rule}`") if part)
        where = f" ({escaped(words.where)})" if words.where else ""
        yield f"- {head}: {escaped(words.message)}{where}"
        for extra in (f"→ {words.remedy}" if words.remedy else "", *words.remarks):
            if extra:
                yield f"  - {escaped(extra)}"
    if findings:
        yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
