"""Whether the dataset's catalogue may receive a DOI: anonymity forbids it, and its required items must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from shirube.messages import Text
from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, not_applicable, open_, passed
from shirube_policy import descriptions, managers, materials, titles
from shirube_policy.parameters import parameters_of
from shirube_policy.stages import release
from shirube_policy.wording import listed, say

Judge: TypeAlias = Callable[[Dataset, RuleContext], "Judgement | Sequence[Judgement]"]

#: The items of the section データ品質の向上へのご協力願い. The policy calls them required (必須項目) and lists none;
#: each of its four headings is one, and these are the rules that say whether it is there.
_REQUIRED: Final[tuple[tuple[str, tuple[tuple[str, Judge], ...]], ...]] = (
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

__all__ = ["JUDGES", "complete", "named", "no_doi_wanted"]


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
    lacking: list[Text] = []
    unknown: list[str] = []
    for item, rules in _REQUIRED:
        asked = [judge for rule, judge in rules if rule not in parameters_of(context).disable]
        answer = _first_amiss(_answers(asked, dataset, context))
        if answer is not None and answer.kind == "fail":
            lacking.append(say(item))
        elif answer is not None:
            unknown.append(str(answer.params["missing"]))
    if lacking and release(dataset) is None:
        # Before the release nothing need be complete, so without its date a must cannot be held against the dataset.
        return open_("registered_on", say("doi-undated"), items=listed(lacking))
    if lacking:
        return failed(missing=listed(lacking))
    return open_(", ".join(dict.fromkeys(unknown))) if unknown else passed()


def _answers(judges: Iterable[Judge], dataset: Dataset, context: RuleContext) -> Iterable[Judgement]:
    for judge in judges:
        answer = judge(dataset, context)
        yield from (answer,) if isinstance(answer, Judgement) else answer


def _first_amiss(answers: Iterable[Judgement]) -> Judgement | None:
    """Return the first failure that is no note, else the first open question, else None."""
    amiss = [one for one in answers if one.kind == "open" or (one.kind == "fail" and not one.note)]
    failures = [one for one in amiss if one.kind == "fail"]
    return next(iter((*failures, *amiss)), None)


JUDGES: Final = {
    "ARIM-ANO-002": no_doi_wanted,
    "ARIM-DOI-001": complete,
    "ARIM-DOI-002": named,
}
