"""How ``shirube batch`` tells how far it is: a bar on a terminal, lines in a log, events for programs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from shirube._jsontext import json_text
from shirube.batch import Agenda, Failure, ItemState, Observer
from shirube.cli.answers import answer_json
from shirube.cli.common import Session
from shirube.errors import core_message
from shirube.text import printable

EVENTS: Final = "shirube-batch-events/1"
#: In a log, a line at most so often, s.
_EVERY: Final = 10.0
#: So many names of files that nobody reads.
_NAMED: Final = 5

__all__ = ["EVENTS", "Events", "Lines", "told_agenda", "told_reason", "watching"]


class Pace:
    """How fast a batch is, and how long the rest will take at that."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.failed = total, 0, 0
        self._begun = time.monotonic()

    def count(self, state: ItemState) -> None:
        """Count an item of which something came, or that failed."""
        self.done += 1
        self.failed += state.state == "failed"

    @property
    def seconds(self) -> float:
        """Time since the beginning, s."""
        return time.monotonic() - self._begun

    @property
    def rate(self) -> float:
        """Items a second."""
        return self.done / self.seconds if self.done and self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Time that the rest will take, s; None before anything is known."""
        return (self.total - self.done) / self.rate if self.rate else None


class Lines(Observer):
    """Writes lines on standard error: what failed at once, how far it is from time to time."""

    def __init__(self, session: Session) -> None:
        self._session, self._pace, self._said = session, Pace(0), 0.0

    def began(self, agenda: Agenda, passed: Sequence[Path]) -> None:
        """Say what is to be done."""
        for line in told_agenda(self._session, agenda, passed):
            self._write(line)
        self._pace, self._said = Pace(len(agenda.open)), time.monotonic()

    def finished(self, state: ItemState) -> None:
        """Say why an item failed; and how far the batch is, at its end and every now and then."""
        self._pace.count(state)
        if state.failure is not None:
            reason = told_reason(self._session, state.failure)
            self._write(self._session.render(core_message("batch-line-failed", item=state.item, reason=reason)))
        self._from_time_to_time()

    def split(self, state: ItemState, parts: int, done: int) -> None:
        """Count the parts of an item as items."""
        del state
        self._pace.total += parts
        self._pace.done += done

    def joined(self, state: ItemState) -> None:
        """Count a part."""
        del state
        self._pace.done += 1
        self._from_time_to_time()

    def retried(self, state: ItemState) -> None:
        """Say that an item gets another worker."""
        self._write(self._session.render(core_message("batch-line-retried", item=state.item)))

    def waited(self, busy: int) -> None:
        """Say nothing: silence in a log is no news."""

    def stopping(self) -> None:
        """Say how to stop at once."""
        self._write(self._session.render(core_message("batch-stopping")))

    def gathering(self) -> None:
        """Say that the rest is done by this process."""
        self._write(self._session.render(core_message("batch-gathering")))

    def _from_time_to_time(self) -> None:
        now = time.monotonic()
        if now - self._said >= _EVERY or self._pace.done == self._pace.total:
            self._said = now
            self._write(self._session.render(told_pace("batch-line", self._pace)))

    def _write(self, line: str) -> None:
        click.echo(line, err=True)


class _Bar(Lines):
    """Shows a bar, with the lines above it."""

    def __init__(self, session: Session, bar: Any) -> None:
        super().__init__(session)
        self._bar, self._task = bar, None

    def began(self, agenda: Agenda, passed: Sequence[Path]) -> None:
        """Show the bar."""
        super().began(agenda, passed)
        if agenda.open:
            self._task = self._bar.add_task("", total=len(agenda.open), told="")

    def finished(self, state: ItemState) -> None:
        """Move the bar."""
        if state.failure is not None:
            reason = told_reason(self._session, state.failure)
            self._write(self._session.render(core_message("batch-line-failed", item=state.item, reason=reason)))
        self._pace.count(state)
        self.waited(0)

    def joined(self, state: ItemState) -> None:
        """Move the bar by a part."""
        del state
        self._pace.done += 1
        self.waited(0)

    def waited(self, busy: int) -> None:
        """Say anew how long the rest will take."""
        del busy
        if self._task is not None:
            told = self._session.render(told_pace("batch-bar", self._pace))
            self._bar.update(self._task, completed=self._pace.done, total=self._pace.total, told=told)

    def _write(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False)


class Events(Observer):
    """Writes a JSON document a line on standard output for everything that happens."""

    def __init__(self, session: Session) -> None:
        self._session, self._pace = session, Pace(0)

    def began(self, agenda: Agenda, passed: Sequence[Path]) -> None:
        """Tell what is to be done."""
        self._pace = Pace(len(agenda.open))
        self._tell(
            "start",
            items=len(agenda.items),
            open=len(agenda.open),
            done=agenda.done,
            failed_before=agenda.failed,
            changed=agenda.changed,
            absent=agenda.absent,
            passed=[path.name for path in passed],
        )

    def finished(self, state: ItemState) -> None:
        """Tell what came of an item."""
        self._pace.count(state)
        failure = state.failure
        self._tell(
            "item",
            item=state.item,
            folder=state.folder,
            state=state.state,
            spectra=state.spectra,
            statuses=dict(state.statuses),
            flagged=state.flagged,
            attempts=state.attempts,
            item_seconds=state.seconds,
            error=None if failure is None else {"en": failure.message.en, "ja": failure.message.ja},
            plugin=None if failure is None else failure.plugin,
            **self._progress(),
        )

    def split(self, state: ItemState, parts: int, done: int) -> None:
        """Tell that several workers share an item."""
        self._pace.total += parts
        self._pace.done += done
        self._tell("split", item=state.item, folder=state.folder, parts=parts, parts_done=done)

    def joined(self, state: ItemState) -> None:
        """Tell that a part of an item is done."""
        self._pace.done += 1
        self._tell("part", item=state.item, folder=state.folder, **self._progress())

    def retried(self, state: ItemState) -> None:
        """Tell that the worker of an item died."""
        self._tell("retry", item=state.item, folder=state.folder, attempts=state.attempts)

    def waited(self, busy: int) -> None:
        """Tell nothing: who listens has a clock."""

    def stopping(self) -> None:
        """Tell that somebody has asked for the end."""
        self._tell("stopping")

    def gathering(self) -> None:
        """Tell that the results are put together."""
        self._tell("gathering")

    def ended(self, document: dict[str, Any]) -> None:
        """Tell how it ended."""
        self._tell("end", **document)

    def _progress(self) -> dict[str, Any]:
        left = self._pace.left
        return {
            "completed": self._pace.done,
            "open": self._pace.total,
            "failed": self._pace.failed,
            "per_second": round(self._pace.rate, 4),
            "seconds_left": None if left is None else round(left, 1),
        }

    def _tell(self, event: str, **document: Any) -> None:
        told = {"schema": EVENTS, "event": event, "seconds": round(self._pace.seconds, 3), **document}
        self._session.print(answer_json(json_text(told)))


@contextmanager
def watching(session: Session, *, events: bool) -> Iterator[Observer]:
    """Lend who tells a person or a program how a batch goes on."""
    if events:
        yield Events(session)
    elif sys.stderr is None or not sys.stderr.isatty():
        yield Lines(session)
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (MofNCompleteColumn(), BarColumn(), TextColumn("{task.fields[told]}", markup=False))
        with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
            yield _Bar(session, bar)


def told_reason(session: Session, failure: Failure) -> str:
    """Return why an item failed, with the plugin to blame; of a bad line of a file nobody asks who found it."""
    reason = session.render(failure.message)
    if failure.plugin is None or failure.line is not None:
        return reason
    return session.render(core_message("batch-reason-of-plugin", reason=reason, plugin=failure.plugin))


def told_agenda(session: Session, agenda: Agenda, passed: Sequence[Path]) -> Iterator[str]:
    """Yield lines that say what is to be done, and what is not."""
    yield session.render(
        core_message("batch-outlook", total=len(agenda.items), open=len(agenda.open), done=agenda.done)
    )
    for code, count in (
        ("batch-outlook-failed", agenda.failed),
        ("batch-outlook-changed", agenda.changed),
        ("batch-outlook-absent", agenda.absent),
    ):
        if count:
            yield session.render(core_message(code, count=count))
    if passed:
        names = ", ".join(printable(path.name) for path in passed[:_NAMED])
        more = len(passed) - _NAMED
        told = names if more <= 0 else session.render(core_message("batch-and-more", names=names, more=more))
        yield session.render(core_message("batch-outlook-passed", count=len(passed), names=told))


def told_pace(code: str, pace: Pace) -> Any:
    """Return how far a batch is, as a message."""
    left = "?" if pace.left is None else _clock(pace.left)
    return core_message(code, done=pace.done, total=pace.total, failed=pace.failed, rate=f"{pace.rate:.2g}", left=left)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
