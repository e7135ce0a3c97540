"""What the conformance kit tries this plugin on: a Fermi edge of gold."""

from __future__ import annotations

import numpy as np

from shirube.records import Axis, EnergyReference, Facts, Origin, Quantity, Spectrum
from shirube.testing import Samples
from shirube_synchrotron.model import broadened_fermi

__all__ = ["samples"]

_PHOTON_ENERGY = 800.0
_WORK_FUNCTION = 4.5


def samples() -> Samples:
    """Return a counted scan over the Fermi edge of gold at 300 K, and the settings that have it analysed."""
    binding = np.round(2.0 - 0.02 * np.arange(151), 6)
    rate = 50.0 + 2000.0 * broadened_fermi(-binding, 300.0, 0.3).value
    kinetic = np.round(_PHOTON_ENERGY - _WORK_FUNCTION - binding, 6)
    spectrum = Spectrum(
        id="gold.dat#1",
        name="Au Fermi edge",
        intensity=np.random.default_rng(800).poisson(rate),
        axes=(Axis("energy", kinetic, "eV"),),
        intensity_unit="counts",
        reference=EnergyReference("kinetic"),
    )
    facts = Facts()
    for term, value in (("photon_energy", _PHOTON_ENERGY), ("work_function", _WORK_FUNCTION)):
        facts = facts.add(term, Quantity(value, "eV", origin=Origin("sidecar", "gold_metadata.json", key=term)))
    return Samples(spectra=((spectrum, facts),), settings={"analyses.fermi_edge.on": True})
