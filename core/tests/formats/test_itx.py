"""Igor Text: what another program reads, by the grammar that its maker documents, is what was written."""

import io
import re

import igorwriter
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shirube.formats._igor import LONGEST, Names, Wave, wave_text
from shirube.records import Axis

_WAVES = re.compile(r"WAVES\s*((?:/\w+(?:=\([\d,\s]+\))?\s*)*)\s*[\t ]'?([A-Za-z]\w*)'?")
_SCALE = re.compile(r'X SetScale ?(/[PI])? ?(\w)[ ,]([^,]+),([^,]+),"(.*)", ?\'?(\w+)\'?')
_ESCAPE = re.compile(r'\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(["\\]))')


def read_itx(data):
    """Return the waves of a file of Igor Text, one wave a block: {name: {values, scales, unit, note}}.

    Written from the manual alone: IGOR; WAVES flags names; BEGIN; rows of numbers, layers apart by empty lines; END; X
    commands, of which SetScale and Note are understood.
    """
    lines = data.decode("ascii").splitlines()
    assert lines.pop(0) == "IGOR"
    waves = {}
    while lines:
        line = lines.pop(0)
        if line.startswith("WAVES"):
            flags, name = _WAVES.fullmatch(line.rstrip()).groups()
            shape = re.search(r"/N=\(([\d,\s]+)\)", flags)
            assert lines.pop(0) == "BEGIN"
            rows = []
            while (row := lines.pop(0)) != "END":
                rows += [float(one) for one in row.split()]
            assert name.casefold() not in {one.casefold() for one in waves}
            waves[name] = {"values": folded(rows, shape), "double": "/D" in flags, "scales": {}, "note": []}
        elif line.startswith("X SetScale"):
            kind, dim, start, step, unit, name = _SCALE.fullmatch(line).groups()
            waves[name]["scales"][dim] = (kind, float(start), float(step), said(unit))
        elif line.startswith("X Note"):
            assert len(line) < 400
            name, text = re.fullmatch(r'X Note (\w+), "(.*)"', line).groups()
            waves[name]["note"].append(said(text))
    return waves


def folded(rows, shape):
    """Return numbers in the shape that a block says: rows of columns, layer after layer."""
    if shape is None:
        return np.array(rows)
    size = [int(one) for one in shape[1].split(",")]
    further = size[2:]
    return np.moveaxis(np.reshape(rows, (*further[::-1], *size[:2])), (-2, -1), (0, 1)).transpose(
        0, 1, *range(len(size) - 1, 1, -1)
    )


def said(text):
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)) if not found[3] else found[3], text)


def only(folder):
    (path,) = folder.rglob("*.itx")
    return read_itx(path.read_bytes())


def test_the_grammar_of_these_tests_reads_what_another_writer_writes():
    buffer = io.StringIO()
    wave = igorwriter.IgorWave(np.arange(24.0).reshape(2, 3, 4), name="cube")
    wave.set_dimscale("x", 290.0, -0.05, "eV")
    wave.save_itx(buffer)
    found = read_itx(buffer.getvalue().encode("ascii"))["cube"]
    assert np.array_equal(found["values"], wave.array)
    assert found["scales"]["x"] == ("/P", 290.0, -0.05, "eV")


def test_a_spectrum_is_a_wave_scaled_in_energy_with_a_note_that_says_where_it_is_from(export, outcome):
    folder = export("itx", outcome)
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.itx")] == ["x/a_1_C_1s.itx"]
    waves = only(folder)
    wave = waves["a_1_C_1s_int"]
    assert wave["double"]
    assert np.array_equal(wave["values"], np.arange(5.0))
    assert wave["scales"]["x"] == ("/P", 290.0, pytest.approx(-0.05), "eV")
    assert wave["scales"]["d"][3] == "counts"
    assert "spectrum: a.txt#1" in wave["note"]
    assert "photon_energy: 400.0 eV [file header a.txt:3]" in wave["note"]
    assert "work_function: 4.37 eV [settings facts]" in wave["note"]
    assert "sample_name: グラファイト [file header a.txt:5]" in wave["note"]
    assert "dimension 1: binding energy (eV)" in wave["note"]
    assert "result fit: doubtful too few channels" in wave["note"]


def test_the_arrays_of_a_result_are_waves_over_the_energies_that_it_was_found_on(export, outcome):
    waves = only(export("itx", outcome))
    energy = outcome.results[0].array("energy")
    assert np.array_equal(waves["a_1_C_1s_rank_1_envelope"]["values"], 2.0 * energy)
    assert waves["a_1_C_1s_rank_1_envelope"]["scales"]["x"][1] == 290.0
    assert np.array_equal(waves["a_1_C_1s_rank_1_components"]["values"], np.stack([energy, -energy]))
    assert waves["a_1_C_1s_rank_1_components"]["scales"]["y"][1] == 290.0
    assert "x" not in waves["a_1_C_1s_rank_1_components"]["scales"]


def test_what_was_found_on_a_slice_of_a_map_is_written_with_the_map(export, make):
    image = make.spectrum(axes=(Axis("energy", [3.0, 2.0, 1.0], "eV"), Axis("angle", [0.0, 1.0], "deg")))
    slice_ = next(image.along())
    waves = only(export("itx", make.outcome(image, results=(make.result(slice_),))))
    assert "spectrum: a.txt#1[0]" in waves["a_1_C_1s_energy"]["note"]


def test_uneven_axes_are_waves_of_their_own_and_the_note_names_them(export, make):
    axes = (
        Axis("energy", [3.0, 2.0, 0.5], "eV"),
        Axis("position", [0.0, 1.5], "mm"),
        Axis("iteration", [1.0, 2.0, 4.0]),
    )
    waves = only(export("itx", make.outcome(make.spectrum(axes=axes))))
    assert np.array_equal(waves["a_1_C_1s_int"]["values"], np.arange(18.0).reshape(3, 2, 3))
    assert waves["a_1_C_1s_int"]["scales"]["y"] == ("/P", 0.0, 1.5, "mm")
    assert set(waves["a_1_C_1s_int"]["scales"]) == {"y", "d"}
    assert np.array_equal(waves["a_1_C_1s_energy"]["values"], [3.0, 2.0, 0.5])
    assert "dimension 1: binding energy (eV), in the wave a_1_C_1s_energy" in waves["a_1_C_1s_int"]["note"]
    assert np.array_equal(waves["a_1_C_1s_iteration"]["values"], [1.0, 2.0, 4.0])


def test_the_waves_of_many_files_have_names_that_no_other_has(export, make):
    long = "a_very_long_name_of_a_measurement_of_a_film_0001.txt#1"
    outcomes = [make.outcome(make.spectrum(long), make.spectrum(long.upper()), name=name) for name in ("x", "X")]
    names = [name for path in export("itx", *outcomes).rglob("*.itx") for name in read_itx(path.read_bytes())]
    assert len({name.casefold() for name in names}) == len(names) == 4
    assert all(re.search(r"C_1s(_2)?_int(_\d)?$", name) for name in names)


@given(st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_names_are_legal_whatever_a_spectrum_is_called(pairs):
    names = Names()
    taken = [names.take(stem, role) for stem, role in pairs]
    assert [name for name in taken if not re.fullmatch(rf"[A-Za-z]\w{{0,{LONGEST - 1}}}", name, re.ASCII)] == []
    assert len({name.casefold() for name in taken}) == len(pairs)


@given(arrays.arrays(np.float64, arrays.array_shapes(max_dims=4, max_side=4)))
def test_every_number_reads_back_as_it_is(values):
    found = read_itx(f"IGOR\r\n{wave_text(Wave('w', values))}".encode())["w"]["values"]
    assert np.array_equal(found, values, equal_nan=True)
    assert np.array_equal(np.signbit(found[~np.isnan(found)]), np.signbit(values[~np.isnan(values)]))


@given(st.text(max_size=700))
def test_notes_hold_every_character_in_commands_that_igor_can_take(text):
    line = " ".join(text.split())
    waves = read_itx(f"IGOR\r\n{wave_text(Wave('w', np.zeros(1), note=(line,)))}".encode())
    shown = "".join("".join(waves["w"]["note"]).split())
    wanted = "".join(sign for sign in line if not sign.isascii() or sign.isprintable())
    assert shown == "".join(wanted.split())


def test_more_dimensions_than_igor_has_are_laid_out_in_its_four():
    found = read_itx(f"IGOR\r\n{wave_text(Wave('w', np.arange(32.0).reshape(2, 2, 2, 2, 2)))}".encode())
    assert np.array_equal(found["w"]["values"], np.arange(32.0).reshape(2, 2, 2, 4))
