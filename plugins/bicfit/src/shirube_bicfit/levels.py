"""Levels: spin-orbit doublets by name, from the table in ``levels.toml``, or by two numbers."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final

from shirube.errors import SettingsError
from shirube_bicfit.layout import Doublet
from shirube_bicfit.phrases import message

#: Degeneracy 2 j + 1 of the partner over that of the main line.
_RATIOS: Final = {"p": 1.0 / 2.0, "d": 2.0 / 3.0, "f": 3.0 / 4.0}
_WIDEST: Final = 100.0

__all__ = ["doublet_named", "known_levels", "level_in"]


@cache
def known_levels() -> dict[str, Doublet]:
    """Return the doublets of the table by their names, such as ``Ag 3d``."""
    text = resources.files("shirube_bicfit").joinpath("levels.toml").read_text(encoding="utf-8")
    return {
        name: Doublet(float(splitting), _RATIOS[letter])
        for letter, levels in tomllib.loads(text).items()
        for name, splitting in levels.items()
    }


def doublet_named(text: str) -> Doublet:
    """Return the doublet that a level's name or ``splitting:ratio`` stands for.

    Raises:
        SettingsError: It is neither.
    """
    by_name = {name.replace(" ", "").lower(): doublet for name, doublet in known_levels().items()}
    known = by_name.get(text.replace(" ", "").lower())
    if known is not None:
        return known
    try:
        splitting, ratio = (float(part) for part in text.split(":"))
    except ValueError:
        splitting, ratio = 0.0, 0.0
    if not (0.0 < splitting < _WIDEST and 0.0 < ratio <= 1.0):
        raise SettingsError(message("unknown-doublet", given=text, known=", ".join(known_levels())))
    return Doublet(splitting, ratio)


def level_in(name: str) -> tuple[str, ...]:
    """Return the level of the table that a region is named after: ``Fe 2p`` for ``Fe2p scan``; none or one.

    One line of a doublet, such as ``Cu 2p3/2``, names no doublet.
    """
    for level in known_levels():
        element, shell = level.split()
        if re.search(rf"(?<![A-Za-z]){element}[ _-]*{shell}(?![0-9a-z]|[ _]*[1357][ _]*/[ _]*2)", name):
            return (level,)
    return ()
