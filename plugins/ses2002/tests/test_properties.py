"""What holds for every file: what is written is read, and what is cut is missed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirube.errors import InputError
from shirube.sources import SourceFile
from shirube_ses2002.parameters import Parameters
from shirube_ses2002.reader import claims, read
from shirube_ses2002.testing import SesRegion, SesStyle, as_printed, examples, ses_bytes
from shirube_ses2002.testing.strategies import axis_names, files

NAMES = axis_names()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a function that writes bytes to the one file of all examples and returns it."""
    path = tmp_path_factory.mktemp("examples") / "any.txt"

    def written(content: bytes) -> SourceFile:
        path.write_bytes(content)
        return SourceFile(path)

    return written


def expected_axes(region):
    """Return the names of a region's axes; a second one of a name that is taken has another."""
    first, *others = [NAMES[name] for name, _ in region.axes] or [""]
    return [first, *others] if first not in others and first else [first] if first else []


def check_region(spectrum, region, style):
    """Check that a spectrum holds all that was written of its region."""
    assert spectrum.name == region.name
    assert np.array_equal(spectrum.energy, as_printed(region.energies, style))
    assert np.array_equal(spectrum.intensity, as_printed(region.intensity, style))
    assert [axis.values.tolist() for axis in spectrum.axes[1:]] == [list(points) for _, points in region.axes]
    names = expected_axes(region)
    assert [axis.name for axis in spectrum.axes[1 : 1 + len(names)]] == names
    assert len({axis.name for axis in spectrum.axes}) == len(spectrum.axes)
    assert spectrum.reference.scale == region.scale.lower()
    kept = {value.key: value.value for value in spectrum.metadata if value.section.startswith("Info")}
    assert {key: kept[key] for key in region.info} == dict(region.info)
    lines = [(value.key, value.value) for value in spectrum.metadata if value.section.startswith("Run Mode")]
    assert [f"{key}={value}" if key else value for key, value in lines] == list(region.run_mode)
    keys = {value.key: value.value for value in spectrum.metadata if value.section.startswith("Manipulator")}
    assert keys == dict(region.manipulator or {})


@settings(max_examples=400, deadline=None)
@given(written=files())
def test_what_is_written_is_read(written, file):
    style = written.style
    source = file(ses_bytes(written.regions, style))
    assert claims(source)
    measurement = read(source)
    assert len(measurement.spectra) == len(written.regions)
    for spectrum, region in zip(measurement.spectra, written.regions, strict=True):
        check_region(spectrum, region, style)
    told = dict.fromkeys(("cp932", "euc-jp", "cp1252"), "encoding")
    told |= dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "encoding-marked")
    codes = {remark.code for remark in measurement.remarks} - {"axis-rounded"}
    assert codes == ({told[style.encoding]} if style.encoding in told else set())


def read_or_refused(source: SourceFile):
    """Return the measurement, or the error that refuses the file."""
    try:
        return read(source)
    except InputError as error:
        return error


def complete_or_refused(content: bytes, whole, place) -> bool:
    """Read a cut file and tell whether it was read; if it was, everything must be there."""
    measurement = read_or_refused(place(content, whole.name))
    if isinstance(measurement, InputError):
        assert measurement.path == whole.name
        assert measurement.line is None or 1 <= measurement.line <= content.count(b"\n") + 1
        return False
    assert [one.code for one in measurement.remarks] in ([], ["lost-line-end"])
    assert len(measurement.spectra) == len(whole.spectra)
    assert all(one.same_as(other) for one, other in zip(measurement.spectra, whole.spectra, strict=True))
    return True


# Together every position of three real files, of one and of two dimensions.
@pytest.mark.parametrize(
    "name",
    [
        "specqp/scienta_fermi_level_1.txt",
        "specqp/scienta_fermi_level_2.txt",
        "specqp/scienta_single_region_adddimension_1.txt",
    ],
)
def test_a_file_cut_anywhere_is_refused_unless_only_its_last_line_ends_are_lost(name, content_of, place):
    content = content_of(name)
    whole = read(place(content, Path(name).name))
    # Rows repeat: a step of a prime meets every place in a row. Where the file begins and ends every byte is tried.
    cuts = sorted(
        {*range(0, len(content), 7), *range(300), *range(len(content) - 300, len(content))} & {*range(len(content))}
    )
    read_up_to = [cut for cut in cuts if complete_or_refused(content[:cut], whole, place)]
    assert read_up_to == [len(content) - lost for lost in (4, 3, 2, 1)]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "name",
    [
        "specqp/scienta_multiregion_1.txt",
        "specqp/scienta_multiregion_adddimension_1.txt",
        "variants/three_d_data_blocks.txt",
        "variants/regions_11.txt",
    ],
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_larger_file_cut_anywhere_is_complete_or_refused(name, data, content_of, tmp_path_factory):
    content = content_of(name)
    # Cuts between sections are the ones that could go unnoticed.
    titles = [at for at in range(len(content)) if content[at : at + 1] == b"[" and content[at - 1 : at] == b"\n"]
    cut = data.draw(st.integers(0, len(content)) | st.sampled_from(titles))
    folder = tmp_path_factory.getbasetemp()

    def place(part: bytes, name: str) -> SourceFile:
        (folder / name).write_bytes(part)
        return SourceFile(folder / name)

    whole = read(place(content, Path(name).name))
    assert complete_or_refused(content[:cut], whole, place) == (cut >= len(content.rstrip()))


@pytest.mark.thorough
@settings(max_examples=250, deadline=None)
@given(written=files(style=st.builds(SesStyle, line_end=st.sampled_from(["\r\n", "\n"]))), data=st.data())
def test_what_lenient_reading_leaves_of_a_cut_file_is_as_it_was(written, data, file):
    content = ses_bytes(written.regions, written.style)
    cut = data.draw(st.integers(1, len(content) - 1))
    try:
        measurement = read(file(content[:cut]), Parameters(lenient=True))
    except InputError:
        return
    assert measurement.remarks
    for spectrum in measurement.spectra:
        check_region(spectrum, written.regions[int(spectrum.id.rpartition("#")[2]) - 1], written.style)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted(examples().values())),
    st.binary(max_size=40) | st.sampled_from([b"\0", b"\r", b"\n", b"[Data 1]\n", b"[Region 2]\r\n", b"\x0b", b"1,5 "]),
    st.floats(0.0, 1.0),
    st.integers(0, 60),
)
def test_bytes_thrown_into_a_file_are_read_or_refused_but_never_crash(file, content, junk, place, removed):
    position = int(place * len(content))
    source = file(content[:position] + junk + content[position + removed :])
    claims(source)
    result = read_or_refused(source)
    if isinstance(result, InputError):
        assert result.render("en")
        assert result.render("ja")
    else:
        assert all(np.isfinite(spectrum.intensity).all() for spectrum in result.spectra)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_one_changed_byte_of_a_block_is_noticed_or_is_the_number_it_prints(file, place, byte):
    content = bytearray(ses_bytes([SesRegion(energies=[3.0, 2.0, 1.0], intensity=[5.0, 6.0, 7.0]) for _ in range(2)]))
    start = content.rindex(b"[Data 2]") + len(b"[Data 2]\r\n")
    position = start + place % (len(content) - start)
    content[position] = byte
    result = read_or_refused(file(bytes(content)))
    if not isinstance(result, InputError):
        rows = [[float(word) for word in row.split()] for row in bytes(content[start:]).decode("ascii").split("\n")]
        assert [row[1] for row in rows if row] == result.spectra[1].intensity.tolist()
