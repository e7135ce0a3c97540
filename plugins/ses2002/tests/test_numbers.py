"""Numbers in the format of SES become the same doubles by fixed width as by any correct parser."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube_ses2002.reader._fixed_width import decode
from shirube_ses2002.reader._short_decimals import short_decimals
from shirube_ses2002.testing import ses_number

DIGITS = st.integers(0, 10**15 - 1)
EXPRESSIBLE = st.integers(-8, 36)


def rows_of(texts, columns, line_end=b"\r\n"):
    rows = [
        b" ".join(text.encode() for text in texts[i : i + columns]) + line_end for i in range(0, len(texts), columns)
    ]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1)


def printed(digits, exponent, sign=" "):
    mantissa = f"{digits:015d}"
    return f"{sign}{mantissa[0]}.{mantissa[1:]}E{exponent:+05d}"


NUMBERS = st.builds(printed, DIGITS, EXPRESSIBLE, st.sampled_from([" ", "-"]))


@given(
    st.lists(NUMBERS, min_size=2, max_size=40).filter(lambda texts: len(texts) % 2 == 0),
    st.sampled_from([b"\r\n", b"\n"]),
)
def test_every_bit_is_that_of_float_and_of_loadtxt(texts, line_end):
    rows = rows_of(texts, 2, line_end)
    table = decode(rows, 2)
    assert table.tobytes() == np.array([float(text) for text in texts]).tobytes()
    assert table.tobytes() == np.loadtxt(io.BytesIO(rows.tobytes()), ndmin=2).tobytes()


@given(st.floats(1e-8, 9e36) | st.floats(-9e36, -1e-8))
def test_any_double_that_ses_prints_is_read_as_float_reads_it(value):
    text = ses_number(value)
    assert decode(rows_of([text], 1), 1)[0, 0] == float(text)


def test_zero_keeps_its_sign():
    texts = [printed(0, 0), printed(0, 0, "-")]
    assert np.signbit(decode(rows_of(texts, 2), 2)).tolist() == [[False, True]]


@given(DIGITS, st.integers(-9999, -9) | st.integers(37, 9999))
def test_exponents_without_an_exact_power_are_left_to_the_other_parser(digits, exponent):
    assert decode(rows_of([printed(digits, exponent), printed(1, 0)], 2), 2) is None


@given(st.lists(NUMBERS, min_size=6, max_size=6), st.integers(0, 6 * 24 + 2), st.integers(0, 255))
def test_one_changed_byte_is_either_the_number_it_prints_or_noticed(texts, position, byte):
    raw = bytearray(rows_of(texts, 2).tobytes())
    raw[position] = byte
    table = decode(np.frombuffer(bytes(raw), np.uint8).reshape(3, -1), 2)
    if table is not None:
        lines = bytes(raw).decode("ascii").split("\r\n")
        assert table.tolist() == [[float(word) for word in line.split()] for line in lines[:3]]


@pytest.mark.parametrize("decimal", [b".", b","])
def test_the_decimal_mark_is_the_one_that_was_asked_for(decimal):
    rows = rows_of([printed(123456789012345, 2).replace(".", decimal.decode())], 1)
    assert decode(rows, 1, decimal)[0, 0] == 123.456789012345
    assert decode(rows, 1, b";") is None


SHORT = st.builds(
    lambda sign, digits, point: sign + (digits if point is None else f"{digits[:point]}.{digits[point:]}"),
    st.sampled_from(["", "-"]),
    st.text("0123456789", min_size=1, max_size=15),
    st.none() | st.integers(0, 15),
)


@given(st.lists(SHORT, min_size=1, max_size=30), st.integers(1, 300))
def test_points_of_an_axis_are_those_of_float_to_the_last_bit(words, times):
    text = " ".join(words * times)
    assert short_decimals(text).tobytes() == np.array([float(word) for word in text.split()]).tobytes()


@given(st.lists(SHORT, min_size=3, max_size=9), st.integers(0, 60), st.characters())
def test_one_changed_character_of_an_axis_is_read_as_float_reads_it_or_left_to_float(words, position, character):
    text = " ".join(words)
    changed = text[:position] + character + text[position + 1 :]
    values = short_decimals(changed)
    if values is not None:
        assert values.tolist() == [float(word) for word in changed.split(" ")]


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1  2", "1\t2", ".", "-", "--1", "1.2.3", "1e3", "+1", "1_0", "١", "9" * 16, "9" * 17]
)
def test_texts_that_are_no_short_decimals_are_left_to_the_other_parser(text):
    assert short_decimals(text) is None


def test_an_axis_of_any_length_is_read_in_pieces():
    points = np.round(np.linspace(-1000, 1000, 100_000), 6)
    assert short_decimals(" ".join(map(str, points.tolist()))).tobytes() == points.tobytes()
