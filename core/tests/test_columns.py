"""Two numeric columns: real files read as numpy reads them, and nothing else is claimed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.builtin import columns
from shirube.builtin.columns import Parameters
from shirube.errors import InputError, SettingsError
from shirube.intake import claim, items_from
from shirube.parameters import build
from shirube.pipeline import read_file
from shirube.plugins import load_plugins
from shirube.settings import Settings
from shirube.sources import SourceFile

DATA = Path(__file__).parent / "data"

#: File, delimiter, lines before the numbers, scale said by the headings.
REAL = [
    ("lg4x/C1s_sample.csv", ",", 1, "binding"),
    ("lg4x/111216_0459_O1s.csv", ",", 1, "binding"),
    ("lg4x/PET_C1s.csv", ",", 1, "binding"),
    ("lg4x/0-150W_NiWW4f_W4f.txt", "\t", 1, "binding"),
    ("lg4x/Highres_FK_hv_180.csv", ",", 0, "unknown"),
    ("nims/Cu2p3_sampledata.csv", ",", 0, "unknown"),
]

SES = """[Info]
Number of Regions=1
Version=1.3.1
[Region 1]
Region Name=C 1s
Dimension 1 name=Binding Energy [eV]
Dimension 1 size=3
[Info 1]
Excitation Energy=400
[Data 1]
 2.96E+2  1.0E+1
 2.95E+2  1.1E+1
 2.94E+2  1.2E+1
"""


@pytest.fixture
def source(tmp_path):
    def make(content, name="scan.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return SourceFile(path)

    return make


def spectrum_of(source, parameters=None):
    (spectrum,) = columns.read(source, parameters or Parameters()).spectra
    return spectrum


@pytest.mark.parametrize(("name", "delimiter", "skip", "scale"), REAL)
def test_real_files_read_as_numpy_reads_them(name, delimiter, skip, scale):
    source = SourceFile(DATA / name)
    assert columns.claims(source)
    spectrum = spectrum_of(source)
    expected = np.loadtxt(DATA / name, delimiter=delimiter, skiprows=skip)
    assert np.array_equal(spectrum.energy, expected[:, 0])
    assert np.array_equal(spectrum.intensity, expected[:, 1])
    assert spectrum.reference.scale == scale
    assert spectrum.axis("energy").unit == "eV"


def test_a_measurement_names_its_file_but_not_where_it_lies(source):
    measurement = columns.read(source("1,2\n2,3\n3,5\n", "Au 4f.csv"), Parameters())
    assert (measurement.name, measurement.reader) == ("Au 4f.csv", "columns")
    assert (measurement.spectra[0].id, measurement.spectra[0].name) == ("Au 4f.csv#1", "Au 4f")
    assert [one.name for one in measurement.sources] == ["Au 4f.csv"]
    assert measurement.sources[0].size == 12
    assert measurement.remarks == ()


@pytest.mark.parametrize(
    "text",
    [
        "3,10\n2,20\n1,30\n",
        "3, 10\n2, 20\n1, 30",
        "3;10\n2;20\n1;30\n",
        "3\t10\n2\t20\n1\t30\n",
        "3 10\r\n2 20\r\n1 30\r\n",
        "3 10\r2 20\r1 30\r",
        "  3.0   1.0e1\n  2.0   2.0E+1\n  1.0   3e+01  \n",
        "3,0;10,0\n2,0;20,0\n1,0;30,0\n",
        "3,0\t10,0\n2,0\t20,0\n1,0\t30,0\n",
        "3.0 10\n2.0 20\n1.0 30\n",
        "3,10,\n2,20,\n1,30,\n",
        "3;10;\n2;20;\n1;30;\n",
        "\n# a comment\n\n3,10\n2,20\n# another\n1,30\n\n\n",
        "Energy,Intensity\n3,10\n2,20\n1,30\n",
        "エネルギー;強度\n3,;10,\n2,;20,\n1,;30,\n",
    ],
)
def test_every_layout_gives_the_same_numbers(source, text):
    assert columns.claims(source(text))
    spectrum = spectrum_of(source(text))
    assert spectrum.energy.tolist() == [3.0, 2.0, 1.0]
    assert spectrum.intensity.tolist() == [10.0, 20.0, 30.0]


@pytest.mark.parametrize(
    "text",
    [
        '"BE","I"\n"3.5","1000"\n"2.5","2000"\n"1.5","999"\n',
        '"BE","I"\n"3.5","1,000"\n"2.5","2,000"\n"1.5","999"\n',
        'BE,I\n3.5,"1,000"\n2.5,"2,000.0"\n1.5,999\n',
        'BE,I\n3.50, "1,000"\n2.50, "2,000"\n1.50, "999"\n',
        '"3,5","1000,0"\n"2,5","2000,0"\n"1,5","999"\n',
        '"3,5";"1000"\n"2,5";"2000,0"\n"1,5";"999"\n',
        '# the "C 1s", again\n3,5;1000\n2,5;2000,0\n1,5;999\n',
        '"Energy, eV";"I"\n3,5;1000\n2,5;2000,0\n1,5;999\n',
        "3.5\t1,000\n2.5\t2,000\n1.5\t999\n",
        "3.5;1,000.0;\n2.5;2,000.0;\n1.5;999;\n",
        "BE，I\n3.5，1000\n2.5，2000\n1.5，999\n",
        "３．５，１０００\n２．５，２０００\n１．５，９９９\n",
        "3.5\u30001000\n2.5\u30002000\n1.5\u3000999\n",
    ],
)
def test_quotes_thousands_and_full_width_signs_change_no_number(source, text):
    assert columns.claims(source(text))
    spectrum = spectrum_of(source(text))
    assert spectrum.energy.tolist() == [3.5, 2.5, 1.5]
    assert spectrum.intensity.tolist() == [1000.0, 2000.0, 999.0]


def test_energies_above_a_thousand_have_thousands_only_with_a_point(source):
    spectrum = spectrum_of(source('"1,486.60","1,428"\n"1,486.55","1,400"\n"1,486.50","985"\n'))
    assert spectrum.energy.tolist() == [1486.60, 1486.55, 1486.50]
    assert spectrum.intensity.tolist() == [1428.0, 1400.0, 985.0]
    decimals = spectrum_of(source('"284,950","1428,5"\n"284,900","1400,5"\n"284,850","985,5"\n'))
    assert decimals.energy.tolist() == [284.95, 284.9, 284.85]


THREE = "BE (eV),I0,I (counts)\n3,7,10\n2,9,20\n1,8,30\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (THREE, "3 columns of numbers (BE (eV), I0, I (counts))"),
        ("3 7 10 5\n2 9 20 5\n1 8 30 5\n", "4 columns of numbers (1, 2, 3, 4)"),
        ('"BE";"I0";"I"\n"3,5";"7,5";"10"\n"2,5";"9";"20"\n', "3 columns of numbers (BE, I0, I)"),
    ],
)
def test_several_columns_are_named_with_what_to_do(source, text, names):
    assert not columns.claims(source(text))
    with pytest.raises(InputError) as caught:
        columns.read(source(text), Parameters())
    assert names in str(caught.value)
    assert "--set readers.columns.intensity=2" in str(caught.value)


@pytest.mark.parametrize(("column", "intensity"), [(2, [7.0, 9.0, 8.0]), (3, [10.0, 20.0, 30.0])])
def test_the_parameter_tells_which_of_several_columns_holds_the_intensities(source, column, intensity):
    spectrum = spectrum_of(source(THREE), build(Parameters, {"intensity": column}))
    assert spectrum.energy.tolist() == [3.0, 2.0, 1.0]
    assert spectrum.intensity.tolist() == intensity
    assert spectrum.reference.scale == "binding"
    assert spectrum.intensity_unit == ("counts" if column == 3 else "")


def test_a_column_that_is_not_there_is_an_error_that_tells_those_that_are(source):
    with pytest.raises(InputError, match="3 columns of numbers"):
        columns.read(source(THREE), build(Parameters, {"intensity": 4}))


EXCHANGED = "7,6\n9,5\n8,4\n12,3\n10,2\n13,1\n11,0\n"


def test_columns_that_the_headings_exchange_are_read_so_and_it_is_said(source):
    exchanged = source("I (counts),Binding energy (eV)\n" + EXCHANGED)
    spectrum = spectrum_of(exchanged)
    assert spectrum.energy.tolist() == [6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]
    assert spectrum.intensity.tolist() == [7.0, 9.0, 8.0, 12.0, 10.0, 13.0, 11.0]
    assert (spectrum.reference.scale, spectrum.intensity_unit) == ("binding", "counts")
    assert [one.code for one in columns.read(exchanged, Parameters()).remarks] == ["columns-exchanged"]


def test_columns_that_only_seem_exchanged_are_an_error_that_says_what_to_do(source):
    with pytest.raises(InputError, match=r"seem to be exchanged.*intensity=1"):
        columns.read(source(EXCHANGED), Parameters())
    measurement = columns.read(source(EXCHANGED), build(Parameters, {"intensity": 1}))
    assert measurement.spectra[0].energy.tolist() == [6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]
    assert measurement.remarks == ()


def test_a_decimal_comma_is_read_where_a_comma_does_not_part_the_columns(source):
    spectrum = spectrum_of(source("284,75;1906,5\n284,70;1907\n284;1e3\n"))
    assert spectrum.energy.tolist() == [284.75, 284.70, 284.0]
    assert spectrum.intensity.tolist() == [1906.5, 1907.0, 1000.0]


@pytest.mark.parametrize(
    ("heading", "scale"),
    [
        ("Binding Energy (eV),Counts", "binding"),
        ("BE/eV\tPE: 20.0 eV", "binding"),
        ("結合エネルギー(eV),強度", "binding"),
        ("束縛エネルギー,強度", "binding"),
        ("Kinetic energy,I", "kinetic"),
        ("運動エネルギー (eV),強度", "kinetic"),
        ("KE (eV);cps", "kinetic"),
        ("E_kin;I", "kinetic"),
        ("Energy,Intensity", "unknown"),
        ("Kinetic or binding,Intensity", "unknown"),
        ("Beam energy,kinetic", "unknown"),
        ("# Binding Energy (eV), Counts", "binding"),
        ("# Kinetic energy\n# measured at BL11", "kinetic"),
        ("# sputtered\nBinding energy;I", "binding"),
    ],
)
def test_the_headings_tell_the_scale(source, heading, scale):
    assert spectrum_of(source(f"{heading}\n3;10\n2;20\n1;30\n")).reference.scale == scale


def test_the_parameter_tells_the_scale_where_the_headings_do_not(source):
    plain, said = source("3,1\n2,1\n1,1\n", "a.csv"), source("BE,I\n3,1\n2,1\n1,1\n", "b.csv")
    kinetic = build(Parameters, {"scale": "kinetic"})
    assert spectrum_of(plain, kinetic).reference.scale == "kinetic"
    assert spectrum_of(said, kinetic).reference.scale == "binding"
    (remark,) = columns.read(said, kinetic).remarks
    assert remark.code == "columns-scale-ignored"
    assert "binding" in remark.message.en
    with pytest.raises(SettingsError):
        build(Parameters, {"scale": "vacuum"})


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("BE,Counts", "counts"), ("BE,Intensity (cps)", "counts/s"), ("BE,counts/s", "counts/s"), ("BE,I", "")],
)
def test_the_headings_tell_counts_from_count_rates(source, heading, unit):
    assert spectrum_of(source(f"{heading}\n3,1\n2,1\n1,1\n")).intensity_unit == unit


def test_energies_in_other_units_become_electronvolts(source):
    spectrum = spectrum_of(source("Kinetic energy (keV),I\n4.6001,1\n4.6002,1\n4.6003,1\n"))
    assert spectrum.energy.tolist() == [4600.1, 4600.2, 4600.3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_headings_are_decoded(source, encoding):
    data = "結合エネルギー,強度（測定値）\n3,10\n2,20\n1,30\n".encode(encoding)
    assert columns.claims(source(data))
    measurement = columns.read(source(data), Parameters())
    assert measurement.spectra[0].reference.scale == "binding"
    (heading,) = measurement.spectra[0].metadata
    assert (heading.key, heading.value, heading.line) == ("heading", "結合エネルギー,強度（測定値）", 1)
    assert [one.code for one in measurement.remarks] == (
        ["encoding-guessed"] if encoding in ("cp932", "utf-16") else []
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"# only a comment\n",
        b"Energy,Intensity\n",
        b"1,2,3\n2,3,4\n3,4,5\n",
        b"1\n2\n3\n",
        b"1,2\n2,3\n3,x\n",
        b"[Data 1]\n1 2\n2 3\n3 4\n",
        SES.encode(),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\0\1\n1 2\n2 3\n",
        b'{"energy": [1, 2]}',
        bytes(range(256)) * 40,
    ],
)
def test_nothing_else_is_claimed(source, content):
    assert not columns.claims(source(content))
    assert not columns.resembles(source(content))


def numbers(count=12):
    return [f"{290 - number / 10:.1f},{100 + number}" for number in range(count)]


def read_by_the_core(source):
    """Return what the core's own readers make of a file, as commands do."""
    plugins = load_plugins(allow=())
    (item,) = items_from([source.path], plugins)
    return read_file(item.data[0], plugins, Settings())


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ([*numbers()[:5], "abc,def", *numbers()[6:]], 6, "'abc,def'"),
        ([*numbers()[:5], "289.5", *numbers()[6:]], 6, "'289.5'"),
        ([*numbers()[:5], "289.5,1\x002", *numbers()[6:]], 6, r"'289.5,1\x002'"),
        ([*numbers(), "end of file"], 13, "'end of file'"),
        (["BE,I", "eV,counts", "290.1,", *numbers()], 3, "'290.1,'"),
        (["Energy,I", *numbers()[:3], "289.6,1,2", *numbers()[4:6], "nothing"], 5, "other lines (8)"),
    ],
)
def test_a_file_with_damaged_rows_is_told_where_it_is_damaged(source, lines, line, said):
    broken = source("\n".join(lines))
    assert not columns.claims(broken)
    with pytest.raises(InputError) as caught:
        read_by_the_core(broken)
    assert caught.value.line == line
    assert said in str(caught.value)
    assert "\0" not in caught.value.render("ja")


def test_several_lines_of_headings_are_read_as_such_and_it_is_said(source):
    heads = ["Sample: 3", "Date,2026-11-02", "BE,I", "meV,counts"]
    rows = ["3000,10", "2000,20", "1000,30", "500,40", "400,50"]
    measurement = read_by_the_core(source("\n".join([*heads, *rows])))
    (spectrum,) = measurement.spectra
    assert spectrum.energy.tolist() == [3.0, 2.0, 1.0, 0.5, 0.4]
    assert (spectrum.reference.scale, spectrum.intensity_unit) == ("binding", "counts")
    assert [(one.key, one.value, one.line) for one in spectrum.metadata] == [
        ("heading", text, line) for line, text in enumerate(heads, start=1)
    ]
    assert [one.code for one in measurement.remarks] == ["columns-headings"]


def test_what_stands_above_the_headings_says_nothing_of_the_energies(source):
    spectrum = spectrum_of(source("Kinetic energy offset,0.1\nEnergy,I\n3,10\n2,20\n1,30\n"))
    assert spectrum.reference.scale == "unknown"


@pytest.mark.parametrize("mark", ["#", "%", "//", ";"])
def test_comments_are_passed_over(source, mark):
    text = f"{mark} Binding energy, counts\n{mark} another\n3,10\n2,20\n{mark} between\n1,30\n"
    assert columns.claims(source(text))
    spectrum = spectrum_of(source(text))
    assert spectrum.intensity.tolist() == [10.0, 20.0, 30.0]
    assert spectrum.reference.scale == "binding"


def test_a_semicolon_that_parts_columns_begins_no_comment(source):
    with pytest.raises(InputError, match="line 3: '; 20'"):
        columns.read(source("3;10\n2;15\n; 20\n1;30\n"), Parameters())


MAGIC = """
from shirube.hooks import Reader, Text, hookimpl

class Magic:
    @staticmethod
    def claims(source):
        return source.head.startswith(b"MAGIC")

@hookimpl
def shirube_readers():
    return [Reader(name="magic", description=Text(en="M", ja="M"), suffixes=(".csv",), implementation=Magic)]
"""


def test_what_another_reader_claims_is_left_to_it(source, tmp_path):
    plugin = tmp_path / "magic.py"
    plugin.write_text(MAGIC, encoding="utf-8")
    mine = source("MAGIC 1\nlab,B\n" + "\n".join(numbers()))
    assert claim(mine, load_plugins(allow=())).name == "columns"
    assert claim(mine, load_plugins(allow=("magic",), files=[plugin])).name == "magic"


@pytest.mark.parametrize("content", [b"\n  \n\t\n", b"\xef\xbb\xbf\n", b" " * 9000])
def test_a_blank_file_is_called_empty(source, content):
    with pytest.raises(InputError, match="empty but for blanks"):
        read_by_the_core(source(content))


def test_a_long_file_is_claimed_by_its_beginning(source):
    rows = "".join(f"{1000 - number / 10:.1f},{number}\n" for number in range(5000))
    assert columns.claims(source(rows))
    assert spectrum_of(source(rows)).intensity.shape == (5000,)
    # A number cut at the end of the beginning is no reason to refuse.
    assert all(columns.claims(source("#" * pad + "\n" + rows)) for pad in range(12))


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        (["10,1", "9,2,7", "8,3"], 3, "9,2,7"),
        (["10,1", "9", "8,3"], 3, "'9'"),
        (["10,1", "9,2", "8,oops"], 4, "8,oops"),
        (["10,1", "9,nan", "8,3"], 3, "9,nan"),
        (["10,1", "9,2", "inf,3"], 4, "inf,3"),
        (["10,1", "9,1e999", "8,3"], 3, "1e999"),
        (["10,1", "9 2", "8,3"], 3, "9 2"),
        (["10,1", "9,2", "9,3"], 4, "falling"),
        (["10,1", "9,2", "9.5,3"], 4, "falling"),
        (["1,1", "2,2", "1.5,3"], 4, "rising"),
        (["1,1", "1,2", "1,3"], 3, "1 eV"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(source, rows, line, said):
    broken = source("BE,I\n" + "\n".join(rows) + "\n")
    with pytest.raises(InputError) as caught:
        columns.read(broken, Parameters())
    assert (caught.value.path, caught.value.line) == ("scan.csv", line)
    assert said in str(caught.value)
    assert f"{line} 行目" in caught.value.render("ja")


def test_all_wrong_rows_are_named_at_once(source):
    with pytest.raises(InputError, match=r"line 2: 'x,1' is not .* other lines \(4, 5\)"):
        columns.read(source("5,1\nx,1\n4,1\ny,1\nz,1\n3,1\n"), Parameters())


def test_the_line_of_the_only_wrong_row_is_said_once(source):
    with pytest.raises(InputError) as caught:
        columns.read(source("5,1\n4,nan\n3,1\n"), Parameters())
    assert "行：" not in caught.value.render("ja")
    assert str(caught.value).startswith("scan.csv, line 2: '4,nan' is not two finite numbers; ")


@pytest.mark.parametrize("text", ["", "BE,I\n", "1,2\n2,3\n"])
def test_fewer_than_three_points_are_no_spectrum(source, text):
    with pytest.raises(InputError, match="at least 3 points"):
        columns.read(source(text), Parameters())


@given(
    energies=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40, unique=True),
    falling=st.booleans(),
    separator=st.sampled_from([",", ";", "\t", " ", " , "]),
    ending=st.sampled_from(["\n", "\r\n"]),
    data=st.data(),
)
def test_what_is_written_is_read_to_the_last_digit(tmp_path_factory, energies, falling, separator, ending, data):
    energies = sorted(energies, reverse=falling)
    intensity = data.draw(st.lists(st.floats(-1e300, 1e300), min_size=len(energies), max_size=len(energies)))
    rows = [f"{one!r}{separator}{other!r}" for one, other in zip(energies, intensity, strict=True)]
    path = tmp_path_factory.mktemp("columns") / "x.txt"
    path.write_bytes(ending.join(rows).encode())
    source = SourceFile(path)
    assert columns.claims(source)
    spectrum = spectrum_of(source)
    assert spectrum.energy.tolist() == energies
    assert spectrum.intensity.tolist() == intensity


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("columns") / "x.txt"
    path.write_bytes(content)
    source = SourceFile(path)
    columns.claims(source)
    try:
        spectrum = spectrum_of(source)
    except InputError as error:
        assert error.path == "x.txt"  # noqa: PT017 either way is right
    else:
        assert spectrum.intensity.size >= 3
