"""Who does the work: an executor with what a batch must know of it besides futures."""

from __future__ import annotations

import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from shirube.batch._lane import work_in_lane
from shirube.batch._lanes import Lanes, LastWords
from shirube.batch._plan import Job, Report
from shirube.isolation import Limits

__all__ = ["LocalWorkers", "Workers", "processors"]


class Workers(Protocol):
    """An executor of :mod:`concurrent.futures`, local or on a cluster, that works on items."""

    @property
    def capacity(self) -> int:
        """How many items may be with the workers at a time."""

    def submit(self, job: Job) -> Future[Report]:
        """Send an item to a worker."""

    def died(self, error: BaseException) -> bool:
        """Tell whether a future's exception says that the worker of its item died."""

    def last_words(self, job: Job) -> LastWords:
        """Return what is known of an item whose worker died."""

    def shutdown(self) -> None:
        """End when everything is done."""

    def stop(self) -> None:
        """End at once."""


class LocalWorkers:
    """Processes of this machine.

    Args:
        number: How many.
        limits: What each may use.
    """

    def __init__(self, number: int, limits: Limits) -> None:
        self.capacity = number
        self._lanes = Lanes(number, limits)

    def submit(self, job: Job) -> Future[Report]:
        """Send an item to an idle process."""
        return self._lanes.submit(work_in_lane, job)

    def died(self, error: BaseException) -> bool:
        """Tell whether the process of an item died."""
        return isinstance(error, BrokenProcessPool)

    def last_words(self, job: Job) -> LastWords:
        """Return what is known of an item whose process died, and end what it has left running."""
        return self._lanes.last_words(job.mark)

    def shutdown(self) -> None:
        """End the processes, which are idle: there is nothing to wait for."""
        self.stop()

    def stop(self) -> None:
        """End the processes at once."""
        self._lanes.stop()
        self._lanes.shutdown()


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
