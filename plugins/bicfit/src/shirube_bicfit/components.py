"""Components: what the lines of a solution, and the partners of doublets, are called."""

from __future__ import annotations

from shirube_bicfit.layout import Layout
from shirube_bicfit.objective import Index
from shirube_bicfit.solutions import Solution
from shirube_bicfit.targets import by_energy

__all__ = ["component_names", "component_order"]


def component_names(solution: Solution, layout: Layout) -> list[str]:
    """Return the names of the components in the order of the component form: ``p1``, then ``p1b``, its partner."""
    partners = ("", "b") if layout.doublet is not None else ("",)
    return [f"p{line}{partner}" for line in range(1, solution.count + 1) for partner in partners]


def component_order(solution: Solution, layout: Layout) -> Index:
    """Return which of these each component of the solution is, in order of energy, shape (components,)."""
    return by_energy(layout, layout.to_components(solution.free[None])[0])
