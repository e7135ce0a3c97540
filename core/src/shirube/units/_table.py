"""The units that instrument files use, with exact factors; what is not here is looked up in pint."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

from attrs import frozen


@frozen
class Unit:
    """A unit: ``value * factor + offset`` is in the base unit of its dimension."""

    name: str
    dimension: str
    factor: Fraction
    offset: Fraction = Fraction(0)


#: Base unit, then by name: factor, further spellings. SI brochure, 9th edition; CODATA 2018 for the electronvolt.
_FACTORS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "energy": {
        "meV": ("1e-3", ""),
        "eV": ("1", "electronvolt"),
        "keV": ("1e3", ""),
        "MeV": ("1e6", ""),
        # 1 eV = 1.602176634e-19 J exactly.
        "J": ("1e28/1602176634", "joule"),
    },
    "time": {
        "ns": ("1e-9", "nsec"),
        "us": ("1e-6", "usec"),
        "ms": ("1e-3", "msec"),
        "s": ("1", "sec second seconds"),
        "min": ("60", "minute minutes"),
        "h": ("3600", "hr hour hours"),
    },
    "pressure": {
        "Pa": ("1", "pascal"),
        "hPa": ("1e2", ""),
        "kPa": ("1e3", ""),
        "MPa": ("1e6", ""),
        "mbar": ("1e2", "millibar"),
        "bar": ("1e5", ""),
        "mTorr": ("101325/760000", ""),
        "Torr": ("101325/760", "torr"),
    },
    "temperature": {"K": ("1", "kelvin"), "degC": ("1", "°C oC deg_C celsius")},
    "angle": {"deg": ("1", "° degree degrees"), "rad": ("180/pi", "radian"), "mrad": ("180e-3/pi", "")},
    "length": {
        "pm": ("1e-12", ""),
        "Å": ("1e-10", "angstrom angstroms"),
        "nm": ("1e-9", ""),
        "um": ("1e-6", "micron"),
        "mm": ("1e-3", ""),
        "cm": ("1e-2", ""),
        "m": ("1", "meter metre"),
    },
    "wavenumber": {"1/Å": ("1e10", "Å^-1 Å-1"), "1/nm": ("1e9", "nm^-1 nm-1"), "1/m": ("1", "m^-1 m-1")},
    "area": {
        "um^2": ("1e-12", "um2"),
        "mm^2": ("1e-6", "mm2"),
        "cm^2": ("1e-4", "cm2"),
        "m^2": ("1", "m2"),
    },
    "current": {
        "pA": ("1e-12", ""),
        "nA": ("1e-9", ""),
        "uA": ("1e-6", ""),
        "mA": ("1e-3", ""),
        "A": ("1", "ampere amp"),
    },
    "voltage": {"mV": ("1e-3", ""), "V": ("1", "volt volts"), "kV": ("1e3", "")},
    "power": {"mW": ("1e-3", ""), "W": ("1", "watt"), "kW": ("1e3", "")},
    "frequency": {"Hz": ("1", "hertz"), "1/s": ("1", "s^-1 s-1"), "kHz": ("1e3", ""), "MHz": ("1e6", "")},
    "count": {"counts": ("1", "count cts ct")},
    "count rate": {
        "counts/s": ("1", "cps count/s cts/s ct/s c/s counts/sec count/sec counts*s^-1"),
        "kcps": ("1e3", "kcounts/s"),
    },
    "photon rate": {"photons/s": ("1", "photon/s ph/s photons/sec")},
    "ratio": {"1": ("1", ""), "%": ("1e-2", "percent")},
}
_OFFSETS: Final = {"degC": Fraction("273.15")}
#: Spellings that mean one thing however they are capitalised: EV is no exavolt, PA no petaampere (and no picoampere).
#: Not among them: what a prefix m or M makes two units of.
_ANY_CASE: Final = (
    "eV keV Pa hPa kPa Torr kelvin volt volts kV Hz kHz sec second seconds minute minutes hour hours angstrom "
    "degree degrees radian count counts cps percent celsius degC electronvolt pascal ampere watt hertz joule"
)

#: Units that two conventions, or no convention at all, give a size; only their kind is known.
ARBITRARY_WORDS: Final = frozenset(
    {"a.u.", "a.u", "au", "arb", "arb.", "arb.u.", "arb.unit", "arb.units", "arb.unit.", "arbunit", "arbunits"}
    | {"arbitrary", "arbitraryunit", "arbitraryunits", "任意", "任意単位"}
)
#: What monolayers and langmuirs, absent units and dashes are written as; libraries read some of them as litres.
ARBITRARY_SIGNS: Final = frozenset({"", "-", "--", "---", "ML", "L", "langmuir", "Langmuir", "n/a", "N/A"})
ARBITRARY: Final = "arb. unit"

#: Spellings that only their capital letters decide, by their lower-case form: what they may be.
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "mev": ("meV", "MeV"),
    "mbar": ("mbar", "Mbar"),
    "mpa": ("mPa", "MPa"),
    "mtorr": ("mTorr", "MTorr"),
    "ma": ("mA", "MA"),
    "mv": ("mV", "MV"),
    "mw": ("mW", "MW"),
    "mhz": ("mHz", "MHz"),
    "ms": ("ms", "mS", "MS"),
    "msec": ("msec", "Msec"),
    "mm": ("mm", "Mm"),
    "nm": ("nm",),
    "um": ("um",),
    "pm": ("pm", "Pm"),
    "na": ("nA",),
    "ua": ("uA",),
    "mrad": ("mrad", "Mrad"),
    # Libraries read it as a year.
    "a": ("A",),
}


def _fraction(text: str) -> Fraction:
    numerator, _, denominator = text.partition("/")
    below = Fraction(math.pi) if denominator == "pi" else Fraction(denominator or "1")
    return Fraction(numerator) / below


#: The units by every spelling.
UNITS: Final[dict[str, Unit]] = {
    spelling: Unit(name, dimension, _fraction(factor), _OFFSETS.get(name, Fraction(0)))
    for dimension, units in _FACTORS.items()
    for name, (factor, aliases) in units.items()
    for spelling in (name, *aliases.split())
}
#: The units by the lower-case form of those spellings that hold in any case.
ANY_CASE: Final[dict[str, Unit]] = {spelling.casefold(): UNITS[spelling] for spelling in _ANY_CASE.split()}
