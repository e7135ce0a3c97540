"""Two calls for notebooks: read a file, and take files all the way to outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from zoneinfo import ZoneInfo

from shirube.errors import InputError, core_message
from shirube.intake import items_from
from shirube.pipeline import process, read_file
from shirube.plugins import Plugins, load_plugins
from shirube.records import Measurement, Outcome
from shirube.settings import Settings

__all__ = ["process_paths", "read"]


def read(path: str | PathLike[str], *, reader: str | None = None, plugins: Plugins | None = None) -> Measurement:
    """Return what an instrument file says, its sidecar included.

    Args:
        path: The data file.
        reader: Name of the reader, None to choose by claim.
        plugins: Who reads; default: everything installed.

    Raises:
        InputError: The file cannot be read, or nobody claims it.
    """
    wanted = Path(path)
    if wanted.is_dir():
        raise InputError(core_message("input-is-directory"), path=wanted)
    using = plugins or load_plugins()
    (item,) = items_from([wanted], using, reader=reader)
    file = next(one for one in item.data if one.path == wanted)
    return read_file(file, using, Settings(), sidecar=item.sidecars.get(file.name), reader=reader)


def process_paths(
    paths: Iterable[str | PathLike[str]],
    *,
    guide: str | None = None,
    settings: Settings | None = None,
    plugins: Plugins | None = None,
    today: date | None = None,
) -> tuple[Outcome, ...]:
    """Return the outcomes of files and folders, one for each folder and one for all files together.

    Args:
        paths: Files and folders.
        guide: Name of the guide, None to select by match.
        settings: Effective settings; default: defaults alone, no file is looked for.
        plugins: Who does the work; default: everything installed.
        today: The date to judge on; default: today in Japan.

    Raises:
        ShirubeError: As :func:`shirube.pipeline.process`.
    """
    using = plugins or load_plugins()
    items = items_from([Path(path) for path in paths], using, guide=guide)
    day = today or datetime.now(ZoneInfo("Asia/Tokyo")).date()
    return tuple(process(item, using, settings or Settings(), today=day) for item in items)
