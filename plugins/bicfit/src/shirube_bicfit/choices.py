"""The words that settings and results share."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Background: TypeAlias = Literal["shirley", "linear"]
Criterion: TypeAlias = Literal["poisson", "gauss"]
NoiseKind: TypeAlias = Literal["poisson", "quasi-poisson", "gauss"]
#: What may be asked for; ``auto`` is what the intensities show.
NoiseChoice: TypeAlias = Literal["auto", "poisson", "quasi-poisson", "gauss"]
Lineshape: TypeAlias = Literal["symmetric", "asymmetric"]
#: Where a start comes from: a Gaussian mixture, a rung of the smoothing ladder, the optimum of K - 1 lines with one
#: added or one split, that of K + 1 lines with one dropped, that of K lines with one moved elsewhere, chance, the
#: solution of another variant, or that of another spectrum.
Origin: TypeAlias = Literal["mixture", "ladder", "added", "split", "dropped", "moved", "random", "variant", "given"]
#: Starts that come on top of those that are allowed.
ON_TOP: Final[tuple[Origin, ...]] = ("random", "variant")
#: Why a line is taken for noise: it gains too little, or one channel carries it.
RejectionKind: TypeAlias = Literal["chance", "one-channel"]
#: How intervals come about: from the Fisher information, along the profile of the likelihood, from simulated spectra.
IntervalMethod: TypeAlias = Literal["fisher", "profile", "bootstrap"]

__all__ = [
    "ON_TOP",
    "Background",
    "Criterion",
    "IntervalMethod",
    "Lineshape",
    "NoiseChoice",
    "NoiseKind",
    "Origin",
    "RejectionKind",
]
