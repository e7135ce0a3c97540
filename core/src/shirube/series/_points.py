"""What is gathered of one analysis of one spectrum: a point, in the numbers of the fields that its values belong to."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from shirube.messages import Text

FieldKind: TypeAlias = Literal["number", "whole", "text"]
#: The number of a field, a value of it, and the value's standard uncertainty.
Given: TypeAlias = tuple[int, float | str, float | None]

#: Status of a spectrum that no analysis has looked at, and of an item of which nothing could be read.
NOT_ANALYSED: Final = "none"
UNREADABLE: Final = "unreadable"

__all__ = ["NOT_ANALYSED", "UNREADABLE", "Absent", "Component", "Coordinate", "Field", "FieldKind", "Given", "Point"]


@frozen
class Field:
    """What values of one kind are called: the name of a column of a table, or the term of a scalar.

    Attributes:
        name: Name of the column or key of the term.
        unit: Unit of the numbers, ``""`` for none.
        kind: Numbers, whole numbers, or texts.
        term: Term of the values, ``""`` for none.
        label: As people read it.
        unsure: Whether any value has a standard uncertainty.
    """

    name: str
    unit: str
    kind: FieldKind
    term: str = ""
    label: Text = Text(en="", ja="")
    unsure: bool = False


@frozen
class Coordinate:
    """Where on an axis beside the energies a spectrum was measured; the axis by its name and unit."""

    name: str
    unit: str
    value: float


@frozen
class Component:
    """One component of one model of a spectrum."""

    name: str
    rank: int
    count: float | None
    bic: float | None
    values: tuple[Given, ...]


@frozen
class Point:
    """One analysis of one spectrum, or the reason why there is none.

    Attributes:
        item: The run it is of.
        source: Name of the data file.
        region: Name of the spectrum.
        spectrum: Id of the spectrum.
        digest: SHA-256 of the data file.
        cut_from: Id of the spectrum of more dimensions that it was cut from, ``""`` for one measured by itself.
        scale: Energy scale of the spectrum.
        coordinates: Where it was measured.
        analysis: Name of the analysis, ``""`` for none.
        status: Of the result; or ``none``, ``unreadable``, or what became of an item without a run.
        reason: Why the status is what it is, in the language of the gathering.
        count: K of the best model.
        bic: BIC of the best model.
        scalars: Scalars of the result.
        components: Of the best models.
    """

    item: str
    source: str = ""
    region: str = ""
    spectrum: str = ""
    digest: str = ""
    cut_from: str = ""
    scale: str = "unknown"
    coordinates: tuple[Coordinate, ...] = ()
    analysis: str = ""
    status: str = NOT_ANALYSED
    reason: str = ""
    count: float | None = None
    bic: float | None = None
    scalars: tuple[Given, ...] = ()
    components: tuple[Component, ...] = ()


@frozen(kw_only=True)
class Absent:
    """An item that left no run folder, and why.

    Attributes:
        item: Its name.
        source: Name of its data file.
        reason: Why there is nothing.
        status: One word for it.
    """

    item: str
    source: str = ""
    reason: Text = field(default=Text(en="", ja=""))
    status: str = "failed"
