"""The task: one spectrum made ready to be fitted, with everything that is decided before the search."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from shirube.records import EnergyScale, FloatArray
from shirube_bicfit.bounds import Limits, limits_for
from shirube_bicfit.choices import Background
from shirube_bicfit.criteria import bic_gauss, bic_poisson
from shirube_bicfit.layout import Layout
from shirube_bicfit.lone import LoneChannel, lone_channels
from shirube_bicfit.noise import Noise, noise_of
from shirube_bicfit.parameters import Parameters
from shirube_bicfit.variants import Variant, layout_for, variants_of

__all__ = ["Task"]


@frozen(eq=False)
class Task:
    """A spectrum with ascending energies, its noise, bounds and background.

    Attributes:
        energy: Shape (n,), ascending, eV.
        intensity: Shape (n,).
        descending: Whether the spectrum was given the other way round.
        noise: Its noise model.
        limits: Bounds of peaks.
        variant: Which of the models that compete.
        layout: What the numbers of a model are.
        settings: Those that all this follows.
        left_out: Channels of the spectrum that are not fitted.
    """

    energy: FloatArray
    intensity: FloatArray
    descending: bool
    noise: Noise
    limits: Limits
    variant: Variant
    layout: Layout
    settings: Parameters
    left_out: tuple[LoneChannel, ...] = ()

    @classmethod
    def of(
        cls,
        energy: FloatArray,
        intensity: FloatArray,
        settings: Parameters,
        scale: EnergyScale = "binding",
        variant: Variant | None = None,
    ) -> Task:
        """Return the task for a spectrum whose energies are monotone; the variant is the first that settings name."""
        chosen = variants_of(settings)[0] if variant is None else variant
        descending = bool(energy[0] > energy[-1])
        turn = slice(None, None, -1 if descending else 1)
        ascending, data = np.ascontiguousarray(energy[turn]), np.ascontiguousarray(intensity[turn])
        limits = limits_for(ascending, settings.fwhm_min, settings.fwhm_max, settings.fraction_max)
        lone = lone_channels(ascending, data, noise_of(data, settings.noise).kind, limits.fwhm_min)
        left_out = tuple(
            LoneChannel(data.size - at if descending else at + 1, float(ascending[at]), float(data[at]), expected)
            for at, expected in lone
        )
        if lone:
            places = [at for at, _ in lone]
            ascending, data = np.delete(ascending, places), np.delete(data, places)
            limits = limits_for(ascending, settings.fwhm_min, settings.fwhm_max, settings.fraction_max)
        return cls(
            energy=ascending,
            intensity=data,
            descending=descending,
            noise=noise_of(data, settings.noise),
            limits=limits,
            variant=chosen,
            layout=layout_for(settings, chosen, scale),
            settings=settings,
            left_out=left_out,
        )

    def on_a_line(self) -> Task:
        """Return the task with a linear background."""
        variant = evolve(self.variant, background="linear")
        return evolve(self, variant=variant, layout=evolve(self.layout, sloped=False))

    @property
    def background(self) -> Background:
        """The background to fit."""
        return self.variant.background

    @property
    def channels(self) -> int:
        """The number of channels n."""
        return int(self.energy.size)

    def bic(self, deviance: float, parameters: int, dispersion: float = 1.0) -> float:
        """Return the criterion of a deviance, in units of the noise, with so many free parameters."""
        if self.noise.kind == "gauss":
            return bic_gauss(deviance * self.noise.unit**2, self.channels, parameters)
        return bic_poisson(deviance, self.channels, parameters, dispersion)

    def as_given(self, values: FloatArray) -> FloatArray:
        """Return values on the ascending energies in the order in which the spectrum was given."""
        return np.ascontiguousarray(values[..., ::-1]) if self.descending else values
