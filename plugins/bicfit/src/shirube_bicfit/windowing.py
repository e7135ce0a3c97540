"""Windowing: which channels of a region are fitted."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from shirube.records import Spectrum
from shirube_bicfit.parameters import Parameters

__all__ = ["windowed"]


def windowed(spectrum: Spectrum, parameters: Parameters) -> Spectrum:
    """Return a one-dimensional spectrum with the channels that are to be fitted, both ends included."""
    low = -np.inf if parameters.range_low is None else parameters.range_low
    high = np.inf if parameters.range_high is None else parameters.range_high
    energy = spectrum.energy
    kept = (energy >= low) & (energy <= high)
    if kept.all():
        return spectrum
    axis = evolve(spectrum.axis("energy"), values=energy[kept])
    return evolve(spectrum, axes=(axis,), intensity=spectrum.intensity[kept])
