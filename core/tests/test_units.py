"""Units: one spelling each, exact factors, and no guess about what has no fixed size."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.errors import MissingPluginError, UnitError
from shirube.units import canonical, convert, is_arbitrary

#: As instrument files spell them, and what pint calls them.
SPELLINGS = [
    ("eV", "eV"),
    ("meV", "meV"),
    ("keV", "keV"),
    ("J", "J"),
    ("msec", "ms"),
    ("sec", "s"),
    ("us", "us"),
    ("min", "min"),
    ("h", "hour"),
    ("Pa", "Pa"),
    ("hPa", "hPa"),
    ("kPa", "kPa"),
    ("mbar", "mbar"),
    ("Torr", "torr"),
    ("mTorr", "millitorr"),
    ("deg", "degree"),
    ("°", "degree"),
    ("rad", "radian"),
    ("mrad", "milliradian"),
    ("Å", "angstrom"),
    ("nm", "nm"),
    ("um", "um"),
    ("\u00b5m", "um"),
    ("\u03bcm", "um"),
    ("mm", "mm"),
    ("mm2", "mm^2"),
    ("mm²", "mm^2"),
    ("1/Å", "1/angstrom"),
    ("Å⁻¹", "1/angstrom"),
    ("A", "A"),
    ("mA", "mA"),
    ("nA", "nA"),
    ("V", "V"),
    ("kV", "kV"),
    ("W", "W"),
    ("Hz", "Hz"),
    ("counts", "count"),
    ("cps", "count/second"),
    ("counts/s", "count/second"),
    ("%", "percent"),
    ("K", "kelvin"),
]
#: One spelling of each dimension's units, for round trips.
FAMILIES = [
    ("meV", "eV", "keV", "J"),
    ("us", "ms", "s", "min", "h"),
    ("Pa", "hPa", "mbar", "Torr", "10^-8 Pa"),
    ("deg", "rad", "mrad"),
    ("Å", "nm", "um", "mm", "m"),
    ("nA", "uA", "mA", "A"),
    ("K", "degC"),
    ("counts/s", "kcps"),
]


@pytest.fixture(scope="module")
def pint_registry():
    return pytest.importorskip("pint").UnitRegistry()


@pytest.mark.parametrize(("spelling", "name"), SPELLINGS)
def test_the_table_agrees_with_pint(pint_registry, spelling, name):
    ours, theirs = canonical(spelling), pint_registry.parse_units(name)
    for other, other_name in SPELLINGS:
        other_unit = pint_registry.parse_units(other_name)
        if theirs.dimensionality != other_unit.dimensionality or theirs.dimensionless:
            continue
        if pint_registry.get_root_units(theirs)[1] != pint_registry.get_root_units(other_unit)[1]:
            continue
        expected = pint_registry.Quantity(1.0, theirs).to(other_unit).magnitude
        assert convert(1.0, spelling, other) == pytest.approx(expected, rel=1e-12), (ours, other)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (83.96, "eV", "eV", 83.96),
        (1.0, "eV", "J", 1.602176634e-19),  # CODATA 2018, exact
        (760.0, "Torr", "Pa", 101325.0),  # the definition of the torr
        (1.0, "Torr", "mbar", 1.3332236842105263),
        (20.0, "degC", "K", 293.15),
        (293.15, "K", "degC", 20.0),
        (-273.15, "℃", "K", 0.0),
        (200.0, "msec", "s", 0.2),
        (125.0, "meV", "eV", 0.125),
        (180.0, "deg", "rad", math.pi),
        (1.0, "1/Å", "1/nm", 10.0),
        (1.5, "min", "sec", 90.0),
        (3.0, "10^-8 Pa", "Pa", 3e-8),
        (3e-8, "Pa", "×10^-8 Pa", 3.0),
        (1.0, "3x10^-8 Pa", "mbar", 3e-10),
        (50.0, "%", "1", 0.5),
        (2.0, "kcps", "cps", 2000.0),
    ],
)
def test_conversions_agree_with_published_constants_to_the_last_digit(value, source, target, expected):
    assert convert(value, source, target) == expected


@pytest.mark.parametrize(
    "spelling",
    [
        "10^-8 Pa",
        "1e-8 Pa",
        "1E-8 Pa",
        "10**-8 Pa",
        "×10^-8 Pa",
        "x10^-8 Pa",
        "×10⁻⁸ Pa",
        "10⁻⁸ Pa",
        "10\u22128 Pa",
        "10-8 Pa",
        "10^{-8} Pa",
        "10^(-8) Pa",
        "１０^-8 Ｐａ",
    ],
)
def test_every_way_to_write_ten_to_the_minus_eight_pascal_is_one(spelling):
    assert canonical(spelling) == "1e-8 Pa"
    assert convert(1.0, spelling, "Pa") == 1e-8


def test_a_raised_eight_is_not_a_hundred_and_eight():
    assert convert(1.0, "10⁸ Pa", "Pa") == 1e8
    assert convert(1.0, "108 Pa", "Pa") == 108.0


@pytest.mark.parametrize(
    ("spelling", "one"), [("EV", "eV"), ("ev", "eV"), ("KEV", "keV"), ("PA", "Pa"), ("TORR", "Torr")]
)
def test_capital_letters_never_make_an_exavolt_of_an_electronvolt(spelling, one):
    assert canonical(spelling) == one
    assert convert(7.0, spelling, one) == 7.0


@pytest.mark.parametrize("spelling", ["MEV", "mev", "MBAR", "ma", "MPA", "MM", "NM"])
def test_capital_letters_that_leave_open_what_is_meant_are_refused(spelling):
    with pytest.raises(UnitError, match="leave open what it means") as caught:
        canonical(spelling)
    assert "大文字と小文字" in caught.value.render("ja")


@pytest.mark.parametrize(
    "spelling", ["a.u.", "A.U.", "arb. unit", "arb. units", "Arb.Units", "ML", "L", "-", "", "  ", "任意単位"]
)
def test_units_without_a_fixed_size_convert_to_themselves_only(spelling):
    assert is_arbitrary(spelling)
    assert convert(3.0, spelling, spelling) == 3.0
    for other in ("eV", "m^3", "1", "litre"):
        with pytest.raises(UnitError, match="no fixed size"):
            convert(3.0, spelling, other)
        with pytest.raises(UnitError, match="no fixed size"):
            convert(3.0, other, spelling)


def test_a_monolayer_is_no_langmuir_but_arbitrary_units_are_one_word():
    pytest.importorskip("pint")
    with pytest.raises(UnitError):
        convert(1.0, "ML", "L")
    assert convert(1.0, "a.u.", "arb. units") == 1.0
    assert not is_arbitrary("L/s")
    assert convert(1.0, "L/s", "m^3/s") == pytest.approx(1e-3)


@pytest.mark.parametrize(
    ("source", "target"), [("eV", "s"), ("counts", "%"), ("cps", "Hz"), ("rpm", "Hz"), ("K", "eV"), ("deg", "%")]
)
def test_units_of_different_things_are_refused(source, target):
    pytest.importorskip("pint")
    with pytest.raises(UnitError, match="do not measure the same thing"):
        convert(1.0, source, target)


@pytest.mark.parametrize(
    "spelling",
    [
        "foo",
        "PV",
        "EA",
        "10**10**10 Pa",
        "m/",
        "((",
        "1/0",
        "exec('x')",
        "__import__",
        "eV^999",
        "x" * 1000,
        "degC degC/",
        "0 Pa",
    ],
)
def test_what_is_no_unit_is_refused_in_a_sentence(spelling):
    pytest.importorskip("pint")
    with pytest.raises(UnitError, match=r"is not known|do not measure"):
        convert(1.0, spelling, "Pa")


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1.0, "eV/K", "meV/K", 1000.0),
        (1.0, "EV/K", "meV/K", 1000.0),
        (60.0, "counts/min", "cps", 1.0),
        (1.0, "psi", "Pa", 6894.757293168),
        (212.0, "degF", "degC", 100.0),
        (1.0, "V/Å", "V/nm", 10.0),
        (1.0, "J/(mol K)", "kJ/(mol*K)", 1e-3),
        (2.0, "10^-3 psi", "Pa", 13.789514586336),
    ],
)
def test_other_units_go_through_pint(value, source, target, expected):
    pytest.importorskip("pint")
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-9)


def test_a_multiple_of_degrees_celsius_means_nothing():
    with pytest.raises(UnitError, match="own zero"):
        convert(1.0, "10^2 degC", "K")


def test_an_unknown_unit_converts_to_itself_without_being_looked_up():
    assert convert(1.25, " furlongs per fortnight ", "furlongs  per fortnight") == 1.25


def test_infinities_and_nan_stay_what_they_are():
    assert convert(math.inf, "eV", "meV") == math.inf
    assert convert(-math.inf, "degC", "K") == -math.inf
    assert math.isnan(convert(math.nan, "Torr", "Pa"))
    assert convert(1e308, "keV", "meV") == math.inf


@given(
    st.sampled_from(FAMILIES).flatmap(lambda family: st.tuples(*[st.sampled_from(family)] * 2)),
    st.floats(min_value=-1e12, max_value=1e12),
)
def test_there_and_back_is_the_same_number(pair, value):
    source, target = pair
    there = convert(value, source, target)
    # Adding 273.15 loses what is smaller than its last digit.
    slack = 1e-10 if {"K", "degC"} & {source, target} else 0.0
    assert convert(there, target, source) == pytest.approx(value, rel=4e-16, abs=slack + 1e-300)


@given(st.text(alphabet="eVPamsKµÅ°%^*/()-+10238 .xEMTorcpb×⁻⁸Ωℓ", max_size=14))
def test_any_text_is_a_unit_or_a_unit_error(text):
    try:
        once = canonical(text)
        assert canonical(once) == once
        convert(1.0, text, "Pa")
    except (UnitError, MissingPluginError):
        return


def test_without_pint_the_error_names_the_extra(monkeypatch):
    from shirube.units import _library

    _library._registry.cache_clear()
    monkeypatch.setitem(sys.modules, "pint", None)
    assert convert(1.0, "keV", "eV") == 1000.0
    with pytest.raises(MissingPluginError, match=r'pip install "shirube\[units\]"') as caught:
        convert(1.0, "psi", "Pa")
    assert caught.value.exit_code == 4
    _library._registry.cache_clear()


def test_the_table_is_enough_not_to_import_pint():
    code = "import sys; from shirube.units import convert; convert(1.0, 'Torr', 'Pa'); assert 'pint' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
