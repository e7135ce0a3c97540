"""Names of people as registries show them (FAMILY,Given; 姓 名), and the other ways in which they may be written."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from shirube.text import is_japanese

_SPACES: Final = re.compile(r"[\s\u3000]+")

__all__ = ["Name", "spellings", "split_name"]


@frozen
class Name:
    """A name in its parts; ``given`` is empty where it cannot be told."""

    family: str
    given: str = ""


def split_name(text: str) -> Name:
    """Return the parts of a shown name: around the comma; of a Japanese name around the space.

    A Latin name without a comma is not split: which of its words is the family's cannot be told.
    """
    family, comma, given = text.replace("，", ",").partition(",")
    if comma:
        return Name(family.strip(), given.strip())
    words = _SPACES.split(text.strip())
    if is_japanese(text) and len(words) == 2:  # noqa: PLR2004 family and given name
        return Name(*words)
    return Name(text.strip())


def spellings(text: str) -> tuple[str, ...]:
    """Return how the name may be written in texts and file names, the longest first."""
    name = split_name(text)
    family, given = name.family, name.given
    found = {text.strip(), family}
    if given:
        joints = ("", " ", "　", "_", "-", ", ", ",", ".")
        found |= {f"{one}{joint}{other}" for one, other in ((family, given), (given, family)) for joint in joints}
        if not is_japanese(given):
            initial = given[0]
            found |= {f"{initial}. {family}", f"{initial}.{family}", f"{family} {initial}.", f"{family}, {initial}."}
    return tuple(sorted((one for one in found if one), key=lambda one: (-len(one), one)))
