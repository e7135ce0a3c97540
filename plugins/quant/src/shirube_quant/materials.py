"""Materials: what TPP-2M needs to know of the matter that electrons pass."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from attrs import frozen

from shirube.errors import SettingsError
from shirube_quant.crosssections import xraylib
from shirube_quant.phrases import message

_TABLE: Final = "materials.toml"

__all__ = ["Material", "known_materials", "material_named"]


@frozen
class Material:
    """A material.

    Attributes:
        name: Its formula, or a name of the table (``graphite``).
        molar_mass: In g/mol, of a formula unit.
        density: In g/cm3.
        valence_electrons: Of a formula unit.
        band_gap: In eV; 0 for a metal.
    """

    name: str
    molar_mass: float
    density: float
    valence_electrons: float
    band_gap: float


def material_named(
    name: str,
    density: float | None = None,
    band_gap: float | None = None,
    valence_electrons: float | None = None,
) -> Material:
    """Return a material by its chemical formula or its name in the table; what is given goes before the table.

    Raises:
        SettingsError: The name is no formula, or something is neither given nor known; says all that is lacking.
        MissingPluginError: xraylib, which reads formulas, is not installed.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    known = known_materials().get(name, {})
    counts, molar_mass = _composition(str(known.get("formula", name)), name)
    found = {
        "density": _first(density, known.get("density"), _element_density(counts)),
        "band_gap": _first(band_gap, known.get("band_gap")),
        "valence_electrons": _first(valence_electrons, known.get("valence_electrons"), _valence_electrons(counts)),
    }
    lacking = [key for key, value in found.items() if value is None]
    if lacking:
        raise SettingsError(message("material-lacks", material=name, lacking=", ".join(lacking)))
    return Material(name, molar_mass, **{key: float(value) for key, value in found.items() if value is not None})


@cache
def known_materials() -> Mapping[str, Mapping[str, object]]:
    """Return the table of materials by name."""
    return _tables()["materials"]


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    return tomllib.loads(resources.files("shirube_quant").joinpath(_TABLE).read_text(encoding="utf-8"))


def _first(*values: object) -> float | None:
    return next((float(one) for one in values if isinstance(one, int | float)), None)


def _composition(formula: str, name: str) -> tuple[dict[str, float], float]:
    """Return atoms by symbol and the molar mass of a formula."""
    library = xraylib()
    try:
        # Its messages fail to decode where a formula is not ASCII.
        parsed = library.CompoundParser(formula.encode("ascii").decode())
    except (UnicodeError, ValueError):
        words = ", ".join(one for one, known in known_materials().items() if "formula" in known)
        raise SettingsError(message("formula-malformed", formula=name, words=words)) from None
    symbols = [str(library.AtomicNumberToSymbol(number)) for number in parsed["Elements"]]
    return dict(zip(symbols, parsed["nAtoms"], strict=True)), float(parsed["molarMass"])


def _element_density(counts: Mapping[str, float]) -> float | None:
    if len(counts) != 1:
        return None
    library = xraylib()
    return float(library.ElementDensity(library.SymbolToAtomicNumber(next(iter(counts)))))


def _valence_electrons(counts: Mapping[str, float]) -> float | None:
    table = _tables()["valence_electrons"]
    if any(symbol not in table for symbol in counts):
        return None
    return sum(number * float(str(table[symbol])) for symbol, number in counts.items())
