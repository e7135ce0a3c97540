"""The three things that can be done with an axis before analyses see it; here, because settings do without numpy."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

#: What analyses see of an axis: nothing but the sum over it, the axis itself, or a spectrum for each of its points.
AxisTreatment: TypeAlias = Literal["sum", "keep", "each"]
#: The axis that analyses work along; it is never summed over.
ENERGY: Final = "energy"
