"""The core's own plugin: a reader for purely numeric columns, and the facts that settings state."""

from __future__ import annotations

from shirube.hooks import Amendment, Reader, Text, hookimpl


@hookimpl
def shirube_readers() -> list[Reader]:
    """Return the reader for two numeric columns."""
    return [
        Reader(
            name="columns",
            description=Text(en="Two numeric columns: energy and intensity", ja="数値 2 列（エネルギーと強度）"),
            suffixes=(".csv", ".dat", ".tsv", ".txt", ".xy"),
            implementation="shirube.builtin.columns",
            parameters="shirube.builtin.columns:Parameters",
        )
    ]


@hookimpl
def shirube_amendments() -> list[Amendment]:
    """Return the amendment that states the facts of the settings section ``[facts]``."""
    return [
        Amendment(
            name="facts",
            description=Text(en="Facts that the settings state", ja="設定に記した事実"),
            sets=(),
            implementation="shirube.builtin.facts",
        )
    ]
