"""Profiles: named settings of a facility file, each perhaps on top of another (instrument on facility)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from shirube.errors import SettingsError, UsageError, core_message
from shirube.parameters import suggestion

EXTENDS: Final = "extends"
#: What decides which code runs is no matter of a profile.
_FORBIDDEN: Final = ("plugins", "profiles")

__all__ = ["Profile", "chain", "read_profiles"]


@frozen
class Profile:
    """A profile: the one it extends, and its tables as they stand in the file."""

    name: str
    path: Path
    extends: str | None
    tables: Mapping[str, Any]


def read_profiles(tables: object, path: Path) -> Iterator[Profile]:
    """Yield the profiles of a settings file's table ``profiles``.

    Raises:
        SettingsError: Something else than tables, or what a profile may not hold.
    """
    if not isinstance(tables, Mapping):
        raise SettingsError(core_message("profile-malformed", name="profiles"), path=path)
    for name, table in tables.items():
        extends = table.get(EXTENDS) if isinstance(table, Mapping) else None
        if not isinstance(table, Mapping) or not isinstance(extends, str | None):
            raise SettingsError(core_message("profile-malformed", name=f"profiles.{name}"), path=path)
        for section in _FORBIDDEN:
            if section in table:
                raise SettingsError(core_message("profile-forbidden", name=name, section=section), path=path)
        yield Profile(name, path, extends, {key: value for key, value in table.items() if key != EXTENDS})


def chain(profiles: Mapping[str, Profile], name: str) -> list[Profile]:
    """Return the profile ``name`` after those that it extends, the most general first.

    Raises:
        UsageError: There is no such profile; says which there are.
        SettingsError: Profiles extend each other in a circle, or one that does not exist.
    """
    found: list[Profile] = []
    wanted: str | None = name
    while wanted is not None:
        if wanted not in profiles:
            names, hint = ", ".join(profiles) or "-", suggestion(wanted, list(profiles))
            message = core_message("profile-unknown", name=wanted, profiles=names, hint=hint)
            if found:
                raise SettingsError(message, path=found[-1].path)
            raise UsageError(message)
        if any(one.name == wanted for one in found):
            raise SettingsError(core_message("profile-circle", name=wanted), path=profiles[wanted].path)
        found.append(profiles[wanted])
        wanted = profiles[wanted].extends
    return found[::-1]
