"""Anonymity (匿名化/非表示化): its procedure, and whether what is hidden still stands somewhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.hidden import FIELDS, SHOWN, Kind, found_in, kinds_hidden, texts_of, traces
from shirube_policy.hidden import published as public_part
from shirube_policy.judges.common import shared_part
from shirube_policy.stages import days_of
from shirube_policy.wording import say

#: Part of the report's text that the description repeats.
_REPEATED: Final = 0.8

__all__ = ["JUDGES"]


def procedure_done(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the procedure is complete when data are shared, and hides what can be hidden."""
    wish = dataset.anonymization
    if wish is None or not wish.requested:
        unknown = dataset.is_anonymized is not False if wish is None else wish.requested is None
        return open_("anonymization.requested") if unknown else not_applicable(say("not-anonymised"))
    other = [one for one in wish.fields or () if one.strip().casefold() not in FIELDS]
    if other:
        return failed(say("hides-too-much"), path="anonymization.fields", fields=", ".join(other))
    if wish.procedure_done is not False:
        return passed() if wish.procedure_done else open_("anonymization.procedure_done")
    opens = days_of(dataset, context).open_from
    if opens is None or context.today < opens:
        return informational(say("procedure-ahead")) if opens else open_("embargo_end")
    return failed(path="anonymization.procedure_done")


def no_doi_wanted(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that an anonymised dataset neither has a DOI nor asks for one."""
    if dataset.is_anonymized is None:
        return open_("is_anonymized")
    if not dataset.is_anonymized:
        return not_applicable(say("not-anonymised"))
    if dataset.doi_requested or (dataset.doi or "").strip():
        return failed(path="doi_requested" if dataset.doi_requested else "doi")
    if dataset.doi is None and dataset.doi_requested is None:
        return open_("doi_requested")
    return passed()


def nothing_left(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge that nothing of what is hidden stands in a text that will be published."""
    if not dataset.is_anonymized:
        return open_("is_anonymized") if dataset.is_anonymized is None else not_applicable(say("not-anonymised"))
    found = list(_left(dataset))
    if any(not one.note for one in found):
        return found
    unknown = _unknown(dataset)
    return [*found, open_(", ".join(unknown))] if unknown else found or passed()


def owner_hidden_too(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note an anonymised dataset whose sample's owner is shown."""
    if not dataset.is_anonymized:
        return open_("is_anonymized") if dataset.is_anonymized is None else not_applicable(say("not-anonymised"))
    if dataset.sample is None or dataset.sample.hide_owner is None:
        return open_("sample.hide_owner")
    return passed() if dataset.sample.hide_owner else failed(note=True, path="sample.hide_owner")


def unlike_the_report(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note a description that repeats the report on the use, which is published under its author's name."""
    if not dataset.is_anonymized:
        return open_("is_anonymized") if dataset.is_anonymized is None else not_applicable(say("not-anonymised"))
    for field in ("usage_report", "description"):
        if getattr(dataset, field) is None:
            return open_(field)
    text, report = dataset.description or "", dataset.usage_report or ""
    alike = filled(text) and shared_part(text, report) >= _REPEATED
    return failed(note=True, path="description") if alike else passed()


def _left(dataset: Dataset) -> Iterator[Judgement]:
    """Yield where something hidden stands, each kind once a place.

    A family name alone may be another's, and publications have authors: notes.
    """
    wanted = [one for one in traces(dataset) if one.certainty != "perhaps"]
    for place, text in texts_of(public_part(dataset)):
        # Digests name the files that are listed beside them.
        if place in SHOWN or ".digests." in place:
            continue
        kinds: dict[Kind, bool] = {}
        for one in found_in(text, wanted):
            kinds[one.kind] = kinds.get(one.kind, False) or one.certainty == "sure"
        for kind, sure in kinds.items():
            note = not sure or "publications[" in place
            yield failed(note=note, path=place, kind=say(f"hidden-{kind}"), location=place)


def _unknown(dataset: Dataset) -> list[str]:
    """Return the fields that hold what is to be hidden and were not supplied, so that nobody can look for it."""
    people = [one for one in (dataset.registrant, dataset.manager) if one is not None]
    asked = kinds_hidden(dataset)
    lacking = [
        ("name", "manager.name", all(one.name is None for one in people)),
        ("organization", "manager.organization", all(one.organization is None for one in people)),
        ("project_title", "project_title", dataset.project_title is None),
        ("project_number", "project_number", dataset.project_number is None),
    ]
    return [field for kind, field, missing in lacking if missing and kind in asked]


JUDGES: Final = {
    "ARIM-ANO-001": procedure_done,
    "ARIM-ANO-002": no_doi_wanted,
    "ARIM-ANO-003": nothing_left,
    "ARIM-ANO-004": owner_hidden_too,
    "ARIM-ANO-005": unlike_the_report,
}
