"""The items of データ品質の向上へのご協力願い taken together: which are missing, and which nobody can tell."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from attrs import frozen

from shirube.messages import Text
from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext
from shirube_policy.judges import descriptions, managers, materials, titles
from shirube_policy.parameters import parameters_of
from shirube_policy.wording import say

Judge: TypeAlias = Callable[[Dataset, RuleContext], "Judgement | Sequence[Judgement]"]

#: The policy calls items required (必須項目) and lists none: each of the section's four headings is one, and these are
#: the rules that say whether it is there.
_ITEMS: Final[tuple[tuple[str, tuple[tuple[str, Judge], ...]], ...]] = (
    ("item-material", (("ARIM-MAT-001", materials.recorded),)),
    (
        "item-description",
        (
            ("ARIM-DSC-001", descriptions.described),
            ("ARIM-DSC-002", descriptions.long_enough),
            ("ARIM-DSC-003", descriptions.short_enough),
        ),
    ),
    ("item-title", (("ARIM-TTL-001", titles.titled), ("ARIM-TTL-002", titles.short_enough))),
    ("item-manager", (("ARIM-MGR-001", managers.named), ("ARIM-MGR-002", managers.affiliated))),
)
#: Beyond the catalogue, a DOI asks for a title that is final and tells datasets apart.
_TITLE_OF_A_DOI: Final[tuple[tuple[str, Judge], ...]] = (
    ("ARIM-TTL-003", titles.final),
    ("ARIM-TTL-005", titles.distinct),
)
_REQUIRED: Final = tuple(
    (name, (*rules, *_TITLE_OF_A_DOI) if name == "item-title" else rules) for name, rules in _ITEMS
)

__all__ = ["Items", "catalogue_items", "description_failing", "required_items"]


@frozen
class Items:
    """Items that are missing, and the fields that would decide the others."""

    lacking: tuple[Text, ...]
    missing: tuple[str, ...]


def catalogue_items(dataset: Dataset, context: RuleContext) -> Items:
    """Return what a catalogue page lacks."""
    return _judged(_ITEMS, _Same(dataset, context))


def required_items(dataset: Dataset, context: RuleContext) -> Items:
    """Return what a DOI lacks."""
    return _judged(_REQUIRED, _Same(dataset, context))


def description_failing(dataset: Dataset, context: RuleContext) -> Judgement | None:
    """Return the first failure of the description, else the first open question, else None."""
    return _first_amiss(dict(_ITEMS)["item-description"], dataset, context)


@frozen(eq=False)
class _Same:
    """A dataset and how it is judged; equal to another when both are the very same records."""

    dataset: Dataset
    context: RuleContext

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.dataset is other.dataset and self.context is other.context

    def __hash__(self) -> int:
        return hash((id(self.dataset), id(self.context)))


# Seven rules ask for the same items one after the other; the cache holds the records, so that no id comes back.
@functools.lru_cache(maxsize=4)
def _judged(items: tuple[tuple[str, tuple[tuple[str, Judge], ...]], ...], case: _Same) -> Items:
    lacking: list[Text] = []
    missing: list[str] = []
    for name, rules in items:
        answer = _first_amiss(rules, case.dataset, case.context)
        if answer is not None and answer.kind == "fail":
            lacking.append(say(name))
        elif answer is not None:
            missing.append(str(answer.params["missing"]))
    return Items(tuple(lacking), tuple(dict.fromkeys(missing)))


def _first_amiss(rules: Iterable[tuple[str, Judge]], dataset: Dataset, context: RuleContext) -> Judgement | None:
    """Return the first failure that is no note, else the first open question, else None.

    Rules that are disabled and failures that are waived do not count.
    """
    disabled = parameters_of(context).disable
    first_open = None
    for rule, judge in rules:
        if rule in disabled:
            continue
        answer = judge(dataset, context)
        for one in (answer,) if isinstance(answer, Judgement) else answer:
            if one.kind == "fail" and not one.note and not context.accepts(rule, one.path):
                return one
            if one.kind == "open" and first_open is None:
                first_open = one
    return first_open
