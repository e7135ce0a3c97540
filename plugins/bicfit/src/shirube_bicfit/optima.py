"""Optima: the best fit of each number of lines and what every start came to."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Origin
from shirube_bicfit.task import Task

#: A start has reached the best solution when its deviance is within this of it (a likelihood ratio of 1.6).
HIT: float = 1.0

__all__ = ["HIT", "Found", "Optimum"]


@frozen(eq=False)
class Optimum:
    """The best fit with one number of lines, in counts (intensity over the noise's unit).

    Attributes:
        count: The number of lines.
        free: Parameter vector in free form, shape (p,).
        deviance: Its deviance.
        converged: Whether the optimiser stopped by itself.
        origins: Where each start came from.
        limits: The bounds within which it is one.
        deviances: Where each start ended, shape (starts,); what was culled counts as what it followed, or stands
            where it was.
        finished: How many starts came to an end or follow one that did; the others were given up on the way.
    """

    count: int
    free: FloatArray
    deviance: float
    converged: bool
    limits: Limits
    origins: tuple[Origin, ...]
    deviances: FloatArray
    finished: int

    @property
    def hits(self) -> int:
        """How many starts reached this solution (before its bounds were widened, if they were)."""
        return int(np.count_nonzero(self.deviances < self.deviances.min() + HIT))


@frozen(eq=False)
class Found:
    """What the search for one variant of one spectrum came to.

    Attributes:
        task: The spectrum and its variant.
        optima: The best fits with 1, 2, … lines.
        straight: Deviance of a straight line without any.
    """

    task: Task
    optima: tuple[Optimum, ...]
    straight: float
