"""What the release brings (データ共有にむけてのご理解): publications, supplements, figures, omission and charging."""

from __future__ import annotations

import re
from typing import Final

from shirube.records import Dataset, Publication
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed, review
from shirube_policy.judges.common import files_of, registered_only
from shirube_policy.judges.quality import catalogue_items
from shirube_policy.stages import days_of
from shirube_policy.wording import listed, say

_DOI: Final = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
#: Kinds of image that a browser shows.
_IMAGES: Final = (".gif", ".jpg", ".jpeg", ".png", ".bmp")
_STAFF: Final = re.compile(r"staff|スタッフ", re.IGNORECASE)

__all__ = ["JUDGES"]


def publications(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """Judge that papers and talks of the time of the embargo are listed."""
    listed_ = dataset.publications
    if listed_:
        wrong = [place for place, one in enumerate(listed_) if not _valid(one)]
        return [_wrong_doi(place, listed_[place]) for place in wrong] or passed(count=len(listed_))
    if dataset.publications_declared is None:
        return review()
    return (
        failed(say("publications-missing"), path="publications") if dataset.publications_declared else passed(count=0)
    )


def supplements(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
    """List what staff changed, and note changes of which the manager was not told."""
    if dataset.changes is None:
        return open_("changes")
    of_staff = [(place, one) for place, one in enumerate(dataset.changes) if _STAFF.search(one.role or "")]
    if not of_staff:
        return not_applicable(say("no-supplements"))
    silent = [(place, one) for place, one in of_staff if not one.contacted]
    if silent:
        return [
            failed(say("supplement-silent"), note=True, path=f"changes[{place}]", field=one.field, date=one.date or "?")
            for place, one in silent
        ]
    return informational(fields=", ".join(dict.fromkeys(one.field for _, one in of_staff)))


def figure_at_hand(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note a dataset without an image that could become its graphical abstract."""
    images = [
        name
        for entry in dataset.entries
        for name in files_of(entry, "main_image", "other_image")
        if name.casefold().endswith(_IMAGES)
    ]
    if images:
        return passed(count=len(images))
    unknown = not dataset.entries or any(entry.files is None for entry in dataset.entries)
    return open_("entries[].files") if unknown else failed(note=True, path="entries[].files.main_image")


def figures_announced(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note figures that the registrant wants and the staff were not told of."""
    wish = dataset.graphical_abstract
    if wish is None or not wish.requested:
        return not_applicable(say("no-figures-wanted"))
    if wish.contacted is None:
        return open_("graphical_abstract.contacted")
    return passed() if wish.contacted else failed(note=True, path="graphical_abstract.contacted")


def listing(dataset: Dataset, context: RuleContext) -> Judgement:
    """Compute whether listing and sharing may be withheld, and from when there are any."""
    days = days_of(dataset, context)
    if days.phase(context.today) == "embargo":
        return informational(say("sharing-ahead"), due=days.open_from, opens=days.open_from)
    items = catalogue_items(dataset, context)
    if items.lacking:
        return informational(missing=listed(list(items.lacking)))
    return open_(", ".join(items.missing)) if items.missing else passed()


def offer(dataset: Dataset, _: RuleContext) -> Judgement:
    """Compute how the data are offered: licensed, in principle against a fee, or open."""
    badge = dataset.badge
    if badge is None or not badge.strip():
        return open_("badge")
    is_open = badge.strip().casefold() in ("open", "オープン")
    return informational(say("badge-open")) if is_open else informational()


def income(_: Dataset, __: RuleContext) -> Judgement:
    """Say nothing: the sentence has a misprint (活用されません for 活用されます), and asks nothing of a dataset."""
    return not_applicable(say("income-no-rule"))


def _valid(publication: Publication) -> bool:
    return not (publication.doi or "").strip() or _DOI.fullmatch((publication.doi or "").strip()) is not None


def _wrong_doi(place: int, publication: Publication) -> Judgement:
    return failed(say("publication-doi"), note=True, path=f"publications[{place}].doi", value=publication.doi)


JUDGES: Final = {
    "ARIM-PUB-001": publications,
    "ARIM-STF-001": supplements,
    "ARIM-GAB-001": figure_at_hand,
    "ARIM-GAB-002": figures_announced,
    "ARIM-SHR-001": registered_only(listing),
    "ARIM-SHR-002": registered_only(offer),
    "ARIM-SHR-003": registered_only(income),
}
