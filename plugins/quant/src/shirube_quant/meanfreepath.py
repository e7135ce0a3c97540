"""Inelastic mean free paths: TPP-2M where the material is known, Seah and Dench's average over solids where it is not.

TPP-2M: S. Tanuma, C. J. Powell, D. R. Penn, Surf. Interface Anal. 21, 165 (1994). Average over solids: M. P. Seah,
W. A. Dench, Surf. Interface Anal. 1, 2 (1979), elements and inorganic compounds, in nm.
"""

from __future__ import annotations

import math
from typing import Final

from attrs import frozen

from shirube_quant.materials import Material

#: TPP-2M is for these energies above the Fermi level, eV.
TPP_LOWEST: Final = 50.0
TPP_HIGHEST: Final = 2000.0
#: Root mean square difference of TPP-2M from the paths that were calculated from optical data.
TPP_UNCERTAINTY: Final = 0.107
#: Exponent of the kinetic energy to which mean free paths are in proportion where the material is not known.
EXPONENT: Final = 0.75
_ANGSTROM_IN_NM: Final = 0.1

__all__ = ["EXPONENT", "TPP_HIGHEST", "TPP_LOWEST", "MeanFreePath", "average", "mean_free_path", "tpp2m"]


@frozen
class MeanFreePath:
    """An inelastic mean free path.

    Attributes:
        value: In nm.
        uncertainty: Standard uncertainty of it in nm, of the formula alone.
        weight: What intensities are divided by: the path itself, or without a material KE to the power 0.75.
        within: Whether the energy is one that the formula is for.
    """

    value: float
    uncertainty: float
    weight: float
    within: bool = True


def mean_free_path(energy: float, material: Material | None) -> MeanFreePath:
    """Return the mean free path of electrons in a material, or without one the average over solids.

    Args:
        energy: Above the Fermi level in eV, which is the photon energy less the binding energy; above 0.
        material: What the electrons pass, None when it is not known.
    """
    if material is None:
        value, spread = average(energy)
        return MeanFreePath(value, spread, math.pow(energy, EXPONENT))
    value = tpp2m(energy, material)
    return MeanFreePath(value, TPP_UNCERTAINTY * value, value, TPP_LOWEST <= energy <= TPP_HIGHEST)


def tpp2m(energy: float, material: Material) -> float:
    """Return the inelastic mean free path by TPP-2M in nm; arguments as for :func:`mean_free_path`."""
    per_volume = material.valence_electrons * material.density / material.molar_mass
    plasmon = 28.8 * math.sqrt(per_volume)
    gap = material.band_gap
    beta = -0.10 + 0.944 / math.sqrt(plasmon**2 + gap**2) + 0.069 * math.pow(material.density, 0.1)
    gamma = 0.191 / math.sqrt(material.density)
    c, d = 1.97 - 0.91 * per_volume, 53.4 - 20.8 * per_volume
    losses = beta * math.log(gamma * energy) - c / energy + d / energy**2
    return _ANGSTROM_IN_NM * energy / (plasmon**2 * losses)


def average(energy: float) -> tuple[float, float]:
    """Return the average mean free path in solids and half the difference between elements and compounds, in nm."""
    elements = 143.0 / energy**2 + 0.054 * math.sqrt(energy)
    compounds = 641.0 / energy**2 + 0.096 * math.sqrt(energy)
    return 0.5 * (elements + compounds), 0.5 * (compounds - elements)
