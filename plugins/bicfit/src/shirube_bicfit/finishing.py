"""Finishing: which optima of a search must be known to their last digits, and how they come to be."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from shirube_bicfit.chunks import Begin
from shirube_bicfit.fitter import Fitter
from shirube_bicfit.optima import Found, Optimum
from shirube_bicfit.polishing import ROUNDING

__all__ = ["decisive", "to_the_last_digit"]


def decisive(found: Found, best: int) -> set[int]:
    """Return the places of the optima that must be known to their last digits.

    It is the best one, and where noise is estimated the richest one, whose deviance all criteria are measured by.
    """
    return {best} if found.task.noise.kind == "poisson" else {best, len(found.optima) - 1}


def to_the_last_digit(fitter: Fitter, optima: Mapping[tuple[int, int], Optimum]) -> dict[tuple[int, int], Optimum]:
    """Return optima that no longer depend on the way to them, within the bounds of the fitter.

    Args:
        fitter: The fitter.
        optima: By number of their spectrum and their place among its optima.
    """
    if not optima:
        return {}
    begins = [Begin(spectrum, one.count, "given", one.free) for (spectrum, _), one in optima.items()]
    ends = fitter.to_the_last_digit(begins)
    return {
        key: evolve(one, free=free, deviance=float(cost), converged=True, limits=fitter.limits)
        if cost <= one.deviance * (1.0 + ROUNDING)
        else one
        for (key, one), free, cost in zip(optima.items(), ends.free, ends.cost, strict=True)
    }
