"""Sensitivity factors from first principles: S = cross section x angular factor x mean free path x transmission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import evolve, frozen

from shirube.errors import InputError
from shirube_quant.asymmetry import Geometry
from shirube_quant.crosssections import Level, cross_section, threshold
from shirube_quant.materials import Material
from shirube_quant.meanfreepath import MeanFreePath, mean_free_path
from shirube_quant.phrases import message
from shirube_quant.transmission import Transmission

#: Cross sections within so many eV of an edge, where atoms in solids differ most from free ones, are doubted.
NEAR_EDGE: Final = 50.0
#: With a smaller angular factor what is beyond the dipole approximation counts as much.
LEAST_FACTOR: Final = 0.1

__all__ = ["LEAST_FACTOR", "NEAR_EDGE", "Conditions", "Sensitivity", "sensitivities", "sensitivity"]


@frozen(eq=False)
class Conditions:
    """What sensitivity factors depend on beside the level.

    Attributes:
        photon_energy: In eV.
        work_function: Of the analyser in eV, for the kinetic energies at which it transmits.
        material: What the electrons pass, None when it is not known.
        transmission: Of the analyser.
        geometry: For the angular asymmetry.
    """

    photon_energy: float
    work_function: float = 0.0
    material: Material | None = None
    transmission: Transmission = Transmission()
    geometry: Geometry = Geometry()


@frozen
class Sensitivity:
    """The sensitivity factor of a level and what it is made of.

    Attributes:
        level: The level.
        binding_energy: In eV.
        energy: Kinetic energy above the Fermi level, eV.
        cross_section: Of all electrons of the level in Mb.
        angular: Factor of the angular asymmetry; 1 where it is not corrected.
        path: Inelastic mean free path.
        transmission: Of the analyser at this energy, in a unit common to all levels.
        near_edge: Whether the photon energy is so near the edge that the cross section is doubted.
    """

    level: Level
    binding_energy: float
    energy: float
    cross_section: float
    angular: float
    path: MeanFreePath
    transmission: float
    near_edge: bool

    @property
    def factor(self) -> float:
        """What intensities are divided by."""
        return self.cross_section * self.angular * self.path.weight * self.transmission


def sensitivity(level: Level, binding_energy: float, conditions: Conditions) -> Sensitivity:
    """Return the sensitivity factor of a level, without angular asymmetry.

    Args:
        level: The level, or one line of it.
        binding_energy: Where it was found, eV.
        conditions: Photon energy and the rest.

    Raises:
        InputError: The photon energy does not reach the level, there is no cross section for it, or the transmission
            is not known at its energy.
        MissingPluginError: xraylib is not installed.
    """
    photon_energy = conditions.photon_energy
    energy = photon_energy - binding_energy
    kinetic = energy - conditions.work_function
    if kinetic <= 0.0:
        raise InputError(
            message("beyond-photon-energy", level=level, at=f"{binding_energy:.1f}", hv=f"{photon_energy:g}")
        )
    return Sensitivity(
        level=level,
        binding_energy=binding_energy,
        energy=energy,
        cross_section=cross_section(level, photon_energy),
        angular=1.0,
        path=mean_free_path(energy, conditions.material),
        transmission=conditions.transmission.at(kinetic),
        near_edge=photon_energy - threshold(level) < NEAR_EDGE,
    )


def sensitivities(found: Sequence[Sensitivity], geometry: Geometry) -> tuple[Sensitivity, ...]:
    """Return sensitivity factors with angular asymmetry, if it is known of all levels, otherwise without.

    Half a correction would be worse than none.

    Raises:
        InputError: Almost nothing of a level is emitted in that direction, so that the correction is not known.
    """
    factors = [geometry.factor(one.level) for one in found]
    known = [one for one in factors if one is not None]
    if len(known) < len(factors):
        return tuple(found)
    hidden = [str(one.level) for one, factor in zip(found, known, strict=True) if factor < LEAST_FACTOR]
    if hidden:
        raise InputError(message("asymmetry-vanishes", levels=", ".join(hidden)))
    return tuple(evolve(one, angular=factor) for one, factor in zip(found, known, strict=True))
