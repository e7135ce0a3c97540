"""Lists of tables that settings change entry by entry: each entry is known by one of its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: The key that names an entry, by the name of the list in a guide.
IDENTITIES: Final[Mapping[str, str]] = {
    "conditions": "term",
    "manual": "key",
    "metadata": "key",
    "sidecar_keys": "key",
    "analyses": "analysis",
}
#: A key of an override that takes the entry out of the guide.
REMOVE: Final = "remove"

__all__ = ["IDENTITIES", "REMOVE", "by_identity"]


def by_identity(name: str, listed: list[Any]) -> Mapping[str, Mapping[str, Any]] | None:
    """Return the entries of the list called ``name`` by what names them, None where one has no such name.

    So two layers of settings may each change one leaf of one entry, and a dotted name can reach it.
    """
    identity = IDENTITIES.get(name)
    if identity is None or not listed or not all(isinstance(one, Mapping) for one in listed):
        return None
    names = [one.get(identity) for one in listed]
    plain = all(isinstance(one, str) and one and "." not in one for one in names)
    return dict(zip(names, listed, strict=True)) if plain and len(set(names)) == len(names) else None
