"""Slices of a gold scan that are summed: whether the edge lies at one energy in all of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from shirube.messages import Message
from shirube.records import FloatArray, Spectrum
from shirube_synchrotron.calibration.phrases import message
from shirube_synchrotron.edge import FermiEdge

#: So many groups of slices are compared: each keeps enough counts, and a bow is seen with three.
_GROUPS: Final = 8
#: Midpoints may spread by this part of the edge's width before their sum is another edge than each of them.
_CURVED: Final = 0.15
#: ... and by so many times what their noise lets them.
_SIGMAS: Final = 4.0

__all__ = ["curved", "summed_axes"]


def summed_axes(spectrum: Spectrum) -> tuple[tuple[str, int], ...]:
    """Return the name and length of every axis that is summed, but for those of one point."""
    return tuple((axis.name, len(axis)) for axis in spectrum.axes if axis.name != "energy" and len(axis) > 1)


def curved(spectrum: Spectrum, energies: FloatArray, edge: FermiEdge) -> Message | None:
    """Return the doubt that the edge is not at one energy in all slices, None where it is or nothing was summed.

    Each group of slices is fitted with the shape of the sum: to first order its shift is the part of the difference to
    the scaled sum that is the slope of the edge.

    Args:
        spectrum: As read, with every axis.
        energies: Of the points, on the scale on which ``edge`` was fitted, shape (n,).
        edge: Of the sum.
    """
    if edge.status == "refused" or not summed_axes(spectrum):
        return None
    shifts = _shifts(_groups(spectrum), energies, edge)
    if shifts is None:
        return None
    values, noise = shifts
    spread = float(np.ptp(values))
    if spread <= max(_CURVED * edge.edge_width.value, _SIGMAS * float(np.sqrt(2.0) * np.median(noise))):
        return None
    axes = ", ".join(name for name, _ in summed_axes(spectrum))
    return message(
        "slices-curved", axes=axes, spread=f"{1000.0 * spread:.0f}", width=f"{1000.0 * edge.edge_width.value:.0f}"
    )


def _groups(spectrum: Spectrum) -> list[FloatArray]:
    """Return intensities over energy of up to 8 groups of neighbouring slices along each axis, shape (n,) each."""
    names = [axis.name for axis in spectrum.axes]
    energy = names.index("energy")
    groups = []
    for name, length in summed_axes(spectrum):
        along = names.index(name)
        others = tuple(index for index in range(len(names)) if index not in (along, energy))
        table = spectrum.intensity.sum(axis=others)
        table = table if along < energy else table.T
        groups += [part.sum(axis=0) for part in np.array_split(table, min(_GROUPS, length))]
    return groups


def _shifts(groups: list[FloatArray], energies: FloatArray, edge: FermiEdge) -> tuple[FloatArray, FloatArray] | None:
    """Return the shift of each group against the sum in eV, and its standard uncertainty; None without an edge."""
    low, high = edge.window
    inside = (energies >= low) & (energies <= high)
    step = 0.05 * edge.edge_width.value
    model = edge.intensity(energies[inside])
    slope = (edge.intensity(energies[inside] - step) - edge.intensity(energies[inside] + step)) / (2.0 * step)
    # A group has its own height and its own flat background.
    design = np.stack([model, slope, np.ones_like(model)], axis=1)
    shifts, noise = [], []
    for group in groups:
        counts = group[inside]
        solution, *_ = np.linalg.lstsq(design, counts, rcond=None)
        height, moved, _ = (float(one) for one in solution)
        if height <= 0.0:
            continue
        rest = counts - design @ solution
        spread = np.sqrt(np.linalg.inv(design.T @ design)[1, 1] * float(rest @ rest) / max(counts.size - 3, 1))
        shifts.append(moved / height)
        noise.append(float(spread) / height)
    return (np.array(shifts), np.array(noise)) if len(shifts) > 1 else None
