"""A process in which plugins are kept apart, and which answers one request after another."""

from __future__ import annotations

import base64
import pickle
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Final, cast

from shirube._processes import begin, end, note_at_work, told_status
from shirube._worker import ANSWERING, Answer
from shirube.blame import PluginNote
from shirube.isolation import Limits
from shirube.text import printable

#: How often a silent worker is asked whether it is alive, s: what it has forked may keep its output open.
_PULSE: Final = 0.5
#: So much is shown of what is no answer, bytes.
_SHOWN: Final = 60

__all__ = ["StandingWorker", "WorkerLostError"]


class WorkerLostError(Exception):
    """A worker gave no answer and is gone.

    Attributes:
        how: How it ended (``exit status 0``, ``SIGSEGV``); None: it was ended because its time was up, or for what it
            said instead.
        note: The plugin that was at work.
        said: What stood in the place of an answer, None where nothing did.
    """

    def __init__(self, how: str | None, note: PluginNote | None, said: str | None = None) -> None:
        super().__init__(how)
        self.how, self.note, self.said = how, note, said


class StandingWorker:
    """A process that makes a function, and calls it with each request.

    The process, and what it started, ends when it is closed, and when this process dies.

    Args:
        limits: What the process may use; its time is for one request, the first one's being for the start, too.
        make: A function at the top of an importable module, which returns the function to call.
        args: Its arguments; they, and what is returned for a request, are pickled.

    Raises:
        WorkerLostError: The process ended while the function was made.
        Exception: Whatever ``make`` raised.
    """

    def __init__(self, limits: Limits, make: Callable[..., Callable[[str], object]], *args: Any) -> None:
        self._seconds = limits.seconds
        self._folder = tempfile.TemporaryDirectory(prefix="shirube-", ignore_cleanup_errors=True)
        self._process = begin(Path(self._folder.name), "serve", limits.memory, (make, args, {}), subprocess.PIPE)
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self._answered()
        except BaseException:
            self.close()
            raise

    def ask(self, request: str) -> Any:
        """Return what the function returns for ``request``, which is one line.

        Raises:
            WorkerLostError: The process took too long, or ended without an answer. It is closed.
            MemoryError: It was refused more memory, and goes on.
            Exception: Whatever the function raised.
        """
        # Where it ended between two requests, what is left of it says how.
        with suppress(BrokenPipeError):
            self._requests.write(f"{request}\n".encode())
            self._requests.flush()
        return self._answered()

    def close(self) -> None:
        """End the process, and every process that it has started."""
        end(self._process)
        with suppress(BrokenPipeError):
            self._requests.close()
        self._process.wait()
        self._listener.join(_PULSE)
        self._folder.cleanup()

    def _listen(self) -> None:
        with cast("IO[bytes]", self._process.stdout) as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(b"")

    def _answered(self) -> Any:
        line = self._next_line()
        if not line or not line.endswith(b"\n"):
            raise self._lost(timed_out=line is None)
        answer = _answer_in(line)
        if answer is None:
            note = note_at_work(Path(self._folder.name))
            self.close()
            raise WorkerLostError(None, note, printable(line[:_SHOWN].decode("utf-8", "replace").rstrip()))
        if answer.out_of_memory:
            raise MemoryError
        if answer.error is not None:
            raise cast("BaseException", pickle.loads(answer.error))  # noqa: S301 likewise
        return pickle.loads(answer.value)  # noqa: S301 likewise

    def _next_line(self) -> bytes | None:
        """Return what the process says next, nothing when it has ended, None when its time is up."""
        until = None if self._seconds is None else time.monotonic() + self._seconds
        while True:
            left = _PULSE if until is None else until - time.monotonic()
            if left <= 0.0:
                return None
            try:
                return self._lines.get(timeout=min(left, _PULSE))
            except Empty:
                if self._process.poll() is not None and self._lines.empty():
                    return b""

    def _lost(self, *, timed_out: bool) -> WorkerLostError:
        note = note_at_work(Path(self._folder.name))
        if timed_out:
            self.close()
            return WorkerLostError(None, note)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PULSE)
        self.close()
        return WorkerLostError(told_status(self._process.returncode), note)


def _answer_in(line: bytes) -> Answer | None:
    """Return the answer that a line is, None where something else has written on the way of the answers."""
    if not line.startswith(ANSWERING):
        return None
    try:
        return cast("Answer", pickle.loads(base64.b64decode(line[len(ANSWERING) : -1], validate=True)))  # noqa: S301 our own worker wrote it
    except Exception:  # noqa: BLE001 pickle raises anything on what was cut or mixed
        return None
