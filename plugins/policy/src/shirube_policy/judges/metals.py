"""Metals and inorganic compounds (金属・無機化合物分野における考え方)."""

from __future__ import annotations

import re
from typing import Final

from shirube.rules import Judgement, failed, informational, not_applicable, open_, passed
from shirube_policy.formulas import Composition
from shirube_policy.formulas.names import designations_in, is_word
from shirube_policy.judges.properties import cas_numbers, purity
from shirube_policy.judges.samples import (
    CAS,
    CRYSTAL_STRUCTURE,
    CRYSTALLINE_STATE,
    GENERAL_NAME,
    MATERIAL_NAME,
    SHAPE,
    SPACE_GROUP,
    View,
    of_group,
)
from shirube_policy.wording import say

#: Alloys whose shares add up to 100 within these, for they are rounded; less is allowed (main elements only).
_TOLERANCE: Final = 2.0
_WHOLE: Final = 100.0
_STEEL: Final = re.compile(r"ステンレス|鋼|stainless|\bsteel|SUS", re.IGNORECASE)
#: Compounds and elements that have several phases under ordinary conditions.
_WITH_PHASES: Final = re.compile(
    r"Al2O3|TiO2|ZrO2|Ga2O3|Fe2O3|Si3N4|SiC|アルミナ|チタニア|ジルコニア|(?<![A-Za-z])(?:Ti|Fe|Co|Sn)(?![A-Za-z0-9])"
)
_PHASE: Final = re.compile(
    r"[αβγδεθκηωσ]\s*[-相]|\b(?:alpha|beta|gamma|delta|theta)\b|(?<!分)相(?!分離|互|当|対)|アナターゼ|ルチル|ブルッカイト|anatase"
    r"|rutile|brookite|corundum|コランダム|(?<![a-z])[2-6][HCR]-|hcp|bcc|fcc|オーステナイト|マルテンサイト|フェライト|立方晶|正方晶"
    r"|単斜晶|六方晶|斜方晶|cubic|tetragonal|monoclinic|hexagonal",
    re.IGNORECASE,
)
_NO_PHASE: Final = re.compile(r"相分離|phase separation|相互|相対|相当", re.IGNORECASE)
_POWDER: Final = re.compile(r"粉末|ナノ粒子|微粒子|粒子|powder|nano-?particle|particle", re.IGNORECASE)
_SIZE: Final = re.compile(r"\d(?:[\d.]*)\s*(?:nm|µm|μm|um|mm|Å|mesh|メッシュ|ナノメートル|ミクロン)", re.IGNORECASE)
_SHAPED: Final = re.compile(
    r"球状|フレーク|針状|板状|棒状|ロッド|鱗片|spher|flake|rod|needle|plate|wire|cube", re.IGNORECASE
)
_CRYSTAL: Final = re.compile(
    r"単結晶|多結晶|アモルファス|非晶質|非晶|エピタキシャル|配向|single[\s-]?crystal|poly-?crystal|amorphous|epitaxial"
    r"|空間群|space group|[αβγ]-|\((?:\d{3}|\d{4})\)",
    re.IGNORECASE,
)
#: What people write instead of a symbol.
_WORD_FOR_ELEMENT: Final = re.compile(r"[A-Za-z]{1,3}|[一-龥ァ-ヴー]{1,8}")

__all__ = ["JUDGES"]


def named(seen: View) -> Judgement:
    """Note a sample without a standard name or CAS number, or with a CAS number that cannot be one."""
    numbers = cas_numbers(seen.text, seen.attribute(CAS))
    wrong = [number for number, valid in numbers if not valid]
    if wrong:
        return failed(say("cas-wrong"), note=True, path=seen.path, value=", ".join(wrong))
    names = [*(seen.sample.names or ()), seen.attribute(GENERAL_NAME), seen.attribute(MATERIAL_NAME)]
    words = [
        word
        for name in (*names, seen.stated, seen.sample.description or "")
        for word in re.split(r"[\s,、（）()。・]+", name)
    ]
    return passed() if numbers or any(is_word(word) for word in words if word) else failed(path=seen.path)


def with_symbols(seen: View) -> Judgement:
    """Judge that an element or alloy is given by symbols, or by the number of its standard."""
    text = seen.sample.composition
    if text is None:
        return open_(f"{seen.path}.composition")
    known = seen.composition.elements or designations_in(text)
    if not seen.metal and not (not known and _WORD_FOR_ELEMENT.fullmatch(text.strip())):
        return not_applicable(say("no-metal"))
    return passed() if known else failed(path=f"{seen.path}.composition", value=text or "-")


def designated(seen: View) -> Judgement:
    """Note a steel without the number of its standard."""
    if designations_in(seen.text):
        return passed()
    return failed(path=seen.path) if _STEEL.search(seen.text) else not_applicable(say("no-steel"))


def proportioned(seen: View) -> Judgement:
    """Judge that the shares of an alloy's main elements are given, and add up."""
    if not seen.alloy:
        return not_applicable(say("no-alloy"))
    known = seen.composition
    path = f"{seen.path}.composition"
    if known.ratio or designations_in(seen.text):
        return _adding_up(known, path)
    return open_(path) if seen.sample.composition is None else failed(say("alloy-without-ratio"), path=path)


def _adding_up(known: Composition, path: str) -> Judgement:
    """Judge the sum of an alloy's shares; subscripts and a standard's number have none."""
    if known.total is None:
        return passed()
    total = f"{known.total:g}"
    if known.total > _WHOLE + _TOLERANCE:
        return failed(path=path, total=total)
    if known.total < _WHOLE - _TOLERANCE:
        return failed(say("alloy-incomplete"), note=True, path=path, total=total)
    return passed(total=total) if known.basis else failed(say("alloy-basis"), note=True, path=path, total=total)


def of_a_phase(seen: View) -> Judgement:
    """Advise to state the phase of what has several."""
    if not _WITH_PHASES.search(seen.text):
        return not_applicable(say("no-phases"))
    return passed() if _PHASE.search(_NO_PHASE.sub("", seen.text)) else informational()


def pure(seen: View) -> Judgement:
    """Advise to state purity or grade; note a purity that cannot be one."""
    return purity(seen)


def sized(seen: View) -> Judgement:
    """Note a powder without the size (with its unit) or the shape of its particles."""
    if not _POWDER.search(f"{seen.text}\n{seen.attribute(SHAPE)}"):
        return not_applicable(say("no-powder"))
    return passed() if _SIZE.search(seen.text) or _SHAPED.search(seen.text) else failed(path=seen.path)


def crystalline(seen: View) -> Judgement:
    """Advise to state whether it is a single crystal, polycrystalline or amorphous."""
    termed = any(seen.attribute(term).strip() for term in (CRYSTALLINE_STATE, CRYSTAL_STRUCTURE, SPACE_GROUP))
    return passed() if termed or _CRYSTAL.search(seen.text) else informational()


JUDGES: Final = {
    f"ARIM-MAT-{number}": of_group("inorganic", judge)
    for number, judge in enumerate(
        (named, with_symbols, designated, proportioned, of_a_phase, pure, sized, crystalline), 101
    )
}
