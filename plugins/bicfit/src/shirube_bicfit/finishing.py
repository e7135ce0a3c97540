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
from shirube_bicfit.search import Search
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import held_at

#: Starts of each number of lines of a search within wider bounds.
_STARTS: Final = 12
#: How near, on merged channels, a rival must come for it to be fitted on all of them.
_NEAR: Final = 5.0
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
    narrow = _to_the_last_digit(fitter, {(at, place): founds[at].optima[place] for at, place in sorted(decisive)})
    known = {(at, place): one for at, found in enumerate(founds) for place, one in enumerate(found.optima)} | narrow
    asked = {at: best if lines is None else lines - 1 for at, best in enumerate(bests)} if widen else {}
    held = {at: _held(founds[at].task, known.get((at, place))) for at, place in asked.items()}
    lesser = {at: (at, place - 1) for at, place in asked.items() if not held[at] and (at, place) in known}
    rivals = {at: known[key] for at, key in lesser.items() if _held(founds[at].task, known.get(key))}
    roomier = fitter.within(widened(fitter.limits))
    close = _catching_up(founds, {at: known[at, asked[at]] for at in rivals}, rivals, roomier)
    roomy = [(at, place) for at, first in asked.items() if held[at] for place in range(first + 1)]
    wide = _to_the_last_digit(roomier, {key: known[key] for key in [*roomy, *(lesser[at] for at in close)]})
    found = []
    for at, before in enumerate(founds):
        optima = [known[at, place] for place in range(len(before.optima))]
        rival = wide[lesser[at]] if at in close else None
        if held.get(at):
            room = [wide[at, place] for place in range(asked[at] + 1)]
            optima, rival = _chosen_anew(before, at, optima, room, roomier, stays=lines is None)
        found.append(_told(evolve(before, optima=tuple(optima)), held.get(at, 0), rival))
    return found


def _chosen_anew(
    found: Found, at: int, narrow: Sequence[Optimum], wide: Sequence[Optimum], fitter: Fitter, *, stays: bool
) -> tuple[list[Optimum], Optimum | None]:
    """Return the optima of a spectrum whose chosen one is held, and a rival with fewer lines that may not win.

    All with as many lines or fewer get the wider bounds. But if those hold what would then be chosen as well, they
    settle no more than the narrow ones did: the choice stays, and only the chosen one has the wider bounds.

    Args:
        found: What the search came to.
        at: The number of the spectrum.
        narrow: Its optima within the derived bounds.
        wide: Those up to the chosen one within the wider ones.
        fitter: Of the spectra, with the wider bounds.
        stays: Whether a choice stays that nothing settles; where variants compete, none is made here.
    """
    # a line beyond the region is known where it was found only
    outside = _held(found.task, narrow[len(wide) - 1], ("centre",))
    some = wide[:-1] if outside else wide
    better = [*_searched_anew(found.task, at, some, fitter), *wide[len(some) :], *narrow[len(wide) :]]
    best = best_of(found.task, better, found.straight)
    if not stays or best == len(wide) - 1 or not _held(found.task, better[best]):
        return better, None
    return [*narrow[: len(wide) - 1], wide[-1], *narrow[len(wide) :]], better[best]


def _searched_anew(task: Task, at: int, some: Sequence[Optimum], fitter: Fitter) -> list[Optimum]:
    """Return models within wider bounds, or better ones that a search finds there.

    One broad line may do the work of several that are far from where the narrow ones were.

    Args:
        task: The spectrum.
        at: Its number.
        some: Its models with 1, 2, … lines within the wider bounds.
        fitter: Of the spectra, with the wider bounds.
    """
    if not some:
        return []
    roomy, starts = evolve(task, limits=fitter.limits), _STARTS * len(some)
    found = Search([roomy], len(some), starts, fitter.workers, exhaustive=True).run()[0]
    last = _to_the_last_digit(fitter, {(at, place): one for place, one in enumerate(found)})
    return [
        evolve(one, free=other.free, deviance=other.deviance) if other.deviance < one.deviance else one
        for one, other in zip(some, last.values(), strict=True)
    ]


def _catching_up(
    founds: Sequence[Found], bests: Mapping[int, Optimum], rivals: Mapping[int, Optimum], fitter: Fitter
) -> list[int]:
    """Return the spectra whose rivals come near the best ones, or past them, within wider bounds.

    On merged channels that is soon known; how much of a deviance these leave out is nearly the same for both.
    """
    if not rivals:
        return []
    pairs = [(at, one) for at, rival in rivals.items() for one in (rival, bests[at])]
    costs = fitter.roughly([Begin(at, one.count, "given", one.free) for at, one in pairs]).cost.reshape(-1, 2)
    near = []
    for (at, rival), (cost, of_best) in zip(rivals.items(), costs.tolist(), strict=True):
        task, best, dispersion = founds[at].task, bests[at], dispersion_of(founds[at].task, founds[at].optima)
        expected = task.bic(best.deviance + cost - of_best, rival.free.size, dispersion)
        if expected < task.bic(best.deviance, best.free.size, dispersion) + _NEAR:
            near.append(at)
    return near


def _told(found: Found, held: int, rival: Optimum | None) -> Finished:
    """Return what is finished with what must be said.

    Args:
        found: With its optima finished.
        held: How many lines of the one that got more room had been at a bound.
        rival: One with fewer lines within wider bounds that was not chosen for them.
    """
    best = found.optima[best_of(found.task, found.optima, found.straight)]
    limit = f"{widened(found.task.limits).fwhm_max:g}"
    remarks = []
    reasons = []
    if held:
        remarks.append(message("widened", number=held, limit=limit))
    if rival is not None and rival.count < best.count:
        dispersion = dispersion_of(found.task, found.optima)
        bics = [found.task.bic(one.deviance, one.free.size, dispersion) for one in (best, rival)]
        told = message("wider-instead", number=rival.count, limit=limit, value=round(bics[0] - bics[1], 1))
        if bics[0] - bics[1] > _PREFERRED:
            reasons.append(told)
        elif bics[0] > bics[1]:
            remarks.append(told)
    return Finished(found.optima, tuple(remarks), tuple(reasons))


def _held(task: Task, optimum: Optimum | None, of: Sequence[str] = ("fwhm", "centre")) -> int:
    """Return how many lines the physical bounds of width and position hold, if they were not asked for."""
    if optimum is None or not task.limits.derived:
        return 0
    lower, upper = box(optimum.limits, task.layout, optimum.count, task.noise.kind)
    at_lower, at_upper = held_at(optimum.free, lower), held_at(optimum.free, upper)
    names = task.layout.line_names * optimum.count + task.layout.shared_names
    return len(
        {
            index // task.layout.per_line
            for index, name in enumerate(names)
            if name in of and (at_upper[index] or (name == "centre" and at_lower[index]))
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
