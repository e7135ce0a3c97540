"""Conversion between units: exact where the table knows both, through pint otherwise."""

from __future__ import annotations

import math
from fractions import Fraction

from shirube.errors import UnitError, core_message
from shirube.units._spelling import Spelt, is_arbitrary, spell
from shirube.units._table import UNITS, Unit


def convert(value: float, source: str, target: str) -> float:
    """Return ``value``, given in ``source``, in ``target``.

    Units of the built-in table are converted exactly, as decimal numbers, and rounded once; a unit converted to itself
    returns the identical value. Capital letters count, but never make an exavolt of ``EV`` or a petaampere of ``PA``.

    Args:
        value: A number; an infinity or nan stays what it is.
        source: Its unit, in any spelling (see :func:`canonical`).
        target: The unit wanted.

    Raises:
        UnitError: A unit is not known, both do not measure the same thing, or one has no fixed size.
        MissingPluginError: A unit is not in the built-in table, and ``shirube[units]`` is not installed.
    """
    have, want = spell(source), spell(target)
    if have == want:
        return value
    if is_arbitrary(have.unit) or is_arbitrary(want.unit):
        raise UnitError(core_message("unit-arbitrary", source=source, target=target))
    if have.unit not in UNITS or want.unit not in UNITS:
        from shirube.units._library import convert_with_pint

        return convert_with_pint(value, have, want)
    if UNITS[have.unit].dimension != UNITS[want.unit].dimension:
        raise UnitError(core_message("unit-dimension", source=source, target=target))
    return _exactly(value, have, want)


def _exactly(value: float, have: Spelt, want: Spelt) -> float:
    ours, theirs = _scaled(have), _scaled(want)
    if not math.isfinite(value):
        return value
    # The number as it is printed: 3e-8 Pa are 3 of 1e-8 Pa, which the binary number nearest to 3e-8 is not.
    exact = (Fraction(repr(float(value))) * ours.factor + ours.offset - theirs.offset) / theirs.factor
    try:
        return float(exact)
    except OverflowError:
        return math.copysign(math.inf, value)


def _scaled(spelt: Spelt) -> Unit:
    unit = UNITS[spelt.unit]
    if unit.offset and spelt.scale != 1:
        raise UnitError(core_message("unit-scaled-offset", unit=str(spelt)))
    return Unit(unit.name, unit.dimension, unit.factor * Fraction(spelt.scale), unit.offset)
