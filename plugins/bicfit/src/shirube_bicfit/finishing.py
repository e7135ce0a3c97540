"""Finishing: optima that decide are brought to their last digits, and get more room where derived bounds hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from shirube.messages import Message
from shirube_bicfit.bounds import box, widened
from shirube_bicfit.chunks import Begin
from shirube_bicfit.fitter import Fitter
from shirube_bicfit.optima import Found, Optimum
from shirube_bicfit.phrases import message
from shirube_bicfit.polishing import ROUNDING
from shirube_bicfit.ranking import best_of, dispersion_of
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import held_at

#: By how much the criterion must prefer fewer and wider lines for the number of lines to be doubted.
_PREFERRED: Final = 6.0

__all__ = ["Finished", "finished"]

_Key = tuple[int, int]


@frozen(eq=False)
class Finished:
    """What a search came to, finished.

    Attributes:
        optima: The best fits with 1, 2, … lines.
        remarks: What must be said of the best one.
        reasons: What makes it doubtful.
    """

    optima: tuple[Optimum, ...]
    remarks: tuple[Message, ...] = ()
    reasons: tuple[Message, ...] = ()


def finished(
    founds: Sequence[Found], fitter: Fitter, *, widen: bool = True, lines: int | None = None
) -> list[Finished]:
    """Return what searches of spectra that share a fitter came to, with what decides to the last digit.

    The choice between models is made within derived bounds: with more room one broad line imitates several. If these
    hold the chosen one, it and all with fewer lines are fitted once more within wider ones, and the choice is made
    anew. If they hold the best one with a line less only, that is fitted within wider ones, too; where it then has the
    smaller criterion, the number of lines rests on the bounds, which is said.

    Args:
        founds: What the searches came to.
        fitter: Of these spectra.
        widen: Whether there is more room for anything.
        lines: How many lines the model has that gets it; None for the best one.
    """
    bests = [best_of(found.task, found.optima, found.straight) for found in founds]
    decisive = {(at, place) for at, best in enumerate(bests) for place in _decisive(founds[at], best)}
    narrow = _to_the_last_digit(fitter, {key: _at(founds, key) for key in sorted(decisive)})
    asked = {at: best if lines is None else lines - 1 for at, best in enumerate(bests)} if widen else {}
    held = {
        (at, place): _held(founds[at].task, narrow.get((at, place), _at(founds, (at, place))))
        for at, first in asked.items()
        for place in (first, first - 1)
        if 0 <= place < len(founds[at].optima)
    }
    roomy = [
        (at, place)
        for at, first in asked.items()
        for place in _to_widen(first, chosen=held.get((at, first)), before=held.get((at, first - 1)))
    ]
    wide = _to_the_last_digit(
        fitter.within(widened(fitter.limits)), {key: narrow.get(key, _at(founds, key)) for key in roomy}
    )
    found = []
    for at, before in enumerate(founds):
        chosen = at, asked.get(at, -1)
        known = {key: one for key, one in narrow.items() if key[0] == at}
        if held.get(chosen):
            known |= {key: one for key, one in wide.items() if key[0] == at}
        optima = tuple(known.get((at, place), old) for place, old in enumerate(before.optima))
        rival = None if held.get(chosen) else wide.get((at, chosen[1] - 1))
        found.append(_told(evolve(before, optima=optima), held.get(chosen, 0), rival))
    return found


def _to_widen(place: int, *, chosen: int | None, before: int | None) -> range:
    """Return the places of optima that get more room.

    Args:
        place: Of the chosen one.
        chosen: How many of its lines are held.
        before: How many of those of the one before it.
    """
    if chosen:
        return range(place + 1)
    return range(place - 1, place) if before else range(0)


def _told(found: Found, held: int, rival: Optimum | None) -> Finished:
    """Return what is finished with what must be said.

    Args:
        found: With its optima finished.
        held: How many lines of the one that got more room had been at a bound.
        rival: The best one with a line less within wider bounds, if it alone got more room.
    """
    best = found.optima[best_of(found.task, found.optima, found.straight)]
    limit = f"{widened(found.task.limits).fwhm_max:g}"
    remarks = []
    reasons = []
    if held:
        remarks.append(message("widened", number=held, limit=limit))
    if rival is not None and rival.count == best.count - 1:
        dispersion = dispersion_of(found.task, found.optima)
        bics = [found.task.bic(one.deviance, one.free.size, dispersion) for one in (best, rival)]
        told = message("wider-instead", number=rival.count, limit=limit, value=round(bics[0] - bics[1], 1))
        if bics[0] - bics[1] > _PREFERRED:
            reasons.append(told)
        elif bics[0] > bics[1]:
            remarks.append(told)
    return Finished(found.optima, tuple(remarks), tuple(reasons))


def _at(founds: Sequence[Found], key: _Key) -> Optimum:
    return founds[key[0]].optima[key[1]]


def _held(task: Task, optimum: Optimum) -> int:
    """Return how many lines the physical bounds of width and position hold, if they were not asked for."""
    if not task.limits.derived:
        return 0
    lower, upper = box(optimum.limits, task.layout, optimum.count, task.noise.kind)
    at_lower, at_upper = held_at(optimum.free, lower), held_at(optimum.free, upper)
    names = task.layout.line_names * optimum.count + task.layout.shared_names
    return len(
        {
            index // task.layout.per_line
            for index, name in enumerate(names)
            if (name == "fwhm" and at_upper[index]) or (name == "centre" and (at_lower[index] or at_upper[index]))
        }
    )


def _decisive(found: Found, best: int) -> set[int]:
    """Return the places of the optima that must be known to their last digits.

    It is the best one, and where noise is estimated the richest one, whose deviance all criteria are measured by.
    """
    return {best} if found.task.noise.kind == "poisson" else {best, len(found.optima) - 1}


def _to_the_last_digit(fitter: Fitter, optima: Mapping[_Key, Optimum]) -> dict[_Key, Optimum]:
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
