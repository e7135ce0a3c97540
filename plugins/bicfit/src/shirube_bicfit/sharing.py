"""Sharing: many spectra go to processes of their own, since of Python only one thread runs at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Final, TypeVar

from shirube.errors import ShirubeError
from shirube_bicfit.phrases import message

#: Seconds of work from which on it pays to start processes, each of which imports scikit-learn first.
_WORTH_IT: Final = 5.0
#: Seconds after which a process without work ends; the next array of spectra may still come, or who sent the last one
#: may be gone.
_IDLE: Final = 30

A = TypeVar("A")
B = TypeVar("B")

__all__ = ["is_whole", "number_asked", "processes_for", "shared_out"]


def processes_for(wanted: int | None, seconds: float) -> int:
    """Return how many processes work that takes about so many seconds is shared by.

    Args:
        wanted: What the caller asked for; None for as many as there are processors if the work is worth it, else one.
        seconds: What it takes one process, roughly.

    Raises:
        ShirubeError: What was asked for is no whole number, or less than 1.
    """
    asked = number_asked("processes", wanted)
    if asked is not None:
        return asked
    if seconds < _WORTH_IT:
        return 1
    from joblib import cpu_count  # type: ignore[import-untyped]

    return int(cpu_count())


def number_asked(name: str, wanted: int | None) -> int | None:
    """Return how many of these share the work, None if nothing was asked for.

    Args:
        name: ``processes`` or ``threads``, as the caller knows them.
        wanted: What the caller asked for.

    Raises:
        ShirubeError: That is no whole number, or less than 1.
    """
    if wanted is None:
        return None
    if not is_whole(wanted) or wanted < 1:
        raise ShirubeError(message("no-workers", name=name, value=repr(wanted)))
    return int(wanted)


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number, which a truth value is not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def shared_out(work: Callable[[A], B], items: Sequence[A], processes: int) -> list[B]:
    """Return what the work makes of each item, in their order.

    Args:
        work: Can be sent to another process.
        items: The same.
        processes: How many share it; with one, or of one item, nothing is sent anywhere.
    """
    if processes < 2 or len(items) < 2:  # noqa: PLR2004 one of either leaves nothing to share
        return [work(item) for item in items]
    # unlike those of the standard library, processes of joblib do not run the caller's script again
    from joblib import Parallel, delayed, parallel_config

    with parallel_config("loky", inner_max_num_threads=1, idle_worker_timeout=_IDLE):
        shared = Parallel(min(processes, len(items)), batch_size=1)
        return list(shared(delayed(work)(item) for item in items))
