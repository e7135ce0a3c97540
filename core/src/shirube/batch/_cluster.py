"""Workers of a Dask cluster that is running already: the executor of its client, and what a lost worker means."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from shirube._extras import require
from shirube.batch._lanes import LastWords
from shirube.batch._phrases import message
from shirube.batch._plan import Job, Report
from shirube.batch._worker import failed, work_on
from shirube.blame import PluginNote, watched
from shirube.errors import PluginError, UsageError, core_message, message_of

#: How long the scheduler has to answer, s, and how long its number of threads is taken to stay the same, s.
_ANSWERED: Final = 20
_COUNTED: Final = 5.0
#: Items that wait with the cluster for each thread, so that none waits for us.
_AHEAD: Final = 2

__all__ = ["ClusterWorkers", "work_on_cluster"]


class ClusterWorkers:
    """The workers of the Dask cluster at an address.

    Args:
        address: Of the scheduler: ``tcp://host:8786``, or ``host:8786``.

    Raises:
        MissingPluginError: The extra ``shirube[dask]`` is not installed.
        UsageError: There is no scheduler.
    """

    def __init__(self, address: str) -> None:
        distributed = require("distributed", "dask")
        try:
            self._client = distributed.Client(address, timeout=_ANSWERED, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(message("no-scheduler", address=address, reason=message_of(error))) from None
        self._executor = self._client.get_executor(pure=False, retries=0)
        self._lost = (distributed.scheduler.KilledWorker,)
        self._counted, self._capacity = -_COUNTED, 1

    @property
    def capacity(self) -> int:
        """How many items may be with the cluster at a time: workers may come and go."""
        if time.monotonic() - self._counted >= _COUNTED:
            self._counted = time.monotonic()
            self._capacity = max(1, _AHEAD * sum(self._client.nthreads().values()))
        return self._capacity

    def submit(self, job: Job) -> Future[Report]:
        """Send an item to the scheduler."""
        sent: Future[Report] = self._executor.submit(work_on_cluster, job)
        return sent

    def died(self, error: BaseException) -> bool:
        """Tell whether the scheduler gave an item up, because its workers died."""
        return isinstance(error, self._lost)

    def last_words(self, job: Job) -> LastWords:
        """Return nothing: what is known stays with the worker."""
        del job
        return LastWords()

    def shutdown(self) -> None:
        """Leave the cluster, which goes on."""
        self._client.close()

    def stop(self) -> None:
        """Leave the cluster; it forgets what nobody has begun."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._client.close()


def work_on_cluster(job: Job) -> Report:
    """Do the work of :func:`shirube.batch._worker.work_on` in a worker of the cluster, within the time of the plan."""
    late = job.plan.work / f"{job.mark}.late"
    begun = time.perf_counter()
    if late.exists():
        # The scheduler sends what was lost with a worker to the next one.
        error = PluginError(core_message("isolated-timeout", seconds=f"{job.plan.seconds:g}"))
        fields = json.loads(late.read_text(encoding="utf-8"))
        if fields is not None:
            error.add_note(PluginNote.of(*fields))
        return failed(job, error, begun)
    with _limited_time(job.plan.seconds, late):
        return work_on(job)


@contextmanager
def _limited_time(seconds: float | None, late: Path) -> Iterator[None]:
    """End this process, for its nanny to start a new one, when the block takes longer."""
    if seconds is None or not _has_nanny():
        yield
        return

    mine, notes = threading.get_ident(), list[PluginNote | None]([None])

    def note(one: PluginNote | None) -> None:
        # Other threads of this worker have items of their own.
        if threading.get_ident() == mine:
            notes[:] = [one]

    def end() -> None:
        told = late.with_suffix(".new")
        # On a full disk the scheduler gives the item up all the same, after some more tries.
        with suppress(OSError):
            told.write_text(json.dumps(None if notes[0] is None else notes[0].fields), encoding="utf-8")
            told.replace(late)
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        with watched(note):
            yield
    finally:
        timer.cancel()


def _has_nanny() -> bool:
    import distributed

    worker: Any = distributed.get_worker()
    return bool(worker.nanny)
