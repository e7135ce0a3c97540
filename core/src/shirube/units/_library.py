"""Units beyond the built-in table, through pint: one registry a process, and none of its known misreadings."""

from __future__ import annotations

import functools
import re
from typing import Any, Final

from shirube._extras import require
from shirube.errors import UnitError, core_message
from shirube.units._spelling import Spelt, name_of

_LONGEST: Final = 60
_FACTOR: Final = re.compile(r"(?P<name>[^\W\d_]+|[°%])(?:(?:\^|\*\*)?(?P<power>-?\d{1,2})(?!\d))?")
_ONE: Final = re.sub(r"\?P<\w+>", "?:", _FACTOR.pattern)
_PRODUCT: Final = rf"{_ONE}(?: ?[ *] ?{_ONE})*"
#: ``counts/s``, ``J/(mol K)``, ``1/nm``, ``mm2``: nothing that takes long to work out. pint would work out 10**10**10.
_UNIT: Final = re.compile(rf"(?:1|{_ONE})(?: ?/ ?(?:{_ONE}|\({_PRODUCT}\))| ?[ *] ?{_ONE})*")
#: Prefixes that no instrument uses: pint reads the capital letters E, P, Z, Y, R, Q of a careless spelling as them.
_UNBELIEVABLE: Final = ("exa", "peta", "zetta", "yotta", "ronna", "quetta")
_NAMES: Final = {
    "Å": "angstrom",
    "°": "degree",
    "%": "percent",
    "Torr": "torr",
    "mTorr": "millitorr",
    "counts": "count",
    "counts/s": "(count/second)",
    "photons": "photon",
}


def convert_with_pint(value: float, have: Spelt, want: Spelt) -> float:
    """Return ``value`` in ``want``.

    Raises:
        UnitError: pint does not know a unit, reads it as something no instrument uses, or both differ in kind.
        MissingPluginError: pint is not installed.
    """
    registry = _registry()
    ours, theirs = _parsed(have), _parsed(want)
    # Compared by base units, not by dimension: to pint counts, radians and per cent are all bare numbers.
    if registry.get_root_units(ours)[1] != registry.get_root_units(theirs)[1]:
        raise UnitError(core_message("unit-dimension", source=str(have), target=str(want)))
    quantity = registry.Quantity(value * float(have.scale), ours).to(theirs)
    return float(quantity.magnitude) / float(want.scale)


@functools.cache
def _registry() -> Any:
    # Capital letters count: without them pint 0.25 reads "ms" as millisiemens. No cache folder: it can be corrupted.
    registry = require("pint", "units").UnitRegistry()
    registry.define("photon = []")
    registry.define("kcps = 1000 count / second")
    return registry


def _parsed(spelt: Spelt) -> Any:
    unknown = UnitError(core_message("unit-unknown", unit=str(spelt)))
    try:
        unit = _registry().parse_units(_expression(spelt.unit))
        names = list(unit._units)  # noqa: SLF001 pint has no other way to list them
    except (ArithmeticError, AttributeError, KeyError, SyntaxError, TypeError, ValueError):
        # pint says in one of these ways that it does not know a name, or cannot make sense of the signs between names.
        raise unknown from None
    if any(name.startswith(_UNBELIEVABLE) for name in names):
        raise unknown
    return unit


def _expression(unit: str) -> str:
    """Return the unit as pint spells it.

    Raises:
        ValueError: It is no product of units.
    """
    if len(unit) > _LONGEST or not _UNIT.fullmatch(unit):
        raise ValueError(unit)
    return _FACTOR.sub(_factor, unit)


def _factor(found: re.Match[str]) -> str:
    name = name_of(found["name"])
    name = _NAMES.get(name, name)
    return f"{name}^{found['power']}" if found["power"] else name
