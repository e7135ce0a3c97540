"""The worker of :mod:`shirube.isolation`: takes one job from a folder, and leaves its answer there."""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
from pathlib import Path
from typing import Final

from attrs import frozen

from shirube.blame import PluginNote, note_of, watched
from shirube.errors import PluginError, core_message, message_of

JOB: Final = "job.pickle"
ANSWER: Final = "answer.pickle"
#: Holds the fields of the note of the plugin that is at work, for when there is no answer.
AT_WORK: Final = "at_work.json"
_MEGABYTE: Final = 10**6

__all__ = ["ANSWER", "AT_WORK", "JOB", "Answer", "Job", "main"]


@frozen
class Job:
    """What a worker does: a pickled function with its arguments, below a limit of memory in MB."""

    memory: int | None
    call: bytes


@frozen
class Answer:
    """What came of a job: a value or an error, pickled, or the memory was not enough."""

    value: bytes = b""
    error: bytes | None = None
    out_of_memory: bool = False
    note: PluginNote | None = None


def main(folder: Path) -> None:
    """Do the job in ``folder``, and end the process."""
    _end_with_parent()
    job: Job = pickle.loads((folder / JOB).read_bytes())  # noqa: S301 our own parent wrote it
    if job.memory is not None:
        _limit_memory(job.memory * _MEGABYTE)
    with watched(lambda note: _write_note(folder / AT_WORK, note)):
        answer = _answer(job)
    # The answer is there as a whole or not at all.
    (folder / "written").write_bytes(pickle.dumps(answer))
    (folder / "written").replace(folder / ANSWER)
    sys.stdout.flush()
    sys.stderr.flush()
    # Neither threads nor exit handlers that a plugin has left behind keep the caller waiting.
    os._exit(0)


def _answer(job: Job) -> Answer:
    try:
        function, args, kwargs = pickle.loads(job.call)  # noqa: S301 as above
        return Answer(value=pickle.dumps(function(*args, **kwargs)))
    except MemoryError as error:
        return Answer(out_of_memory=True, note=note_of(error))
    except BaseException as error:  # noqa: BLE001 whatever it is, the caller is told
        return Answer(error=_pickled(error))


def _pickled(error: BaseException) -> bytes:
    """Return an exception pickled, as a :class:`PluginError` with its note where its class cannot be made anew."""
    if os.environ.get("SHIRUBE_DEBUG"):
        import traceback

        traceback.print_exception(error)
    try:
        pickled = pickle.dumps(error)
        if type(pickle.loads(pickled)) is type(error) and isinstance(error, Exception):  # noqa: S301 written just now
            return pickled
    except Exception:  # noqa: BLE001, S110 a plugin's class may raise anything here; then it is told in words
        pass
    told = PluginError(core_message("isolated-raised", error=message_of(error)))
    note = note_of(error)
    if note is not None:
        told.add_note(note)
    return pickle.dumps(told)


def _limit_memory(size: int) -> None:
    """Let the system refuse this process more than ``size`` bytes of data; a core file is of no use to anyone."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    """End when the other end of standard input is closed: the parent is gone. What plugins read there is empty."""
    line = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait() -> None:
        while os.read(line, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _write_note(path: Path, note: PluginNote | None) -> None:
    fields = None if note is None else [note.plugin, note.distribution, note.version, note.hook, note.record]
    path.write_text(json.dumps(fields), encoding="utf-8")
