"""Every variant of the format is read: dimensions, encodings, line ends, spellings, tables without keys."""

from __future__ import annotations

import numpy as np
import pytest

from shirube.errors import InputError, SettingsError
from shirube_ses2002.parameters import Parameters
from shirube_ses2002.reader import claims, read
from shirube_ses2002.testing import SesRegion, SesStyle, examples, ses_bytes

ENERGIES = np.round(np.linspace(300.0, 275.0, 251), 10)
COUNTS = np.round(1000.0 + 100.0 * np.cos(ENERGIES), 6)


def region(**changes):
    return SesRegion(**{"energies": ENERGIES, "intensity": COUNTS, **changes})


def raw(spectrum, key, section="Info 1"):
    return [value.value for value in spectrum.metadata if value.key == key and value.section == section]


def as_read(measurement):
    (spectrum,) = measurement.spectra
    return spectrum


@pytest.mark.parametrize(
    ("name", "axes", "shape"),
    [
        ("base_1d_binding", [("energy", "eV")], (251,)),
        ("base_1d_kinetic", [("energy", "eV")], (251,)),
        ("two_d_angle", [("energy", "eV"), ("angle", "deg")], (251, 64)),
        ("add_dimension", [("energy", "eV"), ("iteration", "")], (251, 5)),
        ("three_d_data_blocks", [("energy", "eV"), ("angle", "deg"), ("iteration", "")], (251, 16, 3)),
        ("manipulator_scan_vt", [("energy", "eV"), ("angle", "deg"), ("point", "")], (251, 8, 3)),
    ],
)
def test_axes_are_named_and_every_number_is_in_its_place(name, axes, shape, real, content_of, columns_of):
    spectrum = as_read(read(real(f"variants/{name}.txt")))
    assert [(axis.name, axis.unit) for axis in spectrum.axes] == axes
    assert spectrum.intensity.shape == shape
    for title, rows in columns_of(content_of(f"variants/{name}.txt")).items():
        block = title.strip("[]").partition(":")[2]
        plane = spectrum.intensity[..., int(block) - 1] if block else spectrum.intensity
        assert np.array_equal(plane.reshape(len(rows), -1), np.array(rows)[:, 1:])
        assert np.array_equal(spectrum.energy, np.array(rows)[:, 0])


#: Axes after the energy, number of spectra, and remarks, of every variant that the writer knows.
ITERATIONS = [("iteration", "", 2)]
EXAMPLES = {
    **dict.fromkeys(
        ("binding", "kinetic", "one-point", "manipulator", "deflector", "interface", "signal"), ([], 1, [])
    ),
    **dict.fromkeys(("comment", "equals", "us-date", "garbage-energy", "no-energy"), ([], 1, [])),
    "regions-12": ([], 12, []),
    "angles": ([("angle", "deg", 3)], 1, []),
    "positions": ([("position", "mm", 3)], 1, []),
    "iterations": (ITERATIONS, 1, []),
    "region-iterations": (ITERATIONS, 1, []),
    "delays": ([("delay", "fs", 2)], 1, []),
    "angles-iterations": ([("angle", "deg", 3), *ITERATIONS], 1, []),
    "iterations-angles": ([*ITERATIONS, ("angle", "deg", 3)], 1, []),
    "mixed": ([("angle", "deg", 3), *ITERATIONS], 3, []),
    "cis": ([("photon_energy", "eV", 3)], 1, []),
    "manipulator-scan": ([("point", "", 2)], 1, []),
    **dict.fromkeys(("lf", "cr", "crcrlf", "bom", "utf-8", "decimal-comma", "header-comma"), (ITERATIONS, 1, [])),
    **dict.fromkeys(("tabs", "plain", "old-keys"), (ITERATIONS, 1, [])),
    **dict.fromkeys(("cp932", "euc-jp"), (ITERATIONS, 1, ["encoding"])),
    **dict.fromkeys(("utf-16", "utf-16-be"), (ITERATIONS, 1, ["encoding-marked"])),
    **dict.fromkeys(("no-blank-line", "no-line-end"), (ITERATIONS, 1, ["lost-line-end"])),
    "cp1252": ([], 1, ["encoding"]),
}


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_variant_gives_its_axes_and_says_what_is_unusual(name, place):
    axes, count, codes = EXAMPLES[name]
    source = place(examples()[name])
    assert claims(source)
    measurement = read(source)
    assert [remark.code for remark in measurement.remarks] == codes
    assert len(measurement.spectra) == count
    first = measurement.spectra[0]
    assert [(axis.name, axis.unit, len(axis)) for axis in first.axes[1:]] == axes
    if axes:
        assert first.intensity.ravel().tolist() == [1.5 * number for number in range(first.intensity.size)]


@pytest.mark.parametrize(
    ("written", "name", "unit"),
    [
        ("Y-Scale [deg]", "angle", "deg"),
        ("Y-Scale[Deg]", "angle", "deg"),
        ("Thetay [degrees]", "angle", "deg"),
        ("Y-Scale [mm]", "position", "mm"),
        ("X [um]", "position", "um"),
        ("Seq. Iteration[a.u.]", "iteration", ""),
        ("Region Iteration [a.u.]", "iteration", ""),
        ("Point [Position]", "point", ""),
        ("Delay(fs)", "delay", "fs"),
        ("DelayStage(mm)", "delay", "mm"),
        ("Temperature [K]", "temperature", "K"),
        ("P-Axis", "p_axis", ""),
        ("Energy [eV]", "energy_2", "eV"),
        ("試料位置", "axis", ""),
        (" " * 5000 + "x[", "x", ""),
    ],
)
def test_an_axis_is_named_for_what_it_scans(written, name, unit, place):
    grid = region(intensity=np.outer(COUNTS, [1.0, 2.0]), axes=((written, (0.5, 1.0)),))
    axis = as_read(read(place(ses_bytes([grid], SesStyle(encoding="utf-8"))))).axes[1]
    assert (axis.name, axis.unit) == (name, unit)


def test_iterations_before_angles_stay_where_the_file_has_them(place):
    cube = np.arange(251.0 * 2 * 3).reshape(251, 2, 3)
    axes = (("Seq. Iteration[a.u.]", (1.0, 2.0)), ("Y-Scale [deg]", (-5.0, 0.0, 5.0)))
    spectrum = as_read(read(place(ses_bytes([region(intensity=cube, axes=axes)]))))
    assert [axis.name for axis in spectrum.axes] == ["energy", "iteration", "angle"]
    assert spectrum.intensity[7, 1, 2] == cube[7, 1, 2]
    assert spectrum.axes[2].values.tolist() == [-5.0, 0.0, 5.0]


@pytest.mark.parametrize(
    "where", ["Signal 1", "User Interface Information 1", "Manipulator 1", "Run Mode Information 1"]
)
def test_every_line_of_every_section_is_kept_as_written(where, place):
    lines = [
        "Gain = 1.5 ",
        "a=b=c",
        "=nothing",
        "no key here",
        "\x0btable\x0brow=1",
        "\x0b\x0b",
        "Name=CIS",
        "Name=CIS",
    ]
    written = region(
        signal=lines if where.startswith("Signal") else None,
        interface=lines if where.startswith("User") else (),
        run_mode=lines if where.startswith("Run") else (),
        manipulator={} if not where.startswith("Manipulator") else dict(line.split("=", 1) for line in lines[:2]),
    )
    kept = [value for value in as_read(read(place(ses_bytes([written])))).metadata if value.section == where]
    table = ["no key here", "\x0btable\x0brow=1", "\x0b\x0b"]
    assert [
        value.value if not value.key and value.value in table else f"{value.key}={value.value}" for value in kept
    ] == (lines[:2] if where.startswith("Manipulator") else lines)


def test_old_files_are_read_with_their_own_keys(place):
    spectrum = as_read(read(place(examples()["old-keys"])))
    assert [value.key for value in spectrum.metadata if value.section == "Info 1"][:9] == [
        *("Instrument", "Location", "User", "Sample", "Comments", "Date", "Time", "Detector Channels", "Region Name")
    ]
    assert raw(spectrum, "Aquisition Mode") == ["Swept"]
    assert raw(spectrum, "Slice Values (Deg)") == [""]
    assert raw(spectrum, "Date") == ["2/11/02"]


@pytest.mark.parametrize(
    "comment",
    [
        *("[Data 1]", "[Manipulator 1]\nX=1", "[Info]\n[sic]", "Date=soon\n[Data 1]", "a\n\n\n[Data 1:2]\nb"),
        *("Time=noon", "Time=5 min", "Date=yesterday", "Date=1\nTime=5", "Time=5 min\nDate=x", "Date=\nTime="),
        *("[Info 1]", "[Region 2]", "[Info 1]\nX=1", "[Region 2]\n[Info 2]", "[Region 1] and [Info 1]\n[Region 1]"),
    ],
)
@pytest.mark.parametrize("others", [0, 1])
def test_a_line_of_a_comment_that_looks_like_a_title_or_a_key_is_text(comment, others, place):
    written = region(info={"Comments": f"first\n{comment}"}, manipulator={"X": "2.302"})
    spectrum, *more = read(place(ses_bytes([written] + [region()] * others))).spectra
    assert len(more) == others
    assert raw(spectrum, "Comments") == [f"first\n{comment}"]
    assert raw(spectrum, "X", "Manipulator 1") == ["2.302"]
    assert np.array_equal(spectrum.intensity, COUNTS)


def test_a_comment_of_many_lines_takes_no_long_time(place):
    comment = "\n".join(f"line {number}" for number in range(9000))
    assert raw(as_read(read(place(ses_bytes([region(info={"Comments": comment})])))), "Comments") == [comment]


def test_decimal_commas_are_told_from_whole_numbers_in_the_first_row(place):
    style = SesStyle(number="{:.15g}".format, decimal=",")
    whole = SesRegion(energies=[3.0, 2.5, 2.0], intensity=[5.0, 6.25, 7.0])
    assert as_read(read(place(ses_bytes([whole], style)))).intensity.tolist() == [5.0, 6.25, 7.0]


def test_eleven_regions_are_eleven_spectra(real, content_of, columns_of):
    spectra = read(real("variants/regions_11.txt")).spectra
    blocks = columns_of(content_of("variants/regions_11.txt"))
    assert [spectrum.name for spectrum in spectra] == [f"R{number}" for number in range(1, 12)]
    for number, spectrum in enumerate(spectra, start=1):
        assert spectrum.intensity.tolist() == [row[1] for row in blocks[f"[Data {number}]"]]
        assert raw(spectrum, "Region Name", f"Info {number}") == [f"R{number}"]


def test_japanese_of_cp932_is_decoded_and_remarked_upon(real):
    measurement = read(real("variants/cp932.txt"))
    (spectrum,) = measurement.spectra
    assert raw(spectrum, "Sample") == ["酸化チタン"]
    assert raw(spectrum, "Comments") == ["表示ソ能 600℃"]
    (remark,) = measurement.remarks
    assert remark.code == "encoding"
    assert "cp932" in remark.message.en
    assert "cp932" in remark.message.ja


@pytest.mark.parametrize(
    ("encoding", "sample", "remarked"),
    [("utf-8", "酸化アルミ 600 ℃", False), ("cp932", "酸化アルミ 600 ℃", True), ("cp1252", "Ångström 20 °C", True)],
)
def test_names_survive_in_every_encoding(encoding, sample, remarked, place):
    content = ses_bytes([region(info={"Sample": sample})], SesStyle(encoding=encoding))
    measurement = read(place(content))
    assert raw(as_read(measurement), "Sample") == [sample]
    assert [remark.code for remark in measurement.remarks] == (["encoding"] if remarked else [])


@pytest.mark.parametrize(
    ("encoding", "sample"),
    [("cp1252", "C–H “Au”"), ("euc-jp", "表面"), ("cp932", "ﾊｸﾏｸ"), ("cp1250", "Łukasz"), ("gb18030", "样品")],
)
def test_an_encoding_that_nobody_could_find_may_be_stated(encoding, sample, place):
    source = place(ses_bytes([region(info={"Sample": sample})], SesStyle(encoding=encoding)))
    measurement = read(source, Parameters(encoding=encoding))
    assert raw(as_read(measurement), "Sample") == [sample]
    assert measurement.remarks == ()


def test_a_guessed_encoding_names_the_setting_and_a_mark_overrules_it(place):
    (remark,) = read(place(ses_bytes([region(info={"Sample": "試料"})], SesStyle(encoding="cp932")))).remarks
    assert "set readers.ses2002.encoding" in remark.message.en
    assert "readers.ses2002.encoding" in remark.message.ja
    marked = place(ses_bytes([region(info={"Sample": "試料"})], SesStyle(encoding="utf-8", bom=True)))
    assert raw(as_read(read(marked, Parameters(encoding="cp932"))), "Sample") == ["試料"]


def test_a_line_that_is_not_in_the_stated_encoding_is_named(place):
    content = ses_bytes([region(), region(info={"Sample": "Sérgio"})], SesStyle(encoding="cp1252"))
    with pytest.raises(InputError, match="this line is not utf-8; set readers") as caught:
        read(place(content), Parameters(encoding="utf-8"))
    assert content.split(b"\r\n")[caught.value.line - 1].startswith(b"Sample=S")


@pytest.mark.parametrize("encoding", ["", "latin-99", "utf-16", "rot13", "cp037", "idna", "\0", "base64"])
def test_what_is_no_encoding_of_such_files_is_refused(encoding):
    with pytest.raises(SettingsError, match="is no encoding of a file of SES"):
        Parameters(encoding=encoding)


def test_one_encoding_holds_for_all_regions(place):
    # On its own the second name would pass for another encoding.
    regions = [region(info={"Sample": "酸化アルミニウム基板"}), region(info={"Sample": "ｱﾙﾐ"})]
    spectra = read(place(ses_bytes(regions, SesStyle(encoding="cp932")))).spectra
    assert raw(spectra[1], "Sample", "Info 2") == ["ｱﾙﾐ"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_with_its_mark_is_read(encoding, place):
    mark = "" if encoding == "utf-16" else "\ufeff"
    content = (mark + ses_bytes([region()]).decode("ascii")).encode(encoding)
    assert claims(place(content))
    measurement = read(place(content))
    assert np.array_equal(as_read(measurement).intensity, COUNTS)
    assert [remark.code for remark in measurement.remarks] == ["encoding-marked"]


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_line_ends_and_byte_order_marks_change_nothing(line_end, bom, place):
    content = ses_bytes([region(), region()], SesStyle(line_end=line_end, bom=bom, encoding="utf-8"))
    assert claims(place(content))
    measurement = read(place(content))
    assert measurement.remarks == ()
    for spectrum in measurement.spectra:
        assert np.array_equal(spectrum.intensity, COUNTS)
    assert measurement.metadata[0].key == "Number of Regions"
    lines = content.decode("utf-8-sig").split(line_end)
    last = measurement.spectra[-1].metadata[-1]
    assert lines[last.line - 1] == f"{last.key}={last.value}"


@pytest.mark.parametrize("number", ["{:.5f}", "{:.6e}", "{:.17g}"])
@pytest.mark.parametrize("separator", [" ", "\t", "   "])
def test_numbers_of_other_widths_and_separators_are_read(number, separator, place):
    style = SesStyle(number=number.format, separator=separator)
    grid = SesRegion(energies=ENERGIES, intensity=np.outer(COUNTS, [1.0, 2.0]), axes=(("Y-Scale [mm]", (0.5, 1.0)),))
    spectrum = as_read(read(place(ses_bytes([grid], style))))
    assert spectrum.intensity.tolist() == [[float(number.format(value)) for value in row] for row in grid.intensity]
    assert (spectrum.axes[1].name, spectrum.axes[1].unit) == ("position", "mm")


@pytest.mark.parametrize("number", ["{: .14E}", "{:.5f}"])
def test_decimal_commas_are_read(number, place):
    style = SesStyle(decimal=",", number=number.format)
    measurement = read(place(ses_bytes([region(info={"Excitation Energy": "799,85"})], style)))
    spectrum = as_read(measurement)
    assert spectrum.intensity.tolist() == [float(number.format(value)) for value in COUNTS]
    assert spectrum.reference.photon_energy == 799.85
    assert raw(spectrum, "Excitation Energy") == ["799,85"]


def test_decimal_commas_in_the_number_format_of_ses_are_read_to_the_last_digit(place):
    spectrum = as_read(read(place(ses_bytes([region()], SesStyle(decimal=",")))))
    assert np.array_equal(spectrum.intensity, COUNTS)


def test_the_table_of_a_manipulator_keeps_its_vertical_tabs(real):
    spectrum = as_read(read(real("variants/manipulator_scan_vt.txt")))
    assert raw(spectrum, "", "Run Mode Information 1") == [
        "\x0bPosition\x0bP\x0bX",
        "\x0b1\x0b1.500\x0b0.100",
        "\x0b2\x0b3.000\x0b0.100",
        "\x0b3\x0b4.500\x0b0.100",
    ]


def test_points_of_a_run_mode_and_axes_of_a_manipulator_are_keys(place):
    content = ses_bytes(
        [region(run_mode=["Name=CIS", "Point 1=570 eV", "Point 2=570.1 eV"], manipulator={"X": "2.302", "Polar": ""})]
    )
    spectrum = as_read(read(place(content)))
    assert raw(spectrum, "Point 2", "Run Mode Information 1") == ["570.1 eV"]
    assert raw(spectrum, "X", "Manipulator 1") == ["2.302"]
    assert raw(spectrum, "Polar", "Manipulator 1") == [""]


def test_a_comment_of_several_lines_is_one_value_whatever_stands_in_it(place):
    comment = "cleaved in vacuum\n\nPass Energy=200 tried first\n[note 7] see [Data 1] below\n[sic]"
    spectrum = as_read(read(place(ses_bytes([region(info={"Comments": comment})]))))
    assert raw(spectrum, "Comments") == [comment]
    assert raw(spectrum, "Pass Energy") == ["50"]
    assert raw(spectrum, "Date") == ["2025-12-01"]


def test_a_blank_line_after_a_comment_is_not_part_of_it(place):
    spectrum = as_read(read(place(ses_bytes([region(info={"Comments": "Al 250 W;\n"})]))))
    assert raw(spectrum, "Comments") == ["Al 250 W;"]


def test_equal_region_names_stay_apart_by_their_ids(place):
    spectra = read(place(ses_bytes([region(), region(), region()]))).spectra
    assert [spectrum.id for spectrum in spectra] == ["measured.txt#1", "measured.txt#2", "measured.txt#3"]


def test_sections_nobody_knows_are_kept(place):
    content = ses_bytes([region()]).replace(b"[Data 1]", b"[Beamline 1]\r\nGap=27.3\r\n\r\n[Data 1]")
    assert raw(as_read(read(place(content))), "Gap", "Beamline 1") == ["27.3"]


def test_two_axes_of_one_kind_have_two_names(place):
    cube = np.arange(251.0 * 2 * 3).reshape(251, 2, 3)
    axes = (("Y-Scale [deg]", (-1.0, 1.0)), ("Thetax [deg]", (0.0, 5.0, 10.0)))
    spectrum = as_read(read(place(ses_bytes([region(intensity=cube, axes=axes)]))))
    assert [axis.name for axis in spectrum.axes] == ["energy", "angle", "thetax"]
    assert np.array_equal(spectrum.intensity, cube)


def test_the_energy_dimension_alone_tells_the_scale_when_energy_scale_is_not_stated(place):
    spectrum = as_read(read(place(ses_bytes([region(info={"Energy Scale": None})]))))
    assert spectrum.reference.scale == "binding"


@pytest.mark.parametrize("stated", ["Kinetic", "Potential"])
def test_the_scale_is_unknown_when_energy_scale_says_something_else(stated, place):
    measurement = read(place(ses_bytes([region(info={"Energy Scale": stated})])))
    assert as_read(measurement).reference.scale == "unknown"
    (remark,) = measurement.remarks
    assert remark.code == "scale-unclear"
    assert remark.line == 17


@pytest.mark.parametrize(
    ("stated", "held"), [("3.10021844987699E-317", 3.10021844987699e-317), ("0", 0.0), ("", None), ("n/a", None)]
)
def test_a_binding_axis_records_the_photon_energy_of_the_header_garbage_included(stated, held, place):
    spectrum = as_read(read(place(ses_bytes([region(info={"Excitation Energy": stated})]))))
    assert spectrum.reference.photon_energy == held
    assert spectrum.reference.scale == "binding"


@pytest.mark.parametrize(
    ("mode", "values", "unit"),
    [("ADC", COUNTS.round(), ""), ("Pulse Counting", COUNTS.round(), "counts"), ("Pulse Counting", COUNTS, "")],
)
def test_intensities_are_counts_only_where_pulses_were_counted(mode, values, unit, place):
    spectrum = as_read(read(place(ses_bytes([region(intensity=values, info={"DetectorMode": mode})]))))
    assert spectrum.intensity_unit == unit


def test_region_names_that_differ_are_remarked_upon(place):
    (remark,) = read(place(ses_bytes([region(info={"Region Name": "O1s"})]))).remarks
    assert remark.code == "names-differ"


def test_energies_on_another_scale_than_usual_are_remarked_upon(place):
    measurement = read(place(ses_bytes([region(info={"Energy Unit": "Binding", "Low Energy": "275"})])))
    (remark,) = measurement.remarks
    assert remark.code == "energy-unit"
    assert "Energy Unit is 'Binding', so Center, Low and High Energy are on that scale" in remark.message.en
    assert raw(as_read(measurement), "Low Energy") == ["275"]


def test_energies_that_differ_by_rounding_are_taken_from_the_data(place):
    fine = ENERGIES + 1e-7
    measurement = read(place(ses_bytes([region(energies=fine)], SesStyle(number="{:.5f}".format))))
    assert np.array_equal(as_read(measurement).energy, ENERGIES)
    assert [remark.code for remark in measurement.remarks] == ["axis-rounded"]


def test_a_large_file_is_mapped_and_read_the_same(place):
    energies = np.linspace(100.0, 110.0, 400)
    values = np.random.default_rng(0).uniform(-1e5, 1e5, (400, 500))
    image = SesRegion(
        energies=energies,
        intensity=values,
        scale="Kinetic",
        axes=(("Y-Scale [deg]", np.linspace(-15, 15, 500).tolist()),),
    )
    content = ses_bytes([image, image])
    assert len(content) > 1 << 22
    measurement = read(place(content))
    printed = np.vectorize(lambda value: float(f"{value:.14E}"))(values)
    for number, spectrum in enumerate(measurement.spectra, start=1):
        assert np.array_equal(spectrum.intensity, printed)
        first = spectrum.metadata[0]
        assert content.split(b"\r\n")[first.line - 2] == f"[Region {number}]".encode()
