"""Writing single files so that each is there whole or not at all."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from shirube._jsontext import json_text
from shirube.errors import OutputError, core_message

#: Code of the message that an error carries when a place cannot be written; its ``reason`` says why.
NOT_WRITABLE: Final = "output-not-writable"
#: What :func:`beside` returns.
_BESIDE: Final = re.compile(r"\.shirube-[0-9a-f]{12}\.(?:new|old)")


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, making its parents; it is there whole or not at all.

    Raises:
        OutputError: It cannot be written.
    """
    temporary = beside(path, "new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise not_writable(path, error) from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8 with its line ends as they are, making the file's parents.

    A lone surrogate, which UTF-8 cannot hold, is written as its escape.

    Raises:
        OutputError: It cannot be written.
    """
    write_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` as JSON: keys in their order, two spaces of indent, no ASCII escapes, a final line end.

    A lone surrogate is written as the text of its escape, which strict readers take, too.

    Raises:
        OutputError: It cannot be written.
        ValueError: A number is nan or infinite, which JSON does not know.
        TypeError: A value is none of JSON's types (mappings and tuples will do).
    """
    write_text(path, json_text(value, indent=2, default=_plain) + "\n")


def beside(place: Path, purpose: str) -> Path:
    """Return a hidden name that nobody uses, in the folder of ``place``, so that a rename reaches it."""
    return place.with_name(f".shirube-{secrets.token_hex(6)}.{purpose}")


def clear_leftovers(folder: Path) -> None:
    """Remove what a process that was killed had begun aside in ``folder``, in which nobody else may be writing."""
    for path in folder.iterdir():
        if not _BESIDE.fullmatch(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


def not_writable(path: Path, error: OSError) -> OutputError:
    """Return the error that says why ``path`` cannot be written."""
    return OutputError(core_message(NOT_WRITABLE, reason=error.strerror or str(error)), path=path)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
