"""File names that no two files of a folder share, whatever the case of their letters."""

from __future__ import annotations

from shirube.trees import safe_name

__all__ = ["Names"]


class Names:
    """Hands out file names of one folder; asked the same in the same order, it answers the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, stem: str, suffix: str) -> str:
        """Return ``stem`` with ``suffix`` as a name that is safe and not yet taken; a number is added where it is."""
        base = safe_name(stem)
        name, number = f"{base}{suffix}", 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{base}_{number}{suffix}"
        self._taken.add(name.casefold())
        return name
