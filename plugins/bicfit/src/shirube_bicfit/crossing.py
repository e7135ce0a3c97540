"""Crossing: models that compete for one spectrum also start from what the others came to.

A line without a tail is one with a tail of nothing, and two lines of a doublet are two lines. So a variant that has
another within it must not end above it, and the other way round a solution of the richer one, bent to what the simpler
one can, is as good a start as any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import numpy as np
from attrs import evolve

from shirube.records import FloatArray
from shirube_bicfit.chunks import Begin, Workers
from shirube_bicfit.fitter import Fitter
from shirube_bicfit.layout import Layout
from shirube_bicfit.optima import Found, Optimum
from shirube_bicfit.starts import START_ASYMMETRY, without_partners
from shirube_bicfit.task import Task

#: Improvement of the deviance that is worth telling the others.
_NEWS: Final = 0.01
#: From one variant to another that differs in every choice there are three steps.
_ROUNDS: Final = 3

__all__ = ["crossed"]


def crossed(founds: Sequence[Found], crew: Workers) -> tuple[Found, ...]:
    """Return what each variant of one spectrum comes to if it also starts from the optima of those next to it.

    Args:
        founds: The optima of each variant.
        crew: Threads.

    Returns:
        In the same order; those that gained nothing are the same objects.
    """
    together = list(founds)
    fitters = [Fitter([found.task], crew) for found in founds]
    news = [frozenset(one.count for one in found.optima) for found in founds]
    for _ in range(_ROUNDS):
        before = tuple(together)
        better = [
            _improved(before[target], [(before[at], news[at]) for at in _next_to(before, target)], fitter)
            for target, fitter in enumerate(fitters)
        ]
        together = [found for found, _ in better]
        news = [counts for _, counts in better]
        if not any(news):
            break
    return tuple(together)


def _next_to(founds: Sequence[Found], target: int) -> list[int]:
    """Return the places of the variants that differ from this one in one choice."""
    own = founds[target].task.variant
    names = ("background", "lineshape", "doublet")
    return [
        at
        for at, found in enumerate(founds)
        if sum(getattr(found.task.variant, name) != getattr(own, name) for name in names) == 1
    ]


def _improved(
    found: Found, sources: Sequence[tuple[Found, Collection[int]]], fitter: Fitter
) -> tuple[Found, frozenset[int]]:
    """Return a variant with what became better from these optima of others, and for which numbers of lines."""
    own = {one.count: one for one in found.optima}
    begins = [
        Begin(0, count, "variant", free)
        for source, counts in sources
        for optimum in source.optima
        if optimum.count in counts
        for count, free in _carried(optimum.free, source.task, found.task)
        if count in own
    ]
    if not begins:
        return found, frozenset()
    ends = fitter.finely(begins)
    best: dict[int, int] = {}
    for place in np.argsort(ends.cost, kind="stable").tolist():
        best.setdefault(begins[place].count, place)
    better = {
        count: _replaced(own[count], ends.free[place], float(ends.cost[place]), converged=bool(ends.converged[place]))
        for count, place in best.items()
        if ends.cost[place] < own[count].deviance - _NEWS
    }
    if not better:
        return found, frozenset()
    optima = tuple(better.get(one.count, one) for one in found.optima)
    return evolve(found, optima=optima), frozenset(better)


def _replaced(optimum: Optimum, free: FloatArray, deviance: float, *, converged: bool) -> Optimum:
    return evolve(
        optimum,
        free=free,
        deviance=deviance,
        converged=converged,
        origins=(*optimum.origins, "variant"),
        deviances=np.append(optimum.deviances, deviance),
        finished=optimum.finished + 1,
    )


def _carried(free: FloatArray, source: Task, target: Task) -> Iterator[tuple[int, FloatArray]]:
    """Yield a solution of one variant as starts of another: numbers of lines and free forms."""
    vector = source.layout.to_lines(free)
    lines = source.layout.lines_of(vector)
    common = dict(zip(source.layout.names, vector[-source.layout.common :].tolist(), strict=True))
    if source.variant.doublet != target.variant.doublet:
        lines = _other_lines(lines, common, source.layout, target.layout)
    tails = [common["asymmetry"]] if "asymmetry" in common else [0.0, START_ASYMMETRY]
    for tail in tails if target.layout.asymmetric else [0.0]:
        known = common | {"asymmetry": -abs(tail) if target.layout.mirrored else tail}
        others = [known[name] if name in known else _usual(name, target.layout) for name in target.layout.names]
        yield len(lines), target.layout.to_free(np.concatenate([lines.ravel(), others]))


def _other_lines(lines: FloatArray, common: dict[str, float], source: Layout, target: Layout) -> FloatArray:
    """Return lines of doublets as single ones, and single ones as doublets; what one doublet had is forgotten."""
    splitting, ratio = common.pop("splitting", None), common.pop("ratio", None)
    if source.doublet is not None:
        partners = lines.copy()
        partners[:, 0] *= source.doublet.ratio if ratio is None else ratio
        partners[:, 1] += source.doublet.splitting if splitting is None else splitting
        lines = np.concatenate([lines, partners])
    return without_partners(lines, target.doublet)


def _usual(name: str, layout: Layout) -> float:
    """Return what a number starts from that the other variant does not have."""
    if layout.doublet is None:
        return 0.0
    return {"splitting": layout.doublet.splitting, "ratio": layout.doublet.ratio}.get(name, 0.0)
