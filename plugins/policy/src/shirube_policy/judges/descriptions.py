"""The dataset's description (データセットの説明)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from shirube.records import Dataset
from shirube.rules import Judgement, RuleContext, failed, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.judges.common import same, shared_part
from shirube_policy.lengths import Band, Length, at_least, at_most, measure
from shirube_policy.parameters import parameters_of
from shirube_policy.wording import listed, say

#: Shortest and longest description in full-width equivalents: 200 to 500 characters, 400 to 1000 in English.
SHORTEST: Final = 200
LONGEST: Final = 500

#: Part of a description that also stands in another one from which they are called alike.
_ALIKE: Final = 0.5
#: Words that show that a description speaks of the sample, of the method, and of purpose or result.
_CUES: Final[Mapping[str, re.Pattern[str]]] = {
    "cue-sample": re.compile(
        r"試料|サンプル|薄膜|基板|結晶|粉末|粒子|合金|材料|物質|膜|sample|specimen|film|substrate|crystal|powder|alloy"
        r"|material|particle|\b[A-Z][a-z]?\d",
        re.IGNORECASE,
    ),
    "cue-method": re.compile(
        r"測定|計測|観察|観測|分析|分光|顕微|回折|装置|照射|法|像|成膜|合成|measur|observ|microscop|spectr|diffract"
        r"|instrument|image|analys|deposit|synthes|\b(?:XPS|HAXPES|XRD|SEM|TEM|STEM|NMR|AFM|EDX)\b",
        re.IGNORECASE,
    ),
    "cue-result": re.compile(
        r"目的|ため|結果|得られ|示し|明らか|評価|検討|比較|確認|調べ|向上|変化|purpose|aim|result|show|found|reveal|compar"
        r"|investigat|evaluat|demonstrat|improv|to study|in order to",
        re.IGNORECASE,
    ),
}
#: A text of nothing but names of files, numbers and identifiers.
_NAMES_ONLY: Final = re.compile(r"(?:[\w\-.]*\d[\w\-.]*|[\w\-]+\.\w{2,4}|[\s,;/]+)+", re.ASCII)

__all__ = ["JUDGES", "LONGEST", "SHORTEST", "described", "in_its_field", "long_enough", "short_enough"]


def described(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that there is a description."""
    if dataset.description is None:
        return open_("description")
    return passed() if filled(dataset.description) else failed(path="description")


def long_enough(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the description has at least about 200 characters (400 in English)."""
    if dataset.description is None:
        return open_("description")
    length = measure(dataset.description)
    return _counted(length, at_least(length, SHORTEST, parameters_of(context).about_tolerance))


def short_enough(dataset: Dataset, context: RuleContext) -> Judgement:
    """Judge that the description has at most about 500 characters (1000 in English)."""
    if dataset.description is None:
        return open_("description")
    length = measure(dataset.description)
    return _counted(length, at_most(length, LONGEST, parameters_of(context).about_tolerance))


def understandable(dataset: Dataset, _: RuleContext) -> Judgement:
    """Note a description from which a stranger may not learn what the data are."""
    text = dataset.description
    if text is None:
        return open_("description")
    repeated = [one for one in (dataset.title, dataset.project_title) if one and same(one, text)]
    if repeated:
        return failed(say("description-repeats-title"), path="description")
    if any(shared_part(text, one) > _ALIKE for one in dataset.sibling_descriptions or ()):
        return failed(say("description-like-another"), path="description")
    if _NAMES_ONLY.fullmatch(text.strip()):
        return failed(say("description-names-only"), path="description")
    lacking = [say(cue) for cue, pattern in _CUES.items() if not pattern.search(text)]
    return failed(path="description", missing=listed(lacking)) if len(lacking) == len(_CUES) else passed()


def in_its_field(dataset: Dataset, _: RuleContext) -> Judgement:
    """Judge that the description does not stand in the entries' field instead of the dataset's."""
    if dataset.description is None:
        return open_("description")
    if filled(dataset.description):
        return passed()
    elsewhere = [place for place, entry in enumerate(dataset.entries) if filled(entry.description)]
    if elsewhere:
        return failed(path=f"entries[{elsewhere[0]}].description", count=len(elsewhere))
    if any(entry.description is None for entry in dataset.entries):
        return open_("entries[].description")
    return not_applicable(say("description-nowhere"))


def _counted(length: Length, band: Band) -> Judgement:
    characters, full_width = length.characters, f"{length.full_width:g}"
    if band == "within":
        return passed(characters=characters, full_width=full_width)
    return failed(note=band == "about", path="description", characters=characters, full_width=full_width)


JUDGES: Final = {
    "ARIM-DSC-001": described,
    "ARIM-DSC-002": long_enough,
    "ARIM-DSC-003": short_enough,
    "ARIM-DSC-004": understandable,
    "ARIM-DSC-005": in_its_field,
}
