"""Chemical formulae, read strictly: elements with their amounts, brackets, hydrates, doping, variable stoichiometry.

``NaN`` is no sodium nitride, ``SUS`` no sulphide of uranium and ``SIO2`` no compound of iodine: what people mean is not
always what could be parsed, so that abbreviations and wrong case are refused with a reason.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from attrs import frozen

from shirube.records import FrozenMapping
from shirube_policy.formulas.amounts import LONGEST, FormulaError, amounts_of
from shirube_policy.formulas.elements import SYMBOLS
from shirube_policy.formulas.spelling import spelt

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
#: What stands between the words of a text; Japanese and Latin letters need no blank between them.
_BETWEEN: Final = re.compile(
    r"[\s,;、。，；/／|「」『』:：()（）]+|(?<=[\u3041-\u9fff])(?=[A-Z\[])|(?<=[A-Za-z0-9\]])(?=[\u3041-\u9fff])"
)
#: Symbols that are words of a sentence.
_ENGLISH_WORDS: Final = frozenset({"I", "In", "As", "At", "He", "Be"})

__all__ = ["Formula", "FormulaError", "formulas_in", "is_formula", "parse_formula", "suggested"]


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
        amounts = amounts_of(_HYDRATE.sub("·", body), text)
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
    if len(plain) > LONGEST or not re.fullmatch(r"[A-Za-z][A-Za-z0-9.]*", plain) or not plain.isascii():
        return None
    mended = "".join(_recased(run) if run.isalpha() else run for run in re.findall(r"[A-Za-z]+|[^A-Za-z]+", plain))
    worded = plain.isalpha() and _SINGLES.search(mended)
    if "?" in mended or mended == plain or worded:
        return None
    try:
        amounts_of(mended, text)
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
