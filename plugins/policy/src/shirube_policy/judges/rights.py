"""Who holds the rights in which data (データの区分と帰属)."""

from __future__ import annotations

from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, informational, not_applicable, open_
from shirube_policy.judges.common import files_of
from shirube_policy.parameters import parameters_of
from shirube_policy.wording import say

__all__ = ["JUDGES"]


def raw_data(dataset: Dataset, _: RuleContext) -> Judgement:
    """Tell who holds the rights in raw data."""
    return _held(dataset, ("raw", "nonshared_raw"))


def structured_data(dataset: Dataset, _: RuleContext) -> Judgement:
    """Tell who holds the rights in structured data."""
    return _held(dataset, ("structured",))


def terms(_: Dataset, context: RuleContext) -> Judgement:
    """Point to the facility's terms of registration."""
    url = parameters_of(context).terms_url.strip()
    return informational(url=url) if url else informational(say("terms-of-facility"))


def _held(dataset: Dataset, roles: tuple[str, ...]) -> Judgement:
    if any(files_of(entry, *roles) for entry in dataset.entries):
        return informational()
    unknown = not dataset.entries or any(entry.files is None for entry in dataset.entries)
    return open_("entries[].files") if unknown else not_applicable(say("no-such-files"))


JUDGES: Final = {
    "ARIM-RGT-001": raw_data,
    "ARIM-RGT-003": structured_data,
    "ARIM-RGT-004": terms,
}
