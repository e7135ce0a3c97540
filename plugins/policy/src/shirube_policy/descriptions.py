"""The dataset's description (データセットの説明)."""

from __future__ import annotations

from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.lengths import Band, Length, at_least, at_most, measure
from shirube_policy.parameters import parameters_of
from shirube_policy.wording import say

#: Shortest and longest description in full-width equivalents: 200 to 500 characters, 400 to 1000 in English.
SHORTEST: Final = 200
LONGEST: Final = 500

__all__ = ["JUDGES", "LONGEST", "SHORTEST", "described", "in_its_field", "long_enough", "short_enough"]


def described(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that there is a description."""
    if dataset.description is None:
        return open_("description")
    return passed() if filled(dataset.description) else failed(path="description")


def long_enough(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the description has at least about 200 characters (400 in English)."""
    if dataset.description is None:
        return open_("description")
    length = measure(dataset.description)
    return _counted(length, at_least(length, SHORTEST, parameters_of(context).about_tolerance))


def short_enough(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the description has at most about 500 characters (1000 in English)."""
    if dataset.description is None:
        return open_("description")
    length = measure(dataset.description)
    return _counted(length, at_most(length, LONGEST, parameters_of(context).about_tolerance))


def in_its_field(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the description does not stand in the entries' field instead of the dataset's."""
    if dataset.description is None:
        return open_("description")
    if filled(dataset.description):
        return passed()
    elsewhere = [place for place, entry in enumerate(dataset.entries) if filled(entry.description)]
    if elsewhere:
        return failed(path=f"entries[{elsewhere[0]}].description", count=len(elsewhere))
    if any(entry.description is None for entry in dataset.entries):
        return open_("entries[].description")
    return not_applicable(say("description-nowhere"))


def _counted(length: Length, band: Band) -> Judgement:
    characters, full_width = length.characters, f"{length.full_width:g}"
    if band == "within":
        return passed(characters=characters, full_width=full_width)
    return failed(note=band == "about", path="description", characters=characters, full_width=full_width)


JUDGES: Final = {
    "ARIM-DSC-001": described,
    "ARIM-DSC-002": long_enough,
    "ARIM-DSC-003": short_enough,
    "ARIM-DSC-005": in_its_field,
}
