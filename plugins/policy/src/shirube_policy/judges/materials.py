"""What is known of every sample (マテリアル情報の記録, 試料情報): name, formula, and the other fields of RDE's form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from shirube.records import Dataset, Sample
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.formulas import composition, formulas_in, is_material, stacks_in, suggested
from shirube_policy.formulas.names import designations_in
from shirube_policy.judges.samples import (
    CHEMICAL_COMPOSITION,
    FORMULA,
    GENERAL_NAME,
    LOT,
    MATERIAL_NAME,
    SUPPLIER,
    samples,
)
from shirube_policy.wording import listed, say

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OWNER: Final = re.compile(r"[0-9A-Za-z]{56}")
_URL: Final = re.compile(r"https?://[^\s/.]+(?:\.[^\s/.]+)+(?:[/?#]\S*)?", re.IGNORECASE)

__all__ = ["JUDGES", "recorded"]


def recorded(dataset: Dataset, _: RuleContext) -> Judgement | list[Judgement]:
    """Judge that each sample has a name, and a formula, composition, description or product that says what it is."""
    return [_recorded(sample, path) for path, sample in samples(dataset).items()] or open_("sample")


def _of_each(
    judge: Callable[[Sample, str], Judgement],
) -> Callable[[Dataset, RuleContext], list[Judgement] | Judgement]:
    def judged(dataset: Dataset, _: RuleContext) -> list[Judgement] | Judgement:
        return [judge(sample, path) for path, sample in samples(dataset).items()] or open_("sample")

    return judged


def readable(sample: Sample, path: str) -> Judgement:
    """Judge that the field of the formula holds a formula, a composition, a stack or a standard's number."""
    text = sample.composition
    if filled(sample.unknown_reason) or sample.composition_irrelevant:
        return not_applicable(say("composition-declared"))
    if text is None:
        return open_(f"{path}.composition")
    known = composition(text)
    if filled(text) and (
        is_material(text)
        or known.parts
        or formulas_in(text)
        or designations_in(text)
        or any(one.known == len(one.layers) for one in stacks_in(text))
    ):
        return passed()
    better = suggested(text)
    said = say("formula-suggested") if better else None
    return failed(said, note=True, path=f"{path}.composition", value=text or "-", suggestion=better or "-")


def identified(sample: Sample, path: str) -> Judgement:
    """Judge that the sample is one of RDE's: with its id, or newly registered without one."""
    if sample.id is None:
        return open_(f"{path}.id")
    if not sample.id.strip():
        return failed(path=f"{path}.id", value="-") if sample.is_new is False else passed()
    return passed() if _UUID.fullmatch(sample.id.strip()) else failed(path=f"{path}.id", value=sample.id)


def owned(sample: Sample, path: str) -> Judgement:
    """Note a sample without an owner."""
    if sample.owner_id is None:
        return open_(f"{path}.owner_id")
    return passed() if _OWNER.fullmatch(sample.owner_id.strip()) else failed(note=True, path=f"{path}.owner_id")


def referenced(sample: Sample, path: str) -> Judgement:
    """Note a reference that is no address of a page."""
    if sample.reference_url is None:
        return open_(f"{path}.reference_url")
    url = sample.reference_url.strip()
    fine = not url or _URL.fullmatch(url)
    return passed() if fine else failed(note=True, path=f"{path}.reference_url", value=url)


def optional_fields(sample: Sample, path: str) -> Judgement:
    """List the optional fields of the form that are blank."""
    values = {
        "related": None if sample.related is None else any(map(str.strip, sample.related)),
        "tags": None if sample.tags is None else any(map(str.strip, sample.tags)),
        "description": None if sample.description is None else filled(sample.description),
    }
    blank = [say(f"sample-{field}") for field, value in values.items() if value is False]
    if blank:
        return informational(fields=listed(blank))
    unknown = [f"{path}.{field}" for field, value in values.items() if value is None]
    return open_(", ".join(unknown)) if unknown else passed()


def declared_irrelevant(sample: Sample, _: str) -> Judgement:
    """Tell that the composition was declared unknown or of no matter, so that no details are asked for."""
    declared = sample.composition_irrelevant or filled(sample.unknown_reason)
    return informational() if declared else not_applicable(say("composition-asked"))


def _recorded(sample: Sample, path: str) -> Judgement:
    named = None if sample.names is None else any(map(filled, sample.names))
    asked = (("name", "names", named), ("composition", "composition", _composed(sample)))
    lacking = [say(f"sample-{what}") for what, _, known in asked if known is False]
    if lacking:
        return failed(path=path, missing=listed(lacking))
    unknown = [f"{path}.{field}" for _, field, known in asked if known is None]
    return open_(", ".join(unknown)) if unknown else passed()


def _composed(sample: Sample) -> bool | None:
    """Whether it is said what the sample is made of, or why not; None when nobody supplied any of the fields."""
    terms = (CHEMICAL_COMPOSITION, FORMULA, GENERAL_NAME, MATERIAL_NAME)
    stated = [sample.composition, sample.description, sample.unknown_reason, *map(sample.attributes.get, terms)]
    supplied = [sample.attributes.get(term) for term in (SUPPLIER, LOT)]
    if any(map(filled, stated)) or all(map(filled, supplied)):
        return True
    return None if all(one is None for one in (*stated, *supplied)) else False


JUDGES: Final = {
    "ARIM-MAT-001": recorded,
    "ARIM-MAT-002": _of_each(readable),
    "ARIM-MAT-003": _of_each(identified),
    "ARIM-MAT-004": _of_each(owned),
    "ARIM-MAT-005": _of_each(referenced),
    "ARIM-MAT-006": _of_each(optional_fields),
    "ARIM-MAT-305": _of_each(declared_irrelevant),
}
