"""Makes the errors and remarks of the reader, each with its file and line."""

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

__all__ = ["PACKAGE", "all_of", "excerpt", "problem", "remark"]


def problem(file: str, code: str, line: int | None = None, **params: object) -> InputError:
    """Return the error ``code`` of this package's catalogue."""
    return InputError(Message(PACKAGE, code, params), path=file, line=line)


def remark(file: str, code: str, line: int | None = None, **params: object) -> Remark:
    """Return the remark ``code`` of this package's catalogue."""
    return Remark(code, Message(PACKAGE, code, params).text(), file, line)


def all_of(problems: Sequence[InputError]) -> InputError:
    """Return one error that tells the ``problems`` of a file; a single one comes back as it is."""
    first, *others = problems
    if not others:
        return first
    told = [Text(en=_with_line(one, "en"), ja=_with_line(one, "ja")) for one in others[:_TOLD]]
    if len(others) > _TOLD:
        told.append(Message(PACKAGE, "more-problems", {"count": len(others) - _TOLD}).text())
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
