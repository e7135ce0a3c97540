"""Fields: every kind of value that is met while results are gathered, in the order of its first appearance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from attrs import evolve

from shirube.messages import Text
from shirube.series._points import Field, FieldKind

#: What a value belongs to: the spectrum as a whole, or one of its components.
Owner: TypeAlias = Literal["scalar", "component"]

__all__ = ["Fields", "Owner"]


class Fields:
    """Numbers for fields, so that a point need not spell out what its thousands of values are."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Owner, str, str, bool], int] = {}
        self._fields: list[Field] = []
        self._owners: list[tuple[str, Owner]] = []

    def __iter__(self) -> Iterator[tuple[Field, str, Owner]]:
        """Iterate over all fields in the order of their numbers, each with its analysis and what it belongs to."""
        for one, (analysis, owner) in zip(self._fields, self._owners, strict=True):
            yield one, analysis, owner

    def __getitem__(self, number: int) -> Field:
        return self._fields[number]

    def number(
        self, analysis: str, owner: Owner, name: str, unit: str, kind: FieldKind, *, term: str, label: Text
    ) -> int:
        """Return the number of a field, a new one for one that was not met before.

        Numbers in another unit are another field; whole numbers and others are one.
        """
        key = (analysis, owner, name, unit, kind == "text")
        number = self._numbers.setdefault(key, len(self._fields))
        if number == len(self._fields):
            self._fields.append(Field(name, unit, kind, term, label))
            self._owners.append((analysis, owner))
        elif kind == "number" and self._fields[number].kind == "whole":
            self._fields[number] = evolve(self._fields[number], kind=kind)
        return number

    def enter(self, field: Field, analysis: str, owner: Owner) -> int:
        """Return the number here of a field of others."""
        label = field.label
        number = self.number(analysis, owner, field.name, field.unit, field.kind, term=field.term, label=label)
        if field.unsure:
            self.note_uncertainty(number)
        return number

    def note_uncertainty(self, number: int) -> None:
        """Note that values of a field have uncertainties."""
        if not self._fields[number].unsure:
            self._fields[number] = evolve(self._fields[number], unsure=True)

    def of(self, analysis: str, owner: Owner) -> Iterator[tuple[int, Field]]:
        """Yield the fields of an analysis with their numbers."""
        for number, (one, owned) in enumerate(zip(self._fields, self._owners, strict=True)):
            if owned == (analysis, owner):
                yield number, one
