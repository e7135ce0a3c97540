"""Stacks and interfaces written as A/B/C: SiO2/Si, ITO/NPD/Alq3/Mg, アルミナ/SUS 摺動界面."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from shirube_policy.formulas.names import is_material
from shirube_policy.formulas.spelling import spelt

_URL: Final = re.compile(r"(?:https?://|www\.|doi:)\S+", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{1,4}/\d{1,2}(?:/\d{1,4})?")
#: Units, measurements and answers that are written with a slash.
_NO_STACKS: Final = frozenset(
    {
        *("n/a", "i-v/c-v", "c-v/i-v", "s/n", "mol/l", "g/l", "mg/ml", "km/h", "m/s", "v/s", "a/cm2", "w/m2"),
        *("and/or", "w/o", "on/off", "input/output", "d/a", "a/d"),
    }
)
_UNIT: Final = re.compile(r"(?:[kmcdnµμup]?(?:m|g|l|L|s|h|K|V|A|W|J|Pa|mol|eV|Hz|min|cm|mm|nm|sccm|C|N|T)[²³]?-?\d?)")
#: One layer, without blanks, with a few notes in brackets perhaps: Al2O3(10nm). A search that begins only where a word
#: does, and gives nothing back, takes time in proportion to the text.
_LETTER: Final = r"[^\s/,;、。，；()（）「」『』]"
_LAYER: Final = rf"{_LETTER}++(?:\([^()]*\){_LETTER}*+){{0,4}}+"
_STACK: Final = re.compile(rf"(?<!{_LETTER}){_LAYER}(?:\s?/\s?{_LAYER})+")
#: What stands around the layers in a sentence.
_BEFORE: Final = re.compile(r"^[^A-Za-z(\[]*[ぁ-ん](?=[A-Za-z(\[])|^[ぁ-ん]+")
_AFTER: Final = re.compile(
    r"(?:[ぁ-ん].*|(?:摺動)?界面.*|積層.*|多層.*|薄膜|基板.*|構造.*|ラミネート.*|コンパウンド.*|複合.*|膜|層|素子|デバイス.*)$"
)
_NOTE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*(?:nm|Å|ML)[^\[\]]*\]")
_PREFIX: Final = re.compile(r"^(?:[npi]-|p\+|n\+|α-|β-|γ-|a-|c-|poly-)(?=[A-Z])")

__all__ = ["Stack", "layer", "stacks_in"]


@frozen
class Stack:
    """Layers from one side to the other, and which of them are recognised as materials."""

    layers: tuple[str, ...]
    recognised: tuple[bool, ...]

    @property
    def known(self) -> int:
        """How many layers are recognised."""
        return sum(self.recognised)


def stacks_in(text: str) -> tuple[Stack, ...]:
    """Return the stacks that ``text`` names; addresses, dates, units and ``N/A`` are none."""
    plain = _DATE.sub(" ", _URL.sub(" ", spelt(text)))
    found = []
    for match in _STACK.finditer(plain):
        layers = tuple(layer(one) for one in match[0].split("/"))
        whole = "/".join(layers).casefold()
        if all(layers) and whole not in _NO_STACKS and not all(_UNIT.fullmatch(one) for one in layers):
            found.append(Stack(layers, tuple(_is_layer(one) for one in layers)))
    return tuple(found)


def layer(text: str) -> str:
    """Return a layer without what a sentence puts around it: ``でのITO`` is ITO, ``SUS 摺動界面`` is SUS."""
    return _AFTER.sub("", _BEFORE.sub("", text.strip())).strip(" .。-")


def _is_layer(text: str) -> bool:
    bare = _PREFIX.sub("", _NOTE.sub("", text)).strip()
    return is_material(bare) or is_material(text)
