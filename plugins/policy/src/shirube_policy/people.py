"""Names of people as registries show them (FAMILY,Given; 姓 名): their parts."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from shirube.text import is_japanese

_SPACES: Final = re.compile(r"[\s\u3000]+")

__all__ = ["Name", "split_name"]


@frozen
class Name:
    """A name in its parts; ``given`` is empty where it cannot be told."""

    family: str
    given: str = ""


def split_name(text: str) -> Name:
    """Return the parts of a shown name: around the comma; of a Japanese name around the space.

    A Latin name without a comma is not split: which of its words is the family's cannot be told.
    """
    family, comma, given = text.replace("，", ",").replace("、", ",").partition(",")
    if comma:
        return Name(family.strip(), given.strip())
    words = _SPACES.split(text.strip())
    if is_japanese(text) and len(words) == 2:  # noqa: PLR2004 family and given name
        return Name(*words)
    return Name(text.strip())
