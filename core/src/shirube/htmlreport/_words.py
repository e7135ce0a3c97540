"""The words of a report in one language: sentences, terms, numbers and names as the page shows them."""

from __future__ import annotations

import math
import re
from typing import Final

from attrs import frozen

from shirube.messages import Language, Message, Renderable
from shirube.quantities import uncertain
from shirube.records import Origin, Quantity, Value
from shirube.terms import Vocabulary

_PACKAGE: Final = "shirube.htmlreport"
_POWER: Final = re.compile(r"e([+-]?)0*(\d+)")
_MINUS: Final = re.compile(r"(?<![\w.])-(?=[\d.])")
_SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Whole numbers of more digits are written in groups of three.
_GROUPED: Final = 10_000
#: Ends of an interval beyond this are shown by their leading digits.
_LARGE: Final = 1e5

__all__ = ["Words", "phrase"]


@frozen
class Words:
    """What a report says in one language.

    Attributes:
        lang: The language.
        vocabulary: The terms, whose labels stand for their keys.
    """

    lang: Language
    vocabulary: Vocabulary

    def __call__(self, code: str, **params: object) -> str:
        """Return a message of this room."""
        return phrase(code, **params).render(self.lang)

    def text(self, text: Renderable) -> str:
        """Return a text in the report's language."""
        return text.render(self.lang)

    def term(self, key: str) -> str:
        """Return the label of a term; its key where no installed plugin knows it."""
        return self.text(self.vocabulary[key].label) if key in self.vocabulary else key

    def number(self, value: float, *, whole: bool = False) -> str:
        """Return a number as people read it; an empty text for nan."""
        if math.isnan(value):
            return ""
        # A zero has no sign here.
        value += 0.0
        if whole or (float(value).is_integer() and abs(value) < 1e15):  # noqa: PLR2004 doubles are exact up to here
            return printed(f"{value:,.0f}" if abs(value) >= _GROUPED else f"{value:.0f}")
        return printed(f"{value:.6g}")

    def measured(self, value: float, uncertainty: float | None, unit: str | None = None) -> str:
        """Return a number with its standard uncertainty and unit."""
        return printed(uncertain(value, uncertainty, unit))

    def interval(self, low: float, high: float) -> str:
        """Return an interval, with as many decimals as its width lets matter."""
        width = (high - low) / 4.0
        if not width > 0.0 or max(abs(low), abs(high)) >= _LARGE:
            return self("interval", low=self.number(low), high=self.number(high))
        decimals = max(0, 1 - math.floor(math.log10(width)))
        return self("interval", low=printed(f"{low:.{decimals}f}"), high=printed(f"{high:.{decimals}f}"))

    def quantity(self, quantity: Quantity) -> str:
        """Return the value of a quantity with its unit, and its uncertainty where it has one."""
        value, unit = quantity.value, quantity.unit or ""
        if isinstance(value, float) and quantity.uncertainty is not None:
            return self.measured(value, quantity.uncertainty, unit)
        return f"{self.value(value)} {unit}".rstrip()

    def value(self, value: Value | tuple[Value, ...] | None) -> str:
        """Return a plain value: words for booleans and for what is not set, several with commas between."""
        if isinstance(value, tuple):
            return self.listed([self.value(one) for one in value]) or "–"
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self("yes" if value else "no")
        return value if isinstance(value, str) else self.number(value)

    def origin(self, origin: Origin) -> str:
        """Return where a value comes from, with the key that states it."""
        place = origin.render(self.lang)
        return place if origin.key is None else self("origin-key", place=place, key=origin.key)

    def size(self, size: int) -> str:
        """Return a number of bytes."""
        return self("bytes", count=f"{size:,}")

    def listed(self, parts: list[str]) -> str:
        """Return several texts as one."""
        return ("、" if self.lang == "ja" else ", ").join(parts)

    def reasons(self, texts: tuple[Renderable, ...]) -> list[str]:
        """Return several texts in the report's language."""
        return [self.text(one) for one in texts]


def printed(text: str) -> str:
    """Return a number's text with a minus sign that is one, and powers of ten as they are printed."""
    powers = _POWER.sub(lambda found: f" × 10{(found[1].strip('+') + found[2]).translate(_SUPERSCRIPTS)}", text)
    return _MINUS.sub("−", powers)


def phrase(code: str, **params: object) -> Message:
    """Return a message of this room."""
    return Message(_PACKAGE, code, params)
