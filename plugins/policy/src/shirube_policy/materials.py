"""What is known of the sample (試料情報): its name, and its formula or what stands for it."""

from __future__ import annotations

from typing import Final

from shirube.records import Dataset, Sample
from shirube.rules import Judgement, RuleContext, failed, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.wording import listed, say

#: RDE's sample terms that say what a sample is made of: general name, chemical composition, formula, material name.
COMPOSITION_TERMS: Final = (
    "3adf9874-7bcb-e5f8-99cb-3d6fd9d7b55e",
    "0aadfff2-37de-411f-883a-38b62b2abbce",
    "33c6e9dc-5787-0f96-7683-f39281c60419",
    "f2d5e89e-01f0-66a2-5d8e-623a4fc31698",
)
#: Supplier and lot or product number, which together may stand for the composition (参考2).
SUPPLY_TERMS: Final = ("5e166ac4-bfcd-457a-84bc-8626abe9188f", "0d0417a3-3c3b-496a-b0fb-5a26f8a74166")

__all__ = ["COMPOSITION_TERMS", "JUDGES", "SUPPLY_TERMS", "recorded"]


def recorded(dataset: Dataset, _: RuleContext) -> Judgement | list[Judgement]:
    """Judge that each sample has a name, and a formula, composition, description or product that says what it is."""
    judgements = [_judged(sample, path) for sample, path in samples(dataset).items()]
    return judgements or open_("sample")


def samples(dataset: Dataset) -> dict[Sample, str]:
    """Return the dataset's sample, or lacking that the samples of its entries, each once, with its first place."""
    if dataset.sample is not None:
        return {dataset.sample: "sample"}
    found: dict[Sample, str] = {}
    for place, entry in enumerate(dataset.entries):
        if entry.registration is not None and entry.registration.sample is not None:
            found.setdefault(entry.registration.sample, f"entries[{place}].registration.sample")
    return found


def _judged(sample: Sample, path: str) -> Judgement:
    named = any(map(filled, sample.names))
    known = _composed(sample)
    if named and known:
        return passed()
    if named and known is None:
        return open_(f"{path}.composition")
    lacking = [] if named else [say("sample-name")]
    if known is False:
        lacking.append(say("sample-composition"))
    return failed(path=path, missing=listed(lacking))


def _composed(sample: Sample) -> bool | None:
    """Whether it is said what the sample is made of; None when nobody supplied any of the fields."""
    stated = [sample.composition, sample.description, *(sample.attributes.get(term) for term in COMPOSITION_TERMS)]
    supplied = [sample.attributes.get(term) for term in SUPPLY_TERMS]
    if any(map(filled, stated)) or all(map(filled, supplied)):
        return True
    return None if all(one is None for one in (*stated, *supplied)) else False


JUDGES: Final = {"ARIM-MAT-001": recorded}
