"""What a local worker does of its own: it begins apart from the terminal, ends with its parent, keeps to limits."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from shirube._firstline import FirstLine
from shirube._worker import limit_memory
from shirube.batch._plan import Job, Report
from shirube.batch._worker import work_on
from shirube.blame import PluginNote, watched

#: Where this process says which plugin is at work; set when it begins.
_NOTES: Final[list[Path]] = []

__all__ = ["begin", "work_in_lane"]


def begin(line: Connection, notes: Path, memory: int | None) -> None:
    """Make this process a worker.

    Args:
        line: Closed at its other end when the parent ends, or wants the worker to.
        notes: Folder for what is known of a worker that dies.
        memory: Most data in memory, MB; None: no limit.
    """
    with suppress(AttributeError, OSError):
        # What a plugin starts ends with its worker, and an interrupt at the terminal is for the parent alone.
        os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, ValueError):
        # Standard output is the parent's answer.
        os.dup2(sys.stderr.fileno(), 1)
    if memory is not None:
        limit_memory(memory)
    _NOTES[:] = [notes]
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()


def work_in_lane(job: Job) -> Report:
    """Do the work of :func:`shirube.batch._worker.work_on` in this process, within the time of the plan."""
    path, begun = _NOTES[0] / job.mark, time.time()
    last = {"process": os.getpid(), "begun": begun, "exhausted": False, "note": None}
    with FirstLine(path) as line:

        def write(note: PluginNote | None) -> None:
            line.write({**last, "note": None if note is None else note.fields})

        write(None)
        with watched(write), _limited_time(job.plan.seconds):
            # The parent is on the same machine, and asks the disk for many items at once.
            report = work_on(job, synced=False)
        _flush()
        if report.exhausted:
            # Perhaps it was an item before this one that took the memory: a new process will tell.
            line.write({**last, "exhausted": True})
            _end()
    path.unlink(missing_ok=True)
    return report


def _flush() -> None:
    """Pass on what plugins printed: this process is killed when there is no more work."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()


def _end_with(line: Connection) -> None:
    with suppress(EOFError, OSError):
        line.recv_bytes()
    _end()


def _end() -> None:
    with suppress(AttributeError, OSError):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


@contextmanager
def _limited_time(seconds: float | None) -> Iterator[None]:
    """End this process when the block takes longer."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, _end)
    timer.daemon = True
    timer.start()
    if hasattr(signal, "setitimer"):
        # A thread waits for a library that does not let go of the interpreter; the system does not.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds + 1.0)
    try:
        yield
    finally:
        timer.cancel()
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0.0)
