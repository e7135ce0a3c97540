"""In how many ways the name of a person is written, and texts searched for it.

All patterns are for texts that :func:`folded` returns, in which every letter has the place that it had before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from shirube.text import is_japanese

#: What may stand between the parts of a name, in texts and in names of files.
_JOINT: Final = r"[\s_.,、・·\-]{0,3}"
#: What stands between an initial and a family name that alone would tell nothing.
_POINT: Final = r"\.\s?"
#: A part of a name alone may be a word (Li, Mori, 林); shorter ones are looked for only beside the other part.
_SHORTEST_LATIN: Final = 4
_SHORTEST_JAPANESE: Final = 2
_TWO: Final = 2
#: No letter goes on with a letter, no digit with a digit; a digit may follow a name, as in names of files.
_BEGINS: Final = r"(?:(?<!\d)(?=\d)|(?<![a-z])(?!\d))"
_ENDS: Final = r"(?:(?<=\d)(?!\d)|(?<!\d)(?![a-z]))"
_SPACES: Final = re.compile(r"[\s\u3000]+")

__all__ = [
    "Name",
    "Spelling",
    "compiled",
    "family_alone",
    "folded",
    "given_alone",
    "is_telling",
    "literal",
    "names",
    "split_name",
    "substituted",
]


@frozen
class Name:
    """A name in its parts; ``given`` is empty where it cannot be told."""

    family: str
    given: str = ""


@frozen
class Spelling:
    """How something may be written.

    Attributes:
        need: A part that no such text lacks, folded, so that most texts need not be searched.
        pattern: The pattern.
    """

    need: str
    pattern: str


def split_name(text: str) -> Name:
    """Return the parts of a name as registries show it (FAMILY,Given; 姓 名).

    A Latin name without a comma is not split: which of its words is the family's cannot be told.
    """
    family, comma, given = text.replace("，", ",").replace("、", ",").partition(",")
    if comma:
        return Name(family.strip(), given.strip())
    words = _SPACES.split(text.strip())
    if is_japanese(text) and len(words) == _TWO:
        return Name(*words)
    return Name(text.strip())


def folded(text: str) -> str:
    """Return ``text`` in NFKC and small letters without Latin accents; a character for each of ``NFKC(text)``."""
    if text.isascii():
        return text.lower()
    return "".join(map(_bare, unicodedata.normalize("NFKC", text)))


def names(text: str) -> Iterator[Spelling]:
    """Yield a person's whole name: either order, any joint, initials, as an account may be called."""
    name = split_name(folded(text))
    if name.family and not name.given:
        yield literal(name.family)
        words = name.family.split()
        if len(words) == _TWO:
            yield from _in_both_orders(*words)
    elif name.family:
        yield from _in_both_orders(name.family, name.given)
        if not is_japanese(name.given):
            yield from _with_initial(name)


def family_alone(text: str) -> Iterator[Spelling]:
    """Yield the family name, if it tells enough without the given name."""
    name = split_name(folded(text))
    if name.given and is_telling(name.family):
        yield literal(name.family)


def given_alone(text: str) -> Iterator[Spelling]:
    """Yield the given name, which alone may be a word or another person's."""
    name = split_name(folded(text))
    if name.given and is_telling(name.given):
        yield literal(name.given)


def literal(text: str) -> Spelling:
    """Return a text, not blank, as it is written: words between which white space or underscores stand, or nothing."""
    return Spelling(_need(text), _words(text))


def is_telling(text: str) -> bool:
    """Tell whether a part of a name is long enough to be found in other texts by more than chance."""
    return len(text) >= (_SHORTEST_JAPANESE if is_japanese(text) else _SHORTEST_LATIN)


def compiled(spellings: Iterable[Spelling]) -> re.Pattern[str]:
    """Return one pattern for all, of which there is at least one, the longest first.

    Within a Latin word nothing is found: NIMS is not in "minims". A Japanese name touches its neighbours.
    """
    patterns = sorted(dict.fromkeys(one.pattern for one in spellings), key=len, reverse=True)
    return re.compile("|".join(map(_bounded, patterns)))


def substituted(text: str, pattern: re.Pattern[str], mark: str) -> str:
    """Return ``text`` in NFKC with ``mark`` in place of everything that ``pattern`` finds in it, folded."""
    plain = unicodedata.normalize("NFKC", text)
    # A letter of the folded text stands where it stands in the text.
    for match in reversed(list(pattern.finditer(folded(plain)))):
        plain = f"{plain[: match.start()]}{mark}{plain[match.end() :]}"
    return plain


def _in_both_orders(family: str, given: str) -> Iterator[Spelling]:
    need, one, other = _need(family), _words(family), _words(given)
    yield Spelling(need, f"{one}{_JOINT}{other}")
    yield Spelling(need, f"{other}{_JOINT}{one}")


def _with_initial(name: Name) -> Iterator[Spelling]:
    need, family = _need(name.family), _words(name.family)
    initial, telling = re.escape(name.given[0]), is_telling(name.family)
    yield Spelling(need, f"{initial}{_JOINT if telling else _POINT}{family}")
    yield Spelling(need, rf"{family}{_JOINT}{initial}\.?" if telling else rf"{family},?\s{initial}\.")


def _need(text: str) -> str:
    return folded(text).split()[0]


def _words(text: str) -> str:
    return r"[\s_]*".join(re.escape(part) for part in folded(text).split())


def _bounded(pattern: str) -> str:
    return pattern if is_japanese(pattern) else f"{_BEGINS}(?:{pattern}){_ENDS}"


def _bare(char: str) -> str:
    # The marks of kana tell words apart; those of Latin letters are often left away.
    if not char.isalpha():
        return char
    first = char if char.isascii() else unicodedata.normalize("NFD", char)[0]
    small = (first if first.isascii() else char).lower()
    return small if len(small) == 1 else char
