"""Paths on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from shirube.errors import UsageError, core_message

__all__ = ["GivenPath"]


class GivenPath(click.Path):
    """A path that is there to be read. An empty text names none; as a path it would be the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path.

        Raises:
            UsageError: The text is empty.
        """
        if not os.fspath(value):
            raise UsageError(core_message("path-empty"))
        return super().convert(value, param, ctx)
