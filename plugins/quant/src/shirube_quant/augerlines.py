"""Auger lines: where their groups lie on the kinetic scale, from the cited table in ``auger.toml`` or from levels.

Groups of deep levels, which surveys with hard X-rays show, are computed from binding energies by the Z + 1 rule:
KE(ABC) = E_A(Z) - (E_B(Z) + E_B(Z + 1)) / 2 - (E_C(Z) + E_C(Z + 1)) / 2 (M. F. Chung and L. H. Jenkins, Surf. Sci. 22,
479 (1970)), which agrees with the cited lines within some 15 eV.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final

from attrs import frozen

from shirube_quant.crosssections import Level
from shirube_quant.lines import core_lines

#: Groups of deep levels: name, holes from the shallowest to the deepest, the level that fills them, and the level below
#: whose pair the group begins.
_DEEP: Final = (
    ("KLL", ("1s",), "2p3/2", "2s"),
    ("LMM", ("2p3/2", "2p1/2", "2s"), "3d5/2", "3s"),
    ("MNN", ("3d5/2", "3d3/2", "3p3/2"), "4f7/2", "4p3/2"),
)
#: How far computed groups may lie elsewhere, eV.
_ROOM: Final = 15.0

__all__ = ["AugerGroup", "auger_groups", "transition_energy"]


@frozen
class AugerGroup:
    """The Auger lines that fill the hole of one level.

    Attributes:
        element: Symbol.
        name: Shells that take part, such as ``KLL``.
        hole: The level that must have been ionised.
        lines: Kinetic energies in eV, strongest first.
        low: Lowest kinetic energy of the group.
        high: Highest one.
    """

    element: str
    name: str
    hole: Level
    lines: tuple[float, ...]
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.element} {self.name}"


@cache
def auger_groups() -> dict[str, tuple[AugerGroup, ...]]:
    """Return the groups of each element by its symbol, computed ones after cited ones."""
    groups = {symbol: list(some) for symbol, some in _cited().items()}
    for symbol, following in zip(core_lines(), list(core_lines())[1:], strict=False):
        known = {one.hole.orbital for one in groups.get(symbol, ())}
        for group in _computed(symbol, following):
            if group.hole.orbital not in known:
                groups.setdefault(symbol, []).append(group)
    return {symbol: tuple(some) for symbol, some in groups.items()}


def transition_energy(element: str, following: str, hole: str, filling: str, leaving: str) -> float | None:
    """Return the kinetic energy of an Auger electron in eV by the Z + 1 rule; None where a level has no energy.

    Args:
        element: Symbol.
        following: Symbol of the element after it.
        hole: The level that was ionised, such as ``1s``.
        filling: The level that fills it.
        leaving: The level that the electron leaves.
    """
    own, heavier = _energies(element), _energies(following)
    if hole not in own or not {filling, leaving} <= own.keys() & heavier.keys():
        return None
    return own[hole] - sum(0.5 * (own[one] + heavier[one]) for one in (filling, leaving))


def _energies(element: str) -> dict[str, float]:
    return {one.level.orbital + one.level.momentum: one.energy for one in core_lines()[element]}


def _computed(element: str, following: str) -> Iterator[AugerGroup]:
    for name, holes, outer, inner in _DEEP:
        lines = [transition_energy(element, following, hole, outer, outer) for hole in holes]
        low = transition_energy(element, following, holes[0], inner, inner)
        found = [one for one in lines if one is not None]
        if found and low is not None and lines[0] is not None:
            hole = Level(element, holes[0][:2], holes[0][2:])
            yield AugerGroup(element, name, hole, tuple(found), low - _ROOM, max(found) + _ROOM)


def _cited() -> dict[str, tuple[AugerGroup, ...]]:
    text = resources.files("shirube_quant").joinpath("auger.toml").read_text(encoding="utf-8")
    return {
        symbol: tuple(
            AugerGroup(
                element=symbol,
                name=name,
                hole=Level(symbol, one["needs"][:2], one["needs"][2:]),
                lines=tuple(float(energy) for energy in one["lines"]),
                low=float(one["low"]),
                high=float(one["high"]),
            )
            for name, one in groups.items()
        )
        for symbol, groups in tomllib.loads(text).items()
    }
