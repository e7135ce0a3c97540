"""Compositions that are no single formula: Al 90%, Cu 10%; Ti-6Al-4V; Ni80Fe20; Fe, Cu, Al."""

from __future__ import annotations

import math
import re
from typing import Final

from attrs import frozen

from shirube_policy.formulas.elements import METALS, SYMBOLS
from shirube_policy.formulas.parser import formulas_in
from shirube_policy.formulas.spelling import spelt

#: Nothing is given back, so that searching takes time in proportion to the text.
_NUMBER: Final = r"\d++(?:\.\d++)?"
_SHARE: Final = re.compile(
    rf"(?<![A-Za-z])(?:(?P<first>[A-Z][a-z]?)\s*+[:=]?\s*+(?P<after>{_NUMBER})\s*+(?P<unit>at|wt|mol|mass|質量|原子)?\.?\s*+%"
    rf"|(?<!\d)(?P<before>{_NUMBER})\s*+(?P<unit2>at|wt|mol|mass|質量|原子)?\.?\s*+%\s*+(?P<second>[A-Z][a-z]?)(?![a-z]))"
)
#: Ti-6Al-4V, Al-4.5Cu: the base without, the others with their share.
_DASHED: Final = re.compile(rf"(?<![A-Za-z])(?P<base>[A-Z][a-z]?)(?P<rest>(?:-{_NUMBER}[A-Z][a-z]?)+)(?![a-z])")
_DASHED_PART: Final = re.compile(rf"-({_NUMBER})([A-Z][a-z]?)")
_SYMBOL: Final = re.compile(r"(?<![A-Za-z])([A-Z][a-z]?)(?![a-z])")
#: Subscripts of an alloy that are percentages add up to this.
_WHOLE: Final = 100

__all__ = ["Composition", "Part", "composition"]


@frozen
class Part:
    """An element's share in per cent."""

    element: str
    share: float


@frozen
class Composition:
    """What a text says of the elements of a material.

    Attributes:
        elements: Elements that it names, in order.
        parts: Shares in per cent; the base of ``Ti-6Al-4V`` has what is left.
        total: Sum of the shares as written; None without any.
        basis: Whether it says of what the shares are (at%, wt%).
        ratio: Whether a ratio is written in any way, as subscripts too.
    """

    elements: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    total: float | None = None
    basis: bool = False
    ratio: bool = False

    @property
    def metals(self) -> tuple[str, ...]:
        """The metals among the elements."""
        return tuple(one for one in self.elements if one in METALS)


def composition(text: str) -> Composition:
    """Return what ``text`` says of elements and their shares; purities and humidities are no shares."""
    plain = spelt(text)
    shares = [_share(match) for match in _SHARE.finditer(plain)]
    parts = tuple(part for part, _ in shares if part.element in SYMBOLS)
    dashed = _dashed(plain)
    formulas = formulas_in(plain)
    named = [match[1] for match in _SYMBOL.finditer(plain) if match[1] in SYMBOLS]
    shared = [one.element for one in (*parts, *dashed)]
    elements = [*shared, *(one for each in formulas for one in each.elements), *named]
    total = math.fsum(part.share for part in parts) if parts else None
    subscripts = any(_is_alloy(tuple(one.amounts.items())) for one in formulas)
    return Composition(
        elements=tuple(dict.fromkeys(elements)),
        parts=(*parts, *dashed),
        total=total,
        basis=bool(dashed) or subscripts or any(unit for _, unit in shares),
        ratio=bool(parts or dashed or subscripts),
    )


def _share(match: re.Match[str]) -> tuple[Part, bool]:
    element = match["first"] or match["second"]
    return Part(element, float(match["after"] or match["before"])), bool(match["unit"] or match["unit2"])


def _dashed(text: str) -> tuple[Part, ...]:
    match = _DASHED.search(text)
    if match is None:
        return ()
    parts = [Part(element, float(share)) for share, element in _DASHED_PART.findall(match["rest"])]
    if match["base"] not in SYMBOLS or any(one.element not in SYMBOLS for one in parts):
        return ()
    left = _WHOLE - math.fsum(one.share for one in parts)
    return (Part(match["base"], left), *parts) if left > 0 else tuple(parts)


def _is_alloy(amounts: tuple[tuple[str, float], ...]) -> bool:
    """Tell whether a formula's subscripts say the ratio of two metals: Ni80Fe20, Cu3Au, Fe0.7Co0.3."""
    metals = [(element, amount) for element, amount in amounts if element in METALS]
    equal = all(amount == 1 for _, amount in metals)
    return len(metals) > 1 and len(metals) == len(amounts) and not equal
