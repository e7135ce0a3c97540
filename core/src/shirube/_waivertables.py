"""Waivers as settings write them: tables, of which everything wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import attrs

from shirube._waiver import Waiver
from shirube.errors import SettingsError, core_message
from shirube.messages import Message, joined
from shirube.parameters import suggestion

_NEEDED: Final = ("rule", "reason", "approved_by")

__all__ = ["read_waivers"]


def read_waivers(tables: Any, path: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a file.

    Raises:
        SettingsError: Some cannot be used: all of them.
    """
    listed = tables if isinstance(tables, list) else [tables]
    problems = [one.text() for number, table in enumerate(listed, start=1) for one in _problems(table, number)]
    if problems:
        raise SettingsError(joined(problems), path=path)
    return tuple(_waiver(table) for table in listed)


def _problems(table: Any, number: int) -> Iterator[Message]:
    allowed = [one.name for one in attrs.fields(Waiver)]
    if not isinstance(table, Mapping) or not set(_NEEDED) <= set(table):
        yield core_message("waiver-malformed", number=number)
    for key, value in table.items() if isinstance(table, Mapping) else ():
        name = f"waivers[{number}].{key}"
        if key not in allowed:
            yield core_message("waiver-key-unknown", name=name, hint=suggestion(key, allowed))
        elif not isinstance(value, str | date):
            yield core_message("waiver-key-no-text", name=name, value=repr(value))


def _waiver(table: Mapping[str, Any]) -> Waiver:
    return Waiver(**{key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()})
