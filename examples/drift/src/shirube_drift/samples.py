"""What the conformance kit tries the plugin on: a series that shifts, counted from a seed."""

import numpy as np

from shirube.records import Axis, EnergyReference, Facts, Spectrum
from shirube.testing import Samples


def series(shift: float = 0.0, loss: float = 0.0, iterations: int = 12, seed: int = 1) -> Spectrum:
    """Return a made-up C 1s series: ``shift`` eV and the part ``loss`` of the intensity over all iterations."""
    energy = np.round(292.0 - 0.1 * np.arange(101), 6)
    done = np.linspace(0.0, 1.0, iterations)
    peak = 900.0 * np.exp(-0.5 * ((energy[:, None] - 286.5 - shift * done) / 0.6) ** 2)
    expected = (200.0 + peak) * (1.0 - loss * done)
    return Spectrum(
        id="series.dat#1",
        name="C 1s",
        intensity=np.random.default_rng(seed).poisson(expected).astype(float),
        axes=(Axis("energy", energy, "eV"), Axis("iteration", np.arange(1.0, iterations + 1))),
        intensity_unit="counts",
        reference=EnergyReference("binding", 1486.6, 0.0),
    )


def samples() -> Samples:
    """Return a series that shifts and one that does not."""
    return Samples(spectra=((series(), Facts()), (series(shift=0.2), Facts())))
