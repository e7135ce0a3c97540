"""What holds for every file: what is written is read, and what is cut is missed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shirube.errors import InputError
from shirube.sources import SourceFile
from shirube_ses2002.reader import claims, read
from shirube_ses2002.testing import SesRegion, SesStyle, ses_bytes

# No control characters (a line end would end the value) and no surrogates.
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
AXES = ("Y-Scale [deg]", "Y-Scale [mm]", "Seq. Iteration[a.u.]", "Region Iteration[a.u.]", "Point [Position]")
# SES prints 15 digits.
VALUES = st.floats(-1e12, 1e12, allow_subnormal=False).map(lambda value: float(f"{value:.14e}"))


@st.composite
def regions(draw):
    points = draw(st.integers(2, 9))
    shape = (points, *draw(st.lists(st.integers(1, 4), max_size=2)))
    start, step = draw(st.integers(-10_000, 2_000_000)), draw(st.sampled_from([-100, -5, 1, 10, 250]))
    energies = np.array([round((start + step * index) / 1000, 3) for index in range(points)])
    names = draw(st.lists(st.sampled_from(AXES), min_size=len(shape) - 1, max_size=len(shape) - 1))
    return SesRegion(
        energies=energies,
        intensity=draw(arrays.arrays(np.float64, shape, elements=VALUES)),
        axes=tuple(
            (name, [float(point) for point in range(size)]) for name, size in zip(names, shape[1:], strict=True)
        ),
        name=draw(TEXT),
        scale=draw(st.sampled_from(["Kinetic", "Binding"])),
        info={"Sample": draw(TEXT), "Comments": draw(TEXT)},
        manipulator=draw(st.none() | st.just({"X": "1.5", "Polar": ""})),
    )


STYLES = st.builds(
    SesStyle,
    encoding=st.just("utf-8"),
    bom=st.booleans(),
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    decimal=st.sampled_from([".", ","]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(regions(), min_size=1, max_size=12), STYLES)
def test_what_is_written_is_read(written, style):
    with tempfile.TemporaryDirectory() as folder:
        source = SourceFile(Path(folder, "any.txt"))
        source.path.write_bytes(ses_bytes(written, style))
        assert claims(source)
        measurement = read(source)
    assert len(measurement.spectra) == len(written)
    for spectrum, region in zip(measurement.spectra, written, strict=True):
        assert spectrum.name == region.name
        assert np.array_equal(spectrum.energy, region.energies)
        assert np.array_equal(spectrum.intensity, region.intensity)
        assert [axis.values.tolist() for axis in spectrum.axes[1:]] == [list(points) for _, points in region.axes]
        assert spectrum.reference.scale == region.scale.lower()
        kept = {value.key: value.value for value in spectrum.metadata if value.section.startswith("Info")}
        assert (kept["Sample"], kept["Comments"]) == (region.info["Sample"], region.info["Comments"])


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


@pytest.mark.parametrize("name", ["specqp/scienta_fermi_level_1.txt", "variants/base_1d_binding.txt"])
def test_a_file_cut_at_any_byte_is_complete_or_refused(name, content_of, place):
    content = content_of(name)
    whole = read(place(content, Path(name).name))
    step = 1 if len(content) < 4000 else 7
    read_up_to = [cut for cut in range(0, len(content), step) if complete_or_refused(content[:cut], whole, place)]
    # Only the last line end, and the blank line after it, may be lost.
    assert all(cut >= len(content) - 4 for cut in read_up_to)
    assert all(complete_or_refused(content[: len(content) - lost], whole, place) for lost in range(5))
    assert not complete_or_refused(content[:-5], whole, place)


@pytest.mark.parametrize(
    "name",
    [
        "specqp/scienta_multiregion_1.txt",
        "specqp/scienta_single_region_adddimension_1.txt",
        "variants/three_d_data_blocks.txt",
        "variants/regions_11.txt",
    ],
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_larger_file_cut_anywhere_is_complete_or_refused(name, data):
    import gzip

    path = Path(__file__).parent / "data" / name
    content = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes())
    # Cuts between sections are the ones that could go unnoticed.
    titles = [at for at in range(len(content)) if content[at : at + 1] == b"[" and content[at - 1 : at] == b"\n"]
    cut = data.draw(st.integers(0, len(content)) | st.sampled_from(titles))
    with tempfile.TemporaryDirectory() as folder:

        def place(part: bytes, name: str) -> SourceFile:
            Path(folder, name).write_bytes(part)
            return SourceFile(Path(folder, name))

        whole = read(place(content, path.name))
        assert complete_or_refused(content[:cut], whole, place) == (cut >= len(content.rstrip()))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2200), st.integers(0, 60))
def test_bytes_thrown_into_a_file_are_read_or_refused_but_never_crash(junk, position, removed):
    content = ses_bytes([SesRegion(energies=[3.0, 2.0, 1.0], intensity=[5.0, 6.0, 7.0]) for _ in range(2)])
    with tempfile.TemporaryDirectory() as folder:
        source = SourceFile(Path(folder, "any.txt"))
        source.path.write_bytes(content[:position] + junk + content[position + removed :])
        claims(source)
        result = read_or_refused(source)
    if isinstance(result, InputError):
        assert result.render("en")
        assert result.render("ja")
    else:
        assert len(result.spectra) == 2
        assert all(np.isfinite(spectrum.intensity).all() for spectrum in result.spectra)
