"""Properties that several groups of samples share: CAS numbers, purity and grade."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from shirube.rules import Judgement, failed, informational, passed
from shirube_policy.wording import say

if TYPE_CHECKING:
    from shirube_policy.judges.samples import View

#: Only after "CAS": a date such as 2024-05-1 has the same shape.
_CAS: Final = re.compile(r"CAS[\s:：#RNno.番号登録\-]*?(\d{2,7}-\d{2}-\d)(?!\d)", re.IGNORECASE)
_CAS_FORM: Final = re.compile(r"(\d{2,7})-(\d{2})-(\d)")
_STATED: Final = re.compile(
    r"(?:純度|purity|pure)\s*[:：=≥>~約]*\s*(-?\d+(?:\.\d+)?)\s*%|(-?\d+(?:\.\d+)?)\s*%\s*(?:純度|purity|pure)",
    re.IGNORECASE,
)
#: A bare percentage is a purity when it is near 100 and speaks of nothing else.
_BARE: Final = re.compile(r"(?<![\w.])(?:[>≥]\s*)?((?:9\d|1\d\d)(?:\.\d+)?)\s*%")
_OTHER: Final = re.compile(
    r"(?:湿度|組成|収率|濃度|転化率|透過率|humidity|yield|RH|concentration|[A-Z][a-z]?)\s*[:：=]?\s*$", re.IGNORECASE
)
_NINES: Final = re.compile(r"(?<![\w.])[2-9]N(?:\d|up|\+)?(?![\w])")
_GRADE: Final = re.compile(r"グレード|試薬|特級|一級|分析用|工業用|\bgrade\b|reagent|\bACS\b|HPLC", re.IGNORECASE)

__all__ = ["cas_numbers", "purity", "valid_cas"]


def valid_cas(number: str) -> bool:
    """Tell whether the check digit of a CAS number is right: 13463-67-7 is, 13463-67-8 is not."""
    match = _CAS_FORM.fullmatch(number.strip())
    if match is None:
        return False
    digits = [int(one) for one in reversed(match[1] + match[2])]
    return sum(place * digit for place, digit in enumerate(digits, 1)) % 10 == int(match[3])


def cas_numbers(text: str, term: str) -> list[tuple[str, bool]]:
    """Return the CAS numbers of a term and of a text that calls them so, each with whether it can be one."""
    found = [*([term.strip()] if term.strip() else []), *_CAS.findall(text)]
    return [(one, valid_cas(one)) for one in dict.fromkeys(found)]


def purity(seen: View) -> Judgement:
    """Judge purity and grade: advice when there are none, a note on a purity that cannot be one."""
    values = [float(one or other) for one, other in _STATED.findall(seen.text)]
    values += [
        float(match[1]) for match in _BARE.finditer(seen.text) if not _OTHER.search(seen.text[: match.start()][-16:])
    ]
    wrong = [value for value in values if not 0 < value <= 100]  # noqa: PLR2004 per cent
    if wrong:
        return failed(say("purity-wrong"), note=True, path=seen.path, value=f"{wrong[0]:g}%")
    return passed() if values or _NINES.search(seen.text) or _GRADE.search(seen.text) else informational()
