"""The errors that the core and its plugins raise on purpose; each renders in Japanese and English."""

from __future__ import annotations

from collections.abc import Sequence
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
        sentence = self.message.render(lang)
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
        # Exception pickles by its positional arguments alone; the fields travel as state.
        return (self.__class__, (self.message,), self.__dict__)


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
    """Return what ``error`` says, in ``lang`` where it can."""
    if isinstance(error, ShirubeError):
        return error.render(lang)
    return f"{type(error).__name__}: {error}"


def all_problems(problems: Sequence[ShirubeError]) -> ShirubeError:
    """Return one error that says all of ``problems``, a line each; a single one as it is."""
    if len(problems) == 1:
        return problems[0]
    return type(problems[0])(joined((one.text() for one in problems), "\n", "\n"))


def core_message(code: str, /, **params: object) -> Message:
    """Return a message of the core's own catalogue."""
    return Message("shirube", code, params)
