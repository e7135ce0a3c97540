"""Names of files: safe to write everywhere, and never leading out of their folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from shirube.errors import InputError, core_message

#: Longest name :func:`safe_name` returns; leaves room for suffixes, and for deep folders on Windows.
LONGEST_NAME: Final = 100
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_REGION: Final = re.compile(r"[^#]+#[0-9]+")
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,10}")


def safe_name(name: str) -> str:
    """Return a file name of ASCII letters, digits, ``.``, ``_`` and ``-`` that is safe on every file system.

    Nothing is transliterated: a space becomes ``_``, the sign of a region number ``-`` (``Cu_0003.txt#2``:
    ``Cu_0003.txt-2``), and where other characters are lost, eight hexadecimal digits of the name's hash keep different
    names apart. The name is never empty, never hidden, at most :data:`LONGEST_NAME` characters long, and the same on
    every machine. Names that differ only in case, or in a space for ``_``, are not told apart.
    """
    composed = unicodedata.normalize("NFC", name).replace(" ", "_")
    if _REGION.fullmatch(composed):
        composed = composed.replace("#", "-")
    suffix = _suffix(composed)
    stem = re.sub(r"-*[^A-Za-z0-9._-]+-*", "-", composed.removesuffix(suffix)).strip("-.")
    if stem and stem + suffix == composed and len(composed) <= LONGEST_NAME and not _RESERVED.fullmatch(stem):
        return composed
    # A file name on Linux need not be valid Unicode; its surrogates are hashed as they are.
    return _hashed(stem, suffix, hashlib.sha256(composed.encode("utf-8", errors="surrogatepass")).hexdigest()[:8])


def inside(folder: Path, relative: str) -> Path:
    """Return ``folder / relative``, which must lie in ``folder``.

    Raises:
        InputError: The path is empty or absolute, names a drive, goes up (``..``), or leaves through a symbolic link.
    """
    path = folder / relative
    if _is_harmless(relative) and _stays(path, folder):
        return path
    raise InputError(core_message("path-leaves-folder", name=relative))


def _is_harmless(relative: str) -> bool:
    # Read as Windows does: it splits at both slashes, and knows drives; what is harmless to it is harmless everywhere.
    windows = PureWindowsPath(relative)
    anchored = windows.drive or windows.root
    return bool(windows.parts) and "\0" not in relative and not anchored and ".." not in windows.parts


def _stays(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        # A ring of symbolic links: RuntimeError before Python 3.13, OSError since.
        return False


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    return suffix if _SUFFIX.fullmatch(suffix) else ""


def _hashed(stem: str, suffix: str, digest: str) -> str:
    """Return the kept characters with a hash before the suffix."""
    stem = stem[: LONGEST_NAME - len(digest) - len(suffix) - 2].rstrip("-.")
    if _RESERVED.fullmatch(stem):
        # Windows looks at the name up to its first dot only.
        stem = f"_{stem}"
    return f"{stem}-{digest}{suffix}" if stem else f"{digest}{suffix}"
