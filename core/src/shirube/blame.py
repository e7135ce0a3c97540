"""Blame: which plugin, hook and record an exception came out of, without changing its type."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Generic, ParamSpec, TypeVar

from attrs import frozen

from shirube.errors import PluginError, ShirubeError, core_message, message_of
from shirube.hooks import Record
from shirube.messages import Message

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=ShirubeError)
R_co = TypeVar("R_co", bound=Record, covariant=True)

__all__ = ["PluginNote", "Registered", "blamed", "call", "in_place", "note_of", "noted", "unexpected", "watched"]


@frozen
class Registered(Generic[R_co]):
    """A record with the plugin that registered it."""

    record: R_co
    plugin: str
    distribution: str
    version: str
    hook: str

    @property
    def name(self) -> str:
        """Name of the record."""
        return self.record.name

    @property
    def origin(self) -> str:
        """Distribution and version, as people read them."""
        return f"{self.distribution} {self.version}"

    @property
    def note(self) -> PluginNote:
        """What an exception out of this record is noted with."""
        return PluginNote.of(self.plugin, self.distribution, self.version, self.hook, self.name)

    def __str__(self) -> str:
        return f"{self.name} ({self.plugin}, {self.origin})"


class PluginNote(str):  # noqa: SLOT000 a text with fields needs its dict to be picklable
    """A note on an exception: a sentence for people, with the culprit as fields for programs."""

    plugin: str
    distribution: str
    version: str
    hook: str
    record: str | None

    @classmethod
    def of(cls, plugin: str, distribution: str, version: str, hook: str, record: str | None = None) -> PluginNote:
        """Return the note for a plugin's hook, or for one of its records."""
        inside = f"record {record!r} of " if record else ""
        note = cls(f"raised in {inside}hook {hook!r} of plugin {plugin!r} ({distribution} {version})")
        note.plugin, note.distribution, note.version = plugin, distribution, version
        note.hook, note.record = hook, record
        return note

    @property
    def fields(self) -> tuple[str, str, str, str, str | None]:
        """What :meth:`of` makes the same note of."""
        return (self.plugin, self.distribution, self.version, self.hook, self.record)

    def __reduce__(self) -> tuple[Callable[..., PluginNote], tuple[str | None, ...]]:
        return (PluginNote.of, self.fields)


def note_of(error: BaseException) -> PluginNote | None:
    """Return the plugin note of an exception, None when no plugin is to blame."""
    notes = getattr(error, "__notes__", None) or ()
    return next((note for note in notes if isinstance(note, PluginNote)), None)


def blamed(error: E, registered: Registered[Record]) -> E:
    """Return ``error`` with the note that names the plugin of a record."""
    error.add_note(registered.note)
    return error


def noted(error: Exception, note: PluginNote) -> Exception:
    """Return ``error`` with ``note`` (once), or a :class:`PluginError` about it when it takes no notes."""
    if note_of(error) is None:
        with suppress(Exception):
            # Not error.add_note: its class may have one of its own.
            BaseException.add_note(error, note)
    return error if note_of(error) is not None else _stopped(error, note)


def call(note: PluginNote, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call into a plugin; what it raises keeps its type and gains ``note`` (once).

    Raises:
        PluginError: The plugin tried to end the program, raised what is no ordinary exception, or left the process in
            another folder; that is put back.
    """
    with _at_work(note):
        return _called(note, function, *args, **kwargs)


def _called(note: PluginNote, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        with in_place():
            return function(*args, **kwargs)
    except KeyboardInterrupt:
        raise
    except Exception as error:
        told = noted(error, note)
        if told is error:
            raise
        raise told from error
    except BaseException as error:
        raise _stopped(error, note) from error


@contextmanager
def in_place() -> Iterator[None]:
    """Put the current folder back where it was before the block: relative paths of the user lead from there.

    Raises:
        PluginError: The block left the process in another folder; what it raised there may come of that.
    """
    before = _current_folder()
    try:
        yield
    except KeyboardInterrupt:
        _put_back(before)
        raise
    except BaseException as error:
        _refuse(_put_back(before), error)
        raise
    _refuse(_put_back(before), None)


def _refuse(folder: str | None, error: BaseException | None) -> None:
    if folder is not None:
        raise PluginError(core_message("plugin-left-folder", folder=folder)) from error


def _put_back(before: str | None) -> str | None:
    """Return where the process was, if that was another folder."""
    after = _current_folder()
    if before is None or after == before:
        return None
    os.chdir(before)
    return after or "?"


def _current_folder() -> str | None:
    try:
        return os.getcwd()  # noqa: PTH109 it is asked around every call
    except OSError:
        # It has been removed.
        return None


def unexpected(error: BaseException, note: PluginNote | None) -> Message:
    """Return what is said of an exception that nobody raised on purpose: whose fault it is, and what it says."""
    what = message_of(error)
    if note is None:
        return core_message("core-bug", error=what)
    whose = {"plugin": note.plugin, "distribution": f"{note.distribution} {note.version}", "hook": note.hook}
    if note.record:
        return core_message("plugin-raised", error=what, **whose, record=note.record)
    return core_message("plugin-hook-raised", error=what, **whose)


#: Told which plugin is at work, None when none is; see :func:`watched`.
_watchers: list[Callable[[PluginNote | None], None]] = []
_working: list[PluginNote] = []


@contextmanager
def watched(watcher: Callable[[PluginNote | None], None]) -> Iterator[None]:
    """Tell ``watcher`` within the block which plugin is called into, and what is at work again when it returns.

    For a process that does one thing: whoever finds it hanging can then say where. What the watcher raises when it is
    told of a call comes out in place of the call.
    """
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


@contextmanager
def _at_work(note: PluginNote) -> Iterator[None]:
    if not _watchers:
        yield
        return
    _working.append(note)
    try:
        _tell(note)
        yield
    finally:
        _working.remove(note)
        _tell(_working[-1] if _working else None)


def _tell(note: PluginNote | None) -> None:
    for one in _watchers:
        one(note)


def _stopped(error: BaseException, note: PluginNote) -> PluginError:
    if isinstance(error, SystemExit):
        stopped = PluginError(core_message("plugin-exits", plugin=note.plugin, status=error.code))
    else:
        stopped = PluginError(core_message("plugin-stopped", plugin=note.plugin, error=message_of(error)))
    stopped.add_note(note)
    return stopped
