"""What a quantification comes to: records of lines, elements and components with their atomic fractions."""

from __future__ import annotations

import math
from typing import Final

from attrs import frozen

from shirube.messages import Message, Renderable
from shirube_quant.fittedareas import Component
from shirube_quant.measuring import Line
from shirube_quant.sensitivity import Sensitivity

#: Of one element alone the fraction is 1, whatever was measured.
_FEWEST: Final = 2

__all__ = ["ComponentShare", "ElementShare", "LineShare", "Quantification", "QuantifiedSet", "Share"]


@frozen(eq=False)
class LineShare:
    """A line with its sensitivity factor.

    Attributes:
        line: What was measured.
        sensitivity: Its sensitivity factor.
        exposure: What its area is divided by beside that.
        used: Whether the fraction of its element comes from it.
        ratio: Amount by this line over that by the line used for the element; 1 for that line.
    """

    line: Line
    sensitivity: Sensitivity
    exposure: float
    used: bool
    ratio: float

    @property
    def amount(self) -> float:
        """What is in proportion to the number of atoms."""
        return self.line.area.value / self.exposure / self.sensitivity.factor


@frozen(eq=False, kw_only=True)
class Share:
    """A part of all atoms.

    Attributes:
        line: The line that it comes from.
        fraction: 0 to 1.
        by_areas: Standard uncertainty by the uncertainties of areas.
        by_factors: Standard uncertainty by that of sensitivity factors from first principles.
    """

    line: LineShare
    fraction: float
    by_areas: float
    by_factors: float

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty by both."""
        return math.hypot(self.by_areas, self.by_factors)


@frozen(eq=False, kw_only=True)
class ElementShare(Share):
    """The atomic fraction of an element, by its symbol."""

    element: str


@frozen(eq=False, kw_only=True)
class ComponentShare(Share):
    """The atomic fraction of a component of a fit."""

    component: Component


@frozen(eq=False)
class QuantifiedSet:
    """Regions whose areas may be compared, and what they come to.

    Attributes:
        photon_energy: In eV.
        lines: Every line.
        elements: By fraction, largest first.
        components: Of the fits of the lines used.
        said: What is assumed of these regions alone.
        doubts: What makes their fractions doubtful.
    """

    photon_energy: float
    lines: tuple[LineShare, ...]
    elements: tuple[ElementShare, ...]
    components: tuple[ComponentShare, ...]
    said: tuple[Message, ...]
    doubts: tuple[Message, ...]


@frozen(eq=False)
class Quantification:
    """What an entry is made of, as far as its core levels show.

    Attributes:
        sets: Those of most elements first.
        assumptions: What all of them rest on.
        left_out: Why regions are not in any set.
        meant: How many regions are of a core level, by their names.
        lacking: Why core levels that were measured are not in any set, which the fractions of the others do not show,
            and which statements of the settings came to nothing.
    """

    sets: tuple[QuantifiedSet, ...]
    assumptions: tuple[Message, ...]
    left_out: tuple[Renderable, ...]
    meant: int
    lacking: tuple[Renderable, ...] = ()

    @property
    def best(self) -> QuantifiedSet | None:
        """The set of most elements, None unless it has two."""
        return self.sets[0] if self.sets and len(self.sets[0].elements) >= _FEWEST else None
