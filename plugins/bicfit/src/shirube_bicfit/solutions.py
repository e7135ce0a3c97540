"""Solutions: what a fit returns, in the units of the spectrum."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from shirube.errors import ShirubeError
from shirube.messages import Message
from shirube.records import FloatArray, ResultStatus
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Background, Criterion, Origin
from shirube_bicfit.intervals import Intervals
from shirube_bicfit.noise import Noise
from shirube_bicfit.phrases import message
from shirube_bicfit.sharing import is_whole
from shirube_bicfit.significance import Rejection
from shirube_bicfit.task import Task
from shirube_bicfit.uncertainty import standard_deviations
from shirube_bicfit.variants import Variant

__all__ = ["Areas", "Common", "Fit", "Solution", "Standing"]


@frozen
class Standing:
    """How a model compares with the others.

    Attributes:
        rank: 1 for the smallest BIC of those without a rejected line; the others follow by their BIC.
        bic: The criterion.
        delta_bic: Difference to the best; negative if a line of the model was rejected that would have won.
        weight: Approximate probability, from BIC, among the models without a rejected line; 0 for the others.
        tied: Whether the BIC of this and of another model are the smallest and differ by less than 2.
        aicc: Akaike's criterion for small samples.
        log_evidence: Natural logarithm of the evidence by Laplace's method, up to a constant of the data.
        evidence_weight: The same as a probability, as ``weight``.
    """

    rank: int
    bic: float
    delta_bic: float
    weight: float
    tied: bool
    aicc: float
    log_evidence: float
    evidence_weight: float


@frozen(eq=False)
class Areas:
    """Areas of the components, over all energies, and their parts of the whole; shape (components,) each.

    Attributes:
        values: In intensity times eV.
        uncertainties: Standard deviations, nan where there is none.
        parts: Of the sum of all areas.
        part_uncertainties: Standard deviations of these.
    """

    values: FloatArray
    uncertainties: FloatArray
    parts: FloatArray
    part_uncertainties: FloatArray


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
    """The best model of a variant with one number of lines; components in order of energy.

    A line is one component, or two if it is a spin-orbit doublet.

    Attributes:
        variant: Which of the models that compete it belongs to.
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
        hits: How many starts reached this solution,
        finished: of how many that were not given up before they came to an end.
        step_spread: Standard deviation of how much the background rises, numbers at a bound being known.
        areas: Of the components.
        intervals: 95 % intervals; None for models that are not of rank 1.
        rejected: Lines that noise may have made; a model with one is not of rank 1.
        warnings: What must be known of this solution, as codes with values.
        background: On the energies of the fit, shape (n,).
        components: Each peak there, shape (k, n).
        residuals: Data minus model in standard deviations of the noise, shape (n,).
    """

    variant: Variant
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
    finished: int
    step_spread: float
    areas: Areas
    intervals: Intervals | None
    rejected: tuple[Rejection, ...]
    warnings: tuple[Message, ...]
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
    def envelope(self) -> FloatArray:
        """Background and peaks together, shape (n,)."""
        return np.asarray(self.background + self.components.sum(axis=0), dtype=np.float64)


@frozen(eq=False)
class Fit:
    """The fit of one spectrum.

    Attributes:
        energy: In the order given, without the channels that were left out of the fit, shape (n,), eV.
        intensity: There, shape (n,).
        status: ``ok``, ``doubtful`` or ``refused``.
        reasons: Why it is not ``ok``.
        remarks: What else a reader of the result must know.
        noise: The noise model that was used; None when refused before it was known.
        dispersion: Variance over that of the noise model which ranks the solutions.
        background: The background that was used.
        limits: Bounds of peaks, None when refused before they were known.
        tasks: The spectrum as it was fitted, a task for each variant; empty when refused before they were known.
        solutions: In order of the number of peaks, of equal numbers by rank; empty when refused.
    """

    energy: FloatArray
    intensity: FloatArray
    status: ResultStatus
    background: Background
    reasons: tuple[Message, ...] = ()
    remarks: tuple[Message, ...] = ()
    noise: Noise | None = None
    dispersion: float = 1.0
    limits: Limits | None = None
    tasks: tuple[Task, ...] = ()
    solutions: tuple[Solution, ...] = ()

    @property
    def criterion(self) -> Criterion:
        """Which BIC ranks: ``gauss`` where one variance was assumed for all channels, else ``poisson``."""
        return "gauss" if self.noise is not None and self.noise.kind == "gauss" else "poisson"

    def task_of(self, solution: Solution) -> Task:
        """Return the task that a solution of this fit solves."""
        return next(task for task in self.tasks if task.variant == solution.variant)

    @property
    def ranked(self) -> tuple[Solution, ...]:
        """The solutions, best first."""
        return tuple(sorted(self.solutions, key=lambda solution: solution.standing.rank))

    def solution_of_rank(self, rank: int) -> Solution:
        """Return the solution of a rank, counted from 1.

        Raises:
            ShirubeError: There is none; a refusal has no solution of any rank.
        """
        ranked = self.ranked
        if not is_whole(rank) or not 0 < rank <= len(ranked):
            raise ShirubeError(message("no-such-rank", rank=repr(rank), ranks=len(ranked)))
        return ranked[rank - 1]

    @property
    def best(self) -> Solution:
        """The solution of rank 1.

        Raises:
            IndexError: The fit was refused.
        """
        return self.ranked[0]
