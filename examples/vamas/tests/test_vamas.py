"""The reader on measured files, against another reader of the format, and on damaged ones."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import vamas
from hypothesis import given
from hypothesis import strategies as st
from shirube_vamas import layout, reader
from shirube_vamas.parsing import parse

from shirube.errors import InputError
from shirube.sources import SourceFile

DATA = Path(__file__).parent / "data"
IRREGULAR = DATA / "pynxtools-xps" / "FeO_analyzed.vms"
REGULAR = DATA / "lg4x" / "lg4x-niw-150w.vms"
SAMPLES = Path(reader.__file__).parent / "samples"


def read(path):
    return reader.read(SourceFile(path), None)


@pytest.mark.parametrize("path", [REGULAR, SAMPLES / "regular.vms"], ids=lambda path: path.name)
def test_every_value_of_a_regular_scan_is_what_another_reader_of_the_format_finds(path, tmp_path):
    # The other reader refuses the empty lines that one program writes before the format identifier.
    stripped = tmp_path / path.name
    stripped.write_bytes(path.read_bytes().lstrip())
    theirs = vamas.Vamas(stripped)
    ours = parse(path.read_text(encoding="utf-8"), path.name)
    assert len(ours.blocks) == len(theirs.blocks)
    for mine, its in zip(ours.blocks, theirs.blocks, strict=True):
        assert mine.identifier == its.block_identifier
        assert [one.label for one in mine.variables] == [one.label for one in its.corresponding_variables]
        assert [one.unit for one in mine.variables] == [one.unit for one in its.corresponding_variables]
        for variable, other in zip(mine.variables, its.corresponding_variables, strict=True):
            assert variable.values == tuple(map(float, other.y_values))
        if mine.abscissa is not None:
            assert mine.abscissa == (its.x_label, its.x_units, its.x_start, its.x_step)
        for name, value in (
            ("sample identifier", its.sample_identifier),
            ("technique", its.technique),
            ("analysis source label", its.analysis_source_label),
            ("analyser mode", its.analyzer_mode),
            ("signal mode", its.signal_mode),
        ):
            assert mine.item(name) == value.strip()
        for name, value in (
            ("year", its.year),
            ("analysis source characteristic energy", its.analysis_source_characteristic_energy),
            (
                "analyser pass energy or retard ratio or mass resolution",
                its.analyzer_pass_energy_or_retard_ratio_or_mass_res,
            ),
            (
                "analyser work function or acceptance energy of atom or ion",
                its.analyzer_work_function_or_acceptance_energy,
            ),
            ("signal collection time", its.signal_collection_time),
            ("number of scans to compile this block", its.num_scans_to_compile_block),
        ):
            if abs(float(value)) >= 1e36:
                assert mine.item(name) == ""
            else:
                assert float(mine.item(name)) == pytest.approx(float(value), rel=1e-12)


def test_every_value_of_an_irregular_scan_is_what_another_program_exported():
    exported = np.loadtxt(IRREGULAR.with_name("FeO_kinetic_counts.txt"), skiprows=1)
    (spectrum,) = read(IRREGULAR).spectra
    np.testing.assert_array_equal(np.stack([spectrum.energy, spectrum.intensity], axis=1), exported)
    # What the file holds beside them: its last lines, three a point.
    values = np.array(IRREGULAR.read_text(encoding="utf-8").splitlines()[-3364:-1], dtype=float).reshape(-1, 3)
    (block,) = parse(IRREGULAR.read_text(encoding="utf-8"), "FeO.vms").blocks
    np.testing.assert_array_equal(np.stack([one.values for one in block.variables], axis=1), values)


def test_an_irregular_scan_takes_its_energies_from_its_first_variable():
    (spectrum,) = read(IRREGULAR).spectra
    assert (spectrum.name, spectrum.reference.scale, spectrum.intensity_unit) == ("Fe 2p", "kinetic", "counts")
    assert spectrum.intensity.shape == (1121,)
    # As the file says in its lines 92 to 94.
    assert (spectrum.energy[0], spectrum.intensity[0]) == (736.61, 12516.9)
    assert spectrum.energy[-1] == pytest.approx(736.61 + 0.05 * 1120)


def test_a_regular_scan_counts_from_its_start():
    spectra = read(REGULAR).spectra
    assert [spectrum.name for spectrum in spectra] == ["wide", "Ni 2p", "O 1s", "C 1s", "W 4f"]
    wide = spectra[0]
    np.testing.assert_allclose(wide.energy, 286.69 + np.arange(1206), rtol=0, atol=1e-9)
    assert wide.intensity[0] == 2106


def test_what_is_not_specified_says_nothing_and_the_date_is_put_together():
    wide = read(REGULAR).spectra[0]
    said = {raw.key: raw for raw in wide.metadata}
    assert said["analysis source beam width x"].value == ""
    assert (said["date"].value, said["time"].value) == ("2020-08-27", "14:05:46")
    assert said["analyser pass energy or retard ratio or mass resolution"].value == "160"
    lines = REGULAR.read_text(encoding="utf-8").splitlines()
    assert lines[said["analyser mode"].line - 1].strip() == said["analyser mode"].value


def test_variables_beside_the_intensity_are_told():
    (remark,) = read(IRREGULAR).remarks
    assert "transmission" in remark.message.en
    assert "Fe 2p" in remark.message.ja


@pytest.mark.parametrize("path", [IRREGULAR, REGULAR], ids=lambda path: path.name)
def test_a_file_that_is_cut_anywhere_is_refused(path, tmp_path):
    text = path.read_bytes()
    cut = tmp_path / path.name
    for size in np.linspace(0, len(text) - 4, 150).astype(int):
        cut.write_bytes(text[:size])
        with pytest.raises(InputError) as caught:
            read(cut)
        assert caught.value.path == path.name


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("1988 May 4", "1989 May 4", 1, "format identifier"),
        ("\nNORM\n", "\nABNORM\n", 8, "experiment mode should be one of"),
        ("\nREGULAR\n", "\nMAPPING\n", 9, "'MAPPING' is not read"),
        ("\n0.1\n3\n", "\n0.1\nthree\n", 57, "number of scans.*not 'three'"),
        ("\nKinetic Energy\neV\n", "\nCharge\nu\n", None, "not over an energy"),
        ("\n1198\n0.2\n", "\n1198\n0\n", None, "neither rise nor fall"),
        ("\n461\n518\n", "\nnan\n1e999\n", 151, "2 intensities are no finite numbers.*lines are 151, 152"),
        ("\n21\n", "\n-1\n", None, "cannot be -1"),
        ("\n21\n", "\n22\n", None, "no finite numbers"),
    ],
)
def test_a_wrong_item_is_one_sentence_with_its_line(tmp_path, old, new, line, said):
    text = (SAMPLES / "regular.vms").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "wrong.vms"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        read(path)
    assert line is None or caught.value.line == line, caught.value


def test_binding_energies_stay_what_they_are(tmp_path):
    path = tmp_path / "binding.vms"
    text = (SAMPLES / "regular.vms").read_text(encoding="utf-8").replace("Kinetic Energy", "Binding Energy")
    path.write_text(text, encoding="utf-8")
    assert {spectrum.reference.scale for spectrum in read(path).spectra} == {"binding"}


NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: float(f"{value:.9g}"))


@given(
    counts=st.lists(NUMBERS, min_size=2, max_size=30),
    start=st.floats(0, 1500),
    step=st.floats(0.01, 2),
    mode=st.sampled_from(["NORM", "SDP", "SDPSV", "MAPDP", "MAPSVDP", "SEM", "NOEXP"]),
    technique=st.sampled_from(layout.TECHNIQUES),
    regular=st.booleans(),
    comment=st.lists(st.from_regex(re.compile(r"[ -~]{0,20}"), fullmatch=True), max_size=3),
)
def test_what_is_written_by_the_standard_is_read_back(counts, start, step, mode, technique, regular, comment):
    energies = [start + step * index for index in range(len(counts))]
    text = _written(counts, energies, step, mode, technique, regular=regular, comment=comment)
    (block,) = parse(text, "made.vms").blocks
    assert block.item("technique") == technique
    assert block.variables[-1].values == tuple(counts)
    if regular:
        assert block.abscissa == ("Kinetic Energy", "eV", energies[0], step)
    else:
        assert block.variables[0].values == tuple(energies)
    assert block.item("sample rotation angle") == "12"


def _written(counts, energies, step, mode, technique, *, regular, comment):
    """Write one block item by item, in the order of ISO 14976, without looking at the reader's own lists."""
    unknown = "1E+37"
    ions = ("FABMS", "FABMS energy spec", "ISS", "SIMS", "SIMS energy spec", "SNMS", "SNMS energy spec")
    depth = ("MAPDP", "MAPSVDP", "SDP", "SDPSV")
    lines = [layout.IDENTIFIER, "lab", "model", "operator", "experiment", str(len(comment)), *comment, mode]
    lines += ["REGULAR" if regular else "IRREGULAR"]
    lines += ["1"] if mode in ("MAP", "MAPDP", "NORM", "SDP") else []
    lines += ["1", "1", "1"] if mode in ("MAP", "MAPDP") else []
    lines += ["1", "Etch time", "s", "0", "0", "0", "0", "1"]
    lines += ["block", "sample", "2026", "4", "1", "1", "2", "3", "9", str(len(comment)), *comment, technique]
    lines += ["1", "2"] if mode in ("MAP", "MAPDP") else []
    lines += ["60", "Al"]
    lines += ["18", "1", "1"] if mode in depth or technique in ions else []
    lines += ["1486.6", "150", unknown, unknown]
    lines += ["1", "1"] if mode in ("MAP", "MAPDP", "MAPSV", "MAPSVDP", "SEM") else []
    lines += ["1"] * 6 if mode in ("MAPSV", "MAPSVDP", "SEM") else []
    lines += ["45", "0", "FAT", "20"]
    lines += ["0.5"] if technique == "AES diff" else []
    lines += [unknown, "4.5", "0", unknown, unknown, "0", "0", "C", "1s", "-1"]
    lines += ["Kinetic Energy", "eV", repr(energies[0]), repr(step)] if regular else []
    lines += ["1"] if regular else ["2", "Kinetic Energy", "eV"]
    lines += ["Intensity", "d", "pulse counting", "0.1", "1", "0"]
    sputtered = technique in ("AES diff", "AES dir", "EDX", "ELS", "UPS", "XPS", "XRF")
    lines += ["500", "1", "1", "1", "45", "0", "cyclic"] if mode in depth and sputtered else []
    lines += ["0", "0", "12", "0"]
    values = [repr(one) for pair in zip(energies, counts, strict=True) for one in (pair[1:] if regular else pair)]
    lines += [str(len(values)), *["0", "1"] * (1 if regular else 2), *values, "end of experiment"]
    assert not any(math.isnan(count) for count in counts)
    return "\n".join(lines) + "\n"
