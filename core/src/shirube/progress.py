"""Progress of long work: shown on a terminal, silent in a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

__all__ = ["NoProgress", "Progress", "terminal_progress"]


class Progress(Protocol):
    """Told how far a piece of work is; an analysis calls it as often as it likes."""

    def update(self, done: float, label: str = "") -> None:
        """Say that the fraction ``done`` (0 to 1) is finished; ``label`` names what is being done."""


class NoProgress:
    """Shows nothing."""

    def update(self, done: float, label: str = "") -> None:
        """Do nothing."""


@contextmanager
def terminal_progress(title: str) -> Iterator[Progress]:
    """Show a bar with ``title`` on standard error for the time of the block, if that is a terminal.

    In a log or a pipe nothing is written, and rich is not even imported.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield NoProgress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    # Titles and labels may hold square brackets (spectrum ids do), which are no markup here.
    words = [TextColumn(f"{{task.fields[{name}]}}", markup=False) for name in ("title", "label")]
    columns = (words[0], BarColumn(), words[1], TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, title=title, label="")
        yield _TerminalProgress(bar, task)


class _TerminalProgress:
    """Passes progress on to a bar of rich."""

    def __init__(self, bar: Any, task: int) -> None:
        self._bar, self._task = bar, task

    def update(self, done: float, label: str = "") -> None:
        self._bar.update(self._task, completed=done, label=label)
