"""Competing: the solutions of several variants of one spectrum, ranked together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import evolve

from shirube.messages import Message
from shirube_bicfit.criteria import TIE, aicc_from, model_weights
from shirube_bicfit.phrases import message
from shirube_bicfit.solutions import Fit, Solution, Standing

__all__ = ["competed"]


def competed(fits: Sequence[Fit]) -> Fit:
    """Return one fit with the solutions of all, ranked together by the criterion.

    All fits are of the same channels with the same noise. One dispersion serves all models of a spectrum, so the
    smallest that a variant leaves does: it is the one that describes the data best.

    Args:
        fits: One a variant, at least one.

    Returns:
        The fit of the variant that wins, with the solutions of all. The first refusal where all are refused.
    """
    able = [fit for fit in fits if fit.solutions]
    if len(able) < 2:  # noqa: PLR2004 nothing to compete with
        return able[0] if able else fits[0]
    dispersion = min(fit.dispersion for fit in able)
    entries = [_rescaled(one, fit, dispersion) for fit in able for one in fit.solutions]
    standings = _standings(entries)
    together = [
        evolve(one, standing=standing, intervals=one.intervals if standing.rank == 1 else None)
        for one, standing in zip(entries, standings, strict=True)
    ]
    together.sort(key=lambda one: (one.count, one.standing.rank))
    winner = next(fit for fit in able if fit.solutions[0].variant == _best(together).variant)
    remarks = [one for one in winner.remarks if one.code != "tie"]
    # that a variant is not the one that was asked for must be known of those that lose, too
    remarks += [one for fit in able if fit is not winner for one in fit.remarks if one.code == "background-fallback"]
    return evolve(
        winner,
        solutions=tuple(together),
        dispersion=dispersion,
        remarks=(*remarks, *_ties(_best(together), together)),
        tasks=tuple(task for fit in able for task in fit.tasks),
    )


def _best(solutions: Sequence[Solution]) -> Solution:
    return min(solutions, key=lambda one: one.standing.rank)


def _rescaled(solution: Solution, fit: Fit, dispersion: float) -> Solution:
    """Return a solution with its criteria for another dispersion; that of a constant variance has none."""
    if fit.noise is None or fit.noise.kind == "gauss" or fit.dispersion == dispersion:
        return solution
    channels, size = fit.energy.size, solution.parameters
    penalty, ratio = size * math.log(channels), fit.dispersion / dispersion
    standing = solution.standing
    bic = (standing.bic - penalty) * ratio + penalty
    # the evidence is -D / 2 - ln det(H) / 2 + ..., with D and H both over the dispersion
    shift = 0.5 * (standing.bic - penalty) * (1.0 - ratio) - 0.5 * size * math.log(ratio)
    return evolve(
        solution,
        start_bics=(solution.start_bics - penalty) * ratio + penalty,
        standing=evolve(
            standing,
            bic=bic,
            aicc=aicc_from(bic, channels, size),
            log_evidence=standing.log_evidence + shift,
        ),
    )


def _standings(solutions: Sequence[Solution]) -> list[Standing]:
    """Return ranks, differences, weights and ties among all solutions; what was rejected is behind what was not."""
    bics = np.array([one.standing.bic for one in solutions])
    evidence = np.array([one.standing.log_evidence for one in solutions])
    accepted = np.array([not one.rejected for one in solutions])
    if not accepted.any():
        accepted = ~accepted
    best = int(np.argmin(np.where(accepted, bics, np.inf)))
    order = sorted(range(len(solutions)), key=lambda place: (place != best, bics[place], place))
    tied = accepted & (bics - bics[best] < TIE)
    tied &= int(np.count_nonzero(tied)) > 1
    weights, by_evidence = np.zeros(bics.size), np.zeros(bics.size)
    weights[accepted] = model_weights(bics[accepted])
    by_evidence[accepted] = model_weights(-2.0 * evidence[accepted])
    return [
        evolve(
            one.standing,
            rank=order.index(place) + 1,
            delta_bic=float(bics[place] - bics[best]),
            weight=float(weights[place]),
            tied=bool(tied[place]),
            evidence_weight=float(by_evidence[place]),
        )
        for place, one in enumerate(solutions)
    ]


def _ties(best: Solution, solutions: Sequence[Solution]) -> list[Message]:
    return [
        message("variant-tie", number=one.count, variant=one.variant.name, value=round(one.standing.delta_bic, 1))
        for one in solutions
        if one.standing.tied and one is not best
    ]
