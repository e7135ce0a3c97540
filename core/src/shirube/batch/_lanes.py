"""Local workers: processes that start anew (spawn), each a pool of one, so that one that dies costs its item only.

This is :mod:`concurrent.futures` throughout. One pool of many workers would be broken as a whole by one that dies, and
everything that the others have in hand with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, ParamSpec, TypeVar

from attrs import frozen

from shirube._firstline import first_line
from shirube.batch._lane import begin
from shirube.blame import PluginNote
from shirube.isolation import Limits

P = ParamSpec("P")
T = TypeVar("T")

#: Linear algebra reads these when it is loaded, and starts as many threads.
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

__all__ = ["Lanes", "LastWords"]


@frozen
class LastWords:
    """What is known of a call whose process died.

    Attributes:
        note: The plugin that was at work.
        seconds: How long ago the call began.
        exhausted: Whether it ended itself because its memory was used up.
    """

    note: PluginNote | None = None
    seconds: float | None = None
    exhausted: bool = False


class Lanes(Executor):
    """An executor of processes that do one call at a time and die one by one.

    Args:
        number: How many processes.
        limits: What a process may use: its memory here, the time of a call where the call is made.
    """

    def __init__(self, number: int, limits: Limits) -> None:
        self._context = multiprocessing.get_context("spawn")
        # Nobody ever writes to the line: it is closed when this process ends, however it ends.
        self._line, self._ours = self._context.Pipe(duplex=False)
        self._notes = TemporaryDirectory(prefix="shirube-")
        self._memory = limits.memory if sys.platform.startswith("linux") else None
        self._pools: list[ProcessPoolExecutor | None] = [None] * number
        self._last: list[Future[Any] | None] = [None] * number

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call ``fn`` in a process that is idle; one that has died is replaced.

        Raises:
            RuntimeError: None is idle.
        """
        lane = next((at for at, last in enumerate(self._last) if last is None or last.done()), None)
        if lane is None:
            raise RuntimeError("every lane is busy")
        try:
            future = self._pool(lane).submit(fn, *args, **kwargs)
        except BrokenProcessPool:
            # It died while it was idle, and nobody's call with it.
            self._bury(lane)
            future = self._pool(lane).submit(fn, *args, **kwargs)
        self._last[lane] = future
        return future

    def last_words(self, name: str) -> LastWords:
        """Return what is known of ``name``, whose process died, and end what that has left running."""
        path = Path(self._notes.name, name)
        try:
            left = first_line(path)
        except (OSError, ValueError):
            return LastWords()
        finally:
            # Not to be taken for the last words of the next process that dies.
            path.unlink(missing_ok=True)
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(left["process"], signal.SIGKILL)
        note = None if left["note"] is None else PluginNote.of(*left["note"])
        return LastWords(note, time.time() - left["begun"], left["exhausted"])

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when they have done what they have in hand."""
        for pool in self._pools:
            if pool is not None:
                pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        self.stop()
        self._notes.cleanup()

    def stop(self) -> None:
        """End the processes at once, whatever they are doing."""
        self._ours.close()

    def _bury(self, lane: int) -> None:
        broken, self._pools[lane] = self._pools[lane], None
        if broken is not None:
            broken.shutdown(wait=True)

    def _pool(self, lane: int) -> ProcessPoolExecutor:
        last = self._last[lane]
        if last is not None and isinstance(last.exception(), BrokenProcessPool):
            self._bury(lane)
        pool = self._pools[lane]
        if pool is None:
            arguments = (self._line, Path(self._notes.name), self._memory)
            pool = _Pool(1, mp_context=self._context, initializer=begin, initargs=arguments)
            self._pools[lane] = pool
        return pool


class _Pool(ProcessPoolExecutor):
    """A pool whose processes start without the interrupts of the keyboard, and with one thread of linear algebra."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with _quiet_start():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _quiet_start() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    masked = hasattr(signal, "pthread_sigmask") and threading.current_thread() is threading.main_thread()
    # A child inherits the mask; an interrupt that comes meanwhile reaches this process a moment later.
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masked else set()
    try:
        yield
    finally:
        if masked:
            signal.pthread_sigmask(signal.SIG_SETMASK, old)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
