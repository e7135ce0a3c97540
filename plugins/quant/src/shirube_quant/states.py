"""Chemical states: where lines of compounds lie, from the cited table in ``states.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from attrs import frozen

from shirube.messages import Text
from shirube_quant.crosssections import Level, level_named

__all__ = ["ChemicalState", "chemical_states"]


@frozen
class ChemicalState:
    """The position of a line in a chemical state.

    Attributes:
        level: The line; of a doublet too narrow to resolve, the whole level.
        name: The state.
        energy: Binding energy in eV.
        uncertainty: Standard uncertainty of it, eV.
        source: Where it was taken from.
    """

    level: Level
    name: Text
    energy: float
    uncertainty: float
    source: str


@cache
def chemical_states() -> tuple[ChemicalState, ...]:
    """Return the table."""
    table = tomllib.loads(resources.files("shirube_quant").joinpath("states.toml").read_text(encoding="utf-8"))
    sources = table["sources"]
    return tuple(
        ChemicalState(
            level_named(one["level"]),
            Text(one["en"], one["ja"]),
            float(one["energy"]),
            float(one["uncertainty"]),
            str(sources[one["source"]]),
        )
        for one in table["states"]
    )
