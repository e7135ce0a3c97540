"""Pairs in settings, ``name = value``: core levels of regions, asymmetry parameters of levels; all mistakes at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from shirube.errors import SettingsError
from shirube.messages import Message, joined
from shirube_quant.crosssections import Level, parsed_level
from shirube_quant.lines import core_lines
from shirube_quant.phrases import message

#: Asymmetry parameters in the dipole approximation.
_LEAST: Final = -1.0
_MOST: Final = 2.0
_LEVEL: Final = "O 1s"
T = TypeVar("T")

__all__ = ["level_by_region", "parameter_by_level", "problems_in"]


def level_by_region(given: Sequence[str]) -> Mapping[str, Level]:
    """Return the core level of each region that the setting ``lines`` names.

    Raises:
        SettingsError: An entry is not ``region = level``, there is no such level, or a region has two; says all.
    """
    return _read(given, "lines", "Region 1 = O 1s", lambda name, value: (name, _level(value, "lines")))


def parameter_by_level(given: Sequence[str]) -> Mapping[str, float]:
    """Return the asymmetry parameter of each level that the setting ``asymmetry`` names.

    Raises:
        SettingsError: An entry is not ``level = number``, there is no such level, the number is impossible, or a level
            has two; says all.
    """
    return _read(given, "asymmetry", "Si 2p = 1.0", _parameter)


def problems_in(*readers: Callable[[], object]) -> list[SettingsError]:
    """Return what is wrong with settings that are read by these."""
    found = []
    for read in readers:
        try:
            read()
        except SettingsError as error:
            found.append(error)
    return found


def _read(
    given: Sequence[str], setting: str, example: str, one_of: Callable[[str, str], tuple[str, T]]
) -> Mapping[str, T]:
    found: dict[str, T] = {}
    texts: dict[str, str] = {}
    problems: list[Message] = []
    for text in given:
        name, sign, value = (part.strip() for part in text.rpartition("="))
        if not sign or not name or not value:
            problems.append(message("pair-malformed", setting=setting, given=text, example=example))
            continue
        try:
            key, read = one_of(name, unicodedata.normalize("NFKC", value))
        except _WrongError as error:
            problems.append(error.said)
            continue
        if key in found:
            problems.append(message("pair-twice", setting=setting, name=key, values=f"{texts[key]}, {value}"))
        found[key], texts[key] = read, value
    if problems:
        raise SettingsError(joined(one.text() for one in problems))
    return found


class _WrongError(Exception):
    """One side of a pair cannot be what it stands for."""

    def __init__(self, said: Message) -> None:
        self.said = said
        super().__init__(said)


def _level(text: str, setting: str) -> Level:
    """Return the level that a text names; its energies are known."""
    level = parsed_level(text)
    if level is None:
        raise _WrongError(message("level-not-level", setting=setting, given=text))
    lines = core_lines().get(level.element)
    if lines is None:
        raise _WrongError(message("level-no-element", setting=setting, element=level.element, example=_LEVEL))
    known = [one.level for one in lines]
    if not any(one in known for one in level.lines):
        listed = ", ".join(map(str, known))
        raise _WrongError(
            message("level-not-of-element", setting=setting, level=level, element=level.element, known=listed)
        )
    return level


def _parameter(name: str, value: str) -> tuple[str, float]:
    level = _level(unicodedata.normalize("NFKC", name), "asymmetry")
    try:
        number = float(value)
    except ValueError:
        raise _WrongError(
            message("pair-malformed", setting="asymmetry", given=f"{name} = {value}", example="Si 2p = 1.0")
        ) from None
    if not _LEAST <= number <= _MOST:
        raise _WrongError(message("asymmetry-impossible", levels=str(level)))
    return str(level), number
