"""What can be shared: structured data are there, and raw data stay out of what is shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shirube.records import Dataset, DatasetEntry
from shirube.rules import Judgement, RuleContext, failed, not_applicable, open_, passed, review
from shirube_policy.judges.common import files_of
from shirube_policy.wording import say

_RAW: Final = ("raw", "nonshared_raw")

__all__ = ["JUDGES"]


def structured(dataset: Dataset, _: RuleContext) -> Judgement | list[Judgement]:
    """Judge that every entry has structured files or metadata, for nothing else can be shared."""
    return _of_entries(dataset, _has_structured, "structured")


def raw_kept_private(dataset: Dataset, _: RuleContext) -> Judgement | list[Judgement]:
    """Judge that no entry has files in the shared folder ``raw``, except where the registrant asked for it."""
    if dataset.program is not None and "ARIM" not in dataset.program.upper():
        return not_applicable(say("other-program"))
    answers = _of_entries(dataset, _keeps_raw, "raw")
    asked = [place for place, entry in enumerate(dataset.entries) if entry.raw_shared and _keeps_raw(entry) is False]
    shared_on_purpose = [review(say("raw-shared"), entry=_name(dataset, place)) for place in asked]
    if not shared_on_purpose or isinstance(answers, Judgement):
        return answers
    return [*(one for one in answers if one.path not in {_path(place, "raw") for place in asked}), *shared_on_purpose]


def no_raw_copy(dataset: Dataset, _: RuleContext) -> Judgement | list[Judgement]:
    """Note structured files that are a raw file, byte for byte."""
    known = [entry for entry in dataset.entries if entry.files is not None and entry.digests is not None]
    copies = [
        failed(path=_path(place, "structured"), file=name)
        for place, entry in enumerate(dataset.entries)
        for name in _copies(entry)
    ]
    if copies:
        return copies
    return passed() if known and len(known) == len(dataset.entries) else open_("entries[].digests")


def _copies(entry: DatasetEntry) -> list[str]:
    if entry.digests is None:
        return []
    raw = {entry.digests.get(name, "").casefold() for name in files_of(entry, *_RAW)} - {""}
    return [name for name in files_of(entry, "structured") if entry.digests.get(name, "").casefold() in raw]


def _of_entries(
    dataset: Dataset, holds: Callable[[DatasetEntry], bool | None], role: str
) -> Judgement | list[Judgement]:
    """Return a failure for each entry for which ``holds`` is false; else what is missing; else one pass."""
    answers = [holds(entry) for entry in dataset.entries]
    wrong = [place for place, answer in enumerate(answers) if answer is False]
    if wrong:
        return [failed(path=_path(place, role), entry=_name(dataset, place)) for place in wrong]
    if not answers or None in answers:
        return open_("entries[].files")
    return passed(count=len(answers))


def _path(place: int, role: str) -> str:
    return f"entries[{place}].files.{role}"


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
    "ARIM-ACC-005": no_raw_copy,
}
