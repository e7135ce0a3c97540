"""Beginning and ending the processes in which plugins are kept apart."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from shirube._firstline import first_line
from shirube._worker import AT_WORK, JOB, Job
from shirube.blame import PluginNote

#: What a worker begins with: modules are found where this process finds them.
_START: Final = """
import json, sys
from pathlib import Path
sys.path[:] = json.loads(Path(sys.argv[1], "path.json").read_text(encoding="utf-8"))
from shirube import _worker
getattr(_worker, sys.argv[2])(Path(sys.argv[1]))
"""
_MEMORY_LIMITED: Final = sys.platform.startswith("linux")

__all__ = ["begin", "end", "note_at_work", "stray", "told_status"]


def begin(folder: Path, entry: str, memory: int | None, call: tuple[Any, ...], stdout: int) -> subprocess.Popen[bytes]:
    """Return a worker that does ``entry`` of :mod:`shirube._worker` with ``call``: a function, arguments, keywords.

    Args:
        folder: An empty folder, for what goes to and fro.
        entry: ``main`` or ``serve``.
        memory: Data in memory, MB; None: no limit.
        call: What is pickled for it.
        stdout: Where its standard output goes.
    """
    limit = memory if _MEMORY_LIMITED else None
    (folder / "path.json").write_text(json.dumps(sys.path), encoding="utf-8")
    (folder / JOB).write_bytes(pickle.dumps(Job(limit, pickle.dumps(call))))
    # A session of its own, so that what it has started ends with it; its standard input is the line that tells it
    # that we are still there.
    return subprocess.Popen(  # noqa: S603 this interpreter and a module of ours
        [sys.executable, "-c", _START, str(folder), entry],
        stdin=subprocess.PIPE,
        stdout=stdout,
        start_new_session=True,
    )


def end(worker: subprocess.Popen[bytes]) -> None:
    """End a worker and every process that it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.pid, signal.SIGKILL)
    elif worker.poll() is None:
        worker.kill()


def stray() -> int:
    """Return where a worker's standard output goes: this process's standard error."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        return sys.stderr.fileno()
    return subprocess.DEVNULL


def note_at_work(folder: Path) -> PluginNote | None:
    """Return which plugin a worker was in when it ended without an answer."""
    try:
        fields = first_line(folder / AT_WORK)
    except (OSError, ValueError):
        return None
    return None if fields is None else PluginNote.of(*fields)


def told_status(status: int) -> str:
    """Return how a process ended, from its exit status: ``exit status 3``, ``SIGSEGV``."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
