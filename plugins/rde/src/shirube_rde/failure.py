"""``job.failed``: the one file that tells a registrant why a job did not end well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from shirube.blame import note_of
from shirube.errors import (
    InputError,
    MissingPluginError,
    OutputError,
    PluginError,
    SettingsError,
    ShirubeError,
    UnitError,
    UsageError,
)
from shirube.messages import Language, Renderable
from shirube.trees import write_text
from shirube_rde.texts import message

NAME: Final = "job.failed"
INTERRUPTED: Final = 100
UNEXPECTED: Final = 999
#: Error codes, stable; the most special class of an error counts.
CODES: Final[Mapping[type[ShirubeError], int]] = {
    InputError: 110,
    SettingsError: 120,
    UnitError: 122,
    UsageError: 121,
    OutputError: 130,
    MissingPluginError: 141,
    PluginError: 140,
}

__all__ = ["CODES", "INTERRUPTED", "NAME", "UNEXPECTED", "code_of", "failing_visibly"]


@contextmanager
def failing_visibly(data: Path, lang: Language) -> Iterator[None]:
    """Keep ``data/job.failed`` true for the time of a job.

    While the block runs, and after it was killed, the file says that the job was interrupted; after an exception it
    says what went wrong; after success it is gone.

    Args:
        data: The job's ``data`` folder.
        lang: Language that comes first; the other follows.

    Raises:
        OutputError: ``data`` cannot be written.
        Exception: Whatever the block raised.
    """
    _write(data, INTERRUPTED, message("job-interrupted"), lang)
    try:
        yield
    except Exception as error:
        # The file already says that the job did not end well; why a disk is full must not hide why the job failed.
        with suppress(OutputError):
            _write(data, code_of(error), _reason(error), lang)
        raise
    (data / NAME).unlink(missing_ok=True)


def code_of(error: Exception) -> int:
    """Return the stable code of an error."""
    return next((code for kind, code in CODES.items() if isinstance(error, kind)), UNEXPECTED)


def _reason(error: Exception) -> Renderable:
    if isinstance(error, ShirubeError):
        return error.text()
    note = note_of(error)
    reason = f"{error} [{note.plugin}]" if note is not None else str(error)
    return message("job-unexpected", type=type(error).__name__, reason=reason)


def _write(data: Path, code: int, reason: Renderable, lang: Language) -> None:
    other: Language = "en" if lang == "ja" else "ja"
    first, second = (_one_line(reason.render(one)) for one in (lang, other))
    said = first if first == second else f"{first} / {second}"
    write_text(data / NAME, f"ErrorCode={code}\nErrorMessage={said}\n")


def _one_line(text: str) -> str:
    return " ".join(text.split())
