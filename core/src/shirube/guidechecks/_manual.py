"""Whether what was entered by hand is as a guide asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from shirube.guidechecks._shared import guide_of, not_asked, said
from shirube.guides import GuideData, ManualItem, switched_on
from shirube.messages import Text
from shirube.records import Entry, Value
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, passed

__all__ = ["judge_manual", "manual_items", "manual_problem"]

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {"integer": int, "number": (int, float), "string": str}


def manual_items(entry: Entry) -> Mapping[str, Value] | None:
    """Return what was entered by hand, by registry key, blanks left out; None when there was no form to fill in."""
    registration = entry.registration
    if registration is None or (registration.document is None and not registration.manual):
        return None
    return {key: value for key, value in registration.manual.items() if not _blank(value)}


def judge_manual(entry: Entry, context: RuleContext, *, key: str) -> Judgement:
    """Judge the item of this registry key: its type, choices and limits, and whether it had to be filled in."""
    guide = guide_of(context)
    item = next((one for one in guide.manual if one.key == key), None)
    if item is None:
        return not_asked()
    manual = manual_items(entry)
    if manual is None:
        return not_applicable(said("check-no-invoice"))
    switch = None if item.when is None else switched_on(manual.get(item.when))
    if key not in manual:
        return _left_blank(item, guide, needed=switch is True)
    return _entered(item, guide, manual[key], off=switch is False)


def manual_problem(item: ManualItem, value: Value) -> Text | None:
    """Return what is wrong with a manual item's value, None when it is as the guide asks."""
    if not _of_type(item, value):
        return said("check-wrong-type", value=repr(value), type=item.type)
    if item.choices and value not in item.choices and value not in item.synonyms:
        return said("check-no-choice", value=repr(value), choices=", ".join(item.choices))
    if item.type in ("integer", "number") and not _in_range(item, float(value)):
        return said("check-outside", value=repr(value), limits=_limits(item))
    return None


def _entered(item: ManualItem, guide: GuideData, value: Value, *, off: bool) -> Judgement:
    problem = manual_problem(item, value)
    if problem is not None:
        return failed(item=item.label, problem=problem)
    if off:
        return failed(note=True, item=item.label, problem=said("check-filled-though-off", other=_when(item, guide)))
    odd = next(_unusual(item, value), None)
    if odd is not None:
        return failed(note=True, item=item.label, problem=odd)
    if value in item.synonyms:
        return informational(said("check-taken-as", item=item.label, value=value, meant=item.synonyms[str(value)]))
    return passed(item=item.label, value=value)


def _left_blank(item: ManualItem, guide: GuideData, *, needed: bool) -> Judgement:
    if needed:
        return failed(item=item.label, problem=said("check-needed-with", other=_when(item, guide)))
    if item.default is not None:
        return informational(said("check-default", item=item.label, default=item.default))
    if item.expected:
        return failed(note=True, item=item.label, problem=said("check-left-blank"))
    return not_applicable(said("check-left-blank"))


def _unusual(item: ManualItem, value: Value) -> Iterator[Text]:
    if item.pattern and isinstance(value, str) and not re.search(item.pattern, value, re.IGNORECASE):
        yield said("check-unusual", value=repr(value))
    if isinstance(value, str | bool):
        return
    if item.usual_minimum is not None and value < item.usual_minimum:
        yield _hinted(value, item.below_usual)
    if item.usual_maximum is not None and value > item.usual_maximum:
        yield _hinted(value, item.above_usual)


def _hinted(value: Value, hint: Text) -> Text:
    """Return that a number is unusual, with the guide's sentence on it; the rule's own message ends the sentence."""
    text = said("check-unusual", value=repr(value))
    if not hint.en:
        return text
    return Text(en=f"{text.en}. {hint.en.rstrip('.')}", ja=f"{text.ja}。{hint.ja.rstrip('。')}")


def _of_type(item: ManualItem, value: Value) -> bool:
    if item.type == "boolean":
        return switched_on(value) is not None
    return isinstance(value, _TYPES[item.type]) and not isinstance(value, bool)


def _in_range(item: ManualItem, value: float) -> bool:
    above = item.above is None or value > item.above
    at_least = item.minimum is None or value >= item.minimum
    return above and at_least and (item.maximum is None or value <= item.maximum)


def _limits(item: ManualItem) -> str:
    lower = "" if item.minimum is None else f"{item.minimum:g}"
    shown = f"{lower} … {'' if item.maximum is None else f'{item.maximum:g}'}".strip()
    return (
        shown if item.above is None else f"> {item.above:g}" if item.maximum is None else f"> {item.above:g}, {shown}"
    )


def _when(item: ManualItem, guide: GuideData) -> Text | str:
    return next((one.label for one in guide.manual if one.key == item.when), item.when or "")


def _blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip()
