"""The paper of a figure: panels with their ticks, labels and layers, in units of a tenth of a letter's height."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from shirube._frozen import as_tuple
from shirube.htmlreport._scales import Scale, ticks

#: Width of every figure, and how far panels stay from its edges; letters are 130 high.
WIDTH, LEFT, RIGHT = 5600, 720, 240
#: Below the lowest panel: ticks and the label of the axis.
BELOW = 480
_STEPS_ACROSS, _HEIGHT_OF_STEP = 8, 300

__all__ = ["BELOW", "LEFT", "RIGHT", "WIDTH", "Figure", "Layer", "Mark", "Panel", "Tick", "across", "panel", "spread"]


@frozen
class Tick:
    """A tick: where it is along its axis, and its number."""

    place: int
    text: str


@frozen
class Layer:
    """A path, drawn as the style sheet says for its class."""

    kind: str
    path: str


@frozen
class Mark:
    """The number of a component above the panel, and the place below it that it points to."""

    text: str
    place: int
    points_to: int
    kind: str


@frozen
class Panel:
    """One panel: its frame, the ticks at its left, what is drawn into it in order."""

    top: int
    height: int
    ticks: tuple[Tick, ...] = field(converter=as_tuple)
    label: str
    layers: tuple[Layer, ...] = field(default=(), converter=as_tuple)

    @property
    def bottom(self) -> int:
        """The place of its lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> int:
        """The place of its middle."""
        return self.top + self.height // 2


@frozen
class Figure:
    """A figure as the page draws it.

    Attributes:
        alt: What it shows, for whoever cannot see it.
        height: Of the paper; its width is that of every figure.
        panels: From top to bottom; they share the axis below.
        ticks: Of the axis below.
        label: Of the axis below.
        marks: Numbers of components.
        caption: Shown below.
        legend: What the lines are: classes of layers with their names.
    """

    alt: str
    height: int
    panels: tuple[Panel, ...] = field(converter=as_tuple)
    ticks: tuple[Tick, ...] = field(converter=as_tuple)
    label: str
    marks: tuple[Mark, ...] = field(default=(), converter=as_tuple)
    caption: str = ""
    legend: tuple[tuple[str, str], ...] = ()


def across(first: float, last: float) -> tuple[Scale, tuple[Tick, ...]]:
    """Return the scale of the axis below from the left to the right edge of the panels, and its ticks."""
    if first == last:
        first, last = first - 0.5, last + 0.5
    scale = Scale(first, last, LEFT, WIDTH - RIGHT)
    return scale, tuple(Tick(scale.at(value), text) for value, text in ticks(first, last, _STEPS_ACROSS))


def panel(top: int, height: int, low: float, high: float, label: str, factor: float = 1.0) -> tuple[Scale, Panel]:
    """Return the scale of a panel from its lower to its upper edge, and the panel with nothing drawn into it yet.

    Args:
        top: Its upper edge.
        height: Its height.
        low: The number at its lower edge.
        high: The number at its upper edge.
        label: What the numbers are.
        factor: Taken out of the numbers at the ticks.
    """
    scale = Scale(low, high, top + height, top)
    shown = ticks(low / factor, high / factor, max(2, height // _HEIGHT_OF_STEP))
    numbers = [Tick(scale.at(value * factor), text) for value, text in shown]
    return scale, Panel(top=top, height=height, ticks=numbers, label=label)


def spread(places: Sequence[int], apart: int, lowest: int, highest: int) -> list[int]:
    """Return places near the given ones, in order, no two closer than ``apart``; closer only where all do not fit."""
    if not places:
        return []
    apart = min(apart, (highest - lowest) // max(len(places) - 1, 1))
    moved: list[int] = []
    for place in places:
        moved.append(max(place, lowest if not moved else moved[-1] + apart))
    # What went beyond the right edge pushes its neighbours back.
    limit = highest
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], limit)
        limit = moved[index] - apart
    return moved
