"""In how many ways people write what anonymity hides: names, organisations, numbers and titles of projects.

All patterns are for texts that :func:`folded` returns, in which every letter has the place that it had before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from shirube.text import is_japanese
from shirube_policy.blanks import filled
from shirube_policy.people import split_name

#: What may stand between the parts of a name, in texts and in names of files.
_JOINT: Final = r"[\s_.,、・·\-]{0,3}"
#: What stands between an initial and a family name that alone would tell nothing.
_POINT: Final = r"\.\s?"
#: A part of a name alone may be a word (Li, Mori, 林); shorter ones are looked for only beside the other part.
_SHORTEST_LATIN: Final = 4
_SHORTEST_JAPANESE: Final = 2
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

__all__ = [
    "Spelling",
    "compiled",
    "family_alone",
    "folded",
    "given_alone",
    "literal",
    "names",
    "numbers",
    "organizations",
]


@frozen
class Spelling:
    """How something may be written.

    Attributes:
        need: A part that no such text lacks, in small letters, so that most texts need not be searched.
        pattern: The pattern.
    """

    need: str
    pattern: str


def folded(text: str) -> str:
    """Return ``text`` in NFKC and small letters without Latin accents; a character for each of ``NFKC(text)``."""
    if text.isascii():
        return text.lower()
    return "".join(map(_bare, unicodedata.normalize("NFKC", text)))


def names(text: str) -> Iterator[Spelling]:
    """Yield a person's whole name: either order, any joint, initials, as an account may be called."""
    name = split_name(folded(text))
    if not filled(name.family):
        return
    if not name.given:
        yield literal(name.family)
        return
    need, family, given = _need(name.family), _words(name.family), _words(name.given)
    yield Spelling(need, f"{family}{_JOINT}{given}")
    yield Spelling(need, f"{given}{_JOINT}{family}")
    if not is_japanese(name.given):
        initial, telling = re.escape(name.given[0]), _telling(name.family)
        yield Spelling(need, f"{initial}{_JOINT if telling else _POINT}{family}")
        yield Spelling(need, rf"{family}{_JOINT}{initial}\.?" if telling else rf"{family},?\s{initial}\.")


def family_alone(text: str) -> Iterator[Spelling]:
    """Yield the family name, if it tells enough without the given name."""
    name = split_name(folded(text))
    if name.given and _telling(name.family) and filled(name.family):
        yield literal(name.family)


def given_alone(text: str) -> Iterator[Spelling]:
    """Yield the given name, which alone may be a word or another person's."""
    name = split_name(folded(text))
    if name.given and _telling(name.given) and filled(name.given):
        yield literal(name.given)


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


def literal(text: str) -> Spelling:
    """Return a text as it is written: words between which white space or underscores stand, or nothing."""
    return Spelling(_need(text), _words(text))


def compiled(spellings: Iterable[Spelling]) -> re.Pattern[str]:
    """Return one pattern for all, the longest first.

    Within a Latin word nothing is found: NIMS is not in "minims". A Japanese name touches its neighbours.
    """
    patterns = sorted(dict.fromkeys(one.pattern for one in spellings), key=len, reverse=True)
    return re.compile("|".join(map(_bounded, patterns)))


def _need(text: str) -> str:
    return folded(text).split()[0]


def _words(text: str) -> str:
    return r"[\s_]*".join(re.escape(part) for part in folded(text).split())


def _bounded(pattern: str) -> str:
    return pattern if is_japanese(pattern) else rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"


def _telling(text: str) -> bool:
    return len(text) >= (_SHORTEST_JAPANESE if is_japanese(text) else _SHORTEST_LATIN)


def _bare(char: str) -> str:
    # The marks of kana tell words apart; those of Latin letters are often left away.
    if not char.isalpha():
        return char
    first = char if char.isascii() else unicodedata.normalize("NFD", char)[0]
    small = (first if first.isascii() else char).lower()
    return small if len(small) == 1 else char
