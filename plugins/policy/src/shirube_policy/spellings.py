"""In how many ways people write organisations and numbers of projects, which anonymity hides beside names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shirube.spellings import Spelling, folded, literal
from shirube_policy.blanks import filled

#: Shorter values occur everywhere by chance.
_SHORTEST: Final = 3
_LEGAL_FORM: Final = re.compile(
    r"(?:国立研究開発|独立行政|国立大学|公立大学|学校|大学共同利用機関|(?:一般|公益)(?:財団|社団))法人|株式会社|有限会社|合同会社|\([株有]\)"
    r"|,?\s+(?:Co\.,?\s*Ltd\.?|Ltd\.?|Inc\.?|Corp(?:oration|\.)?|K\.\s?K\.|LLC|GmbH)(?=\s|$|,)",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
#: Numbers of ARIM's projects, which people shorten: JPMXP1222NM1001, 22NM1001, 22-NM-1001.
_PROJECT: Final = re.compile(r"(JPMXP)(12)(\d\d)([A-Z]{2})(\d{4})")
_DIVIDER: Final = r"[\s_\-]?"

__all__ = ["numbers", "organizations"]


def organizations(text: str) -> Iterator[Spelling]:
    """Yield an organisation: as written, without its legal form, and what stands in brackets apart."""
    whole = folded(text).strip()
    parts = [whole, _IN_BRACKETS.sub(" ", _LEGAL_FORM.sub(" ", whole)), *_IN_BRACKETS.findall(whole)]
    parts += [_LEGAL_FORM.sub(" ", part) for part in parts]
    for part in dict.fromkeys(" ".join(one.split()).strip(" ,") for one in parts):
        if filled(part) and (len(part) >= _SHORTEST or part == whole or not part.isascii()) and len(part) > 1:
            yield literal(part)


def numbers(text: str) -> Iterator[Spelling]:
    """Yield a project's number: whole and shortened, with dividers or without."""
    whole = folded(text).strip()
    found = _PROJECT.fullmatch(whole.upper())
    if found is None:
        yield from (literal(one) for one in (whole,) if filled(one))
        return
    letters, programme, year, facility, number = (one.lower() for one in found.groups())
    lead = rf"(?:(?:{letters}{_DIVIDER})?{programme}{_DIVIDER})?"
    yield Spelling(number, f"{lead}{year}{_DIVIDER}{facility}{_DIVIDER}{number}")
