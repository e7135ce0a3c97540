"""Names that stay apart on every file system: repeats, whatever the case of their letters, get a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["Taken", "unlike"]


class Taken:
    """Hands out names, no two the same; asked the same in the same order, it answers the same."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in names}
        self._last: dict[str, int] = {}

    def take(self, stem: str, suffix: str = "") -> str:
        """Return ``stem`` with ``suffix``; a number goes between them when that name is taken."""
        name = f"{stem}{suffix}"
        return self.number(stem, suffix) if name.casefold() in self._taken else self._keep(name)

    def number(self, stem: str, suffix: str = "") -> str:
        """Return ``stem`` with the first free number from 2 on, and ``suffix``."""
        key = f"{stem}\0{suffix}".casefold()
        number = self._last.get(key, 1) + 1
        while f"{stem}_{number}{suffix}".casefold() in self._taken:
            number += 1
        self._last[key] = number
        return self._keep(f"{stem}_{number}{suffix}")

    def _keep(self, name: str) -> str:
        self._taken.add(name.casefold())
        return name


def unlike(names: Iterable[str]) -> Iterator[str]:
    """Yield ``names`` with a number behind each repeat; the first of each keeps its name."""
    listed = list(names)
    taken, seen = Taken(listed), set[str]()
    for name in listed:
        key = name.casefold()
        yield taken.number(name) if key in seen else name
        seen.add(key)
