"""Blame: which plugin, hook and record an exception came out of, without changing its type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from attrs import frozen

from shirube.errors import PluginError, core_message
from shirube.hooks import Record

P = ParamSpec("P")
T = TypeVar("T")
R_co = TypeVar("R_co", bound=Record, covariant=True)

__all__ = ["PluginNote", "Registered", "call", "note_of"]


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

    def __reduce__(self) -> tuple[Callable[..., PluginNote], tuple[str | None, ...]]:
        return (PluginNote.of, (self.plugin, self.distribution, self.version, self.hook, self.record))


def note_of(error: BaseException) -> PluginNote | None:
    """Return the plugin note of an exception, None when no plugin is to blame."""
    notes = getattr(error, "__notes__", ())
    return next((note for note in notes if isinstance(note, PluginNote)), None)


def call(note: PluginNote, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call into a plugin; what it raises keeps its type and gains ``note`` (once).

    Raises:
        PluginError: The plugin tried to end the program.
    """
    try:
        return function(*args, **kwargs)
    except Exception as error:
        if note_of(error) is None:
            error.add_note(note)
        raise
    except SystemExit as error:
        exits = PluginError(core_message("plugin-exits", plugin=note.plugin, status=error.code))
        exits.add_note(note)
        raise exits from error
