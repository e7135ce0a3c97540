"""Differences of two states of a dataset: which fields changed, from what to what, and who the log says it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
from attrs import frozen

from shirube.records import Change, Dataset

_INDEX: Final = re.compile(r"\[\d+\]")

__all__ = ["Difference", "differences", "log_entries"]


@frozen
class Difference:
    """One field that changed; None where it was not supplied.

    Attributes:
        field: Path of the field (``sample.composition``).
        old: What it said before.
        new: What it says now.
        logged: The entry of the change log that tells who and when; None when there is none.
    """

    field: str
    old: str | None
    new: str | None
    logged: Change | None = None


def differences(old: Dataset, new: Dataset) -> tuple[Difference, ...]:
    """Return what changed from ``old`` to ``new``, in the order of the fields; the log itself is not compared.

    Each change is matched with the newest entry of the new log that names its field and was not in the old log.
    """
    before, after = dict(_flat(old)), dict(_flat(new))
    logged = [one for one in new.changes or () if one not in (old.changes or ())]
    found = []
    for field in dict.fromkeys([*after, *before]):
        was, now = before.get(field), after.get(field)
        if was != now:
            found.append(Difference(field, was, now, _entry(field, logged)))
    return tuple(found)


def log_entries(
    found: tuple[Difference, ...], *, by: str, date: str, role: str | None = None, contacted: bool | None = None
) -> tuple[Change, ...]:
    """Return entries for the log of the changes that it does not hold yet."""
    return tuple(
        Change(field=one.field, date=date, by=by, role=role, contacted=contacted, old=one.old, new=one.new)
        for one in found
        if one.logged is None
    )


def _entry(field: str, logged: list[Change]) -> Change | None:
    plain = _INDEX.sub("", field)
    fitting = [one for one in logged if _names(one.field, field) or _names(one.field, plain)]
    return max(fitting, key=lambda one: one.date or "", default=None)


def _names(named: str, field: str) -> bool:
    return field == named or field.startswith((f"{named}.", f"{named}["))


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            if place or one.name != "changes":
                yield from _flat(getattr(value, one.name), f"{place}.{one.name}".removeprefix("."))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _flat(one, f"{place}.{key}")
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _flat(one, f"{place}[{index}]")
    elif isinstance(value, bool):
        yield place, "true" if value else "false"
    else:
        yield place, str(value)
