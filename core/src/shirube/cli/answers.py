"""Standard output for the answer of a command alone: whatever else is written there goes to standard error."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Final, TextIO

from shirube._jsontext import ascii_json

__all__ = ["answer_columns", "answer_json", "answers_apart", "escape_what_is_lacking", "nothing_more"]

_STANDARD_OUTPUT: Final = 1
#: The stream that answers go to while one of the blocks below is entered.
_answers: list[TextIO] = []


@contextmanager
def answers_apart() -> Iterator[TextIO]:
    """Yield the stream for a command's answer; all else that is printed in the block goes to standard error.

    A plugin, or a library of its, that prints or writes to the file descriptor 1 would otherwise break the JSON that
    another program reads. Blocks may be entered within each other: they share the stream.
    """
    if _answers:
        yield _answers[-1]
        return
    # Without a console there may be no streams at all.
    stray, answer = sys.stderr or io.StringIO(), sys.stdout or io.StringIO()
    with _descriptor_diverted(answer) as stream, redirect_stdout(stray):
        _answers.append(stream)
        try:
            yield stream
        finally:
            _answers.pop()


def answer_columns(otherwise: int) -> int:
    """Return the columns of the terminal that the answer goes to, ``otherwise`` where it is none."""
    stream = _answers[-1] if _answers else sys.stdout
    if os.environ.get("COLUMNS", "").isdecimal():
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(stream.fileno()).columns or otherwise
    except (AttributeError, OSError, ValueError):
        return otherwise


def answer_json(text: str) -> str:
    """Return a JSON text as the stream of the answer takes it: JSON is UTF-8, or ASCII, in whatever encoding."""
    encoding = getattr(_answers[-1] if _answers else sys.stdout, "encoding", None)
    return text if encoding is None or codecs.lookup(encoding).name == "utf-8" else ascii_json(text)


def escape_what_is_lacking() -> None:
    """Let standard output write escapes of what its encoding lacks, as standard error does, instead of failing.

    What a person asks for with ``PYTHONIOENCODING=cp932:replace`` stays.
    """
    # With "surrogateescape", the usual in the locale C, bytes of file names would go into texts that are no bytes.
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors in ("strict", "surrogateescape"):
        sys.stdout.reconfigure(errors="backslashreplace")


def nothing_more() -> None:
    """Send what is still printed to standard error: the answer is given, and exit handlers of plugins are none."""
    with suppress(OSError, ValueError):
        if sys.stdout is not None:
            sys.stdout.flush()
        os.dup2(_stray_descriptor(), _STANDARD_OUTPUT)
    sys.stdout = sys.stderr


@contextmanager
def _descriptor_diverted(answer: TextIO) -> Iterator[TextIO]:
    """Yield a stream to where file descriptor 1 led, which leads to standard error for the time of the block."""
    if _descriptor_of(answer) != _STANDARD_OUTPUT:
        # A notebook or a test has its own stream, whose descriptor is not ours to move.
        yield answer
        return
    answer.flush()
    kept = os.dup(_STANDARD_OUTPUT)
    os.dup2(_stray_descriptor(), _STANDARD_OUTPUT)
    stream = os.fdopen(kept, "w", encoding=answer.encoding, errors=answer.errors)
    try:
        yield stream
        stream.flush()
    finally:
        os.dup2(kept, _STANDARD_OUTPUT)
        # What could not be written has been said by whoever wrote it.
        with suppress(OSError):
            stream.close()


def _descriptor_of(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (AttributeError, OSError, ValueError):
        return None


def _stray_descriptor() -> int:
    found = _descriptor_of(sys.stderr) if sys.stderr is not None else None
    return os.open(os.devnull, os.O_WRONLY) if found is None else found
