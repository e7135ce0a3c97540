"""Angular asymmetry: how the direction of emission weights a line, where geometry and asymmetry parameters are known.

Dipole approximation: J. Cooper and R. N. Zare, J. Chem. Phys. 48, 942 (1968); for unpolarised light, R. F. Reilman,
A. Msezane and S. T. Manson, J. Electron Spectrosc. Relat. Phenom. 8, 389 (1976).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from shirube.messages import Message
from shirube.records import FrozenMapping
from shirube_quant.crosssections import Level
from shirube_quant.phrases import message

#: Of electrons without orbital angular momentum, whatever their energy.
_OF_S: Final = 2.0

__all__ = ["Geometry"]


@frozen
class Geometry:
    """Directions and asymmetry parameters.

    Attributes:
        polarisation_angle: Between the polarisation of linearly polarised light and the emission, degrees.
        light_angle: Between the direction of unpolarised light and the emission, degrees.
        asymmetry: Asymmetry parameter by the name of a level (``Si 2p``); s levels have 2 without being named.
    """

    polarisation_angle: float | None = None
    light_angle: float | None = None
    asymmetry: Mapping[str, float] = field(factory=FrozenMapping)

    @property
    def known(self) -> bool:
        """Whether an angle is given."""
        return self.polarisation_angle is not None or self.light_angle is not None

    def parameter(self, level: Level) -> float | None:
        """Return the asymmetry parameter of a level, None where none is known."""
        for name in (str(level), f"{level.element} {level.orbital}"):
            if name in self.asymmetry:
                return float(self.asymmetry[name])
        return _OF_S if level.is_s else None

    def factor(self, level: Level) -> float | None:
        """Return what the direction multiplies the intensity of a level with, None where that is not known."""
        parameter = self.parameter(level)
        if parameter is None or not self.known:
            return None
        if self.polarisation_angle is not None:
            return 1.0 + parameter * _legendre(self.polarisation_angle)
        return 1.0 - 0.5 * parameter * _legendre(self.light_angle or 0.0)

    def statement(self, levels: tuple[Level, ...]) -> Message:
        """Return what was done about the asymmetry of these levels."""
        if not self.known:
            return message("asymmetry-uncorrected")
        lacking = [str(one) for one in levels if self.parameter(one) is None]
        if lacking:
            return message("asymmetry-lacking", levels=", ".join(lacking))
        if self.polarisation_angle is not None:
            return message("asymmetry-linear", angle=f"{self.polarisation_angle:g}")
        return message("asymmetry-unpolarised", angle=f"{self.light_angle:g}")


def _legendre(degrees: float) -> float:
    """Return the second Legendre polynomial of the cosine of an angle."""
    return 0.5 * (3.0 * math.cos(math.radians(degrees)) ** 2 - 1.0)
