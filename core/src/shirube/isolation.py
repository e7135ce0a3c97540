"""Work in a process of its own, with limits, so that a plugin that hangs or takes all memory costs that work only."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

from attrs import field, frozen

from shirube._worker import ANSWER, AT_WORK, JOB, Answer, Job
from shirube.blame import PluginNote
from shirube.errors import PluginError, core_message
from shirube.messages import Message

P = ParamSpec("P")
T = TypeVar("T")

#: What a worker begins with: modules are found where this process finds them.
_START: Final = """
import json, sys
from pathlib import Path
sys.path[:] = json.loads(Path(sys.argv[1], "path.json").read_text(encoding="utf-8"))
from shirube._worker import main
main(Path(sys.argv[1]))
"""
_MEMORY_LIMITED: Final = sys.platform.startswith("linux")

__all__ = ["Limits", "run_isolated"]


def _positive(limits: object, attribute: Any, value: float | None) -> None:
    del limits
    if value is not None and not value > 0:
        msg = f"{attribute.name} must be above 0, not {value}"
        raise ValueError(msg)


@frozen(kw_only=True)
class Limits:
    """What a piece of isolated work may use.

    Attributes:
        seconds: Wall time, s, the worker's start included; None: no limit.
        memory: Data in memory, MB (10^6 bytes), the interpreter's own included; None: no limit. The operating system
            enforces it on Linux; elsewhere it has no effect.
    """

    seconds: float | None = field(default=600.0, validator=_positive)
    memory: int | None = field(default=4096, validator=_positive)


def run_isolated(limits: Limits, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``function`` returns, called in a new Python process.

    The worker inherits environment, current folder, ``sys.path`` and standard error; what it prints goes there, too.
    It reads nothing from standard input. It is ended, with every process that it started, when its time is up, when
    this process is interrupted, and when this process dies.

    Args:
        limits: What it may use.
        function: A function at the top of an importable module.
        args: Its arguments; they, and what it returns, are pickled.
        kwargs: Its further arguments.

    Raises:
        PluginError: The worker took too long, wanted more memory, or ended without an answer; the plugin that was at
            work is in the error's note.
        Exception: Whatever ``function`` raised, with its notes; as a :class:`~shirube.errors.PluginError` where it
            cannot be pickled.
    """
    with tempfile.TemporaryDirectory(prefix="shirube-") as name:
        folder = Path(name)
        memory = limits.memory if _MEMORY_LIMITED else None
        (folder / "path.json").write_text(json.dumps(sys.path), encoding="utf-8")
        (folder / JOB).write_bytes(pickle.dumps(Job(memory, pickle.dumps((function, args, kwargs)))))
        status = _worked(folder, limits.seconds)
        if status is None:
            raise _blamed(core_message("isolated-timeout", seconds=f"{limits.seconds:g}"), folder)
        answer = _answer(folder)
        if answer is None:
            raise _blamed(core_message("isolated-died", how=_how(status)), folder)
    if answer.out_of_memory:
        raise _noted(core_message("isolated-memory", memory=limits.memory), answer.note)
    if answer.error is not None:
        raise cast("BaseException", pickle.loads(answer.error))  # noqa: S301 our own worker wrote it
    return cast("T", pickle.loads(answer.value))  # noqa: S301 likewise


def _worked(folder: Path, seconds: float | None) -> int | None:
    """Return the exit status of a worker on the job in ``folder``, None when its time was up."""
    command = [sys.executable, "-c", _START, str(folder)]
    # A session of its own, so that what it has started ends with it; its standard input is the line that tells it
    # that we are still there.
    with subprocess.Popen(  # noqa: S603 this interpreter and a module of ours
        command,
        stdin=subprocess.PIPE,
        stdout=_stray(),
        start_new_session=True,
    ) as worker:
        try:
            return worker.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(worker)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End a worker and every process that it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.pid, signal.SIGKILL)
    elif worker.poll() is None:
        worker.kill()
    if sys.stderr is not None and sys.stderr.isatty():
        # A progress bar that was cut short leaves the cursor hidden.
        sys.stderr.write("\x1b[?25h\r\x1b[K")


def _stray() -> int:
    """Return where a worker's standard output goes: this process's standard error."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        return sys.stderr.fileno()
    return subprocess.DEVNULL


def _answer(folder: Path) -> Answer | None:
    try:
        return cast("Answer", pickle.loads((folder / ANSWER).read_bytes()))  # noqa: S301 our own worker wrote it
    except FileNotFoundError:
        return None


def _blamed(message: Message, folder: Path) -> PluginError:
    """Return an error about a worker that did not answer, with the plugin that it was in."""
    try:
        fields = json.loads((folder / AT_WORK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        fields = None
    return _noted(message, None if fields is None else PluginNote.of(*fields))


def _noted(message: Message, note: PluginNote | None) -> PluginError:
    error = PluginError(message)
    if note is not None:
        error.add_note(note)
    return error


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
