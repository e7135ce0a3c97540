"""What can be shared: structured data are there, and raw data stay out of what is shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shirube.records import Dataset, DatasetEntry
from shirube.rules import Judgement, RuleContext, failed, open_, passed

__all__ = ["JUDGES", "raw_kept_private", "structured"]


def structured(dataset: Dataset, _: RuleContext) -> Judgement | list[Judgement]:
    """Judge that every entry has structured files or metadata, for nothing else can be shared."""
    return _of_entries(dataset, _has_structured, "structured")


def raw_kept_private(dataset: Dataset, _: RuleContext) -> Judgement | list[Judgement]:
    """Judge that no entry has files in the shared folder ``raw``."""
    return _of_entries(dataset, _keeps_raw, "raw")


def _of_entries(
    dataset: Dataset, holds: Callable[[DatasetEntry], bool | None], role: str
) -> Judgement | list[Judgement]:
    """Return a failure for each entry for which ``holds`` is false; else what is missing; else one pass."""
    answers = [holds(entry) for entry in dataset.entries]
    wrong = [place for place, answer in enumerate(answers) if answer is False]
    if wrong:
        return [failed(path=f"entries[{place}].files.{role}", entry=_name(dataset, place)) for place in wrong]
    if not answers or None in answers:
        return open_("entries[].files")
    return passed(count=len(answers))


def _has_structured(entry: DatasetEntry) -> bool | None:
    if entry.metadata or (entry.files is not None and (entry.files.get("structured") or entry.files.get("meta"))):
        return True
    return None if entry.files is None else False


def _keeps_raw(entry: DatasetEntry) -> bool | None:
    return None if entry.files is None else not entry.files.get("raw")


def _name(dataset: Dataset, place: int) -> str:
    return dataset.entries[place].name or f"{place + 1}"


JUDGES: Final = {
    "ARIM-RGT-002": structured,
    "ARIM-ACC-004": raw_kept_private,
}
