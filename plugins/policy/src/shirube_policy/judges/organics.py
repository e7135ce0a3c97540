"""Organic compounds and polymers (有機分野・高分子における考え方)."""

from __future__ import annotations

import re
from typing import Final

from shirube.rules import Judgement, failed, informational, not_applicable, open_, passed
from shirube_policy.blanks import filled
from shirube_policy.formulas.names import is_abbreviation, is_word
from shirube_policy.judges.properties import cas_numbers, purity
from shirube_policy.judges.samples import CAS, GENERAL_NAME, LOT, SUPPLIER, View, of_group
from shirube_policy.wording import say

#: Locants with a name (2-propanone), or the ends of systematic names.
_IUPAC: Final = re.compile(
    r"\d(?:,\d)*-[a-z]{3,}|(?<![a-z])[a-z]*(?:meth|eth|prop|but|pent|hex|hept|oct|benz|phen)[a-z]*"
    r"(?:ane|ene|yne|ol|one|al|oic|ate|amine|amide|nitrile|yl)(?![a-z])",
    re.IGNORECASE,
)
_STRUCTURE: Final = re.compile(
    r"\b(?:SMILES|InChI)|InChI=|[BCNOFPS](?:[=#]?[A-Za-z]|\(=O\))+[()=#\d]+[A-Za-z()=#\d]*$", re.MULTILINE
)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z\s\-]*[A-Za-z]|[\u3041-\u30ff\u3400-\u9fff]{2,}.*")
_REPEAT: Final = re.compile(
    r"\([^()]*\)[nm_]|重合度|\bDP\s*[=:]|モノマー|monomer|repeat(?:ing)? unit|繰り返し単位", re.IGNORECASE
)
_NUMBER: Final = r"([\d,]+(?:\.\d+)?(?:[eE]\d+)?)\s*(k(?:g/mol|Da)?)?"
_MW: Final = re.compile(rf"(?<![A-Za-z])(?:M[wW]|重量平均分子量)(?![A-Za-z])\s*[=:：は約~]*\s*{_NUMBER}")
_MN: Final = re.compile(rf"(?<![A-Za-z])(?:M[nN]|数平均分子量)(?![A-Za-z])\s*[=:：は約~]*\s*{_NUMBER}")
_PDI: Final = re.compile(
    r"(?<![A-Za-z])(?:PDI|Mw/Mn|Đ|ポリ分散指数|分子量分布)\s*[=:：は約~]*\s*(\d+(?:\.\d+)?)", re.IGNORECASE
)
#: How far a stated dispersity may be from Mw/Mn, both being rounded.
_ROUNDING: Final = 0.05

__all__ = ["JUDGES"]


def systematic(seen: View) -> Judgement:
    """Advise to give the IUPAC name, or a structure or CAS number from which it follows."""
    known = _IUPAC.search(seen.text) or _STRUCTURE.search(seen.text) or cas_numbers(seen.text, seen.attribute(CAS))
    return passed() if known else informational()


def commonly_named(seen: View) -> Judgement:
    """Judge that a name is a word and no number of the laboratory."""
    names = [*(seen.sample.names or ()), seen.attribute(GENERAL_NAME)]
    named = any(filled(one) and (_NAME.fullmatch(one.strip()) or is_abbreviation(one)) for one in names if one)
    # A word for a material may stand where the formula belongs, or in the description.
    words = re.split(r"[\s,、。；;:：()（）]+", f"{seen.stated} {seen.sample.description or ''}")
    return passed() if named or any(map(is_word, words)) else failed(path=f"{seen.path}.names")


def with_formula(seen: View) -> Judgement:
    """Note a sample without a molecular formula, one that has carbon."""
    if any("C" in one.elements for one in seen.formulas):
        return passed()
    return open_(f"{seen.path}.composition") if seen.sample.composition is None else failed(note=True, path=seen.path)


def repeating(seen: View) -> Judgement:
    """Advise to give a polymer's repeating unit or degree of polymerisation."""
    if not seen.polymer:
        return not_applicable(say("no-polymer"))
    return passed() if _REPEAT.search(seen.text) else informational()


def pure(seen: View) -> Judgement:
    """Advise to state purity or grade; note a purity that cannot be one."""
    return purity(seen)


def supplied(seen: View) -> Judgement:
    """Tell that supplier and product may stand for the composition; note one without the other."""
    supplier, product = (seen.sample.attributes.get(term) for term in (SUPPLIER, LOT))
    if filled(supplier) and filled(product):
        return passed()
    if supplier is not None or product is not None:
        return failed(note=True, path=f"{seen.path}.attributes")
    if any(is_abbreviation(one) for one in (*(seen.sample.names or ()), seen.sample.composition or "")):
        return passed()
    return not_applicable(say("composition-stated")) if filled(seen.sample.composition) else informational()


def weighed(seen: View) -> Judgement:
    """Judge that a polymer's molecular weights agree with each other; advise to give them."""
    if not seen.polymer:
        return not_applicable(say("no-polymer"))
    weight, number = (_mass(pattern, seen.text) for pattern in (_MW, _MN))
    stated = _PDI.search(seen.text)
    dispersity = float(stated[1]) if stated else None
    if weight is None and number is None and dispersity is None:
        return informational(say("no-molecular-weight"))
    return _agreeing(seen, weight, number, dispersity)


def _agreeing(seen: View, weight: float | None, number: float | None, dispersity: float | None) -> Judgement:
    if dispersity is not None and dispersity < 1:
        return failed(path=seen.path, detail=f"PDI = {dispersity:g} < 1")
    if weight is None or number is None:
        return passed()
    if weight < number:
        return failed(path=seen.path, detail=f"Mw = {weight:g} < Mn = {number:g}")
    if dispersity is not None and number and abs(dispersity - weight / number) > _ROUNDING * dispersity:
        return failed(note=True, path=seen.path, detail=f"PDI = {dispersity:g}, Mw/Mn = {weight / number:.3g}")
    return passed()


def _mass(pattern: re.Pattern[str], text: str) -> float | None:
    match = pattern.search(text)
    digits = match[1].replace(",", "") if match else ""
    return float(digits) * (1000 if match and match[2] else 1) if digits else None


JUDGES: Final = {
    f"ARIM-MAT-{number}": of_group("organic", judge)
    for number, judge in enumerate((systematic, commonly_named, with_formula, repeating, pure, supplied, weighed), 201)
}
