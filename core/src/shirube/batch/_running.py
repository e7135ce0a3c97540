"""Running: items go out to workers, reports come back, and what is finished is put in its place."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Final, Protocol

from attrs import define, evolve, frozen

from shirube.batch._hashes import hash_of, inputs_hash
from shirube.batch._manifest import ItemState, Writer
from shirube.batch._parts import is_there
from shirube.batch._phrases import message
from shirube.batch._plan import Job, Report
from shirube.batch._stopping import Stop
from shirube.batch._storing import PARTS, Landed, Store
from shirube.batch._worker import failure_of
from shirube.batch._workers import Workers
from shirube.errors import PluginError, core_message, message_of

#: How often a silent batch looks around, s.
_PULSE: Final = 0.5
#: A worker that dies may do so for want of memory that others took, so its item gets another.
ATTEMPTS: Final = 2

__all__ = ["ATTEMPTS", "Listener", "Running"]


class Listener(Protocol):
    """Told how a batch goes on."""

    def finished(self, state: ItemState) -> None:
        """Say that something came of an item, or that it failed."""

    def retried(self, state: ItemState) -> None:
        """Say that the worker of an item died, and that it gets another one."""

    def split(self, state: ItemState, parts: int, done: int) -> None:
        """Say that an item is work for several, in so many parts, of which some were done by an earlier batch."""

    def joined(self, state: ItemState) -> None:
        """Say that a part of an item is done."""

    def waited(self, busy: int) -> None:
        """Say that nothing happened for a moment; ``busy`` items are with the workers."""


@frozen(eq=False)
class _Flight:
    """An item that is with a worker."""

    job: Job
    state: ItemState
    begun: float


@define
class _Shared:
    """An item that several workers share: how many parts are left to do, and the time that it took so far, s."""

    left: int
    seconds: float


class Running:
    """One run over the items that are to be done.

    Args:
        out: The output folder.
        workers: Who does the work.
        manifest: What is written down.
        listener: Who is told.
        marks: Hashes of settings and plugins, for the manifest.
    """

    def __init__(
        self, out: Path, workers: Workers, manifest: Writer, listener: Listener, marks: tuple[str, str]
    ) -> None:
        self._out, self._workers, self._listener, self._marks = out, workers, listener, marks
        self._store = Store(out, manifest, marks)
        # Of one thread, so that there is one who writes. Workers do not wait for the disk: what has landed meanwhile
        # is put away in one go.
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="shirube-store")
        self._flying: dict[Future[Report], _Flight] = {}
        self._landed: list[Landed] = []
        self._putting: Future[list[ItemState]] | None = None
        self._shared: dict[str, _Shared] = {}
        #: How many items something came of, or failed.
        self.settled = 0

    def run(self, jobs: Sequence[tuple[Job, ItemState]], stop: Stop) -> None:
        """Work on all items; when a stop is asked for, only on those that are in hand.

        Raises:
            PluginError: A worker has other plugins, or cannot begin.
            OutputError: The output cannot be written, or workers do not write where it is read.
            KeyboardInterrupt: It is to stop at once.
        """
        waiting = deque(jobs)
        try:
            while (waiting and not stop.asked) or self._flying or self._landed or self._putting is not None:
                self._fill(waiting, stop)
                self._turn(waiting, stop)
        except BaseException:
            self._workers.stop()
            raise
        finally:
            # What is being put away is put away; it does not take long, and nobody else may write.
            self._clerk.shutdown(wait=True, cancel_futures=True)
        self._workers.shutdown()

    def _turn(self, waiting: deque[tuple[Job, ItemState]], stop: Stop) -> None:
        """Wait for something to happen, and see to it."""
        if self._putting is None and self._landed:
            self._putting, self._landed = self._clerk.submit(self._store.put, self._landed), []
        awaited: list[Future[Any]] = [*self._flying, *([] if self._putting is None else [self._putting])]
        done, _ = wait(awaited, timeout=_PULSE, return_when=FIRST_COMPLETED)
        landed = [(future, self._flying.pop(future)) for future in done if future in self._flying]
        # A worker is not kept waiting while others are told what it has done.
        self._fill(waiting, stop)
        for future, flight in landed:
            self._land(future, flight, waiting)
        if self._putting is not None and self._putting.done():
            states, self._putting = self._putting.result(), None
            for state in states:
                self.settled += 1
                self._listener.finished(state)
        if not done:
            self._listener.waited(len(self._flying))

    def _fill(self, waiting: deque[tuple[Job, ItemState]], stop: Stop) -> None:
        while waiting and not stop.asked and len(self._flying) < self._workers.capacity:
            job, state = waiting.popleft()
            flight = _Flight(job, evolve(state, attempts=state.attempts + 1), time.monotonic())
            self._flying[self._workers.submit(job)] = flight

    def _land(self, future: Future[Report], flight: _Flight, waiting: deque[tuple[Job, ItemState]]) -> None:
        try:
            report = future.result()
        except CancelledError as error:
            raise PluginError(message("workers-gone", reason=message_of(error))) from None
        except Exception as error:
            if not self._workers.died(error):
                raise PluginError(message("worker-cannot", reason=message_of(error))) from error
            self._mourn(flight, waiting)
            return
        if report.state == "unfit":
            raise PluginError(message("other-plugins", differing=_differing(report.plugins, flight.job.plan.plugins)))
        if report.state == "split":
            self._split(flight, report, waiting)
        elif flight.job.parts and flight.job.folder not in self._shared:
            # Another part of the item has failed, and the item with it.
            return
        elif report.state == "part":
            self._join(flight, report, waiting)
        else:
            spent = self._forget(flight.job, waiting) if flight.job.parts else 0.0
            self._settle(flight, evolve(report, seconds=report.seconds + spent))

    def _split(self, flight: _Flight, report: Report, waiting: deque[tuple[Job, ItemState]]) -> None:
        """Queue the parts of an item, before the next item, but for those that an earlier batch has kept."""
        kept = self._out.resolve() / PARTS / hash_of([inputs_hash(report.sources), *self._marks])
        job = evolve(flight.job, parts=report.parts, kept=kept)
        missing = [part for part in range(report.parts) if not is_there(kept, part)]
        self._shared[job.folder] = _Shared(len(missing), report.seconds)
        state = evolve(flight.state, attempts=0)
        waiting.extendleft((evolve(job, part=part), state) for part in reversed(missing))
        if not missing:
            waiting.appendleft((job, state))
        self._listener.split(state, report.parts, report.parts - len(missing))

    def _join(self, flight: _Flight, report: Report, waiting: deque[tuple[Job, ItemState]]) -> None:
        """Count a part that is done; with the last one the item is put together."""
        shared = self._shared[flight.job.folder]
        shared.left -= 1
        shared.seconds += report.seconds
        self._listener.joined(flight.state)
        if not shared.left:
            waiting.appendleft((evolve(flight.job, part=None), evolve(flight.state, attempts=0)))

    def _forget(self, job: Job, waiting: deque[tuple[Job, ItemState]]) -> float:
        """Let go of the parts of an item that is done, or has failed; return the time that they took, s."""
        left = [one for one in waiting if one[0].folder != job.folder]
        waiting.clear()
        waiting.extend(left)
        return self._shared.pop(job.folder).seconds

    def _mourn(self, flight: _Flight, waiting: deque[tuple[Job, ItemState]]) -> None:
        """Give an item whose worker died another one, once; one that took too long had its chance."""
        last, limit = self._workers.last_words(flight.job), flight.job.plan.seconds
        if limit is not None and last.seconds is not None and last.seconds >= limit:
            error = PluginError(core_message("isolated-timeout", seconds=f"{limit:g}"))
        elif flight.state.attempts < ATTEMPTS:
            waiting.append((flight.job, flight.state))
            self._listener.retried(flight.state)
            return
        elif last.exhausted:
            error = PluginError(core_message("isolated-memory", memory=flight.job.plan.settings.run.item_memory))
        else:
            error = PluginError(message("worker-died", attempts=ATTEMPTS))
        if last.note is not None:
            error.add_note(last.note)
        failure = failure_of(flight.job, error)
        if flight.job.parts:
            if flight.job.folder not in self._shared:
                return
            self._forget(flight.job, waiting)
        self._settle(flight, Report(state="failed", failure=failure, seconds=time.monotonic() - flight.begun))

    def _settle(self, flight: _Flight, report: Report) -> None:
        self._landed.append(Landed(flight.job, flight.state, report))


def _differing(theirs: Sequence[str], ours: Sequence[str]) -> str:
    """Return what only one side has, theirs first."""
    only = [f"+ {one}" for one in theirs if one not in ours] + [f"- {one}" for one in ours if one not in theirs]
    return "; ".join(only)
