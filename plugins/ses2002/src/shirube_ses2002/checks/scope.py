"""Whether the guide is for the instrument, and how its model is spelt."""

from __future__ import annotations

import re
from typing import Final

from shirube.guidechecks import guide_of, judge_match, leaf, matches
from shirube.records import Entry
from shirube.rules import Judgement, RuleContext, informational, not_applicable, open_, passed
from shirube_ses2002.checks.stated import say, values

__all__ = ["JUDGES", "applies", "model_name"]


def applies(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the files name the guide's instrument."""
    guide = guide_of(context)
    if not matches(guide, entry) and not any(values(entry, term) for term in guide.match.terms):
        return open_(", ".join(guide.match.terms))
    return judge_match(entry, context)


def model_name(entry: Entry, context: RuleContext) -> Judgement:
    """Compute what the instrument's model is called in the guide, whatever the files call it."""
    guide = guide_of(context)
    pattern = leaf(guide.overview.model_pattern, guide, "overview.model_pattern")
    spelt = [m[0] for name in values(entry, "instrument") if (m := re.search(pattern, str(name), re.IGNORECASE))]
    if not spelt:
        return not_applicable(say("no-model"))
    others = [one for one in dict.fromkeys(spelt) if one != guide.overview.model]
    model = guide.overview.model
    return informational(model=model, seen=", ".join(others)) if others else passed(model=model)


JUDGES: Final = {"GEN-001": applies, "GEN-002": model_name}
