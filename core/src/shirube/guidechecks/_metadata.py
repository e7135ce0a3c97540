"""Whether the selected metadata of a guide are there, and can be what they are."""

from __future__ import annotations

from collections.abc import Iterator

from shirube.guidechecks._shared import guide_of, not_asked, region_list, said
from shirube.guides import MetadataItem
from shirube.messages import Text
from shirube.records import Entry, Quantity
from shirube.rules import Judgement, RuleContext, failed, passed

__all__ = ["item_name", "judge_metadata", "value_problem"]


def judge_metadata(entry: Entry, context: RuleContext, *, key: str) -> Iterator[Judgement]:
    """Judge that every spectrum has the item of this registry key, with a value that it can have."""
    item = next((one for one in guide_of(context).metadata if one.key == key), None)
    if item is None:
        yield not_asked()
        return
    name = item_name(item)
    problems: dict[Text, list[str]] = {}
    for spectrum in entry.spectra():
        quantity = entry.facts[spectrum.id].get(item.term)
        problem = said("check-missing") if quantity is None else value_problem(item, quantity)
        if problem is not None:
            problems.setdefault(problem, []).append(spectrum.id)
    for problem, where in problems.items():
        yield failed(item=name, where=region_list(entry, where), problem=problem)
    if not problems and entry.spectra():
        yield passed(item=name)


def item_name(item: MetadataItem) -> Text:
    """Return how a selected item is called: as the instrument spells it, in Japanese by its label."""
    return Text(en=item.name, ja=item.label.ja)


def value_problem(item: MetadataItem, quantity: Quantity) -> Text | None:
    """Return what is wrong with the value of a selected item, None when it is one that the item can have."""
    value = quantity.value
    if item.choices and str(value).casefold() not in [one.casefold() for one in item.choices]:
        return said("check-no-choice", value=repr(value), choices=", ".join(item.choices))
    if isinstance(value, str):
        return None
    if item.above is not None and not value > item.above:
        return said("check-outside", value=repr(value), limits=f"> {item.above:g}")
    if item.minimum is not None and not value >= item.minimum:
        return said("check-outside", value=repr(value), limits=f">= {item.minimum:g}")
    return None
