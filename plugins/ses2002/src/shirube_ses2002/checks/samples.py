"""The sample: its size, how it is mounted and prepared, and whether the guide is made for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from shirube.guidechecks import guide_of, leaf, manual_items
from shirube.guides import switched_on
from shirube.mentions import mention
from shirube.records import Entry, Value
from shirube.rules import Judgement, RuleContext, failed, informational, open_, passed
from shirube_ses2002.checks.stated import first, say, values

__all__ = ["JUDGES"]


def small_enough(limits: Mapping[str, str], entry: Entry, context: RuleContext) -> Judgement:
    """Judge that no dimension of the sample exceeds the guide's.

    Args:
        limits: Leaf of the guide's sample block that limits each term.
        entry: The entry.
        context: Has the guide.
    """
    guide = guide_of(context)
    allowed = {term: leaf(getattr(guide.sample, name), guide, f"sample.{name}") for term, name in limits.items()}
    sizes = {term: [float(one) for one in values(entry, term) if not isinstance(one, str)] for term in limits}
    size = " × ".join(f"{max(sizes[term], key=abs):g}" if sizes[term] else "?" for term in limits)
    limit = " × ".join(f"{allowed[term]:g}" for term in limits)
    if any(one <= 0 for stated in sizes.values() for one in stated):
        return failed(say("size-impossible", size=size, unit=guide.sample.unit))
    if any(one > allowed[term] for term, stated in sizes.items() for one in stated):
        return failed(size=size, limit=limit, unit=guide.sample.unit)
    missing = [term for term, stated in sizes.items() if not stated]
    if missing:
        return open_(", ".join(missing))
    return passed(size=size, unit=guide.sample.unit)


def mounted(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the mounting, as it is told, is on copper."""
    guide = guide_of(context)
    mounting = _manual(entry).get("sample_mounting")
    if mounting is None:
        return open_("sample_mounting")
    pattern = leaf(guide.sample.mounting_pattern, guide, "sample.mounting_pattern")
    return passed(value=mounting) if mention(pattern, [mounting]) == "affirmed" else failed(note=True, value=mounting)


def prepared(entry: Entry, context: RuleContext) -> Judgement:
    """Judge that the texts tell of cleaving or fracturing; sputtering is another way, and no mistake."""
    guide = guide_of(context)
    pattern = leaf(guide.sample.preparation_pattern, guide, "sample.preparation_pattern")
    manual = _manual(entry)
    sample = None if entry.registration is None else entry.registration.sample
    stated = first(entry, "sample_preparation")
    told = [stated, manual.get("remark"), manual.get("annotation"), None if sample is None else sample.description]
    for one in told:
        if mention(pattern, [one]) == "affirmed":
            return passed(value=one)
    if switched_on(manual.get("ion_sputtering_on")):
        return informational(say("sputtered"))
    denied = next((one for one in told if mention(pattern, [one]) == "denied"), stated)
    return open_("sample_preparation") if denied is None else failed(note=True, value=denied)


def of_the_stated_kind(entry: Entry, context: RuleContext) -> Judgement:
    """Compute whether the sample may be none of those that the guide is made for."""
    guide = guide_of(context)
    pattern = leaf(guide.sample.foreign_pattern, guide, "sample.foreign_pattern")
    kind, form = first(entry, "sample_class"), _form(entry, context)
    if kind is None and form is None:
        return open_("sample_class")
    foreign = [one for one in (kind,) if mention(pattern, [one]) == "affirmed"]
    foreign += [one for one in (form,) if one in guide.sample.foreign_forms]
    return informational(value=", ".join(str(one) for one in foreign)) if foreign else passed()


def _form(entry: Entry, context: RuleContext) -> Value | None:
    form = _manual(entry).get("form")
    item = next((one for one in guide_of(context).manual if one.key == "form"), None)
    return form if item is None or form is None else item.synonyms.get(str(form), str(form))


def _manual(entry: Entry) -> Mapping[str, Value]:
    return manual_items(entry) or {}


JUDGES: Final = {
    "SMP-001": partial(small_enough, {"sample_length": "max_length", "sample_width": "max_width"}),
    "SMP-002": partial(small_enough, {"sample_thickness": "max_thickness"}),
    "SMP-003": mounted,
    "SMP-004": prepared,
    "SMP-005": of_the_stated_kind,
}
