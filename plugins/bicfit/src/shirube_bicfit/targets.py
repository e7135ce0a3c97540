"""Targets: the numbers of a solution that get uncertainties, and how they follow from the free numbers of its model."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.areas import area_gradient, line_areas
from shirube_bicfit.layout import ENDS, LINE, Layout
from shirube_bicfit.objective import Index

__all__ = ["Targets", "by_energy", "common_names", "targets_of"]


@frozen(eq=False)
class Targets:
    """Numbers of a solution, in units of the noise.

    Four of each component and the two ends of the background come first, then numbers that all lines have in common,
    then the area of each component, then its part of the whole.

    Attributes:
        values: Shape (m,).
        slopes: Derivatives by the free form, shape (m, p).
        components: How many components there are.
        scaled: Which are in units of intensity, shape (m,), as 1 or 0.
    """

    values: FloatArray
    slopes: FloatArray
    components: int
    scaled: FloatArray

    @property
    def theta(self) -> slice:
        """Where the numbers of components and the ends of the background are."""
        return slice(0, LINE * self.components + ENDS)

    @property
    def commons(self) -> slice:
        """Where the numbers are that all lines have in common."""
        return slice(LINE * self.components + ENDS, self.values.size - 2 * self.components)

    @property
    def areas(self) -> slice:
        """Where the areas are."""
        return slice(self.values.size - 2 * self.components, self.values.size - self.components)

    @property
    def parts(self) -> slice:
        """Where the parts of the whole area are."""
        return slice(self.values.size - self.components, self.values.size)

    def units(self, unit: float) -> FloatArray:
        """Return what one of each is in the units of the spectrum, shape (m,)."""
        return np.where(self.scaled > 0.0, unit, 1.0)


def by_energy(layout: Layout, full: FloatArray) -> Index:
    """Return the order of the components of a vector in component form by their centres, shape (components,)."""
    return np.argsort(layout.components_of(full)[:, 1], kind="stable").astype(np.int64)


def targets_of(layout: Layout, free: FloatArray, full: FloatArray, tangent: FloatArray, order: Index) -> Targets:
    """Return the targets of a model.

    Args:
        layout: What its numbers are.
        free: Free form, shape (p,).
        full: Component form, shape (f,).
        tangent: Derivatives of the component form by the free form, shape (f, p).
        order: Of the components.
    """
    per, components = layout.per_component, layout.components_of(full)
    count = len(order)
    ends = per * count + np.arange(ENDS)
    places = np.concatenate([(per * order[:, None] + np.arange(LINE)).ravel(), ends])
    common = [free.size - len(layout.names) + at for at in _common_places(layout)]
    areas = line_areas(components)
    by_area = np.zeros((count, free.size))
    for row, (gradient, first) in enumerate(zip(area_gradient(components), per * np.arange(count), strict=True)):
        by_area[row] = gradient @ tangent[first : first + per]
    total = float(areas.sum())
    # where nothing has an area there are no parts of it
    parts = areas / total if total > 0.0 else np.full(count, np.nan)
    by_part = (by_area - np.outer(parts, by_area.sum(axis=0))) / total if total > 0.0 else np.zeros_like(by_area)
    scaled = np.concatenate(
        [
            np.tile([1.0, 0.0, 0.0, 0.0], count),
            np.ones(ENDS),
            [1.0 if layout.names[at] == "slope" else 0.0 for at in _common_places(layout)],
            np.ones(count),
            np.zeros(count),
        ]
    )
    return Targets(
        values=np.concatenate([full[places], free[common], areas[order], parts[order]]),
        slopes=np.concatenate([tangent[places], np.eye(free.size)[common], by_area[order], by_part[order]]),
        components=count,
        scaled=scaled,
    )


def common_names(layout: Layout) -> tuple[str, ...]:
    """Return the names of what all lines have in common, the ends of the background left out."""
    return tuple(layout.names[at] for at in _common_places(layout))


def _common_places(layout: Layout) -> list[int]:
    return [at for at, name in enumerate(layout.names) if not name.startswith("background")]
