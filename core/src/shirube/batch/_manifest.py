"""The manifest of a batch: what became of each item, a line at a time, each on the disk before the next is begun."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Literal, TypeAlias

import cattrs
from attrs import field, frozen

from shirube._frozen import FrozenMapping, as_frozen
from shirube._jsontext import json_text
from shirube._structure import converter
from shirube.batch._phrases import message
from shirube.batch._plan import Failure
from shirube.errors import InputError, OutputError
from shirube.trees import NOT_WRITABLE

DOCUMENT: Final = "batch.jsonl"
#: Folder of the run folders, one an item.
ITEMS: Final = "items"
SCHEMA: Final = "shirube-batch/1"
#: Names of run folders are such as :func:`shirube.trees.safe_name` makes: none leads out of the batch.
_FOLDER: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")

ItemPhase: TypeAlias = Literal["planned", "done", "failed"]

__all__ = ["DOCUMENT", "ITEMS", "SCHEMA", "ItemPhase", "ItemState", "Manifest", "opened", "read_manifest"]


@frozen(kw_only=True)
class ItemState:
    """What is known of one item.

    Attributes:
        item: What it is called in the batch: folder and name of its data file.
        name: Name of its entry.
        folder: Name of its run folder in ``items/``.
        state: ``planned`` until something came of it.
        inputs: Hash of its files, None where they could not be read.
        settings: Hash of the settings it was done with.
        plugins: Hash of the fingerprint of the plugins it was done with.
        spectra: How many spectra it holds.
        statuses: How many results of each status.
        not_analysed: How many of the spectra every analysis skipped.
        flagged: Whether its findings reach the level at which a run fails.
        attempts: How often it was begun in this batch.
        seconds: What the last attempt took, s.
        failure: Why nothing came of it.
    """

    item: str
    name: str
    folder: str
    state: ItemPhase
    inputs: str | None = None
    settings: str | None = None
    plugins: str | None = None
    spectra: int = 0
    statuses: FrozenMapping[str, int] = field(factory=FrozenMapping, converter=as_frozen)
    not_analysed: int = 0
    flagged: bool = False
    attempts: int = 0
    seconds: float = 0.0
    failure: Failure | None = None


@frozen(kw_only=True)
class Manifest:
    """What a manifest says.

    Attributes:
        items: The last that is said of each item, in the order in which they were planned.
        standing: What was said last of each item that was done: its run folder stays until a new one is planned.
        today: The date that the items were judged on; None in an empty manifest.
        ended: Whether the batch came to its end: the tables are those of the items.
        torn: Lines that were being written when their batch was killed.
    """

    items: FrozenMapping[str, ItemState] = field(factory=FrozenMapping, converter=as_frozen)
    standing: FrozenMapping[str, ItemState] = field(factory=FrozenMapping, converter=as_frozen)
    today: str | None = None
    ended: bool = False
    torn: int = 0


def read_manifest(folder: Path) -> Manifest:
    """Return what the manifest of a batch folder says; an empty one where there is none.

    Raises:
        InputError: It is no manifest, or of another version.
    """
    path = folder / DOCUMENT
    if not path.is_file():
        return Manifest()
    items: dict[str, ItemState] = {}
    standing: dict[str, ItemState] = {}
    today, ended, torn = None, False, 0
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        document = _document(line)
        if document is None:
            torn += 1
            continue
        if document.get("schema") != SCHEMA:
            raise InputError(
                message("manifest-other", found=document.get("schema"), wanted=SCHEMA), path=path, line=number
            )
        event = document.get("event")
        ended = event == "end"
        if event == "start":
            today = str(document.get("today"))
        elif event == "item":
            state = _state(document, path, number)
            items[state.item] = state
            if state.state == "done":
                standing[state.item] = state
            elif state.state == "planned":
                # Its folder is about to be replaced; without a line after this one nobody knows what it holds.
                standing.pop(state.item, None)
    if torn and not items and today is None:
        raise InputError(message("manifest-none"), path=path)
    return Manifest(items=items, standing=standing, today=today, ended=ended, torn=torn)


class Writer:
    """Appends lines to a manifest; each is on the disk when the call returns."""

    def __init__(self, handle: IO[bytes], path: Path) -> None:
        self._handle, self._path = handle, path
        self._plain = converter()

    def start(self, today: str, settings: str, plugins: tuple[str, ...], planned: list[ItemState]) -> None:
        """Say what the batch is about to do."""
        first = self._line("start", {"today": today, "settings": settings, "plugins": list(plugins)})
        self._append(first, *(self._line("item", self._plain.unstructure(one)) for one in planned))

    def items(self, *states: ItemState) -> None:
        """Say what became of items."""
        if states:
            self._append(*(self._line("item", self._plain.unstructure(one)) for one in states))

    def end(self, done: int, failed: int) -> None:
        """Say that the batch came to its end."""
        self._append(self._line("end", {"done": done, "failed": failed}))

    def _line(self, event: str, document: Mapping[str, Any]) -> bytes:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        plain = {"schema": SCHEMA, "event": event, "at": at, **document}
        return json_text(plain, separators=(",", ":")).encode("utf-8") + b"\n"

    def _append(self, *lines: bytes) -> None:
        try:
            self._handle.write(b"".join(lines))
            self._handle.flush()
            os.fsync(self._handle.fileno())
        except OSError as error:
            from shirube.errors import core_message

            raise OutputError(core_message(NOT_WRITABLE, reason=error.strerror or error), path=self._path) from None


@contextmanager
def opened(folder: Path) -> Iterator[Writer]:
    """Lend the manifest of an existing folder for writing, to one process at a time.

    Raises:
        OutputError: Another process has it, or it cannot be written.
    """
    path = folder / DOCUMENT
    try:
        # Without a buffer: what was refused by a full disk must not be written by closing the file.
        handle = path.open("a+b", buffering=0)
    except OSError as error:
        from shirube.errors import core_message

        raise OutputError(core_message(NOT_WRITABLE, reason=error.strerror or error), path=path) from None
    with handle:
        _lock(handle, path)
        handle.seek(0, os.SEEK_END)
        if handle.tell():
            handle.seek(-1, os.SEEK_END)
            if handle.read(1) != b"\n":
                handle.write(b"\n")
        yield Writer(handle, path)


def _lock(handle: IO[bytes], path: Path) -> None:
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OutputError(message("batch-in-use"), path=path.parent) from None
    except OSError:
        # A network file system without locks: then it is up to the person.
        return


def _document(line: bytes) -> Mapping[str, Any] | None:
    with suppress(ValueError, RecursionError):
        document = json.loads(line)
        if isinstance(document, dict):
            return document
    return None


def _state(document: Mapping[str, Any], path: Path, number: int) -> ItemState:
    plain = {name: value for name, value in document.items() if name not in ("schema", "event", "at")}
    try:
        state = _READER.structure(plain, ItemState)
    except cattrs.BaseValidationError as error:
        reason = "; ".join(cattrs.transform_error(error, path="item"))
        raise InputError(message("manifest-malformed", reason=reason), path=path, line=number) from None
    if not _FOLDER.fullmatch(state.folder):
        raise InputError(message("manifest-folder", folder=state.folder), path=path, line=number)
    return state


_READER: Final = converter()
