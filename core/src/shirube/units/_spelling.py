"""How units are spelt: widths, signs, powers of ten and capital letters, brought to one spelling."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from attrs import frozen

from shirube.errors import UnitError, core_message
from shirube.units._table import ANY_CASE, ARBITRARY, ARBITRARY_SIGNS, ARBITRARY_WORDS, CHOICES, UNITS

#: Longer texts are sentences, not units.
_LONGEST: Final = 60
_SUPERSCRIPTS: Final = "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN: Final = str.maketrans(_SUPERSCRIPTS, "+-0123456789")
_NUMBER: Final = r"(?P<number>[0-9]+(?:\.[0-9]*)?)"
_UNIT: Final = r"\s*\*?\s*(?P<unit>(?:[^\W\d_]|[°%]).*)"
#: ``10^-8``, ``10^{-8}``, ``10**(-8)``, ``10-8``: with a caret any exponent, without one a sign.
_TEN: Final = r"10\s*(?:(?:\^|\*\*)\s*[{(]?\s*(?P<raised>[+-]?[0-9]{1,2})\s*[)}]?|(?P<signed>[+-][0-9]{1,2}))"
#: ``3x10^-8 Pa``, ``×10-8 Pa``, ``10^{-8} Pa``.
_POWER: Final = re.compile(rf"(?:{_NUMBER}?\s*[x×*]\s*)?{_TEN}{_UNIT}")
#: ``1e-8 Pa``, ``100 Pa``.
_FACTOR: Final = re.compile(rf"{_NUMBER}(?:[eE](?P<raised>[+-]?[0-9]{{1,2}}))?(?P<signed>){_UNIT}")
_DEGREES: Final = re.compile(r"(?:deg\.?|°)\s*C", re.IGNORECASE)


@frozen
class Spelt:
    """A unit as spelt in one way: a power of ten (or another factor) and the unit it multiplies."""

    unit: str
    scale: Decimal = Decimal(1)

    def __str__(self) -> str:
        if self.scale == 1:
            return self.unit
        return f"{self.scale.normalize():e} {self.unit}".replace("e+", "e")


def canonical(unit: str) -> str:
    """Return the one spelling of ``unit``: ``msec`` is ``ms``, ``10^-8 Pa`` is ``1e-8 Pa``.

    Full-width letters, both micro signs, superscripts and the sign of Celsius are understood. A unit that is not known
    comes back with its spaces trimmed; nothing is looked up in a library.

    Raises:
        UnitError: The unit's capital letters leave open what it means (``MEV``).
    """
    return str(spell(unit))


def is_arbitrary(unit: str) -> bool:
    """Tell whether ``unit`` has no fixed size: ``a.u.``, ``arb. unit``, ``ML``, ``L``, ``-`` or no unit at all.

    Libraries read several of them as litres or astronomical units; in surface science they are monolayers, langmuirs
    and scales of nobody knows what.
    """
    text = _normal(unit)
    return text in ARBITRARY_SIGNS or _word(text) in ARBITRARY_WORDS


def spell(unit: str) -> Spelt:
    """Return the unit in one spelling, its power of ten apart.

    Raises:
        UnitError: As for :func:`canonical`.
    """
    text = _normal(unit)
    if is_arbitrary(unit):
        return Spelt(ARBITRARY if _word(text) in ARBITRARY_WORDS else text)
    if text in UNITS:
        return Spelt(UNITS[text].name)
    found = (_POWER.fullmatch(text) or _FACTOR.fullmatch(text)) if len(text) <= _LONGEST else None
    scale = None if found is None else _scale(found)
    if found is None or not scale:
        return Spelt(name_of(text))
    return Spelt(name_of(found["unit"]), scale)


def name_of(text: str) -> str:
    """Return the one name of a unit without factor, ``text`` itself when the table does not hold it.

    Raises:
        UnitError: As for :func:`canonical`.
    """
    if text in UNITS:
        return UNITS[text].name
    folded = text.casefold()
    if folded in ANY_CASE:
        return ANY_CASE[folded].name
    if text not in CHOICES.get(folded, (text,)):
        raise UnitError(core_message("unit-case", unit=text, choices=" / ".join(CHOICES[folded])))
    return text


def _normal(unit: str) -> str:
    """Return the text in plain characters: ``Å⁻¹`` is ``Å^-1``; compatibility forms would make it ``Å-1``."""
    raised = re.sub(f"[{_SUPERSCRIPTS}]+", lambda found: "^" + found[0].translate(_PLAIN), unit)
    text = unicodedata.normalize("NFKC", raised)
    text = text.replace("\u2212", "-").replace("\u03bc", "u").replace("·", "*").replace("⋅", "*")
    return _DEGREES.sub("degC", " ".join(text.split()))


def _word(text: str) -> str:
    return text.replace(" ", "").casefold()


def _scale(found: re.Match[str]) -> Decimal:
    return Decimal(found["number"] or 1).scaleb(int(found["raised"] or found["signed"] or 0))
