"""The dataset's title (データセット名)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, informational, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.judges.common import same, squeezed
from shirube_policy.lengths import at_most, measure, plain_text
from shirube_policy.parameters import parameters_of
from shirube_policy.wording import say

#: Longest title in full-width equivalents: 50 characters in Japanese, 100 in English.
TITLE_LIMIT: Final = 50
#: Shortest title that can say anything, in full-width characters: five half-width ones.
_SHORTEST: Final = 2.5
#: Words that stand for a title, alone or with a number; "Temperature" and "新規材料" only begin like them.
_PROVISIONAL: Final = re.compile(
    r"(?:test|tmp|temp|temporary|dummy|sample|untitled|unnamed|new|provisional|無題|新規|仮|仮題|仮称|名称未設定|テスト|サンプル"
    r"|ダミー|未定)(?:用|の|名)?"
    r"(?:[\s_-]*(?:data ?set|data|title|file|measurement|データセット|データ|測定|名称|登録))?"
    r"[\s_\-().#\d]*",
    re.IGNORECASE,
)
#: Numbers, dates, UUIDs, bookings (A-22-TU-0079) and project numbers.
_IDENTIFIER: Final = re.compile(
    r"[\d\W_]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]-\d{2}-[A-Z]{2}-\d{4}|JPMXP\d{2}\d{2}[A-Z]{2}\d{4}",
    re.IGNORECASE,
)
#: A serial number or date at the end of a title.
_NUMBER: Final = re.compile(r"[\s_\-(（#№]*(?:no\.?|第)?\s*\d[\d\-/._年月日]*\s*[)）回号]?$", re.IGNORECASE)

__all__ = ["JUDGES", "TITLE_LIMIT", "distinct", "final", "short_enough", "titled"]


def titled(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that there is a title."""
    if dataset.title is None:
        return open_("title")
    return passed() if filled(dataset.title) else failed(path="title")


def short_enough(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the title is not longer than about 50 characters (100 in English)."""
    if dataset.title is None:
        return open_("title")
    length = measure(dataset.title)
    band = at_most(length, TITLE_LIMIT, parameters_of(context).about_tolerance)
    characters, full_width = length.characters, f"{length.full_width:g}"
    if band == "within":
        return passed(characters=characters, full_width=full_width)
    return failed(note=band == "about", path="title", characters=characters, full_width=full_width)


def distinct(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that no other dataset of the same project has the same title, spaces and punctuation aside."""
    if dataset.title is None:
        return open_("title")
    if dataset.sibling_titles is None:
        return open_("sibling_titles")
    mine = squeezed(dataset.title)
    same = [title for title in dataset.sibling_titles if squeezed(title) == mine]
    return failed(path="title", others=", ".join(same)) if same else passed(count=len(dataset.sibling_titles))


def final(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the title is no provisional one: a word for "test", an identifier, or too short to say anything."""
    title = dataset.title
    if title is None:
        return open_("title")
    plain = unicodedata.normalize("NFKC", plain_text(title)).strip()
    known = [dataset.project_number, dataset.template, dataset.id, *(dataset.instruments or ())]
    known += [one.id for one in (dataset.usage.sessions if dataset.usage else None) or ()]
    provisional = (
        _PROVISIONAL.fullmatch(plain)
        or _IDENTIFIER.fullmatch(plain)
        or measure(title).full_width < _SHORTEST
        or any(one and same(one, plain) for one in known)
    )
    return failed(path="title", value=title) if provisional else passed()


def like_the_project(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the title may be that of the project."""
    if dataset.title is None or dataset.project_title is None:
        return open_("title" if dataset.title is None else "project_title")
    return passed() if same(dataset.title, dataset.project_title) else not_applicable(say("title-own"))


def more_than_numbered(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note titles of one project that differ only by a number or a date at their end."""
    if dataset.title is None or dataset.sibling_titles is None:
        return open_("title" if dataset.title is None else "sibling_titles")
    mine = dataset.title
    for other in dataset.sibling_titles:
        if (
            not same(mine, other)
            and same(_NUMBER.sub("", mine), _NUMBER.sub("", other))
            and _NUMBER.sub("", mine).strip()
        ):
            return failed(path="title", pair=f"{mine} / {other}")
    return passed(count=len(dataset.sibling_titles))


def of_the_content(dataset: Dataset, _: RuleContext) -> Judgement:
    """Ask to confirm a title none of whose words occurs in the description or the sample."""
    if dataset.title is None or dataset.description is None:
        return open_("title" if dataset.title is None else "description")
    sample = dataset.sample
    told = [dataset.description, *((*(sample.names or ()), sample.composition or "") if sample else ())]
    told += [*(dataset.tags or ()), *(dataset.instruments or ())]
    content = squeezed(" ".join(told))
    return passed() if any(word in content for word in _words(dataset.title)) else informational()


def _words(title: str) -> set[str]:
    """Return what of a title can be found again: words of three letters, and pairs of Japanese characters."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    words = set(re.findall(r"[a-z0-9]{3,}", folded))
    runs = re.findall(r"[\u3041-\u30ff\u3400-\u9fff]+", folded)
    return words | {run[start : start + 2] for run in runs for start in range(len(run) - 1)}


JUDGES: Final = {
    "ARIM-TTL-001": titled,
    "ARIM-TTL-002": short_enough,
    "ARIM-TTL-003": final,
    "ARIM-TTL-004": like_the_project,
    "ARIM-TTL-005": distinct,
    "ARIM-TTL-006": more_than_numbered,
    "ARIM-TTL-007": of_the_content,
}
