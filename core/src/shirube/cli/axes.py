"""Axes as a person reads them, whatever is scanned and however few points there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shirube.records import Axis, Spectrum

__all__ = ["ends", "ends_text", "leading_axis"]


def leading_axis(spectrum: Spectrum) -> Axis:
    """Return the axis that tells most of a spectrum: its energies, or its first axis when it has none."""
    return next((axis for axis in spectrum.axes if axis.name == "energy"), spectrum.axes[0])


def ends(axis: Axis) -> tuple[float, float] | tuple[None, None]:
    """Return the first and the last value of an axis, None without any."""
    return (float(axis.values[0]), float(axis.values[-1])) if len(axis) else (None, None)


def ends_text(axis: Axis, unit: str = "") -> str:
    """Return ``first … last unit``, ``-`` for an axis without values; ``unit`` stands in for one that is not known."""
    first, last = ends(axis)
    return "-" if first is None else f"{first:g} … {last:g} {axis.unit or unit}".rstrip()
