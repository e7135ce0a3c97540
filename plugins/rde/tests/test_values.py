"""What a metadata value may be: kept, converted exactly, or refused; never rounded, cut or guessed."""

import json
from datetime import date, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.messages import Text
from shirube.records import Quantity
from shirube_rde.definition import Item
from shirube_rde.parameters import Parameters
from shirube_rde.values import MAX_BYTES, Refused, has_format, is_of_type, item_value

LABEL = Text(en="x", ja="x")
anything = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
types = st.sampled_from(["boolean", "integer", "number", "string"])


def item(kind="number", unit=None, **fields):
    return Item(key="x", label=LABEL, type=kind, unit=unit, **fields)


@given(value=anything, kind=types)
def test_a_value_is_kept_as_it_is_or_refused(value, kind):
    try:
        kept = item_value(item(kind), Quantity(value))
    except Refused:
        return
    assert kept == value
    assert is_of_type(kept, kind)
    assert json.loads(json.dumps(kept, allow_nan=False)) == value


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_its_unit_is_kept_to_the_last_bit(value):
    assert item_value(item(unit="eV"), Quantity(value, "eV")).hex() == value.hex()


@given(value=st.integers(-(10**9), 10**9))
def test_seconds_become_milliseconds_exactly(value):
    assert Fraction(item_value(item(unit="msec"), Quantity(value, "s"))) == value * 1000


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [(5.0, "keV", "eV", 5000.0), (250.0, "meV", "eV", 0.25), (0.1, "s", "msec", 100.0), (90.0, "deg", "deg", 90.0)],
)
def test_a_unit_is_converted_to_the_printed_one(value, unit, wanted, expected):
    assert item_value(item(unit=wanted), Quantity(value, unit)) == expected


def test_where_the_definition_prints_no_unit_the_value_is_in_the_terms():
    assert item_value(item(base_unit="eV"), Quantity(0.05, "keV")) == 50.0
    assert item_value(item(base_unit="eV"), Quantity(50.0)) == 50.0


@pytest.mark.parametrize(("unit", "wanted"), [("kg", "eV"), ("arb. units", "eV"), (None, "eV"), ("furlongs", "eV")])
def test_a_unit_that_cannot_be_converted_is_refused(unit, wanted):
    with pytest.raises(Refused):
        item_value(item(unit=wanted), Quantity(1.0, unit))


@pytest.mark.parametrize("kind", ["number", "integer"])
def test_what_is_not_finite_in_its_unit_is_refused(kind):
    with pytest.raises(Refused):
        item_value(item(kind, base_unit="eV"), Quantity(1e307, "keV"))


def test_a_whole_number_fits_an_integer_whatever_its_type():
    kept = item_value(item("integer"), Quantity(4.0))
    assert (kept, type(kept)) == (4, int)
    with pytest.raises(Refused):
        item_value(item("integer"), Quantity(4.5))


@pytest.mark.parametrize(
    ("value", "kind"),
    [("50", "number"), (50.0, "string"), (True, "number"), (True, "integer"), (1, "boolean"), ("true", "boolean")],
)
def test_no_type_is_turned_into_another(value, kind):
    with pytest.raises(Refused):
        item_value(item(kind), Quantity(value))


@given(text=st.text(max_size=1200))
def test_a_text_is_kept_whole_up_to_the_limit_in_bytes_and_refused_beyond(text):
    size = sum(1 if ord(char) < 0x80 else 2 if ord(char) < 0x800 else 3 if ord(char) < 0x10000 else 4 for char in text)
    if size <= MAX_BYTES:
        assert item_value(item("string"), Quantity(text)) == text
    else:
        with pytest.raises(Refused):
            item_value(item("string"), Quantity(text))


def test_half_a_character_is_refused():
    with pytest.raises(Refused):
        item_value(item("string"), Quantity("\ud800"))


@given(day=st.dates(), clock=st.times(timezones=st.none()))
def test_dates_and_times_are_iso_8601_and_times_get_the_offset(day: date, clock: time):
    assert item_value(item("string", format="date"), Quantity(day.isoformat()), "+09:00") == day.isoformat()
    written = item_value(item("string", format="time"), Quantity(clock.isoformat()), "+09:00")
    assert written == f"{clock.isoformat()}+09:00"
    assert time.fromisoformat(written).utcoffset().total_seconds() == 9 * 3600
    both = f"{day.isoformat()}T{clock.isoformat()}"
    assert item_value(item("string", format="date-time"), Quantity(both), "+09:00") == f"{both}+09:00"
    assert item_value(item("string", format="time"), Quantity(clock.isoformat()), None) == clock.isoformat()


@pytest.mark.parametrize(
    ("text", "form"), [("04:35:44", "time"), ("2025-03-31T04:35:44", "date-time"), ("2025-03-31", "date")]
)
def test_where_no_offset_is_set_none_is_invented(text, form):
    assert item_value(item("string", format=form), Quantity(text), None) == text


def test_the_default_is_japanese_time_as_rdes_instruments_show_it():
    assert item_value(item("string", format="time"), Quantity("04:35:44"), Parameters().utc_offset) == "04:35:44+09:00"


@pytest.mark.parametrize("text", ["18:43:59Z", "18:43:59+01:00", "18:43:59-05:30"])
def test_an_offset_that_is_stated_stays(text):
    assert item_value(item("string", format="time"), Quantity(text), "+09:00") == text


@pytest.mark.parametrize(
    ("text", "form"),
    [
        *((text, "date") for text in ("3/31/2025", "2025-02-30", "20250331", "2025-W13-1")),
        *((text, "time") for text in ("4:02 PM", "１０:00:00", "10:00", "10", "10:20:30+9")),
        *((text, "date-time") for text in ("2025-01-15", "2025-03-31 10:20:30", "2025-03-31T10:20")),
    ],
)
def test_other_spellings_of_dates_and_times_are_refused(text, form):
    assert not has_format(text, form)
    with pytest.raises(Refused):
        item_value(item("string", format=form), Quantity(text), "+09:00")
