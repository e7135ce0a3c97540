"""Optima: the best fit of each number of peaks and what every start came to."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.choices import Origin
from shirube_bicfit.model import count_of

#: A start has reached the best solution when its deviance is within this of it (a likelihood ratio of 1.6).
HIT: float = 1.0

__all__ = ["HIT", "Optimum"]


@frozen(eq=False)
class Optimum:
    """The best fit with one number of peaks, in counts (intensity over the noise's unit).

    Attributes:
        theta: Parameter vector, shape (p,).
        deviance: Its deviance.
        information: Fisher information there, shape (p, p).
        converged: Whether the optimiser stopped by itself.
        origins: Where each start came from.
        deviances: Where each start ended, shape (starts,).
    """

    theta: FloatArray
    deviance: float
    information: FloatArray
    converged: bool
    origins: tuple[Origin, ...]
    deviances: FloatArray

    @property
    def count(self) -> int:
        """The number of peaks."""
        return count_of(self.theta)

    @property
    def hits(self) -> int:
        """How many starts reached this solution."""
        return int(np.count_nonzero(self.deviances < self.deviance + HIT))

    def joined(self, other: Optimum) -> Optimum:
        """Return the better of two optima with as many peaks, with the starts of both."""
        best = self if self.deviance <= other.deviance else other
        return Optimum(
            theta=best.theta,
            deviance=best.deviance,
            information=best.information,
            converged=best.converged,
            origins=self.origins + other.origins,
            deviances=np.concatenate([self.deviances, other.deviances]),
        )
