"""The dataset's title (データセット名)."""

from __future__ import annotations

import unicodedata
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.lengths import at_most, measure
from shirube_policy.parameters import parameters_of

#: Longest title in full-width equivalents: 50 characters in Japanese, 100 in English.
TITLE_LIMIT: Final = 50

__all__ = ["JUDGES", "TITLE_LIMIT", "distinct", "short_enough", "titled"]


def titled(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that there is a title."""
    if dataset.title is None:
        return open_("title")
    return passed() if filled(dataset.title) else failed(path="title")


def short_enough(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the title is not longer than about 50 characters (100 in English)."""
    if dataset.title is None:
        return open_("title")
    length = measure(dataset.title)
    band = at_most(length, TITLE_LIMIT, parameters_of(context).about_tolerance)
    characters, full_width = length.characters, f"{length.full_width:g}"
    if band == "within":
        return passed(characters=characters, full_width=full_width)
    return failed(note=band == "about", path="title", characters=characters, full_width=full_width)


def distinct(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that no other dataset of the same project has the same title, spaces and punctuation aside."""
    if dataset.title is None:
        return open_("title")
    if dataset.sibling_titles is None:
        return open_("sibling_titles")
    mine = _identity(dataset.title)
    same = [title for title in dataset.sibling_titles if _identity(title) == mine]
    return failed(path="title", others=", ".join(same)) if same else passed(count=len(dataset.sibling_titles))


def _identity(title: str) -> str:
    folded = unicodedata.normalize("NFKC", title).casefold()
    kept = "".join(char for char in folded if unicodedata.category(char)[0] not in "CPZ")
    return kept or folded.strip()


JUDGES: Final = {
    "ARIM-TTL-001": titled,
    "ARIM-TTL-002": short_enough,
    "ARIM-TTL-005": distinct,
}
