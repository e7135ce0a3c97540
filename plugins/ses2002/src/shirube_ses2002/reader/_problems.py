"""Makes the errors and remarks of the reader, each with its file and line, and gathers those of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shirube.errors import InputError
from shirube.messages import Language, Message, Text
from shirube.records import Remark

PACKAGE: Final = "shirube_ses2002"
#: Characters of a value, and problems beside the first one, that fit into a sentence.
_SHOWN: Final = 40
_TOLD: Final = 4
#: Problems of one file that are kept: a damaged file may have one in every row.
_KEPT: Final = 100

__all__ = ["PACKAGE", "Problems", "all_of", "excerpt", "problem", "remark"]


class Problems:
    """All that is wrong with one file: the first ones as errors, of the rest how many were looked at."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._kept: list[InputError] = []
        self._count = 0
        self._spoiling: set[int] = set()

    def __len__(self) -> int:
        return self._count

    @property
    def full(self) -> bool:
        """Whether further ones are counted only, so that there is no need to look for all of them."""
        return len(self._kept) >= _KEPT

    def add(self, code: str, line: int | None = None, **params: object) -> None:
        """Take note of the problem ``code`` of this package's catalogue."""
        self._count += 1
        if not self.full:
            self._kept.append(problem(self.file, code, line, **params))

    def spoil_since(self, before: int) -> None:
        """Take note that all problems but the first ``before`` are why something is not read."""
        self._spoiling.update(range(before, len(self._kept)))

    def error(self) -> InputError:
        """Return one error that tells them; there is one at least."""
        return all_of(self._kept, self._count, complete=not self.full)

    def remarks(self) -> tuple[Remark, ...]:
        """Return a remark for each, as reading goes on without what they spoil."""
        codes = ("region-skipped" if index in self._spoiling else "read-anyway" for index in range(len(self._kept)))
        told = [
            remark(self.file, code, one.line, reason=one.message) for code, one in zip(codes, self._kept, strict=True)
        ]
        if self._count > len(told):
            told.append(remark(self.file, "at-least-more-problems", count=self._count - len(told)))
        return tuple(told)


def problem(file: str, code: str, line: int | None = None, **params: object) -> InputError:
    """Return the error ``code`` of this package's catalogue."""
    return InputError(Message(PACKAGE, code, params), path=file, line=line)


def remark(file: str, code: str, line: int | None = None, **params: object) -> Remark:
    """Return the remark ``code`` of this package's catalogue."""
    return Remark(code, Message(PACKAGE, code, params).text(), file, line)


def all_of(problems: Sequence[InputError], count: int | None = None, *, complete: bool = True) -> InputError:
    """Return one error that tells the first ``problems`` of ``count``; a single one comes back as it is.

    Args:
        problems: The first ones.
        count: How many there are; default: these.
        complete: Whether there are no more than that.
    """
    first, *others = problems
    if not others:
        return first
    told = [Text(en=_with_line(one, "en"), ja=_with_line(one, "ja")) for one in others[:_TOLD]]
    untold = (len(problems) if count is None else count) - 1 - len(told)
    if untold:
        code = "more-problems" if complete else "at-least-more-problems"
        told.append(Message(PACKAGE, code, {"count": untold}).text())
    joined = Text(en="; ".join(one.en for one in told), ja="；".join(one.ja for one in told))
    message = Message(PACKAGE, "several-problems", {"first": first.message, "others": joined})
    return InputError(message, path=first.path, line=first.line)


def excerpt(text: str) -> str:
    """Return ``text`` as it can stand in a sentence: quoted, control characters escaped, not too long."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _with_line(error: InputError, lang: Language) -> str:
    sentence = error.message.render(lang)
    if error.line is None:
        return sentence
    return f"{error.line} 行目: {sentence}" if lang == "ja" else f"line {error.line}: {sentence}"
