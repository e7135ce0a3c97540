"""The words that settings and results share."""

from __future__ import annotations

from typing import Literal, TypeAlias

Background: TypeAlias = Literal["shirley", "linear"]
Criterion: TypeAlias = Literal["poisson", "gauss"]
NoiseKind: TypeAlias = Literal["poisson", "quasi-poisson", "gauss"]
#: Where a start comes from: a Gaussian mixture, a rung of the smoothing ladder, the optimum of K - 1 peaks with one
#: added, or that of K + 1 peaks with one dropped.
Origin: TypeAlias = Literal["mixture", "ladder", "added", "dropped"]

__all__ = ["Background", "Criterion", "NoiseKind", "Origin"]
