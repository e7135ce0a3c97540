"""Writes with an exporter and dies in the middle, as by a power failure; run as a module in a process of its own."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from shirube.exporting import RenderedFigure
from shirube.pipeline import write
from shirube.plugins import load_plugins
from shirube.records import Item, Outcome
from shirube.settings import Settings

__all__ = ["KILLED", "Writing", "at_each_writing"]

#: Exit code of a process that was made to die.
KILLED = 86


@contextmanager
def at_each_writing(action: Callable[[Path], None]) -> Any:
    """Call ``action`` with the path whenever a file is opened to be written in the block."""
    active = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if active and event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            path = arguments[0]
            if isinstance(path, str | bytes | os.PathLike):
                action(Path(os.fsdecode(path)))

    sys.addaudithook(hook)
    try:
        yield
    finally:
        active.clear()


@frozen(eq=False, kw_only=True)
class Writing:
    """What is written, as a run would write it with one exporter."""

    plugin: str
    exporter: str
    outcomes: tuple[Outcome, ...]
    items: tuple[Item, ...]
    figures: tuple[RenderedFigure, ...]
    settings: Settings


def _main(arguments: Sequence[str]) -> None:
    job, target, survived = arguments
    writing: Writing = pickle.loads(Path(job).read_bytes())  # noqa: S301 the kit wrote it
    plugins = load_plugins(allow=(writing.plugin,))
    left = [int(survived)]

    def die(path: Path) -> None:
        if writing.exporter in path.parts:
            left[0] -= 1
            if left[0] < 0:
                os._exit(KILLED)

    with at_each_writing(die):
        write(
            writing.outcomes,
            Path(target),
            plugins,
            writing.settings,
            items=writing.items,
            figures=writing.figures,
            overwrite=True,
        )


if __name__ == "__main__":
    _main(sys.argv[1:])
