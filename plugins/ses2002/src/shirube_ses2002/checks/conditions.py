"""The recommended conditions of wide and narrow scans."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from shirube.guidechecks import guide_of, judge_conditions, matches, scan_classes
from shirube.records import Entry
from shirube.rules import Judgement, RuleContext, informational, not_applicable
from shirube_ses2002.checks.stated import listed, no_spectrum, say

__all__ = ["JUDGES"]


def scan_class(entry: Entry, context: RuleContext) -> Judgement:
    """Compute which regions are wide scans and which narrow ones."""
    guide = guide_of(context)
    classes = {
        guide.conditions[name].label: [one.id for one in spectra]
        for name, spectra in scan_classes(guide, entry).items()
        if spectra
    }
    return informational(classes=listed(entry, classes)) if classes else no_spectrum()


def place(entry: Entry, context: RuleContext) -> Iterator[Judgement]:
    """Judge that instrument and location are the guide's, unless the instrument is another one altogether."""
    if not matches(guide_of(context), entry):
        yield not_applicable(say("other-instrument"))
        return
    answers = [one for term in ("instrument", "location") for one in judge_conditions(entry, context, term=term)]
    # What the facility does not ask for of one of them says nothing against the other.
    wrong = [one for one in answers if one.kind not in ("pass", "notApplicable")]
    yield from wrong or sorted(answers, key=lambda one: one.kind == "notApplicable")[:1]


def never(text: str, entry: Entry, context: RuleContext) -> Judgement:
    """Return that the guide leaves it open: there is nothing to check."""
    del entry, context
    return not_applicable(say(text))


def _of(term: str, *scans: str) -> partial[Iterator[Judgement]]:
    return partial(judge_conditions, term=term, scans=scans or None)


JUDGES: Final = {
    "CND-001": scan_class,
    "CND-101": _of("pass_energy", "wide"),
    "CND-102": _of("binding_energy_min", "wide"),
    "CND-103": _of("binding_energy_max", "wide"),
    "CND-104": _of("energy_step", "wide"),
    "CND-105": _of("energy_resolution", "wide"),
    "CND-106": _of("xray_output"),
    "CND-107": partial(never, "resolution-left-open"),
    "CND-201": _of("pass_energy", "narrow"),
    "CND-202": _of("energy_step", "narrow"),
    "CND-203": _of("energy_resolution", "narrow"),
    "CND-204": partial(never, "range-left-open"),
    "CND-205": _of("xray_source"),
    "CND-206": place,
}
