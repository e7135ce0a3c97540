"""The catalogue page (データカタログ): when it may be shown, what it needs, and whether it is up to date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from shirube.records import Catalogue, Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed
from shirube_policy.dates import day_of, fiscal_year
from shirube_policy.embargo import open_from
from shirube_policy.judges.common import known_day, registered_only, same
from shirube_policy.judges.quality import catalogue_items
from shirube_policy.parameters import parameters_of
from shirube_policy.stages import days_of
from shirube_policy.wording import listed, say

_PROJECT_NUMBER: Final = re.compile(r"JPMXP12(?P<year>\d{2})(?P<facility>[A-Z]{2})\d{4}")

__all__ = ["FORM", "JUDGES"]


def _person(person: object) -> str | None:
    name, organization = getattr(person, "name", None), getattr(person, "organization", None)
    return None if name is None and organization is None else f"{name or ''} {organization or ''}".strip()


def _joined(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else ", ".join(values)


#: Fields of the form that must be filled, each with what the registry knows where the page does not say it.
FORM: Final[Mapping[str, Callable[[Catalogue, Dataset], str | None]]] = {
    "title": lambda page, dataset: page.title if page.title is not None else dataset.title,
    "project_title": lambda page, dataset: _or(page.project_title, dataset.project_title),
    "registrant": lambda page, dataset: _or(_person(page.registrant), _person(dataset.registrant or dataset.manager)),
    "project_number": lambda page, dataset: _or(page.project_number, dataset.project_number),
    "facility": lambda page, dataset: _or(page.facility, dataset.facility),
    "summary": lambda page, dataset: _or(page.summary, dataset.description),
    "key_technology": lambda page, _: page.key_technology,
    "cross_technology": lambda page, _: page.cross_technology,
    "registered_on": lambda page, dataset: _or(page.registered_on, dataset.registered_on),
    "released_on": lambda page, dataset: _or(page.released_on, dataset.embargo_end),
    "dataset_id": lambda page, dataset: _or(page.dataset_id, dataset.id),
    "instruments": lambda page, dataset: _or(_joined(page.instruments), _joined(dataset.instruments)),
}
#: Fields that an anonymised dataset leaves blank.
_HIDDEN: Final = ("project_title", "registrant", "project_number")


def _or(value: str | None, other: str | None) -> str | None:
    return other if value is None else value


def not_before_release(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the page was not published while the dataset was under embargo."""
    published_on = None if dataset.catalogue is None else dataset.catalogue.published_on
    if published_on == "":
        return not_applicable(say("catalogue-unpublished"))
    published = known_day(published_on, "catalogue.published_on")
    end = known_day(dataset.embargo_end, "embargo_end")
    if isinstance(published, Judgement):
        return published
    if isinstance(end, Judgement):
        return end
    early = published <= end
    return failed(path="catalogue.published_on", published=published, end=end) if early else passed(published=published)


def ready(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute whether everything that the page is made from is there."""
    items = catalogue_items(dataset, context)
    if items.lacking:
        return informational(missing=listed(list(items.lacking)))
    return open_(", ".join(items.missing)) if items.missing else passed()


def form_filled(dataset: Dataset, context: RuleContext) -> list[Judgement] | Judgement:
    """Note fields of the form that are blank."""
    early = _before_release(dataset, context)
    if early is not None:
        return early
    page = dataset.catalogue
    if page is None:
        return open_("catalogue")
    wanted = [field for field in FORM if not (dataset.is_anonymized and field in _HIDDEN)]
    values = {field: FORM[field](page, dataset) for field in wanted}
    blank = [field for field, value in values.items() if value is not None and not value.strip()]
    if blank:
        return [failed(note=True, path=f"catalogue.{field}", field=say(f"form-{field}")) for field in blank]
    unknown = [field for field, value in values.items() if value is None]
    return open_(", ".join(f"catalogue.{field}" for field in unknown)) if unknown else passed(count=len(values))


def as_registered(dataset: Dataset, context: RuleContext) -> list[Judgement] | Judgement:
    """Note fields of the page that differ from what the registry says."""
    early = _before_release(dataset, context)
    if early is not None:
        return early
    page = dataset.catalogue
    if page is None:
        return open_("catalogue")
    pairs = {
        "title": (page.title, dataset.title),
        "summary": (page.summary, dataset.description),
        "project_number": (page.project_number, dataset.project_number),
    }
    unlike = [field for field, (shown, known) in pairs.items() if shown and known and not same(shown, known)]
    unlike += [] if _released_as_registered(page, dataset) else ["released_on"]
    if unlike:
        return [failed(path=f"catalogue.{field}", field=say(f"form-{field}")) for field in unlike]
    unknown = [field for field, both in pairs.items() if None in both]
    return open_(", ".join(f"catalogue.{field}" for field in unknown)) if unknown else passed()


def project_number(dataset: Dataset, context: RuleContext) -> Judgement:
    """Note a project number of another form than JPMXP12YYIInnnn, or of a year that was still to come."""
    if dataset.project_number is None:
        return open_("project_number")
    found = _PROJECT_NUMBER.fullmatch(dataset.project_number.strip())
    codes = parameters_of(context).facility_codes
    if not found or (codes and found["facility"] not in codes):
        return failed(path="project_number", value=dataset.project_number)
    registered = day_of(dataset.registered_on)
    if registered is not None and 2000 + int(found["year"]) > fiscal_year(registered):
        return failed(path="project_number", value=dataset.project_number)
    return passed()


def _before_release(dataset: Dataset, context: RuleContext) -> Judgement | None:
    days = days_of(dataset, context)
    if days.phase(context.today) != "embargo" or days.open_from is None:
        return None
    return not_applicable(say("catalogue-not-yet"), opens=days.open_from)


def _released_as_registered(page: Catalogue, dataset: Dataset) -> bool:
    """Tell whether the page's day of release is the last day of the embargo or the one after it."""
    shown, end = day_of(page.released_on), day_of(dataset.embargo_end)
    return shown is None or end is None or shown in (end, open_from(end))


JUDGES: Final = {
    "ARIM-CAT-001": registered_only(not_before_release),
    "ARIM-CAT-002": registered_only(ready),
    "ARIM-CAT-003": registered_only(form_filled),
    "ARIM-CAT-004": registered_only(as_registered),
    "ARIM-CAT-005": registered_only(project_number),
}
