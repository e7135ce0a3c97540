"""The task: one spectrum made ready to be fitted, with everything that is decided before the search."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import EnergyScale, FloatArray
from shirube_bicfit.bounds import Limits, limits_for
from shirube_bicfit.choices import Background
from shirube_bicfit.criteria import bic_gauss, bic_poisson, parameter_count
from shirube_bicfit.noise import Noise, noise_of
from shirube_bicfit.parameters import Parameters

_END_SHARE: Final = 20
_LEAST_END: Final = 3
_SIGNIFICANT: Final = 3.0

__all__ = ["Task", "rises_to_high_binding_energy"]


@frozen(eq=False)
class Task:
    """A spectrum with ascending energies, its noise, bounds and background.

    Attributes:
        energy: Shape (n,), ascending, eV.
        intensity: Shape (n,).
        descending: Whether the spectrum was given the other way round.
        noise: Its noise model.
        limits: Bounds of peaks.
        background: The background to fit.
    """

    energy: FloatArray
    intensity: FloatArray
    descending: bool
    noise: Noise
    limits: Limits
    background: Background

    @classmethod
    def of(cls, energy: FloatArray, intensity: FloatArray, settings: Parameters, scale: EnergyScale) -> Task:
        """Return the task for a spectrum whose energies are monotone."""
        descending = bool(energy[0] > energy[-1])
        turn = slice(None, None, -1 if descending else 1)
        ascending, data = np.ascontiguousarray(energy[turn]), np.ascontiguousarray(intensity[turn])
        noise = noise_of(data, settings.criterion)
        usable = settings.background == "linear" or rises_to_high_binding_energy(data, noise, scale)
        return cls(
            energy=ascending,
            intensity=data,
            descending=descending,
            noise=noise,
            limits=limits_for(ascending, settings.fwhm_min, settings.fwhm_max),
            background=settings.background if usable else "linear",
        )

    @property
    def channels(self) -> int:
        """The number of channels n."""
        return int(self.energy.size)

    def bic(self, deviance: float, peaks: int, dispersion: float = 1.0) -> float:
        """Return the criterion of a deviance, in units of the noise, with so many peaks."""
        if self.noise.kind == "gauss":
            return bic_gauss(deviance * self.noise.unit**2, self.channels, parameter_count(peaks))
        return bic_poisson(deviance, self.channels, parameter_count(peaks), dispersion)

    def as_given(self, values: FloatArray) -> FloatArray:
        """Return values on the ascending energies in the order in which the spectrum was given."""
        return np.ascontiguousarray(values[..., ::-1]) if self.descending else values


def rises_to_high_binding_energy(intensity: FloatArray, noise: Noise, scale: EnergyScale) -> bool:
    """Tell whether a Shirley background can be meant: electrons lose energy, so it never falls that way beyond noise.

    Args:
        intensity: In order of ascending energy, shape (n,).
        noise: Its noise model.
        scale: What the energies are; unknown ones are taken as binding energies.
    """
    ends = max(_LEAST_END, intensity.size // _END_SHARE)
    low, high = float(intensity[:ends].mean()), float(intensity[-ends:].mean())
    rise = low - high if scale == "kinetic" else high - low
    level = noise.unit if noise.kind == "gauss" else 0.5 * (low + high)
    return bool(rise >= -_SIGNIFICANT * np.sqrt(2.0 * noise.unit * level / ends))
