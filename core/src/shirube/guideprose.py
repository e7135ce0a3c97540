"""What a guide tells people beside what the program acts on, so that the whole document is in one place."""

from __future__ import annotations

from attrs import frozen

from shirube.messages import Text

__all__ = ["Definition", "GuideFigure", "PrintedItem", "Range", "Reading", "Structuring"]


@frozen(kw_only=True)
class Range:
    """A range of numbers that a guide states, both ends included."""

    minimum: float
    maximum: float
    unit: str


@frozen(kw_only=True)
class Definition:
    """A word as the guide uses it."""

    term: Text
    text: Text


@frozen(kw_only=True)
class GuideFigure:
    """A figure of the guide, which is not shipped: its caption and what it shows."""

    caption: Text
    shows: Text


@frozen(kw_only=True)
class PrintedItem:
    """A row of a table of recommended conditions, as the guide prints it.

    Attributes:
        name: The item.
        group: The item that it is a part of.
        unit: As printed.
        value: As printed; ``—`` where the guide leaves it open.
        terms: The conditions of the same scan class that it is checked by.
    """

    name: Text
    group: Text | None = None
    unit: str | None = None
    value: Text
    terms: tuple[str, ...] = ()


@frozen(kw_only=True)
class Structuring:
    """How the registry's structuring turns what was measured into what is shared.

    Attributes:
        title: What is done.
        text: How.
        methods: The ways to do it, in the guide's order.
        precedence: Which way holds when several are there.
        file_name: How the additional file is named.
        example: What stands in it.
    """

    title: Text
    text: Text
    methods: tuple[Text, ...] = ()
    precedence: Text | None = None
    file_name: Text | None = None
    example: Text | None = None


@frozen(kw_only=True)
class Reading:
    """How something that the guide leaves open, or prints in two ways, is read here: ours, not the guide's."""

    about: Text
    text: Text
