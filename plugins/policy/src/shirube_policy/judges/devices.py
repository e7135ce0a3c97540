"""Devices and multi-materials (デバイス・マルチマテリアル分野における考え方)."""

from __future__ import annotations

import re
from typing import Final

from shirube.rules import Judgement, failed, not_applicable, passed
from shirube_policy.judges.samples import View, of_group
from shirube_policy.wording import say

_OXIDISED: Final = re.compile(r"酸化処理|熱酸化|高温酸化|oxidi[sz]ed|anneal\w* in O2|thermal oxid", re.IGNORECASE)
#: A layer or a state: an oxide, an ion, a thickness, or what was oxidised.
_OXIDE: Final = re.compile(
    r"酸化(?:物|膜|層|状態|数|皮膜)|[A-Z][a-z]?\d?[+]|[A-Z][a-z]?\s?\((?:I|II|III|IV|V|VI)\)|[A-Z][A-Za-z0-9]*O\d?(?![a-z])"
    r"|系合金\s*高温酸化|native oxide|oxide layer|oxidation state",
)
_CATALYST: Final = re.compile(r"触媒|担持|catalyst|supported on", re.IGNORECASE)
_SUPPORTED: Final = re.compile(
    r"\S+\s*担持\s*(?:型\s*)?\S+|\S+\s+supported\s+on\s+\S+|\S+\s+on\s+\S+\s+support", re.IGNORECASE
)
#: What catalysts are commonly carried by.
_SUPPORTS: Final = re.compile(
    r"Al2O3|SiO2|TiO2|CeO2|ZrO2|MgO|ZnO|C|CNT|アルミナ|シリカ|チタニア|セリア|ゼオライト|zeolite|carbon|炭素|活性炭",
    re.IGNORECASE,
)
_COMPOSITE: Final = re.compile(r"コンパウンド|ラミネート|複合材|composite|laminate|compound\b", re.IGNORECASE)
_ENOUGH: Final = 2

__all__ = ["JUDGES"]


def stacked(seen: View) -> Judgement:
    """Note a device or stack whose layers are not given as A/B with two recognised materials."""
    if not seen.layered:
        return not_applicable(say("no-layers"))
    known = max((one.known for one in seen.stacks), default=0)
    return passed() if known >= _ENOUGH else failed(note=True, path=seen.path)


def oxidised(seen: View) -> Judgement:
    """Note an oxidised material without its state or layer of oxide."""
    if not _OXIDISED.search(seen.text):
        return not_applicable(say("not-oxidised"))
    return passed() if _OXIDE.search(seen.text) else failed(path=seen.path)


def carried(seen: View) -> Judgement:
    """Note a catalyst of which it is not said what carries what."""
    if not _CATALYST.search(seen.text):
        return not_applicable(say("no-catalyst"))
    said = _SUPPORTED.search(seen.text) or any(_SUPPORTS.fullmatch(one.layers[-1]) for one in seen.stacks)
    return passed() if said else failed(path=seen.path)


def composed(seen: View) -> Judgement:
    """Note a compound or laminate of which fewer than two constituents are named."""
    if not _COMPOSITE.search(seen.text):
        return not_applicable(say("no-composite"))
    return passed() if any(len(one.layers) >= _ENOUGH for one in seen.stacks) else failed(path=seen.path)


JUDGES: Final = {
    f"ARIM-MAT-{number}": of_group("device", judge)
    for number, judge in enumerate((stacked, oxidised, carried, composed), 301)
}
