"""Whether spectra were measured as a guide recommends for scans of their class."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from shirube.energy import scan_width
from shirube.guidechecks._shared import guide_of, not_asked, region_list, said
from shirube.guides import Condition, GuideData, ScanClass
from shirube.mentions import mention
from shirube.messages import Text
from shirube.records import Entry, Facts, Spectrum
from shirube.rules import Judgement, RuleContext, RuleOutcome, failed, informational, not_applicable, open_, passed

#: Conditions on the axis itself, which no key of a file gives.
_ENDS: Final = ("binding_energy_min", "binding_energy_max")

__all__ = ["judge_conditions", "scan_classes"]


def scan_classes(guide: GuideData, entry: Entry) -> Mapping[str, tuple[Spectrum, ...]]:
    """Return the spectra of each scan class, by the name of the class."""
    spectra = entry.spectra()
    return {name: tuple(one for one in spectra if _in_class(scan, one)) for name, scan in guide.conditions.items()}


def judge_conditions(
    entry: Entry, context: RuleContext, *, term: str, scans: Collection[str] | None = None
) -> Iterator[Judgement]:
    """Judge that spectra have the value that the guide recommends for ``term``.

    A deviation is a note, one that the guide rules out a failure, one that is better than recommended is only told.

    Args:
        entry: The entry.
        context: Has the guide.
        term: The term of the condition.
        scans: Names of the scan classes to look at; default: all.
    """
    guide = guide_of(context)
    classes = scan_classes(guide, entry)
    asked = [
        (name, condition)
        for name, scan in guide.conditions.items()
        for condition in scan.conditions
        if condition.term == term and (scans is None or name in scans)
    ]
    if not asked:
        yield not_asked()
        return
    answers: list[Judgement] = []
    unknown: dict[Text, list[str]] = {}
    for name, condition in asked:
        answers += _deviations(entry, guide.conditions[name], condition, classes[name])
        if lacking := _lacking(entry, condition, classes[name]):
            unknown.setdefault(_wanted(condition), []).extend(lacking)
    for wanted, ids in unknown.items():
        told: dict[str, Any] = {"item": asked[0][1].label, "where": region_list(entry, ids), "wanted": wanted}
        answers.append(open_(term, said("check-unknown", **told)))
    if answers:
        yield from answers
    elif any(classes[name] for name, _ in asked):
        yield passed(item=asked[0][1].label, wanted=_wanted(asked[0][1]))
    elif scans is None and entry.spectra():
        # There are scans of other classes, for which the facility asks nothing of this.
        yield not_asked()
    else:
        yield _no_scan(guide.conditions[name] for name, _ in asked)


def _no_scan(scans: Iterator[ScanClass]) -> Judgement:
    labels = list(dict.fromkeys(scan.label for scan in scans))
    shown = Text(en=", ".join(one.en for one in labels), ja="、".join(one.ja for one in labels))
    return not_applicable(said("check-no-scan", scan=shown))


def _deviations(
    entry: Entry, scan: ScanClass, condition: Condition, spectra: Collection[Spectrum]
) -> Iterator[Judgement]:
    """Yield an answer for each value that is not the recommended one, with the regions that have it."""
    values: dict[tuple[RuleOutcome, str], list[str]] = {}
    for spectrum in spectra:
        value = _value(spectrum, entry.facts[spectrum.id], condition)
        outcome = "pass" if value is None else _outcome(value, condition)
        if value is not None and outcome != "pass":
            values.setdefault((outcome, _shown(value, condition)), []).append(spectrum.id)
    for (outcome, shown), ids in values.items():
        told: dict[str, Any] = {"item": condition.label, "scan": scan.label, "value": shown}
        told |= {"wanted": _wanted(condition), "where": region_list(entry, ids)}
        if outcome == "informational":
            yield informational(said("check-better", **told))
        else:
            yield failed(note=outcome == "note", **told)


def _lacking(entry: Entry, condition: Condition, spectra: Collection[Spectrum]) -> list[str]:
    """Return the regions whose value is not known, although it should be."""
    if condition.optional or condition.comparison == "blank":
        return []
    return [one.id for one in spectra if _value(one, entry.facts[one.id], condition) is None]


def _in_class(scan: ScanClass, spectrum: Spectrum) -> bool:
    width = scan_width(spectrum)
    return width >= scan.min_width and (scan.max_width is None or width < scan.max_width)


def _value(spectrum: Spectrum, facts: Facts, condition: Condition) -> float | str | None:
    if condition.term in _ENDS:
        if spectrum.reference.scale != "binding":
            return None
        ends = spectrum.energy
        return float(ends.min() if condition.term.endswith("min") else ends.max())
    quantity = facts.get(condition.term)
    if quantity is None:
        return None
    return quantity.value if isinstance(quantity.value, str) else quantity.number


def _outcome(value: float | str, condition: Condition) -> RuleOutcome:
    satisfied = _satisfied(value, condition)
    if condition.refused and mention(condition.refused, [value]) == "affirmed":
        # A text that speaks of both is for a person to read.
        return "note" if satisfied else "fail"
    if satisfied:
        return "pass"
    if condition.better is None or isinstance(value, str) or isinstance(condition.value, str):
        return "note"
    lower = value < condition.value
    return "informational" if lower == (condition.better == "lower") else "note"


def _satisfied(value: float | str, condition: Condition) -> bool:
    if condition.comparison == "blank":
        return False
    if isinstance(condition.value, str) or isinstance(value, str):
        return mention(str(condition.value), [value]) == "affirmed"
    limits = {
        "equal": abs(value - condition.value) <= condition.tolerance,
        "at_most": value <= condition.value + condition.tolerance,
        "at_least": value >= condition.value - condition.tolerance,
    }
    return limits.get(condition.comparison, False)


def _shown(value: float | str, condition: Condition) -> str:
    return f"{value:g} {condition.unit or ''}".strip() if isinstance(value, float) else value


def _wanted(condition: Condition) -> Text:
    if condition.printed is not None:
        return condition.printed
    sign = {"at_most": "≤ ", "at_least": "≥ "}.get(condition.comparison, "")
    number = None if isinstance(condition.value, str) else f"{condition.value:g} {condition.unit or ''}".strip()
    shown = str(condition.value) if number is None else f"{sign}{number}"
    return Text(en=shown, ja=shown)
