"""Who makes the checks: this process, or one apart that is begun anew whenever a plugin has ended it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from shirube._standing import StandingWorker, WorkerLostError
from shirube.blame import PluginNote
from shirube.errors import PluginError, core_message
from shirube.isolation import Limits
from shirube.messages import Text
from shirube.testing._bench import Bench, Found, Place, bench_apart, seen
from shirube.testing._samples import Samples

__all__ = ["IsolatedMaker", "maker"]


def maker(plugin: str, samples: Samples | None, root: Path, limits: Limits | None) -> Callable[[str], Found]:
    """Return who makes the checks: within limits a process apart, without them this one. Arguments as for Bench."""
    return Bench(plugin, samples, root) if limits is None else IsolatedMaker(plugin, samples, root, limits)


class IsolatedMaker:
    """Makes the checks of one plugin in a process apart; what ends that process fails the check that met it.

    Arguments as for :class:`Bench`.

    Raises:
        PluginError: The plugin's samples cannot be had.
    """

    def __init__(self, plugin: str, samples: Samples | None, root: Path, limits: Limits) -> None:
        self._arguments = (plugin, samples, root)
        self._limits = limits
        self._avoided: list[Place] = []
        try:
            self._worker: StandingWorker | None = self._begun()
        except WorkerLostError as lost:
            raise PluginError(core_message("samples-lost", plugin=plugin, how=self._told(lost))) from None

    def __call__(self, id_: str) -> Found:
        """Make a check."""
        try:
            if self._worker is None:
                self._worker = self._begun()
            found: Found = self._worker.ask(id_)
        except WorkerLostError as lost:
            self._begin_anew(id_, lost.note)
            return Found("fail", self._told(lost))
        except MemoryError:
            # There was not even enough left to say so.
            self._begin_anew(id_, None)
            return Found("fail", core_message("conformance-memory", memory=self._limits.memory).text())
        if found.exhausted:
            self._begin_anew(id_, found.note)
        return found

    def _begin_anew(self, id_: str, note: PluginNote | None) -> None:
        """Let the next check begin another process, which does not call what was at work in this one."""
        self.close()
        if note is not None:
            self._avoided.append(Place(note.hook, note.record, id_))

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _begun(self) -> StandingWorker:
        plugin, samples, root = self._arguments
        # What the process before it wrote stays where it is.
        place = Path(tempfile.mkdtemp(dir=root))
        avoided = tuple(self._avoided)
        return StandingWorker(self._limits, bench_apart, plugin, samples, place, avoided, self._limits.memory)

    def _told(self, lost: WorkerLostError) -> Text:
        if lost.said is not None:
            message = core_message("conformance-garbled", said=lost.said)
        elif lost.how is None:
            message = core_message("conformance-timeout", seconds=f"{self._limits.seconds or 0.0:g}")
        else:
            message = core_message("conformance-died", how=lost.how)
        return seen(message.text(), lost.note)
