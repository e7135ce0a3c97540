"""Threads: how many a piece of work may use where several pieces share the processors of a machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_MOST: Final[ContextVar[int | None]] = ContextVar("threads", default=None)

__all__ = ["few_threads", "threads_allowed"]


def threads_allowed() -> int | None:
    """Return how many threads the work at hand may use, None when nobody limits them.

    An analysis that shares its work out to threads asks here, so that a batch does not ask for each processor twice.
    """
    return _MOST.get()


@contextmanager
def few_threads(number: int) -> Iterator[None]:
    """Allow ``number`` threads for the time of the block, to those who ask and to the linear algebra that is loaded."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    before = _MOST.set(number)
    try:
        with threadpool_limits(number, user_api="blas"):
            yield
    finally:
        _MOST.reset(before)
