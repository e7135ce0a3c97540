"""Records of a fitted Fermi edge: numbers with two kinds of uncertainty, a verdict with reasons, curves to draw.

All energies are in eV and stand on the axis that was given, kinetic or binding. Every record is frozen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from shirube.errors import InputError, UsageError
from shirube.messages import Message, joined
from shirube.records import FloatArray, Quantity
from shirube_synchrotron.model import DensityOfStates, broadened_fermi, columns
from shirube_synchrotron.wording import said

Scale: TypeAlias = Literal["kinetic", "binding"]
Weights: TypeAlias = Literal["poisson", "quasi-poisson"]
Status: TypeAlias = Literal["ok", "doubtful", "refused"]

__all__ = ["Curves", "Estimate", "FermiEdge", "Scale", "Status", "Variant", "Weights"]


def _read_only(values: npt.ArrayLike) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


@frozen
class Estimate:
    """A value with its standard uncertainties.

    Attributes:
        value: NaN where nothing could be fitted.
        statistical: From the scatter of the points alone.
        model: From what other admissible models and windows say; None where they were not asked.
    """

    value: float
    statistical: float
    model: float | None = None

    @property
    def standard(self) -> float:
        """The combined standard uncertainty: both in quadrature."""
        return math.hypot(self.statistical, self.model or 0.0)


@frozen
class Variant:
    """The same edge with another density of states, background or window.

    Attributes:
        density_of_states: ``constant``, ``linear`` or ``quadratic`` in energy.
        background_slope: Whether the background may slope.
        window: Lowest and highest energy of the fitted points.
        points: Their number.
        position: Fermi level (statistical uncertainty only, as the next two).
        resolution: Instrumental resolution, FWHM.
        edge_width: Total width from 10 to 90 %.
        dispersion: Chi square over degrees of freedom.
        admitted: Whether it describes the data well enough to count for the model uncertainty.
    """

    density_of_states: DensityOfStates
    background_slope: bool
    window: tuple[float, float]
    points: int
    position: Estimate
    resolution: Estimate
    edge_width: Estimate
    dispersion: float
    admitted: bool


@frozen(eq=False)
class Curves:
    """What a figure shows of the fitted window: arrays of shape (n,), energies ascending on the given axis.

    Attributes:
        energies: In eV.
        counts: The intensities as given.
        model: The fitted intensity.
        background: The part of it that is not the edge.
        residuals: (counts - model) in standard deviations of one point (with the dispersion, if quasi-Poisson).
    """

    energies: FloatArray = field(repr=False, converter=_read_only)
    counts: FloatArray = field(repr=False, converter=_read_only)
    model: FloatArray = field(repr=False, converter=_read_only)
    background: FloatArray = field(repr=False, converter=_read_only)
    residuals: FloatArray = field(repr=False, converter=_read_only)

    def __reduce__(self) -> tuple[object, ...]:
        # Through the constructor: the arrays are read-only on the other side, too.
        return (Curves, (self.energies, self.counts, self.model, self.background, self.residuals))


@frozen(eq=False)
class FermiEdge:
    """A fitted Fermi edge, or the reasons why there is none.

    A refused edge keeps whatever was fitted, so that it can be drawn; where nothing was, values are NaN and ``curves``
    is None. Its numbers are no result: :meth:`accepted` and :meth:`photon_energy` raise for it.

    Attributes:
        status: ``ok``; ``doubtful``: usable, but read the reasons; ``refused``.
        reasons: Sentences in ja and en for what is not ok; empty when all is.
        scale: The axis all energies stand on.
        position: Fermi level in eV.
        resolution: Instrumental energy resolution: FWHM of the Gaussian in eV, without the thermal width.
        resolution_limit: Upper limit of the resolution in eV (95 %), where thermal width or step hide it; else None.
        edge_width: Total width of the edge from 10 to 90 % in eV, with thermal and instrumental width.
        temperature: What was assumed, in K, with its origin.
        temperature_tolerance: How far in K it may be off by what the uncertainties say.
        weights: ``poisson``: points scatter like counts; ``quasi-poisson``: in proportion, by the measured dispersion.
        density_of_states: Its form in energy.
        height: Intensity of the edge at the Fermi level.
        dos_slope: Relative change of the density of states per eV of kinetic energy, at the Fermi level.
        dos_curvature: Coefficient of its square in 1/eV^2; None unless quadratic.
        background: Intensity above the edge, at the Fermi level.
        background_slope: Its change per eV of kinetic energy; None where it is taken as constant.
        dispersion: Pearson's chi square over degrees of freedom, of points that are not dark: 1 for counts.
        freedom: Degrees of freedom.
        window: Lowest and highest energy of the fitted points.
        points: Their number.
        variants: What all models and windows say, the own one first; empty where they were not asked.
        curves: Arrays for a figure.
    """

    status: Status
    reasons: tuple[Message, ...]
    scale: Scale
    position: Estimate
    resolution: Estimate
    resolution_limit: float | None
    edge_width: Estimate
    temperature: Quantity
    temperature_tolerance: float
    weights: Weights
    density_of_states: DensityOfStates
    height: Estimate
    dos_slope: Estimate
    dos_curvature: Estimate | None
    background: Estimate
    background_slope: Estimate | None
    dispersion: float
    freedom: int
    window: tuple[float, float]
    points: int
    variants: tuple[Variant, ...] = field(default=(), repr=False)
    curves: Curves | None = field(default=None, repr=False)

    def accepted(self) -> FermiEdge:
        """Return the edge unless it is refused.

        Raises:
            InputError: It is; all reasons in one message.
        """
        if self.status == "refused":
            raise InputError(joined([reason.text() for reason in self.reasons]))
        return self

    def photon_energy(self, work_function: float = 0.0) -> float:
        """Return hv = KE_F + phi in eV; spectra must be converted with the same phi.

        Raises:
            InputError: The edge is refused.
            UsageError: The axis is one of binding energies, from which a photon energy was subtracted already.
        """
        if self.scale == "binding":
            raise UsageError(said("edge-binding-axis"))
        return self.accepted().position.value + work_function

    def intensity(self, energies: npt.ArrayLike) -> FloatArray:
        """Return the fitted intensity at ``energies`` in eV on the given axis, shape (n,).

        Raises:
            InputError: Nothing was fitted.
        """
        if self.curves is None:
            self.accepted()
        sign = -1.0 if self.scale == "binding" else 1.0
        relative = sign * (np.asarray(energies, dtype=np.float64) - self.position.value)
        edge = broadened_fermi(relative, self.temperature.number, self.resolution.value)
        return np.asarray(columns(edge, *self._form) @ self._coefficients, dtype=np.float64)

    @property
    def _form(self) -> tuple[DensityOfStates, bool]:
        return self.density_of_states, self.background_slope is not None

    @property
    def _coefficients(self) -> FloatArray:
        height = self.height.value
        dos: Sequence[Estimate | None] = (self.dos_slope, self.dos_curvature)
        shape = {"constant": 0, "linear": 1, "quadratic": 2}[self.density_of_states]
        above = [one.value for one in (self.background, self.background_slope) if one is not None]
        return np.array([height, *(height * one.value for one in dos[:shape] if one is not None), *above])
