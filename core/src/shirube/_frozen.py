"""Frozen containers that pickle, so that records stay read-only on every side of a process boundary."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, Generic, Never, TypeVar, final

K = TypeVar("K")
V = TypeVar("V")

__all__ = ["FrozenMapping", "as_frozen", "as_tuple", "freeze"]


@final
class FrozenMapping(Mapping[K, V], Generic[K, V]):
    """A mapping that cannot be changed; keeps insertion order, compares like a dict, pickles."""

    __slots__ = ("_items",)

    _items: dict[K, V]

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        object.__setattr__(self, "_items", dict(items))

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    # The views of Mapping ask this class for every key; those of the dict are as read-only, and many times as fast.
    def keys(self) -> KeysView[K]:
        """Return the keys, in order."""
        return self._items.keys()

    def values(self) -> ValuesView[V]:
        """Return the values, in order."""
        return self._items.values()

    def items(self) -> ItemsView[K, V]:
        """Return keys with their values, in order."""
        return self._items.items()

    def __hash__(self) -> int:
        return hash(frozenset(self._items))

    def __repr__(self) -> str:
        return f"FrozenMapping({self._items!r})"

    def __reduce__(self) -> tuple[type[FrozenMapping[K, V]], tuple[dict[K, V]]]:
        return (FrozenMapping, (self._items,))


def freeze(items: Mapping[K, V] | Iterable[tuple[K, V]]) -> FrozenMapping[K, V]:
    """Return ``items`` as a frozen mapping (the same object when it already is one)."""
    return items if isinstance(items, FrozenMapping) else FrozenMapping(items)


def as_frozen(items: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> FrozenMapping[Any, Any]:
    """Return ``items`` as a frozen mapping; the converter of attrs fields, which cannot carry type variables."""
    return freeze(items)


def as_tuple(items: Iterable[Any]) -> tuple[Any, ...]:
    """Return ``items`` as a tuple; the converter of attrs fields, which cannot carry type variables.

    Raises:
        TypeError: ``items`` is a text, which would fall apart into its letters.
    """
    if isinstance(items, str | bytes):
        msg = f"several values are expected, not the text {items!r}; write ({items!r},)"
        raise TypeError(msg)
    return tuple(items)
