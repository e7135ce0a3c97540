"""Solutions: what a fit returns, in the units of the spectrum."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from shirube.messages import Message
from shirube.records import FloatArray, ResultStatus
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Background, Criterion, Origin
from shirube_bicfit.noise import Noise
from shirube_bicfit.uncertainty import standard_deviations

__all__ = ["Common", "Fit", "Solution", "Standing"]


@frozen
class Standing:
    """How a model compares with the others.

    Attributes:
        rank: 1 for the smallest BIC.
        bic: The criterion.
        delta_bic: Difference to the best.
        weight: Approximate probability among the models tried.
    """

    rank: int
    bic: float
    delta_bic: float
    weight: float


@frozen
class Common:
    """A number that all lines of a model have in common, or that its background has beside its ends.

    Attributes:
        name: ``asymmetry`` (1/eV), ``splitting`` (eV), ``ratio`` or ``slope`` (intensity).
        value: Its value.
        uncertainty: Its standard deviation, nan where there is none.
    """

    name: str
    value: float
    uncertainty: float


@frozen(eq=False)
class Solution:
    """The best model with one number of lines; components in order of energy.

    A line is one component, or two if it is a spin-orbit doublet.

    Attributes:
        count: The number of lines, by which models are grouped.
        parameters: How many numbers of the model are free.
        commons: Free numbers beside those in ``theta``.
        standing: Rank, BIC, difference to the best and weight.
        theta: Height, centre, FWHM, Lorentz fraction of each component, then the background's height at the low- and
            at the high-energy end; shape (4 components + 2,).
        free: All free numbers of the model in the order of :class:`shirube_bicfit.layout.Layout`.
        covariance: Of ``theta``; nan where a parameter is at a bound or not determined. Numbers that are tied to each
            other are fully correlated.
        at_bound: For each component the bounds it is at: ``centre_min``, ``fwhm_max``, ``fraction_min`` …
        limits: The bounds within which it was fitted.
        deviance: Deviance, or sum of squares for the criterion ``gauss``, in units of the noise.
        reduced_deviance: Deviance over degrees of freedom, in units of the noise; 1 where only noise is left.
        converged: Whether the optimiser stopped by itself.
        origins: Where each start came from.
        start_bics: The criterion that each start came to, shape (starts,).
        hits: How many starts reached this solution.
        background: On the energies of the fit, shape (n,).
        components: Each peak there, shape (k, n).
        residuals: Data minus model in standard deviations of the noise, shape (n,).
    """

    count: int
    parameters: int
    commons: tuple[Common, ...]
    standing: Standing
    theta: FloatArray
    free: FloatArray
    covariance: FloatArray
    at_bound: tuple[tuple[str, ...], ...]
    limits: Limits
    deviance: float
    reduced_deviance: float
    converged: bool
    origins: tuple[Origin, ...]
    start_bics: FloatArray
    hits: int
    background: FloatArray
    components: FloatArray
    residuals: FloatArray

    @property
    def peaks(self) -> FloatArray:
        """Height, centre, FWHM and Lorentz fraction, shape (k, 4)."""
        return self.theta[:-2].reshape(-1, 4)

    @property
    def uncertainties(self) -> FloatArray:
        """Standard deviations of ``theta``, nan where there is none."""
        return standard_deviations(self.covariance)

    @property
    def step(self) -> tuple[float, float]:
        """Background at the high-energy end minus that at the low-energy end, and its standard deviation."""
        ends = np.nan_to_num(self.covariance[-2:, -2:], nan=0.0)
        variance = ends[0, 0] + ends[1, 1] - 2.0 * ends[0, 1]
        return float(self.theta[-1] - self.theta[-2]), float(np.sqrt(max(variance, 0.0)))

    @property
    def envelope(self) -> FloatArray:
        """Background and peaks together, shape (n,)."""
        return np.asarray(self.background + self.components.sum(axis=0), dtype=np.float64)


@frozen(eq=False)
class Fit:
    """The fit of one spectrum.

    Attributes:
        energy: As given, shape (n,), eV.
        intensity: As given, shape (n,).
        status: ``ok``, ``doubtful`` or ``refused``.
        reasons: Why it is not ``ok``.
        remarks: What else a reader of the result must know.
        noise: The noise model that was used; None when refused before it was known.
        dispersion: Variance over that of the noise model which ranks the solutions.
        background: The background that was used.
        criterion: The criterion that ranks.
        limits: Bounds of peaks, None when refused before they were known.
        solutions: In order of the number of peaks; empty when refused.
    """

    energy: FloatArray
    intensity: FloatArray
    status: ResultStatus
    background: Background
    criterion: Criterion
    reasons: tuple[Message, ...] = ()
    remarks: tuple[Message, ...] = ()
    noise: Noise | None = None
    dispersion: float = 1.0
    limits: Limits | None = None
    solutions: tuple[Solution, ...] = ()

    @property
    def ranked(self) -> tuple[Solution, ...]:
        """The solutions, best first."""
        return tuple(sorted(self.solutions, key=lambda solution: solution.standing.rank))

    @property
    def best(self) -> Solution:
        """The solution of rank 1.

        Raises:
            IndexError: The fit was refused.
        """
        return self.ranked[0]
