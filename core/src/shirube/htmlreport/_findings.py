"""Findings and gates as the page shows them: worst first, what is open for one reason in one row."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.findings import CATEGORIES, SEVERITIES, alike, category
from shirube.htmlreport._words import Words
from shirube.records import Finding
from shirube.reports import FindingWords, finding_words, tally

__all__ = ["ShownFinding", "ShownFindings", "shown_findings"]


@frozen
class ShownFinding:
    """Findings that say the same: the words of the first, the rules of all, and how grave they are."""

    words: FindingWords
    rules: str
    category_rank: int
    severity_rank: int


@frozen
class ShownFindings:
    """All findings of something: how many of which kind, and those that somebody should read."""

    tally: str
    rows: tuple[ShownFinding, ...] = field(converter=as_tuple)


def shown_findings(findings: Sequence[Finding], words: Words) -> ShownFindings:
    """Return findings ready for the page; what passed and what does not apply is only counted."""
    ordered = sorted(findings, key=lambda one: (CATEGORIES.index(category(one)), SEVERITIES.index(one.severity)))
    rows = [_shown(group, words) for group in alike(ordered)]
    return ShownFindings(tally(findings, words.lang), rows)


def _shown(group: Sequence[Finding], words: Words) -> ShownFinding:
    first = group[0]
    rules = words.listed(list(dict.fromkeys(one.rule for one in group)))
    ranks = CATEGORIES.index(category(first)), SEVERITIES.index(first.severity)
    return ShownFinding(finding_words(first, words.lang), rules, *ranks)
