"""``job.failed``: the one file that tells a registrant why a job did not end well, with a stable code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

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
from shirube.messages import Language, Message, Renderable, Text, joined
from shirube.trees import NOT_WRITABLE, write_text
from shirube_rde.texts import message

T = TypeVar("T")

NAME: Final = "job.failed"
INTERRUPTED: Final = 100
UNEXPECTED: Final = 999

__all__ = [
    "CODES",
    "INTERRUPTED",
    "NAME",
    "UNEXPECTED",
    "InvoiceError",
    "JobError",
    "MetadataError",
    "TableError",
    "TemplateError",
    "as_one",
    "attempt",
    "code_of",
    "failing_visibly",
    "reason_of",
    "render_both",
    "tell_registrants",
    "writing_outputs",
]


class InvoiceError(InputError):
    """The invoice, as the web form or a table filled it, is not as it should be."""


class TemplateError(InputError):
    """What the dataset template brings (``data/tasksupport``) is not as it should be."""


class TableError(InputError):
    """A SmartTable, an Excel invoice or a zip file is not as its mode wants it."""


class MetadataError(OutputError):
    """Values that RDE's metadata cannot take."""


class JobError(ShirubeError):
    """Several problems of one job, all of them; ``problems`` in the order found, the first one's code counts."""

    def __init__(self, problems: Sequence[Exception]) -> None:
        self.problems = tuple(problems)
        self.exit_code = getattr(problems[0], "exit_code", 3)
        super().__init__(joined(dict.fromkeys(reason_of(one) for one in problems)))


#: Error codes, stable; the first class that an error is of counts.
CODES: Final[Mapping[type[ShirubeError], int]] = {
    InvoiceError: 111,
    TemplateError: 112,
    TableError: 113,
    InputError: 110,
    SettingsError: 120,
    UnitError: 122,
    UsageError: 121,
    MetadataError: 131,
    OutputError: 130,
    MissingPluginError: 141,
    PluginError: 140,
}


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
            _write(data, code_of(error), reason_of(error), lang)
        raise
    with writing_outputs(f"data/{NAME}"):
        (data / NAME).unlink(missing_ok=True)


@contextmanager
def writing_outputs(place: str = "data") -> Iterator[None]:
    """Say of all that cannot be written in the block that it is a job's output.

    Args:
        place: What cannot be written, as users know it.

    Raises:
        OutputError: It cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(message("job-not-writable", reason=error.strerror or error), path=place) from error
    except OutputError as error:
        tell_registrants(error, place)
        raise


def tell_registrants(error: OutputError, place: str = "data") -> None:
    """Make an error that names what cannot be written, and why, say it as somebody needs it who registers data.

    They know neither the folders of the container nor those in which outputs are built aside, and can name no other
    place. An error that says something else stays as it is.
    """
    told = error.message
    if isinstance(told, Message) and told.code == NOT_WRITABLE:
        error.message = message("job-not-writable", reason=told.params["reason"])
        error.path = place


def attempt(problems: list[Exception], function: Callable[[], T], kind: type[ShirubeError] | None = None) -> T | None:
    """Return what ``function`` returns; None where it raises, which is one more of ``problems``.

    Args:
        problems: Gains what was raised.
        function: Called without arguments.
        kind: The class that an :class:`InputError` becomes, which says whose problem it is.
    """
    try:
        return function()
    except InputError as error:
        if kind is None or code_of(error) != CODES[InputError]:
            problems.append(error)
        else:
            problems.append(kind(error.message, path=error.path, line=error.line))
    except Exception as error:  # noqa: BLE001 whatever it is, the other problems of the job are said with it
        problems.append(error)
    return None


def as_one(problems: Sequence[Exception]) -> Exception:
    """Return one error that says all of ``problems``; a single one as it is."""
    if len(problems) == 1:
        return problems[0]
    error = JobError(problems)
    error.__cause__ = ExceptionGroup("problems of one job", list(problems))
    return error


def code_of(error: Exception) -> int:
    """Return the stable code of an error."""
    if isinstance(error, JobError):
        return code_of(error.problems[0])
    return next((code for kind, code in CODES.items() if isinstance(error, kind)), UNEXPECTED)


def reason_of(error: Exception) -> Text:
    """Return what an error says, in both languages; of one that nobody foresaw, which plugin it came from."""
    if isinstance(error, ShirubeError):
        return error.text()
    note = note_of(error)
    reason = f"{error} [{note.plugin}]" if note is not None else str(error)
    return message("job-unexpected", type=type(error).__name__, reason=reason).text()


def render_both(reason: Renderable, lang: Language) -> str:
    """Return a text in one line, in both languages, ``lang`` first."""
    other: Language = "en" if lang == "ja" else "ja"
    first, second = (" ".join(reason.render(one).split()) for one in (lang, other))
    return first if first == second else f"{first} / {second}"


def _write(data: Path, code: int, reason: Renderable, lang: Language) -> None:
    with writing_outputs(f"data/{NAME}"):
        write_text(data / NAME, f"ErrorCode={code}\nErrorMessage={render_both(reason, lang)}\n")
