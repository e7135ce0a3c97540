"""Names that say what a material is though they are no formulae: abbreviations, designations, words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shirube_policy.formulas.parser import is_formula
from shirube_policy.formulas.spelling import spelt

#: Abbreviations of materials in the fields of ARIM. They say what something is; a formula may still be asked for.
_LISTED: Final = (
    "ITO FTO AZO IGZO PZT BTO STO LSMO LSCO YSZ GDC YBCO BSCCO GST HOPG CNT SWCNT MWCNT GO rGO DLC SOI QD MOF COF HHTP "
    "Alq3 NPD NPB TPD BCP CBP PEDOT PSS PEDOT:PSS P3HT PCBM PTFE PVDF PMMA PDMS PET PEN PEEK PE PP PS PC PA PI PVC PVA "
    "PPS PLA PU ABS GF CF CFRP GFRP FRP SU-8 SAM SUS PBS BSA DNA RNA"
)
_ABBREVIATIONS: Final = frozenset(_LISTED.casefold().split())
#: Steel, aluminium and other standards: SUS304, JIS G 4305, AISI 1045, A5052, SS400, S45C.
_DESIGNATION: Final = re.compile(
    r"(?<![A-Za-z])(?:SUS\s?\d{3}[A-Z0-9]{0,3}|JIS\s?[A-Z]\s?\d{4}|ISO\s?\d{3,5}|AISI\s?\d{3,4}[A-Z]?|A[1-8]\d{3}P?|SS\d{3}"
    r"|S\d{2}C|SCM\d{3}|SKD\d{2,3}|Inconel\s?\d{3}|Hastelloy\s?[A-Z]-?\d*)(?![A-Za-z0-9])"
)
#: Material words in Japanese: katakana names, and kanji ending on what materials end on.
_JAPANESE: Final = re.compile(
    r"[ァ-ヴー]{2,}|[一-龥]*(?:酸|[化二三四]|鋼|鉄|銅|銀|金|鉛|硫|塩|樹脂|炭素|黒鉛|石英|雲母|高分子|水)[一-龥ァ-ヴー]*"
)
_NOT_MATERIALS: Final = re.compile(r"サンプル|テスト|データ|ラミネート|コンパウンド|スペクトル|デバイス|ポリマー")
#: Names of compounds in English end on these.
_ENGLISH: Final = re.compile(
    r"(?:[A-Za-z]*(?:ide|ate|ite|ene|ane|one|ol|ine|ium|ose|imide|amide|acid|oxide|glass|silica|alumina|steel|iron|copper"
    r"|gold|silver|graphite|diamond|quartz|mica|rubber|nylon|polymer))",
    re.IGNORECASE,
)
#: Shorter words end like a compound by chance.
_SHORTEST: Final = 3

__all__ = ["designations_in", "is_abbreviation", "is_designation", "is_material", "is_word"]


def is_abbreviation(text: str) -> bool:
    """Tell whether ``text`` is a known abbreviation of a material."""
    bare = re.sub(r"(?:\(\d+\)|-\w)$", "", spelt(text).strip())
    return bare.casefold() in _ABBREVIATIONS or _key(text) in _ABBREVIATIONS


def is_designation(text: str) -> bool:
    """Tell whether ``text`` is the number of a standard: SUS304, AISI 1045."""
    return _DESIGNATION.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def designations_in(text: str) -> tuple[str, ...]:
    """Return the numbers of standards that ``text`` names."""
    return tuple(one.strip() for one in _DESIGNATION.findall(unicodedata.normalize("NFKC", text)))


def is_word(text: str) -> bool:
    """Tell whether ``text`` is a word for a material in Japanese or English."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _NOT_MATERIALS.fullmatch(plain):
        return False
    return _JAPANESE.fullmatch(plain) is not None or (len(plain) >= _SHORTEST and _ENGLISH.fullmatch(plain) is not None)


def is_material(text: str) -> bool:
    """Tell whether ``text`` says what a material is: a formula, an abbreviation, a designation or a word."""
    return is_formula(text) or is_abbreviation(text) or is_designation(text) or is_word(text)


def _key(text: str) -> str:
    return spelt(text).strip().casefold()
