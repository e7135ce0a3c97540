"""A row that lost or gained a character is refused, though all that stands in it is numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.errors import InputError
from shirube.sources import SourceFile
from shirube_ses2002.reader import read
from shirube_ses2002.testing import SesRegion, SesStyle, as_printed, ses_bytes

ENERGIES = np.round(np.linspace(20.0, 0.0, 41), 10)
COUNTS = np.round(1000.0 + 980.0 * np.cos(ENERGIES), 6)
ONE = SesRegion(energies=ENERGIES, intensity=COUNTS)
REAL = [
    "pynxtools-xps/Ag_0001.txt",
    "specqp/scienta_fermi_level_1.txt",
    "specqp/scienta_single_region_adddimension_1.txt",
]
#: Writers that print all numbers of a column alike, SES with other blanks among them, and writers that do not.
UNIFORM = {
    "%.5f": SesStyle(number="{:.5f}".format),
    "%10.3f": SesStyle(number="{:10.3f}".format),
    "%#.7g": SesStyle(number="{:#.7g}".format),
    "%.6e": SesStyle(number="{:.6e}".format, separator="\t"),
    "%.18e": SesStyle(number="{:.18e}".format),
    "comma": SesStyle(number="{:.5f}".format, decimal=","),
    "tabs": SesStyle(separator="\t"),
    "trailing": SesStyle(trailing=" "),
}
OTHERS = {
    "%g": SesStyle(number="{:g}".format),
    "%.15g": SesStyle(number="{:.15g}".format),
    "repr": SesStyle(number=repr),
    "%d": SesStyle(number="{:.0f}".format),
    "%#.6g": SesStyle(number="{:#.6g}".format),
    "%.5f or %.5E": SesStyle(number=lambda value: f"{value:.5f}" if 1e-3 <= value < 1e5 else f"{value:.5E}"),
}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a function that writes bytes to the one file of all examples and returns it."""
    path = tmp_path_factory.mktemp("rows") / "damaged.txt"

    def written(content: bytes) -> SourceFile:
        path.write_bytes(content)
        return SourceFile(path)

    return written


def numbers_of(content):
    """Return where the numbers of the first block begin and where its last digit ends."""
    start = content.index(b"\n", content.index(b"[Data 1")) + 1
    stop = content.find(b"\n[", start)
    return start, start + len(content[start : stop if stop >= 0 else len(content)].rstrip())


def damages(content, at):
    """Return what becomes of a file that loses a byte, gains a digit, or has another character for a digit."""
    yield content[:at] + content[at + 1 :]
    yield from (content[:at] + b"%d" % digit + content[at:] for digit in (0, 1, 5, 9))
    if content[at : at + 1].isdigit():
        yield from (content[:at] + bytes([byte]) + content[at + 1 :] for byte in b" -+.eE,\tX\0\r\n")


def problem_of(source):
    with pytest.raises(InputError) as caught:
        read(source)
    return caught.value


@pytest.mark.parametrize("name", REAL)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_damaged_byte_of_a_real_block_goes_unnoticed(name, data, content_of, file):
    content = content_of(name)
    start, stop = numbers_of(content)
    at = data.draw(st.integers(start, stop - 1))
    line = content.count(b"\n", 0, at) + 1
    for damaged in damages(content, at):
        assert problem_of(file(damaged)).line in (line, line + 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"1.74335250854492E+0001", b"174335250854492E+0001"),
        (b"1.74335250854492E+0001", b".74335250854492E+0001"),
        (b"1.74335250854492E+0001", b"1.7433525085449E+0001"),
        (b"1.74335250854492E+0001", b"1.743352508544920E+0001"),
        (b"1.74335250854492E+0001", b"1.74335250854492E+001"),
        (b"1.74335250854492E+0001", b"1.74335250854492E+00011"),
        (b" 1.74335250854492E+0001", b" -1.74335250854492E+0001"),
        (b" 1.74335250854492E+0001", b"1.74335250854492E+0001"),
        (b"1.74335250854492E+0001\r", b"1.74335250854492E+0001"),
        (b"1.74335250854492E+0001", b"17.4335250854492"),
    ],
)
def test_a_row_with_another_layout_is_refused_at_its_line(old, new, content_of, file):
    content = content_of("pynxtools-xps/Ag_0001.txt")
    assert content.count(old) == 1
    error = problem_of(file(content.replace(old, new)))
    assert error.message.code == "row-layout"
    assert error.line == content.count(b"\n", 0, content.index(old)) + 1 == 147


def test_every_row_with_another_layout_is_told_beside_what_is_no_number(file):
    content = ses_bytes([ONE])
    rows = content.index(b"\n", content.index(b"[Data 1]")) + 1
    length = 49
    for row, new in ((30, b"x"), (20, b""), (10, b"")):
        at = rows + row * length + 30
        content = content[:at] + new + content[at + 1 :]
    error = problem_of(file(content))
    assert error.line == 56
    assert "line 66: this row is not laid out like the others" in str(error)
    assert "line 76: expected a finite number" in str(error)


def test_numbers_without_an_exact_power_of_ten_are_read_in_the_layout_of_ses_and_held_to_it(file):
    tiny = COUNTS.copy()
    tiny[7] = 3.25e-12
    content = ses_bytes([SesRegion(energies=ENERGIES, intensity=tiny)])
    assert read(file(content)).spectra[0].intensity.tolist() == tiny.tolist()
    assert problem_of(file(content.replace(b"3.25", b"325"))).message.code == "row-layout"


@pytest.mark.parametrize("row", [0, 20, 40])
@pytest.mark.parametrize("style", UNIFORM.values(), ids=UNIFORM)
def test_a_number_spelt_unlike_those_around_it_is_refused_at_its_line(style, row, file):
    content = ses_bytes([ONE], style)
    assert np.array_equal(read(file(content)).spectra[0].intensity, as_printed(COUNTS, style))
    lines = content.split(style.line_end.encode())
    index = lines.index(b"[Data 1]") + 1 + row
    head, mark, tail = lines[index].rpartition(style.decimal.encode())
    for damaged in (head + tail, head + mark + tail[1:], head + mark + b"7" + tail):
        spoilt = style.line_end.encode().join([*lines[:index], damaged, *lines[index + 1 :]])
        error = problem_of(file(spoilt))
        assert (error.line, error.message.code) == (index + 1, "number-spelling")
        assert "is not written like the numbers around it" in str(error)


@pytest.mark.parametrize("style", OTHERS.values(), ids=OTHERS)
@given(
    values=st.lists(
        st.floats(0, 1e7).map(lambda value: round(value, 3)) | st.floats(1e-9, 1.0) | st.just(0.0),
        min_size=1,
        max_size=60,
    )
)
@settings(max_examples=60, deadline=None)
def test_numbers_that_differ_in_length_by_their_nature_are_read(style, values, file):
    energies = np.round(300.0 - 0.25 * np.arange(len(values)), 10)
    region = SesRegion(energies=np.rint(energies * 8) if style is OTHERS["%d"] else energies, intensity=values)
    (spectrum,) = read(file(ses_bytes([region], style))).spectra
    assert np.array_equal(spectrum.intensity, as_printed(region.intensity, style))


@pytest.mark.parametrize(("energy", "value"), [("%.4f", "%d"), ("%.4f", "%g"), ("%.2f", "%.6e"), ("%g", "%.4f")])
def test_energies_and_values_may_be_spelt_in_two_ways(energy, value, file):
    content = ses_bytes([ONE])
    start, stop = numbers_of(content)
    rows = "\n".join(f"{energy % one} {value % other}" for one, other in zip(ENERGIES, COUNTS, strict=True))
    (spectrum,) = read(file(content[:start] + rows.encode() + content[stop:])).spectra
    assert spectrum.intensity.tolist() == [float(value % one) for one in COUNTS]


def test_a_single_row_of_ses_is_held_to_its_spelling(file):
    content = ses_bytes([SesRegion(energies=[10.0], intensity=[17.5])])
    assert problem_of(file(content.replace(b" 1.75000000000000E", b" 175000000000000E"))).line is not None
    assert read(file(content.replace(b" 1.75000000000000E+0001", b"  1.75000000000000E+0001"))).spectra


def test_a_point_among_decimal_commas_is_no_decimal_mark(file):
    content = ses_bytes([ONE], SesStyle(decimal=",", number="{:.3f}".format))
    line = content[: content.index(b"1980,000")].count(b"\n") + 1
    error = problem_of(file(content.replace(b"1980,000", b"1980.000")))
    assert (error.line, "found '1980.000'" in str(error)) == (line, True)
