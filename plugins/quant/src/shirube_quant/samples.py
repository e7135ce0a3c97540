"""Samples for the conformance kit: a survey of copper oxide with carbon on it, made line by line."""

from __future__ import annotations

from typing import Final

import numpy as np

from shirube.records import Axis, EnergyReference, Facts, Spectrum
from shirube.testing import Samples

_PHOTON_ENERGY: Final = 1100.0
#: Binding energy (eV), height (counts), full width at half maximum (eV).
_LINES: Final = (
    (932.9, 9000.0, 1.8),
    (952.8, 4800.0, 2.2),
    (530.5, 4200.0, 2.0),
    (284.8, 1500.0, 1.9),
    (122.8, 900.0, 3.5),
    (75.9, 1500.0, 3.2),
)

__all__ = ["samples"]


def samples() -> Samples:
    """Return a counted survey at 1100 eV."""
    energy = np.arange(1000.0, -5.0, -0.5)
    rate = np.full(energy.size, 300.0)
    for at, height, width in _LINES:
        rate += height * np.exp(-4.0 * np.log(2.0) * np.square((energy - at) / width))
        rate += 0.125 * height * (1.0 + np.tanh(0.5 * (energy - at - 3.0)))
    spectrum = Spectrum(
        id="survey.dat#1",
        name="survey",
        intensity=np.random.default_rng(29).poisson(rate),
        axes=(Axis("energy", energy, "eV"),),
        intensity_unit="counts",
        reference=EnergyReference("binding", _PHOTON_ENERGY, 0.0),
    )
    return Samples(spectra=((spectrum, Facts()),))
