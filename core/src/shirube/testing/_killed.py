"""Writes with an exporter and dies in the middle, as by a power failure; run as a module in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shirube.pipeline import write
from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube.testing._samples import samples_of
from shirube.testing._standard import standard_outcomes

__all__ = ["KILLED", "at_each_writing"]

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


def _main(arguments: Sequence[str]) -> None:
    plugin, exporter, target, survived = arguments
    plugins = load_plugins(allow=(plugin,))
    folder = Path(target).parent / "inputs"
    folder.mkdir(exist_ok=True)
    settings = Settings().with_values({**samples_of(plugin).settings, "run.exporters": exporter})
    own = [one.name for one in plugins.analyses.values() if one.plugin == plugin]
    outcomes, items = standard_outcomes(folder, plugins, settings, own)
    left = [int(survived)]

    def die(path: Path) -> None:
        if exporter in path.parts:
            left[0] -= 1
            if left[0] < 0:
                os._exit(KILLED)

    with at_each_writing(die):
        write(outcomes, Path(target), plugins, settings, items=items, overwrite=True)


if __name__ == "__main__":
    _main(sys.argv[1:])
