"""The errors that the core and its plugins raise on purpose; each renders in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath

from shirube.messages import Language, Message, Renderable, Text, joined

__all__ = [
    "InputError",
    "MissingPluginError",
    "OutputError",
    "PluginError",
    "SettingsError",
    "ShirubeError",
    "UnitError",
    "UsageError",
    "all_problems",
    "core_message",
    "message_of",
]


class ShirubeError(Exception):
    """Something that a person can mend: which file and line, what is wrong, what to do.

    Args:
        message: One sentence in both languages. A plain string stands for both.
        path: The file it is about, as the user named it.
        line: The line in that file, counted from 1.
    """

    exit_code = 2

    def __init__(
        self,
        message: Renderable | str,
        *,
        path: str | PathLike[str] | None = None,
        line: int | None = None,
    ) -> None:
        self.message: Renderable = Text(message, message) if isinstance(message, str) else message
        self.path = None if path is None else fspath(path)
        self.line = line
        super().__init__(message)

    def render(self, lang: Language = "en") -> str:
        """Return ``file, line: sentence`` in ``lang``."""
        sentence = self._sentence(lang)
        if self.path is None:
            return sentence
        if self.line is None:
            return f"{self.path}: {sentence}"
        where = f"{self.path} {self.line} 行目" if lang == "ja" else f"{self.path}, line {self.line}"
        return f"{where}: {sentence}"

    def __str__(self) -> str:
        return self.render("en")

    def text(self) -> Text:
        """Return the error rendered in both languages."""
        return Text(en=self.render("en"), ja=self.render("ja"))

    def __reduce__(self) -> tuple[object, ...]:
        # A class with an __init__ of its own cannot be called again with its message alone: nothing is called.
        return (_rebuilt, (type(self), self.args, self.__dict__))

    def _sentence(self, lang: Language) -> str:
        try:
            return self.message.render(lang)
        except Exception:  # noqa: BLE001 a message that cannot be rendered must not hide what went wrong
            return f"{type(self).__name__}: {self.message!r}"


class InputError(ShirubeError):
    """A file cannot be read as what it claims to be."""


class UsageError(ShirubeError):
    """A command or call was given something it cannot use."""


class SettingsError(UsageError):
    """A settings file, a ``--set`` or a guide holds something it should not."""


class UnitError(UsageError):
    """A unit is not known, or two units do not measure the same thing."""


class OutputError(ShirubeError):
    """The output cannot be written where it should go."""


class PluginError(ShirubeError):
    """A plugin breaks the contract, failed to load, or conflicts with another."""

    exit_code = 3


class MissingPluginError(ShirubeError):
    """A plugin or an optional extra that was asked for is not installed."""

    exit_code = 4


def message_of(error: BaseException, lang: Language = "en") -> str:
    """Return what ``error`` says, in ``lang`` where it can; of a foreign exception in one line, whatever it does."""
    if isinstance(error, ShirubeError):
        return error.render(lang)
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 an exception of a plugin may even raise when it is asked what it says
        return type(error).__name__
    return " ".join(f"{type(error).__name__}: {said}".split())


def all_problems(problems: Sequence[ShirubeError]) -> ShirubeError:
    """Return one error that says all of ``problems``, a line each, with their notes; a single one as it is.

    It is of the core's class that the first one is of: a class of a plugin may be made in a way of its own.
    """
    if len(problems) == 1:
        return problems[0]
    core = next(cls for cls in type(problems[0]).__mro__ if cls.__module__ == __name__)
    error: ShirubeError = core(joined((one.text() for one in problems), "\n", "\n"))
    for note in dict.fromkeys(note for one in problems for note in getattr(one, "__notes__", ())):
        error.add_note(note)
    return error


def _rebuilt(cls: type[ShirubeError], arguments: tuple[object, ...], state: Mapping[str, object]) -> ShirubeError:
    error = Exception.__new__(cls, *arguments)
    error.__dict__.update(state)
    return error


def core_message(code: str, /, **params: object) -> Message:
    """Return a message of the core's own catalogue."""
    return Message("shirube", code, params)
