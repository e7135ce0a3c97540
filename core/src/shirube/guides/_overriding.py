"""What a facility says otherwise: tables laid over a guide's, lists of named entries merged entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final, get_args, get_origin, get_type_hints

import attrs
from attrs import frozen

from shirube._frozen import FrozenMapping
from shirube._keyed import IDENTITIES, REMOVE
from shirube._problems import Place, described
from shirube.errors import core_message
from shirube.messages import Message
from shirube.parameters import converted, suggestion

__all__ = ["Added", "Overridden", "overridden"]


@frozen
class Added:
    """An entry of a list that the guide does not have."""

    place: Place
    identity: str
    name: str
    #: Names that the guide has.
    known: tuple[str, ...]

    def incomplete(self, reasons: object) -> Message:
        """Return why the entry cannot be added as it is."""
        return core_message(
            "guide-entry-incomplete",
            key=described(self.place[:-1]),
            identity=self.identity,
            name=self.name,
            hint=suggestion(self.name, self.known),
            reasons=reasons,
        )


@frozen
class Overridden:
    """A guide's data with what was laid over it."""

    data: dict[str, Any]
    added: tuple[Added, ...]
    problems: tuple[tuple[Place, Message], ...]


def overridden(base: Mapping[str, Any], top: Mapping[str, Any], wanted: type) -> Overridden:
    """Return ``base`` with the leaves of ``top`` in the place of its own.

    A list of named entries (see :data:`shirube._keyed.IDENTITIES`) takes an entry of the same name leaf by leaf, and
    any other behind its own; ``remove = true`` takes one out. Such a list may also be written as a table by name. An
    empty list empties it. A text is converted to the type of its leaf where that is no text, as for parameters.

    Args:
        base: The guide's data.
        top: What is laid over it, nested alike.
        wanted: The class that the data become.
    """
    laying = _Laying()
    return Overridden(laying.table(base, top, wanted, ()), tuple(laying.added), tuple(laying.problems))


@final
class _Laying:
    """Lays tables over tables, and keeps what is to be said about it."""

    def __init__(self) -> None:
        self.added: list[Added] = []
        self.problems: list[tuple[Place, Message]] = []

    def table(self, base: Mapping[str, Any], top: Mapping[str, Any], wanted: Any, place: Place) -> dict[str, Any]:
        laid = dict(base)
        for key, value in top.items():
            there, below, kind = (*place, key), laid.get(key), _kind(wanted, key)
            if isinstance(value, Mapping) and isinstance(below, Mapping):
                laid[key] = self.table(below, value, kind, there)
            elif key in IDENTITIES and isinstance(below, list) and (entries := _entries(value, IDENTITIES[key])):
                laid[key] = self.entries(below, entries, kind, there)
            else:
                laid[key] = _leaf(kind, value, below)
        return laid

    def entries(
        self, base: list[Mapping[str, Any]], top: list[dict[str, Any]], wanted: Any, place: Place
    ) -> list[Mapping[str, Any]]:
        identity = IDENTITIES[str(place[-1])]
        known = tuple(str(one.get(identity)) for one in base)
        laid = {name: dict(one) for name, one in zip(known, base, strict=True)}
        for number, entry in enumerate(top):
            name, remove = entry.get(identity), _leaf(bool, entry.pop(REMOVE, False), None)
            if not isinstance(name, str) or not name:
                key = described((*place, number))
                self.problems.append((place, core_message("guide-entry-nameless", key=key, identity=identity)))
            elif remove is True and name in laid:
                del laid[name]
            elif remove is not False:
                key = described((*place, name, REMOVE))
                hint = suggestion(name, known)
                self.problems.append((place, core_message("guide-entry-not-removed", key=key, name=name, hint=hint)))
            else:
                laid[name] = self.table(laid.get(name, {}), entry, _element(wanted), (*place, name))
        new = [name for name in laid if name not in known]
        self.added += [Added((*place, list(laid).index(name)), identity, name, known) for name in new]
        return list(laid.values())


def _entries(value: Any, identity: str) -> list[dict[str, Any]]:
    """Return entries that are written as a list, or as a table by name; nothing when it is neither."""
    if isinstance(value, Mapping):
        named = [(name, one) for name, one in value.items() if isinstance(one, Mapping)]
        return [{identity: name, **one} for name, one in named] if len(named) == len(value) else []
    if isinstance(value, list | tuple) and all(isinstance(one, Mapping) for one in value):
        return [dict(one) for one in value]
    return []


def _leaf(wanted: Any, value: Any, below: Any) -> Any:
    """Return a leaf as it goes into the guide's data; a text that cannot be converted is left to the structuring."""
    if not isinstance(value, str):
        return value
    options = [one for one in get_args(wanted) if one is not type(None)] if type(None) in get_args(wanted) else [wanted]
    kind = options[0] if len(options) == 1 else None
    if kind not in (bool, int, float) and get_origin(kind) is not tuple:
        # Where any plain value may stand, the guide's own says of which type it is.
        kind = type(below) if type(below) in (bool, int, float) else None
        if kind is int and not value.strip().lstrip("+-").isdecimal():
            kind = float
    elif type(None) in get_args(wanted) and value == "none":
        return None
    try:
        return value if kind is None else _listed(converted(kind, value))
    except ValueError:
        return value


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _kind(wanted: Any, key: str) -> Any:
    """Return the type of a key of a record or a table, None where it is not known."""
    if get_origin(wanted) is FrozenMapping:
        return get_args(wanted)[1]
    record = next((one for one in (wanted, *get_args(wanted)) if isinstance(one, type) and attrs.has(one)), None)
    return None if record is None else get_type_hints(record).get(key)


def _element(wanted: Any) -> Any:
    return get_args(wanted)[0] if get_origin(wanted) is tuple else None
