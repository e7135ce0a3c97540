"""Who does the work: an executor with what a batch must know of it besides futures."""

from __future__ import annotations

import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from shirube.batch._lane import work_in_lane
from shirube.batch._lanes import Lanes
from shirube.batch._plan import Job, Report
from shirube.blame import PluginNote
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

    def note(self, job: Job) -> PluginNote | None:
        """Return which plugin was at work on an item whose worker died, None if that is not known."""

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

    def note(self, job: Job) -> PluginNote | None:
        """Return which plugin was at work when the process of an item died, and end what it has left running."""
        return self._lanes.note(job.folder)

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
