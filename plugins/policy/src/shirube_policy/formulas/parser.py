"""Chemical formulae, read strictly: elements with their amounts, brackets, hydrates, doping, variable stoichiometry.

``NaN`` is no sodium nitride, ``SUS`` no sulphide of uranium and ``SIO2`` no compound of iodine: what people mean is not
always what could be parsed, so that abbreviations and wrong case are refused with a reason.
"""

from __future__ import annotations

import functools
import re
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from shirube.records import FrozenMapping
from shirube_policy.formulas.elements import SYMBOLS
from shirube_policy.formulas.spelling import spelt

Reason: TypeAlias = Literal["blank", "placeholder", "abbreviation", "case", "syntax"]

#: Longer texts are no formulae; the limit also keeps nesting shallow.
_LONGEST: Final = 200
_TERM: Final = r"(?:\d+(?:\.\d+)?|\.\d+)?[xyznmδε]|\d+(?:\.\d+)?|\.\d+"
_EXPRESSION: Final = rf"(?:{_TERM})(?:[-+±](?:{_TERM}))*"
_TOKEN: Final = re.compile(
    rf"(?P<element>[A-Z][a-z]?)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<amount>{_EXPRESSION})|(?P<dot>\s*·\s*)"
)
#: An expression in brackets is an amount: Ga(1-x).
_BRACKETED: Final = re.compile(rf"[(\[]({_EXPRESSION})[)\]]")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_CHARGE: Final = re.compile(r"(?<=[A-Za-z0-9)\]])(?:\d?[+-]|\d?\((?:\d?[+-]|[IVX]+)\))$")
_HYDRATE: Final = re.compile(r"(?<=[A-Za-z0-9)\]])\.(?=(?:\d+(?:\.\d+)?|[nx])?[HD]2O$)")
_DOPANT: Final = re.compile(
    r"(?:\d+(?:\.\d+)?\s*(?:at|mol|wt)?\.?\s*%\s*)?(?P<element>[A-Z][a-z]?)(?:\d?[+]|\(\d+(?:\.\d+)?\s*(?:at|mol|wt)?%\))?"
)
#: What one-letter elements spell in capitals is an abbreviation, except these.
_COMPOUNDS: Final = frozenset(
    {
        *("CO", "NO", "BN", "BP", "HF", "HI", "KI", "KF", "KH", "KOH", "HCN", "KCN", "KSCN", "COS", "OCS", "CN", "OH"),
        *("VN", "VC", "VO", "VP", "WC", "WN", "WP", "UN", "UC", "UO", "YN", "YP", "YO"),
    }
)
#: Two capitals that in all likelihood are one element with its second letter in the wrong case.
_SLIPS: Final = frozenset({"SI", "TI", "NI", "CU", "IN", "SN", "NB", "PB", "BI", "YB", "PU"})
#: Two one-letter elements in a row, which words fall into (iron: IrON).
_SINGLES: Final = re.compile(r"[A-Z](?![a-z])[A-Z](?![a-z])")
_DEUTERIUM: Final = "D"
#: What stands between the words of a text; Japanese and Latin letters need no blank between them.
_BETWEEN: Final = re.compile(
    r"[\s,;、。，；/／|「」『』:：()（）]+|(?<=[\u3041-\u9fff])(?=[A-Z\[])|(?<=[A-Za-z0-9\]])(?=[\u3041-\u9fff])"
)
#: Symbols that are words of a sentence.
_ENGLISH_WORDS: Final = frozenset({"I", "In", "As", "At", "He", "Be"})

__all__ = ["Formula", "FormulaError", "formulas_in", "is_formula", "parse_formula", "suggested"]


class FormulaError(ValueError):
    """A text that is no formula; ``reason`` says why, ``suggestion`` what it may have been meant to be."""

    def __init__(self, text: str, reason: Reason, suggestion: str | None = None) -> None:
        super().__init__(f"{text!r} is no formula ({reason})")
        self.reason: Final = reason
        self.suggestion: Final = suggestion


@frozen
class Formula:
    """A chemical formula.

    Attributes:
        text: In plain letters.
        elements: Symbols in the order of their first occurrence, dopants last.
        amounts: How often each occurs; without those whose amount is variable.
        variable: Whether an amount is (``x``, ``3-δ``, ``n``).
        dopants: Elements that are dopants.
        charge: Charge as written (``3+``), blank without.
    """

    text: str
    elements: tuple[str, ...]
    amounts: FrozenMapping[str, float]
    variable: bool = False
    dopants: tuple[str, ...] = ()
    charge: str = ""


@frozen
class _Amounts:
    """Amounts by element while a formula is read; an element's amount is None once it is variable."""

    held: dict[str, float | None] = field(factory=dict)

    def add(self, element: str, amount: float | None) -> None:
        before = self.held.get(element, 0.0)
        self.held[element] = None if before is None or amount is None else before + amount

    def add_all(self, other: _Amounts, times: float | None) -> None:
        for element, amount in other.held.items():
            self.add(element, None if amount is None or times is None else amount * times)


@functools.lru_cache(maxsize=1024)
def parse_formula(text: str) -> Formula:
    """Return the formula that ``text`` is.

    Raises:
        FormulaError: It is none: blank, a placeholder, an abbreviation, in the wrong case, or not written as one.
    """
    plain = spelt(text).strip()
    if not plain:
        raise FormulaError(text, "blank")
    # Nobelium has no stable compound; "No" is an answer. Sodium (Na) and neodymium (Nd) are elements.
    if plain in ("NaN", "No", "N/A", "Na N"):
        raise FormulaError(text, "placeholder")
    try:
        host, dopants = _doping(plain)
        charge = _CHARGE.search(host)
        body = host[: charge.start()] if charge else host
        amounts = _parsed(_HYDRATE.sub("·", body), text)
    except FormulaError as error:
        # What parses in another case was most likely meant so.
        meant = suggested(text)
        raise FormulaError(text, "case" if meant else error.reason, meant) from None
    _refuse_abbreviation(body, text)
    for element in dopants:
        amounts.held.setdefault(element, None)
    return Formula(
        text=plain,
        elements=tuple(amounts.held),
        amounts=FrozenMapping({key: value for key, value in amounts.held.items() if value is not None}),
        variable=any(value is None for key, value in amounts.held.items() if key not in dopants),
        dopants=dopants,
        charge=charge[0] if charge else "",
    )


def is_formula(text: str) -> bool:
    """Tell whether ``text`` is a formula."""
    try:
        parse_formula(text)
    except FormulaError:
        return False
    return True


def formulas_in(text: str) -> tuple[Formula, ...]:
    """Return the formulae among the words of ``text``, in their order."""
    words = [word.strip(".") for word in _BETWEEN.split(spelt(text))]
    prose = any(word.isascii() and word.islower() and word.isalpha() for word in words)
    return tuple(
        parse_formula(word) for word in words if word and not (prose and word in _ENGLISH_WORDS) and is_formula(word)
    )


def suggested(text: str) -> str | None:
    """Return ``text`` with the case of its letters mended to make a formula (SIO2, sio2: SiO2), None if none is."""
    plain = spelt(text).strip()
    if len(plain) > _LONGEST or not re.fullmatch(r"[A-Za-z][A-Za-z0-9.]*", plain) or not plain.isascii():
        return None
    mended = "".join(_recased(run) if run.isalpha() else run for run in re.findall(r"[A-Za-z]+|[^A-Za-z]+", plain))
    worded = plain.isalpha() and _SINGLES.search(mended)
    if "?" in mended or mended == plain or worded:
        return None
    try:
        _parsed(mended, text)
    except FormulaError:
        return None
    return mended


def _recased(letters: str) -> str:
    """Return letters of any case as the fewest elements, two-letter ones first; ``?`` when they are none."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(letters) + 1):
        options = [
            [*known, symbol]
            for size in (2, 1)
            if end >= size
            and (known := best[end - size]) is not None
            and (symbol := letters[end - size : end].capitalize()) in SYMBOLS
        ]
        best.append(min(options, key=len, default=None))
    return "?" if best[-1] is None else "".join(best[-1])


def _doping(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the host and its dopants: ``Nb:SrTiO3`` and ``Y2O3:Eu`` alike."""
    first, colon, second = text.partition(":")
    if not colon:
        return text, ()
    for host, doping in ((second, first), (first, second)):
        found = [_DOPANT.fullmatch(one.strip()) for one in doping.split(",")]
        if all(one and one["element"] in SYMBOLS for one in found) and len(re.findall("[A-Z]", host)) > 1:
            return host.strip(), tuple(one["element"] for one in found if one)
    raise FormulaError(text, "syntax")


def _parsed(body: str, text: str) -> _Amounts:
    if len(body) > _LONGEST:
        raise FormulaError(text, "syntax")
    whole = _Amounts()
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


def _group(tokens: list[tuple[str, str]], text: str) -> _Amounts:
    stack = [_Amounts()]
    brackets: list[str] = []
    pending: _Amounts | None = None
    for kind, value in [*tokens, ("end", "")]:
        if pending is not None:
            stack[-1].add_all(pending, _value(value, text) if kind == "amount" else 1.0)
        elif kind == "amount":
            raise FormulaError(text, "syntax")
        pending = None
        if kind == "element":
            pending = _Amounts({value: 1.0})
        elif kind == "open":
            stack.append(_Amounts())
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


def _refuse_abbreviation(body: str, text: str) -> None:
    letters = re.findall(r"[A-Z][a-z]?", body)
    word = re.sub(r"[^A-Za-z]", "", body)
    if len(letters) == 1 or any(len(one) > 1 for one in letters) or word != word.upper():
        return
    if word == body and body not in _COMPOUNDS:
        raise FormulaError(text, "abbreviation")
    if re.fullmatch(r"SUS\d{3}.*", body):
        raise FormulaError(text, "abbreviation")
    if any(slip in body for slip in _SLIPS) and suggested(text):
        raise FormulaError(text, "case", suggested(text))
