"""Arithmetic of energy scales: hv = KE + BE + phi, with the photon energy and work function always at hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shirube.records import EnergyReference, FloatArray, Spectrum

__all__ = ["binding_energy", "kinetic_energy", "kinetic_energy_of", "reach_above", "scan_width"]


def binding_energy(kinetic: npt.ArrayLike, photon_energy: float, work_function: float = 0.0) -> FloatArray:
    """Return binding energies BE = hv - KE - phi, all in eV.

    Args:
        kinetic: Kinetic energies, any shape.
        photon_energy: hv.
        work_function: phi; 0 when kinetic energies are counted from the Fermi level, as SES does.
    """
    return np.asarray(photon_energy - np.asarray(kinetic, dtype=np.float64) - work_function, dtype=np.float64)


def kinetic_energy(binding: npt.ArrayLike, photon_energy: float, work_function: float = 0.0) -> FloatArray:
    """Return kinetic energies KE = hv - BE - phi, all in eV; arguments as for :func:`binding_energy`."""
    return binding_energy(binding, photon_energy, work_function)


def kinetic_energy_of(spectrum: Spectrum) -> FloatArray | None:
    """Return the kinetic energies of a spectrum in eV, None when its reference does not tell them."""
    reference: EnergyReference = spectrum.reference
    if reference.scale == "kinetic":
        return spectrum.energy
    if reference.scale == "binding" and reference.photon_energy is not None:
        return kinetic_energy(spectrum.energy, reference.photon_energy, reference.work_function or 0.0)
    return None


def scan_width(spectrum: Spectrum) -> float:
    """Return the width of a spectrum's energy range in eV."""
    return float(np.ptp(spectrum.energy))


def reach_above(width: float, margin: float, fraction: float) -> float:
    """Return how far in eV kinetic energies of a scan may lie above its photon energy.

    No electron leaves with more than the photon brought, but scans of the Fermi edge, and wide scans even more, reach
    above it into emptiness.

    Args:
        width: Width of the scan in eV.
        margin: What any scan may reach, in eV.
        fraction: The same as a fraction of the scan's width; the larger counts.
    """
    return max(margin, fraction * width)
