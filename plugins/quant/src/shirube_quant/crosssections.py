"""Photo-ionisation cross sections of core levels at any photon energy, from the tables of xraylib.

The partial cross sections are those of L. Kissel as tabulated in xraylib (T. Schoonjans et al., Spectrochim. Acta B 66,
776 (2011)). At 1486.6 eV they agree with J. H. Scofield, J. Electron Spectrosc. Relat. Phenom. 8, 129 (1976).
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any, Final

from attrs import frozen

from shirube.errors import InputError, MissingPluginError
from shirube.messages import Renderable
from shirube_quant.phrases import message

_KILO: Final = 1000.0
_BARN_IN_MEGABARN: Final = 1e-6
#: Subshells of xraylib by orbital; the first of two has the smaller total angular momentum.
_SUBSHELLS: Final = {
    "1s": ("K",),
    "2s": ("L1",),
    "2p": ("L2", "L3"),
    "3s": ("M1",),
    "3p": ("M2", "M3"),
    "3d": ("M4", "M5"),
    "4s": ("N1",),
    "4p": ("N2", "N3"),
    "4d": ("N4", "N5"),
    "4f": ("N6", "N7"),
    "5s": ("O1",),
    "5p": ("O2", "O3"),
    "5d": ("O4", "O5"),
}
_MOMENTA: Final = {"s": ("",), "p": ("1/2", "3/2"), "d": ("3/2", "5/2"), "f": ("5/2", "7/2")}
_LEVEL: Final = re.compile(r"([A-Z][a-z]?) ?([1-5][spdf])([1357]/2)?")

__all__ = [
    "Level",
    "cross_section",
    "edge_energy",
    "level_named",
    "natural_width",
    "no_tables",
    "parsed_level",
    "threshold",
    "xraylib",
]


@frozen(order=True)
class Level:
    """A core level: ``Cu 2p`` stands for both lines of the doublet, ``Cu 2p3/2`` for one.

    Attributes:
        element: Symbol.
        orbital: ``1s`` to ``5d``.
        momentum: Total angular momentum of one line of a doublet, ``""`` for the whole level.
    """

    element: str
    orbital: str
    momentum: str = ""

    def __str__(self) -> str:
        return f"{self.element} {self.orbital}{self.momentum}"

    @property
    def lines(self) -> tuple[Level, ...]:
        """The lines of the level: the two of a doublet, or itself."""
        if self.momentum:
            return (self,)
        return tuple(Level(self.element, self.orbital, one) for one in _MOMENTA[self.orbital[1]])

    @property
    def is_s(self) -> bool:
        """Whether its electrons have no orbital angular momentum."""
        return self.orbital.endswith("s")


def level_named(text: str) -> Level:
    """Return the level that ``text`` names: ``Cu 2p3/2``, ``Si2p``.

    Raises:
        InputError: It is no level's name, or there is no such level.
    """
    level = parsed_level(text)
    if level is None:
        raise InputError(message("level-unknown", given=text))
    _atomic_number(level)
    return level


def parsed_level(text: str) -> Level | None:
    """Return the level that ``text`` names, known element or not; None where it is no name of one."""
    found = _LEVEL.fullmatch(text.strip())
    if found is None:
        return None
    level = Level(found[1], found[2], found[3] or "")
    known = level.orbital in _SUBSHELLS and level.momentum in ("", *_MOMENTA[level.orbital[1]])
    return level if known else None


def cross_section(level: Level, photon_energy: float) -> float:
    """Return the photo-ionisation cross section of all electrons of a level in Mb (cross section times occupancy).

    Args:
        level: A level, or one line of it.
        photon_energy: In eV.

    Raises:
        InputError: The photon energy does not reach the level, or there is no data for it; names both.
        MissingPluginError: xraylib is not installed.
    """
    return sum(_partial(line, photon_energy) for line in level.lines)


def edge_energy(level: Level) -> float:
    """Return the absorption edge of a line in eV: within a few eV its binding energy; of a doublet, the lower one.

    Raises:
        InputError: There is no data for it.
        MissingPluginError: xraylib is not installed.
    """
    return min(_edge(line) for line in level.lines)


def threshold(level: Level) -> float:
    """Return the photon energy in eV above which all lines of a level are excited; raises as :func:`edge_energy`."""
    return max(_edge(line) for line in level.lines)


def natural_width(line: Level) -> float | None:
    """Return the natural width (FWHM) of one line in eV, None where it is not tabulated.

    Raises:
        InputError: There is no such element.
        MissingPluginError: xraylib is not installed.
    """
    try:
        return float(xraylib().AtomicLevelWidth(_atomic_number(line), _shell(line)) * _KILO)
    except ValueError:
        return None


@cache
def xraylib() -> Any:
    """Return the module ``xraylib``.

    Raises:
        MissingPluginError: It is not installed.
    """
    try:
        return import_module("xraylib")
    except ImportError:
        raise MissingPluginError(message("xraylib-missing")) from None


def no_tables() -> Renderable | None:
    """Return what to install where xraylib is missing, None where it is there."""
    try:
        xraylib()
    except MissingPluginError as error:
        return error.message
    return None


def _partial(line: Level, photon_energy: float) -> float:
    edge, library = _edge(line), xraylib()
    if photon_energy <= edge:
        raise InputError(message("not-excited", level=line, hv=f"{photon_energy:g}", edge=f"{edge:.1f}"))
    number, shell = _atomic_number(line), _shell(line)
    try:
        per_electron = library.CSb_Photo_Partial(number, shell, photon_energy / _KILO)
        occupancy = library.ElectronConfig(number, shell)
    except ValueError:
        raise InputError(message("no-cross-section", level=line, hv=f"{photon_energy:g}")) from None
    return float(per_electron * occupancy * _BARN_IN_MEGABARN)


def _edge(line: Level) -> float:
    try:
        return float(xraylib().EdgeEnergy(_atomic_number(line), _shell(line)) * _KILO)
    except ValueError:
        raise InputError(message("no-edge", level=line)) from None


def _atomic_number(level: Level) -> int:
    try:
        return int(xraylib().SymbolToAtomicNumber(level.element))
    except ValueError:
        raise InputError(message("element-unknown", element=level.element, level=level)) from None


def _shell(line: Level) -> int:
    names = _SUBSHELLS[line.orbital]
    place = _MOMENTA[line.orbital[1]].index(line.momentum)
    return int(getattr(xraylib(), f"{names[place]}_SHELL"))
