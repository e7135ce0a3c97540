"""Anonymity (匿名化/非表示化): its procedure, and whether what is hidden still stands somewhere else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.judges.common import shared_part
from shirube_policy.stages import days_of
from shirube_policy.wording import say

#: What can be hidden, by what people call it: 氏名・組織名・課題名・課題番号.
FIELDS: Final = {
    "name": "name",
    "氏名": "name",
    "organization": "organization",
    "organisation": "organization",
    "組織名": "organization",
    "project_title": "project_title",
    "subject_title": "project_title",
    "課題名": "project_title",
    "project_number": "project_number",
    "grant_number": "project_number",
    "課題番号": "project_number",
}
#: Shorter values occur everywhere by chance.
_SHORTEST: Final = 3
#: Part of the report's text that the description repeats.
_REPEATED: Final = 0.8

__all__ = ["FIELDS", "JUDGES", "protected", "published"]


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
    values = [(kind, wanted) for kind, value in protected(dataset) for wanted in (_plain(value),) if _telling(wanted)]
    found = [
        failed(path=place, kind=say(f"hidden-{kind}"), location=place)
        for place, held in ((place, _plain(text)) for place, text in published(dataset) if text)
        for kind, wanted in values
        if _contains(held, wanted)
    ]
    if found:
        return list(dict.fromkeys(found))
    unknown = _unknown(dataset)
    return open_(", ".join(unknown)) if unknown else passed()


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


def protected(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield what anonymity hides, by kind: name, organization, project_title, project_number; all unless it is said."""
    asked = _asked(dataset)
    yield from ((kind, value) for kind, value in _names_of(dataset) if kind in asked)


def _asked(dataset: Dataset) -> set[str]:
    """Return the kinds that are to be hidden; all, unless it is said which."""
    wish = dataset.anonymization
    named = {FIELDS.get(one.strip().casefold(), "") for one in (wish.fields if wish else None) or ()} - {""}
    return named or set(FIELDS.values())


def _unknown(dataset: Dataset) -> list[str]:
    """Return the fields that hold what is to be hidden and were not supplied, so that nobody can look for it."""
    people = [one for one in (dataset.registrant, dataset.manager) if one is not None]
    asked = _asked(dataset)
    lacking = [
        ("name", "manager.name", all(one.name is None for one in people)),
        ("organization", "manager.organization", all(one.organization is None for one in people)),
        ("project_title", "project_title", dataset.project_title is None),
        ("project_number", "project_number", dataset.project_number is None),
    ]
    return [field for kind, field, missing in lacking if missing and kind in asked]


def _names_of(dataset: Dataset) -> Iterator[tuple[str, str]]:
    for person in (dataset.registrant, dataset.manager):
        if person is not None:
            yield from (("name", one) for one in _orders(person.name))
            yield from (("organization", one) for one in (person.organization,) if one)
    yield from (("project_title", one) for one in (dataset.project_title,) if one)
    yield from (("project_number", one) for one in (dataset.project_number,) if one)


def published(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield every text that is published with the data, with its place in the record."""
    yield from ((field, getattr(dataset, field) or "") for field in ("title", "description"))
    for field in ("tags", "related_links"):
        yield from ((f"{field}[{place}]", one) for place, one in enumerate(getattr(dataset, field) or ()))
    if dataset.sample is not None:
        yield "sample.description", dataset.sample.description or ""
        yield from ((f"sample.names[{place}]", one) for place, one in enumerate(dataset.sample.names))
    for place, entry in enumerate(dataset.entries):
        at = f"entries[{place}]"
        yield f"{at}.name", entry.name or ""
        yield f"{at}.description", entry.description or ""
        yield from ((f"{at}.metadata.{key}", str(value)) for key, value in (entry.metadata or {}).items())
        for role, names in (entry.files or {}).items():
            yield from ((f"{at}.files.{role}", one) for one in names)


def _orders(name: str | None) -> Iterator[str]:
    """Yield a name as it may be written: KIMOTO,Koji; KIMOTO Koji; Koji KIMOTO; K. KIMOTO."""
    parts = [part for part in re.split(r"[,，、\s]+", name or "") if part]
    if not parts:
        return
    yield " ".join(parts)
    if len(parts) > 1:
        family, given = parts[0], " ".join(parts[1:])
        yield f"{given} {family}"
        yield f"{given[0]} {family}"
        yield f"{family} {given[0]}"


def _telling(wanted: str) -> bool:
    """Tell whether a plain value is long enough not to occur by chance."""
    return bool(wanted) and (len(wanted) >= _SHORTEST or not wanted.isascii())


def _contains(held: str, wanted: str) -> bool:
    """Tell whether one plain text stands in another, not as a part of a longer Latin word."""
    if wanted.isascii():
        return f" {wanted} " in f" {held} "
    return wanted.replace(" ", "") in held.replace(" ", "")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[0-9a-z]+|[^\W_]+", folded))


JUDGES: Final = {
    "ARIM-ANO-001": procedure_done,
    "ARIM-ANO-002": no_doi_wanted,
    "ARIM-ANO-003": nothing_left,
    "ARIM-ANO-004": owner_hidden_too,
    "ARIM-ANO-005": unlike_the_report,
}
