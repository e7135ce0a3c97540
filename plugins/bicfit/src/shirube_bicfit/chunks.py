"""Chunks: starts with nearly as many lines, run together as one stack, several stacks on several threads.

Which starts make up a chunk depends on the starts only, never on the number of threads, so results are the same bit for
bit however many there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any, Final, TypeVar

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.choices import Origin
from shirube_bicfit.objective import Index
from shirube_bicfit.sharing import number_asked

#: Starts in a chunk, beyond which more would hardly share more.
_SIZE: Final = 96
#: What a step of a chunk costs however many starts there are, and what one of a start with k lines adds, in µs: c1 k +
#: c2 k². Only their ratios matter: starts are filled up to the lines of others where that costs less than a chunk.
_STEP: Final = 300.0
_LINEAR: Final = 3.0
_SQUARE: Final = 0.4
#: Part of their steps that starts take before they are taken out.
_TAKEN: Final = 0.5

A = TypeVar("A")
B = TypeVar("B")

__all__ = ["Begin", "Chunk", "Workers", "chunks_of", "workers"]


@frozen(eq=False)
class Begin:
    """A start of one spectrum.

    Attributes:
        spectrum: The number of the spectrum.
        count: How many lines it has.
        origin: Where it comes from.
        free: Parameter vector in free form.
        place: Which of its spectrum's starts with as many lines it goes on with; None if it is new.
    """

    spectrum: int
    count: int
    origin: Origin
    free: FloatArray
    place: int | None = None


@frozen(eq=False)
class Chunk:
    """Starts that run together.

    Attributes:
        places: Their places among all starts.
        count: Lines that each is filled up to.
        spectrum_of: The spectrum of each.
        group: The same number for starts of one spectrum with as many lines.
    """

    places: Index
    count: int
    spectrum_of: Index
    group: Index


def chunks_of(begins: Sequence[Begin]) -> list[Chunk]:
    """Return chunks, those with most lines first; starts of one spectrum with as many lines stay together."""
    order = sorted(range(len(begins)), key=lambda place: (-begins[place].count, begins[place].spectrum, place))
    alike = groupby(order, key=lambda place: (begins[place].count, begins[place].spectrum))
    kinds = [list(places) for _, places in alike]
    runs: list[list[int]] = []
    waste = 0.0
    for kind in kinds:
        count = begins[kind[0]].count
        if runs and len(runs[-1]) < _SIZE:
            waste += _TAKEN * len(kind) * (_cost(begins[runs[-1][0]].count) - _cost(count))
            if waste < _STEP:
                runs[-1] += kind
                continue
        runs.append(kind)
        waste = 0.0
    return [_chunk(begins, run) for run in runs]


def _cost(count: int) -> float:
    """Return what a step of a start with so many lines costs, beyond what a step of its chunk does."""
    return _LINEAR * count + _SQUARE * count**2


def _chunk(begins: Sequence[Begin], run: Sequence[int]) -> Chunk:
    keys = [(begins[place].spectrum, begins[place].count) for place in run]
    number = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    return Chunk(
        places=np.array(run, dtype=np.int64),
        count=max(count for _, count in keys),
        spectrum_of=np.array([spectrum for spectrum, _ in keys], dtype=np.int64),
        group=np.array([number[key] for key in keys], dtype=np.int64),
    )


class Workers:
    """Threads that share work; one thread needs none.

    Args:
        number: How many; None for as many as there are processors, at most two: more only wait for each other.
    """

    def __init__(self, number: int | None = None) -> None:
        self._number = min(2, os.cpu_count() or 1) if number is None else number
        self._pool: ThreadPoolExecutor | None = None

    def map(self, work: Callable[[A], B], items: Sequence[A]) -> list[B]:
        """Return what the work makes of each item, in their order."""
        if self._number < 2 or len(items) < 2:  # noqa: PLR2004 one of either leaves nothing to share
            return [work(item) for item in items]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._number, thread_name_prefix="bicfit")
        return list(self._pool.map(work, items))

    def close(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


@contextmanager
def workers(number: int | None = None) -> Iterator[Workers]:
    """Lend threads for the time of the block.

    Matrix products are kept to one thread meanwhile: they are small, and a sum shared otherwise would round otherwise.

    Raises:
        ShirubeError: The number is no whole one, or less than 1.
    """
    lent = Workers(number_asked("threads", number))
    try:
        with _controller().limit(limits=1, user_api="blas"):
            yield lent
    finally:
        lent.close()


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController()
