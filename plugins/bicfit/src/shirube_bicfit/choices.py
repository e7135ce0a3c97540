"""The words that settings and results share."""

from __future__ import annotations

from typing import Literal, TypeAlias

Background: TypeAlias = Literal["shirley", "linear"]
Criterion: TypeAlias = Literal["poisson", "gauss"]
NoiseKind: TypeAlias = Literal["poisson", "quasi-poisson", "gauss"]
Lineshape: TypeAlias = Literal["symmetric", "asymmetric"]
#: Where a start comes from: a Gaussian mixture, a rung of the smoothing ladder, the optimum of K - 1 lines with one
#: added or one split, that of K + 1 lines with one dropped, or the solution of another spectrum.
Origin: TypeAlias = Literal["mixture", "ladder", "added", "split", "dropped", "given"]

__all__ = ["Background", "Criterion", "Lineshape", "NoiseKind", "Origin"]
