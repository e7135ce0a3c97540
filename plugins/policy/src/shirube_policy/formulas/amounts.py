"""The grammar of formulae: elements with their amounts, brackets, hydrates, and amounts that are variable."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from shirube_policy.formulas.elements import SYMBOLS

Reason: TypeAlias = Literal["blank", "placeholder", "abbreviation", "case", "syntax"]

#: Longer texts are no formulae; the limit also keeps nesting shallow.
LONGEST: Final = 200
_TERM: Final = r"(?:\d+(?:\.\d+)?|\.\d+)?[xyznmδε]|\d+(?:\.\d+)?|\.\d+"
_EXPRESSION: Final = rf"(?:{_TERM})(?:[-+±](?:{_TERM}))*"
_TOKEN: Final = re.compile(
    rf"(?P<element>[A-Z][a-z]?)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<amount>{_EXPRESSION})|(?P<dot>\s*·\s*)"
)
#: An expression in brackets is an amount: Ga(1-x).
_BRACKETED: Final = re.compile(rf"[(\[]({_EXPRESSION})[)\]]")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_DEUTERIUM: Final = "D"

__all__ = ["LONGEST", "Amounts", "FormulaError", "Reason", "amounts_of"]


class FormulaError(ValueError):
    """A text that is no formula; ``reason`` says why, ``suggestion`` what it may have been meant to be."""

    def __init__(self, text: str, reason: Reason, suggestion: str | None = None) -> None:
        super().__init__(f"{text!r} is no formula ({reason})")
        self.reason: Final = reason
        self.suggestion: Final = suggestion


@frozen
class Amounts:
    """Amounts by element while a formula is read; an element's amount is None once it is variable."""

    held: dict[str, float | None] = field(factory=dict)

    def add(self, element: str, amount: float | None) -> None:
        """Add an amount of an element; None for a variable one."""
        before = self.held.get(element, 0.0)
        self.held[element] = None if before is None or amount is None else before + amount

    def add_all(self, other: Amounts, times: float | None) -> None:
        """Add the amounts of a part so many times."""
        for element, amount in other.held.items():
            self.add(element, None if amount is None or times is None else amount * times)


def amounts_of(body: str, text: str) -> Amounts:
    """Return the amounts of a formula in plain letters, without charge and dopants.

    Args:
        body: The formula; the parts of a hydrate are joined by a raised dot.
        text: What a person wrote, for the error.

    Raises:
        FormulaError: It is not written as a formula.
    """
    if len(body) > LONGEST:
        raise FormulaError(text, "syntax")
    whole = Amounts()
    for part in re.split(r"\s*·\s*", body):
        factor = re.match(rf"{_EXPRESSION}(?=[A-Z(\[])", part)
        if factor and part is not body and body.startswith(part) and _NUMBER.fullmatch(factor[0]) is None:
            raise FormulaError(text, "syntax")
        rest = part[factor.end() :] if factor else part
        whole.add_all(_group(_tokens(rest, text), text), _value(factor[0], text) if factor else 1.0)
    return whole


def _tokens(part: str, text: str) -> list[tuple[str, str]]:
    """Return kind and text of each token; an amount in brackets is an amount."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(part):
        amount = _BRACKETED.match(part, at) if found and found[-1][0] in ("element", "close") else None
        token = amount or _TOKEN.match(part, at)
        if token is None:
            raise FormulaError(text, "syntax")
        found += [("amount", amount[1])] if amount else _elements(token[0], text) if token["element"] else _kind(token)
        at = token.end()
    if not found:
        raise FormulaError(text, "syntax")
    return found


def _kind(token: re.Match[str]) -> list[tuple[str, str]]:
    return [(token.lastgroup or "", token[0])]


def _elements(letters: str, text: str) -> list[tuple[str, str]]:
    """Return an element; or one with a variable amount (``Ox``)."""
    if letters in SYMBOLS or letters == _DEUTERIUM:
        return [("element", letters)]
    first, second = letters[0], letters[1:]
    if first in SYMBOLS and second in ("x", "y", "z", "n", "m"):
        return [("element", first), ("amount", second)]
    raise FormulaError(text, "syntax")


def _group(tokens: list[tuple[str, str]], text: str) -> Amounts:
    stack = [Amounts()]
    brackets: list[str] = []
    pending: Amounts | None = None
    for kind, value in [*tokens, ("end", "")]:
        if pending is not None:
            stack[-1].add_all(pending, _value(value, text) if kind == "amount" else 1.0)
        elif kind == "amount":
            raise FormulaError(text, "syntax")
        pending = None
        if kind == "element":
            pending = Amounts({value: 1.0})
        elif kind == "open":
            stack.append(Amounts())
            brackets.append({"(": ")", "[": "]"}[value])
        elif kind == "close":
            if not brackets or brackets.pop() != value or not stack[-1].held:
                raise FormulaError(text, "syntax")
            pending = stack.pop()
    if brackets:
        raise FormulaError(text, "syntax")
    return stack[0]


def _value(amount: str, text: str) -> float | None:
    """Return a number, None for a variable amount."""
    if not _NUMBER.fullmatch(amount):
        return None
    if float(amount) <= 0:
        raise FormulaError(text, "syntax")
    return float(amount)
