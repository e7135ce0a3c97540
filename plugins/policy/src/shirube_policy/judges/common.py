"""What the judges share: days that may be missing, places in the record, texts compared without their spelling."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, TypeAlias

from shirube.records import Dataset, DatasetEntry
from shirube.rules import Judgement, RuleContext, not_applicable, open_
from shirube_policy.dates import japanese_date
from shirube_policy.wording import say

Judge: TypeAlias = Callable[[Dataset, RuleContext], "Judgement | Sequence[Judgement]"]

#: How many characters of a text are compared at once.
_SHINGLE: Final = 5
#: Longest texts that are compared; more of them tells nothing new.
_COMPARED: Final = 20_000

__all__ = ["Judge", "files_of", "known_day", "registered_only", "same", "shared_part", "squeezed", "worst"]


def known_day(text: str | None, field: str) -> date | Judgement:
    """Return the day in Japan that ``text`` names, or that the field is missing."""
    if text is None or not text.strip():
        return open_(field)
    try:
        return japanese_date(text)
    except ValueError:
        return open_(field, say("date-unreadable"), value=text)


def registered_only(judge: Judge) -> Judge:
    """Return a judge that does not concern uses without registration of their data (「データ登録なし」)."""

    def judged(dataset: Dataset, context: RuleContext) -> Judgement | Sequence[Judgement]:
        if dataset.usage is not None and dataset.usage.data_registration is False:
            return not_applicable(say("no-registration"))
        return judge(dataset, context)

    return judged


def worst(judgements: list[Judgement]) -> list[Judgement]:
    """Return what is amiss; one pass when nothing is; nothing at all when nothing was looked at."""
    amiss = [one for one in judgements if one.kind not in ("pass", "notApplicable")]
    return amiss or [one for one in judgements if one.kind == "pass"][:1] or judgements[:1]


def files_of(entry: DatasetEntry, *roles: str) -> tuple[str, ...]:
    """Return the files of an entry that have one of these roles; none when they are not known."""
    return () if entry.files is None else tuple(name for role in roles for name in entry.files.get(role, ()))


# The same titles and descriptions are compared by several rules.
@functools.lru_cache(maxsize=256)
def squeezed(text: str) -> str:
    """Return ``text`` without case, width, spaces and punctuation, to tell whether two texts say the same."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "CPZ") or folded.strip()


def same(one: str, other: str) -> bool:
    """Tell whether two texts say the same, spelling aside."""
    return squeezed(one) == squeezed(other)


def shared_part(text: str, other: str) -> float:
    """Return how much of ``text`` stands in ``other`` too, from 0 to 1."""
    mine, its = (_shingles(squeezed(one[:_COMPARED])) for one in (text, other))
    return len(mine & its) / len(mine) if mine else 0.0


def _shingles(text: str) -> set[str]:
    return {text[start : start + _SHINGLE] for start in range(max(len(text) - _SHINGLE + 1, min(len(text), 1)))}
