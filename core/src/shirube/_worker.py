"""What happens in a process in which plugins are kept apart: one job of a folder, or one request after another."""

from __future__ import annotations

import base64
import os
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from attrs import frozen

from shirube._firstline import FirstLine
from shirube.blame import PluginNote, note_of, watched
from shirube.errors import PluginError, core_message, message_of

JOB: Final = "job.pickle"
ANSWER: Final = "answer.pickle"
#: Holds the fields of the note of the plugin that is at work, for when there is no answer.
AT_WORK: Final = "at_work.json"
#: How a line begins that is an answer, and nothing that a plugin has written below Python.
ANSWERING: Final = b"answer "
_MEGABYTE: Final = 10**6

__all__ = ["ANSWER", "ANSWERING", "AT_WORK", "JOB", "Answer", "Job", "main", "serve"]


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
    """Do the job in ``folder``, leave its answer there, and end the process."""
    _listen()
    job = _job(folder)
    with watched(_Noter(folder / AT_WORK)):
        answer = _answer(_called, job)
    # The answer is there as a whole or not at all.
    (folder / "written").write_bytes(pickle.dumps(answer))
    (folder / "written").replace(folder / ANSWER)
    sys.stdout.flush()
    sys.stderr.flush()
    # Neither threads nor exit handlers that a plugin has left behind keep the caller waiting.
    os._exit(0)


def serve(folder: Path) -> None:
    """Make the function that the job in ``folder`` makes, and answer each line of standard input with what it returns.

    The answers, the first of them about the making, are lines of standard output, from which what plugins print is
    kept apart.
    """
    requests: SimpleQueue[str] = SimpleQueue()
    _listen(lambda line: requests.put(line.decode("utf-8").removesuffix("\n")))
    answers = os.dup(1)
    os.dup2(2, 1)
    job = _job(folder)
    made: list[Callable[[str], object]] = []
    with watched(_Noter(folder / AT_WORK)):
        answer = _answer(lambda: made.append(_called(job)))
        while True:
            os.write(answers, ANSWERING + base64.b64encode(pickle.dumps(answer)) + b"\n")
            answer = _answer(made[0], requests.get())


def _job(folder: Path) -> Job:
    job: Job = pickle.loads((folder / JOB).read_bytes())  # noqa: S301 our own parent wrote it
    if job.memory is not None:
        limit_memory(job.memory)
    return job


def _called(job: Job) -> Any:
    function, args, kwargs = pickle.loads(job.call)  # noqa: S301 our own parent wrote it
    return function(*args, **kwargs)


def _answer(function: Callable[..., object], *args: Any) -> Answer:
    try:
        return Answer(value=pickle.dumps(function(*args)))
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


def limit_memory(megabytes: int) -> None:
    """Let the system refuse this process more data than that; a core file is of no use to anyone."""
    import resource

    size = megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _listen(heard: Callable[[bytes], None] | None = None) -> None:
    """Tell ``heard`` of each line of standard input; when that ends, the parent is gone, and so is this process.

    What plugins read there is empty.
    """
    line = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def listen() -> None:
        with os.fdopen(line, "rb") as lines:
            for one in lines:
                if heard is not None:
                    heard(one)
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()


class _Noter:
    """Keeps in a file the fields of the note of the plugin that is at work."""

    def __init__(self, path: Path) -> None:
        self._line = FirstLine(path)

    def __call__(self, note: PluginNote | None) -> None:
        self._line.write(None if note is None else note.fields)
