"""Cautions: what must be known of one solution before it is believed, as messages with codes and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from shirube.messages import Message
from shirube.records import FloatArray
from shirube_bicfit.layout import Layout
from shirube_bicfit.objective import Index
from shirube_bicfit.optima import Optimum
from shirube_bicfit.patterns import correlation_length, pattern_of
from shirube_bicfit.phrases import message
from shirube_bicfit.significance import Gain
from shirube_bicfit.targets import by_energy
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import Vicinity, bounds_met

#: Fewer starts than this at the best solution make one wonder whether there is a better one.
FEW_HITS: Final = 3
#: Correlation above which two numbers are hardly told apart, and how much BIC must expect from a pair of lines.
CORRELATED: Final = 0.95
SEPARABLE: Final = 6.0
_SPIKE: Final = 8.0

__all__ = ["CORRELATED", "FEW_HITS", "SEPARABLE", "cautions"]


def cautions(
    task: Task, optimum: Optimum, at: Vicinity, gains: Sequence[Gain], of_free: FloatArray
) -> Iterator[Message]:
    """Yield what must be known of a solution.

    Args:
        task: The spectrum.
        optimum: The solution.
        at: Its vicinity.
        gains: What each line explains.
        of_free: Covariance of the free form, shape (p, p), nan where there is none.
    """
    order = by_energy(task.layout, at.full)
    numbers = 1 + np.argsort(order, kind="stable")[:: task.layout.members]
    yield from _at_bounds(task.layout, at, order)
    yield from _undetermined(task.layout, at.lines, of_free, numbers)
    yield from _at_the_edge(task, at, numbers)
    yield from _inseparable(task, at, gains, numbers)
    yield from _correlated(task.layout, at.lines, of_free, numbers)
    yield from _patterns(at.residuals)
    if optimum.hits < FEW_HITS and optimum.origins != ("given",):
        yield message("few-hits", hits=optimum.hits, finished=optimum.finished, starts=len(optimum.origins))
    for channel in _spikes(at.residuals):
        yield message("spike", energy=f"{task.energy[channel]:.2f}")


def _at_bounds(layout: Layout, at: Vicinity, order: Index) -> Iterator[Message]:
    for number, bounds in enumerate(bounds_met(layout, at, order), start=1):
        for bound in bounds:
            yield message("at-bound", peak=number, bound=message(f"bound-{bound}"))


def _undetermined(layout: Layout, lines: int, of_free: FloatArray, numbers: Index) -> Iterator[Message]:
    """Yield lines of which the data do not determine a number at all; that of a line without height is its height."""
    lost = np.isnan(np.diagonal(of_free))[: len(layout.line_names) * lines].reshape(lines, -1)
    for line in np.flatnonzero(lost.any(axis=1)).tolist():
        first = int(np.argmax(lost[line]))
        quantity = message(f"quantity-{layout.line_names[first]}")
        yield message("undetermined", quantity=quantity, peak=int(numbers[line]))


def _at_the_edge(task: Task, at: Vicinity, numbers: Index) -> Iterator[Message]:
    """Yield lines whose half is not within the region."""
    lines = task.layout.lines_of(task.layout.to_lines(at.free))
    for number, (_, centre, width, _) in zip(numbers.tolist(), lines.tolist(), strict=True):
        if min(centre - task.energy[0], task.energy[-1] - centre) < 0.5 * width:
            yield message("at-the-edge", peak=number, energy=f"{centre:.2f}")


def _inseparable(task: Task, at: Vicinity, gains: Sequence[Gain], numbers: Index) -> Iterator[Message]:
    """Yield pairs of lines closer than their widths of which one could do the work of both.

    BIC is expected to prefer two lines to one by 6 where the second explains that much more than it costs.
    """
    lines = task.layout.lines_of(task.layout.to_lines(at.free))
    needed = task.layout.per_line * np.log(task.channels) + SEPARABLE
    told: set[tuple[int, int]] = set()
    for line, gain in enumerate(gains):
        distances = np.abs(lines[:, 1] - lines[line, 1])
        distances[line] = np.inf
        other = int(np.argmin(distances))
        close = distances[other] < 0.5 * (lines[line, 2] + lines[other, 2])
        first, second = sorted((int(numbers[line]), int(numbers[other])))
        if not close or gain.total >= needed or (first, second) in told:
            continue
        told.add((first, second))
        yield message(
            "inseparable",
            first=first,
            second=second,
            distance=f"{distances[other]:.2f}",
            gain=round(gain.total, 1),
            needed=round(float(needed), 1),
        )


def _correlated(layout: Layout, lines: int, of_free: FloatArray, numbers: Index) -> Iterator[Message]:
    """Yield for each pair of lines, and for each line with what all have in common, the strongest correlation."""
    deviations = np.sqrt(np.diagonal(of_free))
    with np.errstate(invalid="ignore"):
        correlation = np.nan_to_num(of_free / np.outer(deviations, deviations), nan=0.0)
    own = len(layout.line_names)
    names = (*layout.line_names * lines, *layout.shared_names)
    strongest: dict[tuple[int, int], tuple[float, int, int]] = {}
    for one, other in zip(*np.nonzero(np.triu(np.abs(correlation) > CORRELATED, 1)), strict=True):
        key = (min(int(one) // own, lines), min(int(other) // own, lines))
        found = (float(abs(correlation[one, other])), int(one), int(other))
        strongest[key] = max(strongest.get(key, (0.0, 0, 0)), found)
    for value, one, other in strongest.values():
        first, second = (_named(names[place], place // own, lines, numbers) for place in (one, other))
        yield message("correlated", first=first, second=second, value=f"{value:.3f}")


def _named(name: str, line: int, lines: int, numbers: Index) -> Message:
    quantity = message(f"quantity-{name}")
    return message("quantity-of", quantity=quantity, peak=int(numbers[line])) if line < lines else quantity


def _patterns(residuals: FloatArray) -> Iterator[Message]:
    length = correlation_length(residuals)
    if length > 1.0:
        yield message("correlated-channels", length=f"{length:.1f}")
        return
    pattern = pattern_of(residuals)
    if pattern.structured:
        yield message(
            "residual-pattern",
            durbin_watson=f"{pattern.durbin_watson:.2f}",
            runs=pattern.runs,
            expected=f"{pattern.expected_runs:.0f}",
        )


def _spikes(residuals: FloatArray) -> list[int]:
    """Return channels that stick out alone."""
    padded = np.concatenate([[0.0], np.abs(residuals), [0.0]])
    beside = np.maximum(padded[:-2], padded[2:])
    alone = (np.abs(residuals) > _SPIKE) & (beside < 0.5 * np.abs(residuals))
    return [int(index) for index in np.flatnonzero(alone)]
