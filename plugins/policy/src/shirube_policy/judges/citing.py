"""Whether the dataset's catalogue may receive a DOI: anonymity forbids it, and its required items must be there."""

from __future__ import annotations

import re
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.doi import decide
from shirube_policy.judges.common import registered_only
from shirube_policy.judges.quality import required_items
from shirube_policy.parameters import parameters_of
from shirube_policy.stages import days_of
from shirube_policy.wording import listed, say

#: DOIs of ARIM's datasets, as far as two public ones show: the project number in lower case.
_DOI: Final = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.71947/arim\.[a-z0-9]+[a-z0-9.\-_]*)")

__all__ = ["JUDGES"]


def named(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the dataset is not anonymised, which rules a DOI out."""
    if dataset.doi_requested is False:
        return not_applicable(say("doi-not-wanted"))
    if dataset.is_anonymized is None:
        return open_("is_anonymized")
    return failed(path="is_anonymized") if dataset.is_anonymized else passed()


def complete(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that every required item is there: material, description, title and manager."""
    if dataset.doi_requested is False:
        return not_applicable(say("doi-not-wanted"))
    items = required_items(dataset, context)
    if items.lacking and days_of(dataset, context).open_from is None:
        # Before the release nothing need be complete, so without its date a must cannot be held against the dataset.
        return open_("registered_on", say("doi-undated"), items=listed(list(items.lacking)))
    if items.lacking:
        return failed(missing=listed(list(items.lacking)))
    return open_(", ".join(items.missing)) if items.missing else passed()


def outlook(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute whether a DOI is possible, and what ARIM may still hold against it."""
    if dataset.doi_requested is False:
        return not_applicable(say("doi-not-wanted"))
    decision = decide(dataset, context.today, parameters_of(context), context.waivers)
    if decision.state == "eligible":
        return passed()
    if decision.state == "undecided":
        return open_(", ".join(decision.missing))
    if decision.state == "may be withheld":
        return informational(missing=listed(list(decision.lacking)))
    return informational(say("doi-impossible" if decision.state == "impossible" else "doi-not-yet"))


def after_the_catalogue(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the catalogue is public, before which there is nothing that could receive a DOI."""
    days = days_of(dataset, context)
    phase = days.phase(context.today)
    published = None if dataset.catalogue is None else dataset.catalogue.published_on
    if phase == "embargo":
        return informational(say("doi-before-catalogue"), due=days.open_from, opens=days.open_from)
    if published == "":
        return not_applicable(say("catalogue-unpublished"))
    if phase is None or published is None:
        return open_("embargo_end" if phase is None else "catalogue.published_on")
    return passed()


def in_form(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note a DOI of another form than ARIM's."""
    if dataset.doi is None:
        return open_("doi")
    doi = dataset.doi.strip()
    if not doi:
        return not_applicable(say("no-doi"))
    found = _DOI.fullmatch(doi.casefold())
    number = (dataset.project_number or "").strip().casefold()
    return passed() if found and number in found[1] else failed(path="doi", value=doi)


def describable(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that what DataCite requires can be made: creator, title, publisher, year."""
    person = dataset.registrant or dataset.manager
    values = {
        "creators": None if person is None else person.name,
        "titles": dataset.title,
        "publisher": parameters_of(context).publisher,
    }
    lacking = [key for key, value in values.items() if value is not None and not filled(value)]
    unknown = [
        {"creators": "registrant.name", "titles": "title"}[key] for key, value in values.items() if value is None
    ]
    unknown += ["registered_on"] if days_of(dataset, context).open_from is None else []
    if lacking:
        return failed(missing=", ".join(lacking))
    return open_(", ".join(unknown)) if unknown else passed()


JUDGES: Final = {
    "ARIM-DOI-001": registered_only(complete),
    "ARIM-DOI-002": registered_only(named),
    "ARIM-DOI-003": registered_only(outlook),
    "ARIM-DOI-004": registered_only(after_the_catalogue),
    "ARIM-DOI-005": registered_only(in_form),
    "ARIM-DOI-006": registered_only(describable),
}
