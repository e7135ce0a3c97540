"""Work in a process of its own, with limits, so that a plugin that hangs or takes all memory costs that work only."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from attrs import field, frozen

from shirube._processes import begin, end, note_at_work, stray, told_status
from shirube._worker import ANSWER, Answer
from shirube.blame import PluginNote
from shirube.errors import PluginError, core_message
from shirube.messages import Message

P = ParamSpec("P")
T = TypeVar("T")

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
        status = _worked(folder, limits, (function, args, kwargs))
        if status is None:
            raise _noted(core_message("isolated-timeout", seconds=f"{limits.seconds:g}"), note_at_work(folder))
        answer = _answer(folder)
        if answer is None:
            raise _noted(core_message("isolated-died", how=told_status(status)), note_at_work(folder))
    if answer.out_of_memory:
        raise _noted(core_message("isolated-memory", memory=limits.memory), answer.note)
    if answer.error is not None:
        raise cast("BaseException", pickle.loads(answer.error))  # noqa: S301 our own worker wrote it
    return cast("T", pickle.loads(answer.value))  # noqa: S301 likewise


def _worked(folder: Path, limits: Limits, call: tuple[Any, ...]) -> int | None:
    """Return the exit status of a worker on a call, None when its time was up."""
    with begin(folder, "main", limits.memory, call, stray()) as worker:
        try:
            return worker.wait(limits.seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            end(worker)
            _show_cursor()


def _show_cursor() -> None:
    """Bring back the cursor, which a progress bar that was cut short leaves hidden."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write("\x1b[?25h\r\x1b[K")


def _answer(folder: Path) -> Answer | None:
    try:
        return cast("Answer", pickle.loads((folder / ANSWER).read_bytes()))  # noqa: S301 our own worker wrote it
    except FileNotFoundError:
        return None


def _noted(message: Message, note: PluginNote | None) -> PluginError:
    error = PluginError(message)
    if note is not None:
        error.add_note(note)
    return error
