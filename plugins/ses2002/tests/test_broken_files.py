"""A broken file is refused with file, line, what was expected and what was found; nothing is dropped or filled in."""

from __future__ import annotations

import re
import tracemalloc

import numpy as np
import pytest

from shirube.errors import InputError
from shirube.sources import SourceFile
from shirube_ses2002.parameters import Parameters
from shirube_ses2002.reader import claims, read
from shirube_ses2002.testing import SesRegion, SesStyle, ses_bytes

ENERGIES = np.round(np.linspace(10.0, 0.0, 21), 10)
ONE = SesRegion(energies=ENERGIES, intensity=ENERGIES + 1.0)
FIRST_ROW = 46
CUBE = SesRegion(
    energies=ENERGIES,
    intensity=np.arange(21.0 * 4).reshape(21, 2, 2),
    axes=(("Y-Scale [deg]", (0.0, 1.0)), ("Seq. Iteration[a.u.]", (1.0, 2.0))),
)


def problem_of(source):
    with pytest.raises(InputError) as caught:
        read(source)
    assert caught.value.path == source.name
    return caught.value


def lines_of(content):
    return content.split(b"\r\n")


def changed(content, line, new):
    lines = lines_of(content)
    lines[line - 1] = new
    return b"\r\n".join(lines)


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("scienta_fermi_level_corrupted_1.txt", 53, "expected 2 numbers in this row, found 1"),
        ("scienta_single_region_corrupted_1.txt", 55, "expected 2 numbers in this row, found 1"),
        ("scienta_multiregion_corrupted_1.txt", 51, "expected 2 numbers in this row, found 1"),
        ("scienta_survey_corrupted_1.txt", 53, "expected 2 numbers in this row, found 1"),
        ("scienta_multiregion_adddimension_corrupted_1.txt", 278, "expected 24 numbers in this row, found 5"),
        ("scienta_fermi_level_empty_1.txt", 2, "holds no region"),
        ("scienta_fermi_level_empty_2.txt", None, "is empty"),
    ],
)
def test_real_files_that_were_cut_are_refused_at_the_line_of_the_cut(name, line, message, real):
    error = problem_of(real(f"specqp/{name}"))
    assert error.line == line
    assert message in str(error)


def test_all_that_is_wrong_with_a_file_is_told_in_one_pass(real):
    error = problem_of(real("specqp/scienta_multiregion_corrupted_1.txt"))
    assert "Number of Regions says 2, but the file holds 1" in str(error)
    assert "2 行目: Number of Regions は 2 ですが" in error.render("ja")


def test_of_very_many_problems_some_are_told_and_the_rest_counted(place):
    content = ses_bytes([ONE] * 40).replace(b"9.50000000000000E+0000", b"oops")
    error = problem_of(place(content))
    assert str(error).count("found 'oops'") == 5
    assert str(error).endswith("; 75 more")
    assert error.render("ja").endswith("；その他 75 件")


@pytest.mark.parametrize("line", [FIRST_ROW, FIRST_ROW + 10, FIRST_ROW + 20])
@pytest.mark.parametrize(
    ("row", "message"),
    [
        (b" 5.0", "expected 2 numbers in this row, found 1"),
        (b" 5.0 1.0 2.0", "expected 2 numbers in this row, found 3"),
        (b" 5.0 1.0\r 4.5 1.0", "expected a finite number, found '1.0\\r'"),
        (b" 5.0\r1.0", "expected a finite number, found '5.0\\r1.0'"),
        (b" 5.0\x0b1.0", "expected a finite number, found '5.0\\x0b1.0'"),
        (b" 5.0 NaN", "expected a finite number, found 'NaN'"),
        (b" 5.0 inf", "expected a finite number, found 'inf'"),
        (b" 5.0 1.0E+0999", "expected a finite number, found '1.0E+0999'"),
        (b" 5.0 1_0", "expected a finite number, found '1_0'"),
        (b" 5.0 0x10", "expected a finite number, found '0x10'"),
        (b" 5.0 --", "expected a finite number, found '--'"),
        (b" 5.0\x00 1.0", "expected a finite number, found '5.0\\x00'"),
        (b" 5.0 \xef\xbc\x91", "expected a finite number, found"),
        (b" 5.00000000000000E+0000  1.00000000000000E+000\xb0", "expected a finite number, found"),
        (b" 5.00000000000000E+0000x 1.00000000000000E+0000", "expected a finite number, found"),
        (b" 5.00000000000000E+0000  1.0000O000000000E+0000", "expected a finite number, found"),
        (b" 5.00000000000000E+0000  1.00000000000000D+0000", "expected a finite number, found"),
        (b" 5.00000000000000E+0000  1.00000000000000E 0000", "expected a finite number, found"),
    ],
)
def test_a_row_that_is_not_what_it_should_be_is_named(line, row, message, place):
    error = problem_of(place(changed(ses_bytes([ONE]), line, row)))
    assert error.line == line
    assert message in str(error)


def test_the_numbers_of_a_row_that_is_far_too_long_are_counted(place):
    error = problem_of(place(changed(ses_bytes([ONE]), FIRST_ROW + 1, b"\t1 -2.5  x" * 5000 + b" ")))
    assert (error.line, "expected 2 numbers in this row, found 15000" in str(error)) == (FIRST_ROW + 1, True)


def test_a_byte_behind_a_row_is_not_overlooked(place):
    content = ses_bytes([ONE])
    position = content.index(b"\r\n", content.index(b"[Data 1]") + 10)
    spoilt = content[: position + 1] + b"X" + content[position + 2 :]
    assert "expected a finite number" in str(problem_of(place(spoilt)))


def test_a_missing_row_is_missed_where_the_rows_end(place):
    lines = lines_of(ses_bytes([ONE]))
    del lines[FIRST_ROW + 5]
    error = problem_of(place(b"\r\n".join(lines)))
    assert "should have 21 rows and ends after 20" in str(error)
    assert error.line == FIRST_ROW + 19


def test_a_row_too_many_is_named(place):
    lines = lines_of(ses_bytes([ONE]))
    lines.insert(FIRST_ROW + 20, lines[FIRST_ROW + 19])
    error = problem_of(place(b"\r\n".join(lines)))
    assert "should have 21 rows and goes on" in str(error)
    assert error.line == FIRST_ROW + 21


def test_text_after_the_last_row_is_refused(place):
    error = problem_of(place(ses_bytes([ONE]) + b"end of measurement\r\n"))
    assert "found 'end'" in str(error)
    assert error.line == FIRST_ROW + 22


def test_an_energy_that_is_not_on_the_scale_is_named(place):
    content = changed(ses_bytes([ONE]), FIRST_ROW + 2, b" 9.10000000000000E+0000  1.00000000000000E+0000")
    error = problem_of(place(content))
    assert "the energy in the data is 9.1, but Dimension 1 scale says 9.0" in str(error)
    assert error.line == FIRST_ROW + 2


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (b"Dimension 1 size=21", b"Dimension 1 size=20", 9, "should hold 20 points, found 21"),
        (b"Dimension 1 size=21", b"Dimension 1 size=0", 8, "a whole number above 0, found '0'"),
        (b"Dimension 1 size=21", b"Dimension 1 size=-21", 8, "a whole number above 0, found '-21'"),
        (b"Dimension 1 size=21", b"Dimension 1 size=2e1", 8, "a whole number above 0, found '2e1'"),
        (b"Dimension 1 size=21", b"Dimension 1 size=21\x1e", 8, "a whole number above 0, found '21\\x1e'"),
        (b"Dimension 1 size=21", b"Dimension 1 size=" + b"9" * 5000, 8, "a whole number above 0, found '999"),
        (b"Dimension 1 size=21", b"Dimension 1 size=999999999", 9, "should hold 999999999 points, found 21"),
        (b"Dimension 1 size=21\r\n", b"", 5, "[Region 1] has no Dimension 1 size"),
        (b"Dimension 1 name=", b"Dimension X name=", 5, "[Region 1] has no Dimension 1 name"),
        (b"Dimension 1 scale=10 ", b"Dimension 1 scale=ten ", 9, "should hold finite numbers only"),
        (b"Dimension 1 scale=10 ", b"Dimension 1 scale=1e999 ", 9, "should hold finite numbers only"),
        (b"Date=2025-12-01", b"Date=2025-12-01\r\nDate=2025-12-02", 39, "'Date' stands twice with different values"),
        (b"Dimension 1 scale=10 ", b"Dimension 1 scale=1-0 ", 9, "should hold finite numbers only"),
        (b"Dimension 1 scale=10 ", b"Dimension 1 scale=nan ", 9, "should hold finite numbers only"),
        (b"Dimension 1 scale=10 ", b"Dimension 1 scale=1_0 ", 9, "should hold finite numbers only"),
        (b"Binding Energy [eV]", b"Time [s]", 7, "should be an energy in eV, found 'Time [s]'"),
        (b"Binding Energy [eV]", b"Binding Energy [keV]", 7, "should be an energy in eV"),
        (
            b"Dimension 1 size=21",
            b"Dimension 1 size=21\r\nDimension 1 size=22",
            9,
            "stands twice with different values",
        ),
        (b"Dimension 1 size=21", b"Dimension 4 size=2\r\nDimension 1 size=21", 8, "more than three dimensions"),
        (b"Dimension 1 size=21", b"Dimension 3 size=2\r\nDimension 1 size=21", 5, "[Region 1] has no Dimension 2 size"),
        (b"[Region 1]", b"[Region 2]", 5, "expected [Region 1], found [Region 2]"),
        (b"[Info 1]", b"[Info 2]", 11, "[Info 2] stands in region 1"),
        (b"[Data 1]", b"[Data 2]", 45, "[Data 2] stands in region 1"),
        (b"[Data 1]", b"[Data 1:2]", 45, "expected [Data 1], found [Data 1:2]"),
        (b"[Info 1]\r\n", b"", 5, "region 1 has no [Info 1]"),
        (b"[Run Mode Information 1]", b"[Info 1]", 42, "[Info 1] stands twice"),
        (b"[Data 1]", b"[Data 1]\r\n[Data 1]", 46, "[Data 1] stands twice"),
        (b"Pass Energy=50", b"[Data 1]\r\nPass Energy=50", 46, "[Data 1] stands twice"),
        (b"[Region 1]", b"[Manipulator 1]\r\n[Region 1]", 5, "[Manipulator 1] stands before the first region"),
        (b"Number of Regions=0001", b"Number of Regions=0002", 2, "says 2, but the file holds 1"),
        (b"Number of Regions=0001", b"Number of Regions=one", 2, "a whole number above 0, found 'one'"),
        (b"Number of Regions=0001", b"Regions=0001", 1, "[Info] has no Number of Regions"),
        (b"Sample=", b"Sample=\0\0\0", 36, "NUL character"),
        (b"[Info]", b"[Information]", 1, "not an SES text file"),
        (b"[Info]", b"\n[Info]", 1, "not an SES text file"),
    ],
)
def test_a_header_that_contradicts_itself_is_refused_at_its_line(old, new, line, message, place):
    content = ses_bytes([ONE])
    assert old in content
    error = problem_of(place(content.replace(old, new, 1)))
    assert message in str(error)
    assert error.line == line


def test_a_data_section_that_is_missing_is_missed(place):
    content = ses_bytes([ONE])
    error = problem_of(place(content[: content.index(b"[Data 1]")]))
    assert "region 1 has no [Data 1]" in str(error)


def test_an_unknown_number_of_points_asks_for_no_memory(place):
    content = ses_bytes([ONE]).replace(b"scale=10 ", b"scale=" + b"1 " * 99979 + b"10 ", 1)
    error = problem_of(place(content.replace(b"Dimension 1 size=21", b"Dimension 1 size=100000", 1)))
    assert "should have 100000 rows and ends after 21" in str(error)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"[Data 1:2]", b"[Data 1:3]", "expected [Data 1:2], found [Data 1:3]"),
        (b"[Data 1:1]", b"[Data 1]", "expected [Data 1:1], found [Data 1]"),
        (
            b"Dimension 3 size=2\r\nDimension 3 scale=1 2",
            b"Dimension 3 size=3\r\nDimension 3 scale=1 2 3",
            "3 data block",
        ),
        (
            b"Dimension 2 size=2\r\nDimension 2 scale=0 1",
            b"Dimension 2 size=1\r\nDimension 2 scale=0",
            "expected 2 numbers",
        ),
    ],
)
def test_blocks_that_do_not_fit_the_dimensions_are_refused(old, new, message, place):
    content = ses_bytes([CUBE])
    assert old in content
    assert message in str(problem_of(place(content.replace(old, new, 1))))


def test_blocks_of_one_region_must_have_the_same_energies(place):
    content = ses_bytes([CUBE])
    start = content.index(b"[Data 1:2]")
    spoilt = content[:start] + content[start:].replace(b" 9.50000000000000E+0000", b" 9.40000000000000E+0000", 1)
    error = problem_of(place(spoilt))
    assert "the energies of [Data 1:2] are not those of the region's first block" in str(error)
    assert lines_of(spoilt)[error.line - 1].startswith(b" 9.4")


def test_a_row_of_a_later_region_is_named_by_its_line_in_the_file(place):
    content = ses_bytes([ONE, ONE, ONE])
    start = content.index(b"[Data 3]")
    spoilt = content[:start] + content[start:].replace(b" 9.50000000000000E+0000", b" oops", 1)
    error = problem_of(place(spoilt))
    assert lines_of(spoilt)[error.line - 1].startswith(b" oops")


@pytest.mark.parametrize("lost", [1, 2, 3, 4])
@pytest.mark.parametrize("style", [SesStyle(), SesStyle(number="{:8.3f}".format)])
def test_a_lost_last_line_end_is_a_remark_and_no_more(lost, style, place):
    content = ses_bytes([ONE, ONE], style)
    last_row = len(lines_of(content.rstrip()))
    measurement = read(place(content[:-lost]))
    assert np.array_equal(measurement.spectra[-1].intensity, ENERGIES + 1.0)
    assert [(remark.code, remark.line) for remark in measurement.remarks] == [("lost-line-end", last_row)]


def test_a_lost_last_line_end_of_a_free_form_is_a_remark_when_the_row_is_as_long_as_the_one_before(place):
    style = SesStyle(number="{:8.3f}".format, line_end="\n", last_lines=0)
    measurement = read(place(ses_bytes([ONE], style)))
    assert [remark.code for remark in measurement.remarks] == ["lost-line-end"]


def test_a_last_number_that_was_cut_is_no_number(place):
    style = SesStyle(number="{:8.3f}".format, line_end="\n", last_lines=0)
    error = problem_of(place(ses_bytes([ONE], style)[:-1]))
    assert "the file ends inside this row" in str(error)
    assert error.line == FIRST_ROW + 20


def test_lenient_reading_keeps_the_complete_regions_and_reports_the_rest(place):
    content = ses_bytes([ONE, ONE, ONE])
    middle = content.index(b"[Data 2]")
    spoilt = content[:middle] + content[middle:].replace(b" 9.50000000000000E+0000", b" oops", 1)
    measurement = read(place(spoilt), Parameters(lenient=True))
    assert [spectrum.id for spectrum in measurement.spectra] == ["measured.txt#1", "measured.txt#3"]
    (remark,) = measurement.remarks
    assert remark.code == "region-skipped"
    assert "expected a finite number, found 'oops'" in remark.message.en
    assert lines_of(spoilt)[remark.line - 1].startswith(b" oops")


def test_lenient_reading_keeps_no_region_with_a_damaged_header(place):
    content = ses_bytes([ONE, ONE])
    spoilt = content.replace(b"User=", b"User=\0", 1)
    measurement = read(place(spoilt), Parameters(lenient=True))
    assert [spectrum.id for spectrum in measurement.spectra] == ["measured.txt#2"]
    (remark,) = measurement.remarks
    assert "NUL" in remark.message.en


def test_of_very_many_problems_lenient_reading_reports_some_and_counts_the_rest(place):
    content = ses_bytes([ONE] * 60).replace(b"[Data 1]", b"[Data]", 1)
    broken = content.replace(b" 9.50000000000000E+0000", b" oops", 2 * 58 + 1)
    remarks = read(place(broken), Parameters(lenient=True)).remarks
    assert [remark.code for remark in remarks] == ["region-skipped"] * 100 + ["at-least-more-problems"]
    assert "at least" in remarks[-1].message.en


def test_all_that_is_wrong_with_a_region_is_told_in_one_pass(place):
    content = (
        ses_bytes([ONE]).replace(b"Dimension 1 size=21", b"Dimension 1 size=x").replace(b"scale=10 ", b"scale=ten ")
    )
    content = content.replace(b"User=", b"User=\0").replace(b"Sample=", b"Pass Energy=20\r\nSample=")
    message = str(problem_of(place(content)))
    for part in ("a whole number above 0", "finite numbers only", "holds a NUL", "'Pass Energy' stands twice"):
        assert part in message


def test_every_bad_row_is_told(place):
    content = changed(changed(ses_bytes([ONE, ONE]), FIRST_ROW + 3, b" oops"), FIRST_ROW + 9, b" 5.0")
    error = problem_of(place(content))
    assert error.line == FIRST_ROW + 3
    assert f"line {FIRST_ROW + 9}: expected 2 numbers in this row, found 1" in str(error)


def test_a_key_said_twice_is_a_contradiction_only_if_it_says_two_things(place):
    content = ses_bytes([ONE])
    assert read(place(content.replace(b"Pass Energy=50", b"Pass Energy=50\r\nPass Energy=50"))).remarks == ()
    error = problem_of(place(content.replace(b"Pass Energy=50", b"Pass Energy=50\r\nPass Energy=20")))
    assert "'Pass Energy' stands twice with different values" in str(error)
    assert lines_of(content)[error.line - 2] == b"Pass Energy=50"


def test_a_line_without_a_key_is_kept_and_remarked_upon(place):
    measurement = read(place(ses_bytes([ONE]).replace(b"Pass Energy=50", b"Pass Ener")))
    assert [(one.key, one.value) for one in measurement.spectra[0].metadata if not one.key] == [("", "Pass Ener")]
    assert [remark.code for remark in measurement.remarks] == ["no-key"]


@pytest.mark.parametrize("line", [b"Lens Mode=Transmission", b"Dimension 1 size=21"])
def test_a_line_end_that_lost_its_line_feed_is_refused(line, place):
    error = problem_of(place(ses_bytes([ONE]).replace(line + b"\r\n", line + b"\r")))
    assert "holds a carriage return inside this line" in str(error)


def test_a_carriage_return_in_a_comment_is_text_unless_a_key_follows(place):
    content = ses_bytes([ONE])
    measurement = read(place(content.replace(b"Comments=;", b"Comments=one\rtwo")))
    assert ("Comments", "one\rtwo") in [(one.key, one.value) for one in measurement.spectra[0].metadata]
    assert "carriage return" in str(problem_of(place(content.replace(b"Comments=;\r\n", b"Comments=;\r"))))


def test_a_dimension_that_lost_its_size_is_missed(place):
    grid = SesRegion(energies=ENERGIES, intensity=np.ones((21, 1)), axes=(("Y-Scale [deg]", (0.0,)),))
    error = problem_of(place(ses_bytes([grid]).replace(b"Dimension 2 size=1\r\n", b"")))
    assert "[Region 1] has no Dimension 2 size" in str(error)


@pytest.mark.parametrize(
    ("filler", "message"),
    [
        (b"[Data 1]\n", "more than"),
        (b"[Region 1]\n", "more than"),
        (b"a=b\n", "more than"),
        (b"\n", "more than"),
        (b"[", "region 1 has no [Info 1]"),
        (b"\xb0 ", "region 1 has no [Info 1]"),
        (b"\x8e\xb1", "region 1 has no [Info 1]"),
        (b"Dimension 1 scale=" + b"1 " * 99, "region 1 has no [Info 1]"),
    ],
)
def test_a_damaged_header_takes_time_and_memory_in_proportion(filler, message, place):
    content = b"[Info]\nNumber of Regions=0001\n[Region 1]\n" + filler * (400_000 // len(filler))
    source = place(content)
    tracemalloc.start()
    error = problem_of(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message in str(error)
    assert peak < 10 * len(content) + (1 << 20)


@pytest.mark.parametrize(
    "filler", [b"1 2\n", b"1 ", b"1", b"\r", b"x\n", b"1,5 2,5\n", b"\n", b" ", b"1 2 3\n", b"-" * 50 + b"1 "]
)
def test_a_damaged_block_takes_time_and_memory_in_proportion(filler, place):
    content = ses_bytes([ONE]).replace(
        b"[Data 1]\r\n", b"[Data 1]\r\n" + filler * (1_000_000 // len(filler)) + b"x\r\n"
    )
    source = place(content)
    tracemalloc.start()
    assert problem_of(source).line >= FIRST_ROW
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * len(content) + (1 << 20)


def test_lenient_reading_of_a_cut_file_reports_what_is_missing(place):
    content = ses_bytes([ONE, ONE])
    measurement = read(place(content[: content.index(b"[Region 2]")]), Parameters(lenient=True))
    assert len(measurement.spectra) == 1
    (remark,) = measurement.remarks
    assert remark.message.en.startswith("read all the same: Number of Regions says 2, but the file holds 1")


@pytest.mark.parametrize("stated", [b"0003", b"many"])
def test_lenient_reading_says_of_a_wrong_number_of_regions_that_all_were_read(stated, place):
    content = ses_bytes([ONE, ONE]).replace(b"Regions=0002", b"Regions=" + stated)
    measurement = read(place(content), Parameters(lenient=True))
    assert len(measurement.spectra) == 2
    assert [(remark.code, remark.line) for remark in measurement.remarks] == [("read-anyway", 2)]


@pytest.mark.parametrize("lost", [3, 60, 600, 1400])
def test_of_a_last_region_that_is_not_read_nobody_says_that_all_of_it_is_there(lost, place):
    content = ses_bytes([ONE, ONE])
    measurement = read(place(content.rstrip()[:-lost]), Parameters(lenient=True))
    assert [spectrum.id for spectrum in measurement.spectra] == ["measured.txt#1"]
    assert {remark.code for remark in measurement.remarks} == {"region-skipped"}


def test_data_before_the_first_region_are_not_read(place):
    content = ses_bytes([ONE]).replace(b"[Region 1]", b"[Data 1]\r\n 1 2\r\n[Manipulator 1]\r\nX=1\r\n[Region 1]", 1)
    remarks = read(place(content), Parameters(lenient=True)).remarks
    assert [remark.code for remark in remarks] == ["region-skipped", "read-anyway"]


def numbered(content, *pairs):
    """Return a file whose regions have other numbers, all their sections with them."""
    parts = re.split(rb"(?=\[Region )", content)
    for old, new in pairs:
        parts[old] = re.sub(rb"(?m)^(\[[A-Z][A-Za-z ]* )%d\b" % old, rb"\g<1>%d" % new, parts[old])
    return b"".join(parts)


@pytest.mark.parametrize(
    ("pairs", "ids", "lines"),
    [
        # Region 2 was taken out, so that 3 and 4 stand one place too early.
        (
            [(2, 3), (3, 4)],
            [1, 3, 4],
            [
                "read all the same: expected [Region 2], found [Region 3]",
                "read all the same: expected [Region 3], found [Region 4]",
            ],
        ),
        # No two regions are given one number, whichever comes first.
        ([(3, 1)], [1, 2], ["not read: expected [Region 3], found [Region 1]"]),
        (
            [(1, 3)],
            [3, 2],
            ["read all the same: expected [Region 1], found [Region 3]", "not read: [Region 3] stands twice"],
        ),
    ],
)
def test_lenient_reading_keeps_regions_of_a_wrong_number_under_that_number(pairs, ids, lines, place):
    content = numbered(ses_bytes([ONE, ONE, ONE]), *pairs)
    measurement = read(place(content), Parameters(lenient=True))
    assert [spectrum.id for spectrum in measurement.spectra] == [f"measured.txt#{number}" for number in ids]
    assert all(remark.message.en.startswith(line) for line, remark in zip(lines, measurement.remarks, strict=True))


def test_lenient_reading_refuses_a_file_without_a_complete_region(place):
    with pytest.raises(InputError, match="expected a finite number"):
        read(place(changed(ses_bytes([ONE]), FIRST_ROW, b" oops")), Parameters(lenient=True))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 9000,
        bytes(range(256)) * 40,
        b"[Info]" * 2000,
        b"[Infoo]\r\nNumber of Regions=0001\r\n",
        b"[Info]\r\nVersion=3\r\nSignature=$CHICAGO$\r\n" + b"; setup file\r\n" * 9,
        b"energy intensity\n1 2\n",
        b"\xff\xfe",
        b"\xff\xfe\x00\xd8",
        b"PK\x03\x04",
    ],
)
def test_foreign_files_are_neither_claimed_nor_read(content, place):
    assert not claims(place(content))
    assert claims(place(content)) is False
    problem_of(place(content))


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read(SourceFile(tmp_path / "absent.txt"))


def test_a_folder_is_said_to_be_one(tmp_path):
    with pytest.raises(InputError, match="folder"):
        read(SourceFile(tmp_path))


def test_no_error_shows_a_placeholder_in_either_language(place):
    content = changed(ses_bytes([ONE, ONE]), FIRST_ROW, b" oops")
    error = problem_of(place(content.replace(b"[Info 2]", b"[Info 3]")))
    for lang in ("en", "ja"):
        assert not re.search(r"\{\w+\}", error.render(lang))
