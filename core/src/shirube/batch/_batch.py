"""A batch from its inputs to its tables: what is open is worked on, what is done stays, and the rest is told."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from attrs import evolve, field, frozen

from shirube._frozen import as_tuple
from shirube.batch._hashes import fingerprint, hash_of, settings_hash
from shirube.batch._items import items_in
from shirube.batch._manifest import DOCUMENT, ITEMS, ItemState, Writer, opened, read_manifest
from shirube.batch._phrases import message
from shirube.batch._plan import Job, Plan
from shirube.batch._resuming import Agenda, agenda
from shirube.batch._running import Listener, Running
from shirube.batch._stopping import stoppable
from shirube.batch._storing import PARTS, POINTS
from shirube.batch._workers import Workers
from shirube.errors import OutputError, core_message
from shirube.messages import Language
from shirube.plugins import Plugins
from shirube.series import Absent, check_gather_target, gather
from shirube.settings import Settings
from shirube.trees import NOT_WRITABLE, clear_leftovers

#: Folder in which workers write; what a batch that was killed has left there goes with the next start.
_WORK: Final = ".shirube-work"

__all__ = ["Observer", "Summary", "Wish", "run_batch"]


class Observer(Listener, Protocol):
    """Told how a batch begins, goes on and ends."""

    def began(self, agenda: Agenda, passed: Sequence[Path]) -> None:
        """Say what is to be done; ``passed`` are files of folders that nobody reads."""

    def stopping(self) -> None:
        """Say that only the items in hand will be finished."""

    def gathering(self) -> None:
        """Say that the results of all items are put together."""


@frozen(eq=False, kw_only=True)
class Wish:
    """What a person wants of a batch.

    Attributes:
        inputs: Files and folders.
        out: The output folder.
        lang: Language of figures.
        today: The date to judge on; None: that of the first start, or of ``now``.
        now: The date it is.
        guide: Name of the guide, None to select by match.
        reader: Name of the reader, None to select by claim.
        figures: Whether figures are drawn.
        seconds: What an item may take, s; None: no limit.
    """

    inputs: tuple[Path, ...] = field(converter=as_tuple)
    out: Path
    now: date
    lang: Language = "en"
    today: date | None = None
    guide: str | None = None
    reader: str | None = None
    figures: bool = True
    seconds: float | None = None


@frozen(eq=False, kw_only=True)
class Summary:
    """How a batch ended.

    Attributes:
        states: What is known of each item of the inputs, in order.
        agenda: What was to be done.
        stopped: Whether somebody asked for the end before it came.
        left: How many items are still to be done.
    """

    states: tuple[ItemState, ...] = field(converter=as_tuple)
    agenda: Agenda
    stopped: bool
    left: int = 0

    @property
    def failed(self) -> tuple[ItemState, ...]:
        """The items of which nothing came."""
        return tuple(one for one in self.states if one.state == "failed")

    @property
    def flagged(self) -> tuple[ItemState, ...]:
        """The items with findings at or above the level at which a run fails."""
        return tuple(one for one in self.states if one.state == "done" and one.flagged)

    @property
    def not_analysed(self) -> int:
        """How many spectra every analysis skipped."""
        return sum(one.not_analysed for one in self.states if one.state == "done")


def run_batch(
    wish: Wish, plugins: Plugins, settings: Settings, hire: Callable[[int], Workers], observer: Observer
) -> Summary:
    """Work on every item of the inputs that is not done yet.

    Args:
        wish: What is wanted.
        plugins: Who would do the work here; workers must have the same.
        settings: Effective settings.
        hire: Returns who does the work, given how many items there are.
        observer: Who is told.

    Raises:
        InputError: A path does not exist, or the manifest is none.
        OutputError: The output is in use, holds something else, or cannot be written.
        PluginError: Workers have other plugins.
        KeyboardInterrupt: A second interrupt; what is in the manifest is in its place.
    """
    found = items_in(wish.inputs, plugins, wish.reader)
    with _output(wish.out) as writer:
        # What would stop the tables at the end is told before the work.
        check_gather_target(wish.out, overwrite=True)
        manifest = read_manifest(wish.out)
        today = wish.today or (wish.now if manifest.today is None else date.fromisoformat(manifest.today))
        lines = fingerprint(plugins)
        marks = (
            settings_hash(
                settings, today=today, lang=wish.lang, guide=wish.guide, reader=wish.reader, figures=wish.figures
            ),
            hash_of(lines),
        )
        what = agenda(found.items, manifest, wish.out, marks)
        observer.began(what, found.passed)
        if not what.open and not what.restored and manifest.ended:
            return Summary(states=[state for _, state in what.items], agenda=what, stopped=False)
        writer.start(today.isoformat(), marks[0], lines, [*what.new, *what.restored])
        stopped, left = False, len(what.open)
        if what.open:
            with _work(wish.out) as work, stoppable(observer.stopping) as stop:
                plan = _plan(wish, settings, lines, today, work, hash_of(marks))
                running = Running(wish.out, hire(len(what.open)), writer, observer, marks)
                jobs = [(Job(plan=plan, group=item.group, folder=state.folder), state) for item, state in what.open]
                running.run(jobs, stop)
                stopped, left = stop.asked, left - running.settled
        last = read_manifest(wish.out).items
        states = [last[state.item] for _, state in what.items]
        summary = Summary(states=states, agenda=what, stopped=stopped, left=left)
        if not stopped:
            observer.gathering()
            _gather(wish, last.values())
            shutil.rmtree(wish.out / PARTS, ignore_errors=True)
            failed = len(summary.failed)
            writer.end(len(states) - failed, failed)
        return summary


def _gather(wish: Wish, states: Iterable[ItemState]) -> None:
    """Write tables and figures of everything that the output holds."""
    listed = list(states)
    runs = [wish.out / ITEMS / one.folder for one in listed if one.state == "done"]
    absent = [
        Absent(item=one.folder, source=one.item, reason=one.failure.message)
        for one in listed
        if one.state == "failed" and one.failure is not None
    ]
    if runs or absent:
        left = wish.out / POINTS
        gather(runs, wish.out, lang=wish.lang, figures=wish.figures, absent=absent, overwrite=True, left=left)


@contextmanager
def _output(out: Path) -> Iterator[Writer]:
    """Lend the manifest of an output folder, which is made if it does not exist.

    Raises:
        OutputError: It holds something else than a batch.
    """
    if out.is_file():
        raise OutputError(core_message("output-is-file"), path=out)
    if out.is_dir() and not (out / DOCUMENT).exists() and any(out.iterdir()):
        raise OutputError(message("output-not-a-batch", document=DOCUMENT), path=out)
    try:
        (out / ITEMS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(core_message(NOT_WRITABLE, reason=error.strerror or error), path=out) from None
    with opened(out) as writer:
        # Nobody else writes here now, so what is unfinished is what a batch that was killed left.
        for folder in (out, out / ITEMS):
            clear_leftovers(folder)
        yield writer


@contextmanager
def _work(out: Path) -> Iterator[Path]:
    """Lend a folder for workers to write in, that no worker of a batch that was killed knows."""
    shutil.rmtree(out / _WORK, ignore_errors=True)
    # Workers of a cluster are in other folders than this process.
    folder = out.resolve() / _WORK / secrets.token_hex(6)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(out / _WORK, ignore_errors=True)


def _plan(wish: Wish, settings: Settings, lines: tuple[str, ...], today: date, work: Path, key: str) -> Plan:
    return Plan(
        key=key,
        settings=evolve(settings, plugin_folder=settings.plugin_folder.resolve()),
        plugins=lines,
        today=today,
        lang=wish.lang,
        work=work,
        guide=wish.guide,
        reader=wish.reader,
        figures=wish.figures,
        seconds=wish.seconds,
    )
