"""Where checks are made: each strictly, twice, on subjects of its own plugin."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from shirube.blame import PluginNote, note_of, watched
from shirube.errors import core_message, message_of
from shirube.messages import LANGUAGES, Text
from shirube.testing._check import REGISTRY, Check, Failed, Skipped, Status
from shirube.testing._samples import Samples, samples_of
from shirube.testing._subject import Subject, installed
from shirube.testing._surroundings import strict
from shirube.testing.families import load_families

#: Each check is run so many times, each time with hooks asked in another order and another random state.
ROUNDS: Final = 2

__all__ = ["Bench", "Found", "Place", "bench_apart", "seen"]


@frozen
class Found:
    """What came of a check.

    Attributes:
        status: ``pass``, ``fail`` or ``skip``.
        detail: What was seen, or why it was skipped.
        seconds: Processor time it took.
        after: The check that met what kept this one from being made.
        exhausted: Whether it wanted more memory than there is: what it has taken may be missed by the next one.
        note: The plugin that wanted it.
    """

    status: Status
    detail: Text | None = None
    seconds: float = 0.0
    after: str | None = None
    exhausted: bool = False
    note: PluginNote | None = None


@frozen
class Place:
    """A record into which nobody calls any more, because a process ended there; and the check that found that."""

    hook: str
    record: str | None
    check: str


class _AvoidedError(BaseException):
    """A check is about to call where another one met its end; nothing that a check survives."""

    def __init__(self, check: str) -> None:
        super().__init__(check)
        self.check = check


class Bench:
    """Makes the checks of one plugin in this process.

    Args:
        plugin: Name of an installed plugin.
        samples: What to try it on; None: what the plugin declares.
        root: An empty folder, where checks may write.
        avoided: Where a process has ended before.
        memory: The limit that is told of when there is not enough memory, MB.
        apart: Whether this process is one apart, which no person interrupts: an interrupt is then the plugin's own.

    Raises:
        PluginError: The plugin's samples cannot be had.
    """

    def __init__(
        self,
        plugin: str,
        samples: Samples | None,
        root: Path,
        avoided: Iterable[Place] = (),
        memory: int | None = None,
        *,
        apart: bool = False,
    ) -> None:
        load_families()
        source = installed(plugin)
        tried = samples_of(plugin) if samples is None else samples
        self._subjects = [Subject(source, tried, root, seed) for seed in range(ROUNDS)]
        self._avoided: Mapping[tuple[str, str | None], str] = {(one.hook, one.record): one.check for one in avoided}
        self._memory = memory
        self._apart = apart

    def __call__(self, id_: str) -> Found:
        """Make a check; nothing is raised but what the user raises."""
        check = REGISTRY[id_]
        began = time.process_time()
        with watched(self._avoid):
            found = self._tried(check)
        return evolve(found, seconds=time.process_time() - began)

    def _avoid(self, note: PluginNote | None) -> None:
        if note is not None and (note.hook, note.record) in self._avoided:
            raise _AvoidedError(self._avoided[note.hook, note.record])

    def _tried(self, check: Check) -> Found:
        for number, subject in enumerate(self._subjects[: 1 if check.once else ROUNDS]):
            try:
                with strict(subject.folder(), subject.seed):
                    check.function(subject)
            except Skipped as skipped:
                return Found("skip", skipped.reason)
            except _AvoidedError as avoided:
                reason = core_message("conformance-after", id=avoided.check).text()
                return Found("skip", reason, after=avoided.check)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt) and not self._apart:
                    raise
                told = self._seen(error)
                detail = told if number == 0 else core_message("conformance-second-time", seen=told).text()
                return Found("fail", detail, exhausted=isinstance(error, MemoryError), note=note_of(error))
        return Found("pass")

    def _seen(self, error: BaseException) -> Text:
        if isinstance(error, Failed):
            return error.text
        if isinstance(error, MemoryError) and self._memory is not None:
            return seen(core_message("conformance-memory", memory=self._memory).text(), note_of(error))
        kind = "" if type(error).__name__ in message_of(error) else f"{type(error).__name__}: "
        return seen(Text(**{lang: f"{kind}{message_of(error, lang)}" for lang in LANGUAGES}), note_of(error))


def bench_apart(*args: Any) -> Bench:
    """Return a bench for a process apart; arguments as for :class:`Bench`."""
    return Bench(*args, apart=True)


def seen(told: Text, note: PluginNote | None) -> Text:
    """Return what was seen, with the record in which it was."""
    inside = "" if note is None or note.record is None else f" [{note.hook}: {note.record}]"
    return Text(f"{told.en}{inside}", f"{told.ja}{inside}")
