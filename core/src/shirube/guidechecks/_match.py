"""Whether an entry is of the instrument that a guide is for."""

from __future__ import annotations

import re
from typing import Any

from shirube.guidechecks._shared import guide_of
from shirube.guides import GuideData
from shirube.records import Entry, Facts
from shirube.rules import Judgement, RuleContext, failed, passed

__all__ = ["judge_match", "matches"]


def matches(guide: GuideData, entry: Entry) -> bool:
    """Tell whether an entry is of the instrument that ``guide`` is for: its readers, and a pattern for each term."""
    readers = {measurement.reader for measurement in entry.measurements}
    if guide.match.readers and not readers & set(guide.match.readers):
        return False
    return all(
        any(_found(pattern, facts, term) for facts in entry.facts.values())
        for term, pattern in guide.match.terms.items()
    )


def judge_match(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the entry is of the guide's instrument; otherwise somebody named the guide, which is worth a note."""
    guide = guide_of(context)
    seen = sorted({str(q.value) for f in entry.facts.values() for t in guide.match.terms if (q := f.get(t))})
    told: dict[str, Any] = {"model": guide.overview.model, "seen": ", ".join(seen) or "-"}
    return passed(**told) if matches(guide, entry) else failed(note=True, **told)


def _found(pattern: str, facts: Facts, term: str) -> bool:
    quantity = facts.get(term)
    return quantity is not None and re.search(pattern, str(quantity.value), re.IGNORECASE) is not None
