"""ISO 14976: what another reader of the format finds is what was written, and what is not known is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vamas import Vamas

from shirube.formats._blocks import comment_lines, number_text, text_line
from shirube.records import Axis, EnergyReference, Origin, Quantity


def written(folder):
    (path,) = folder.rglob("*.vms")
    data = path.read_bytes()
    assert data.isascii()
    assert max(len(line) for line in data.decode().splitlines()) <= 80
    return data


def test_another_reader_finds_energies_counts_and_what_is_known(export, outcome):
    found = Vamas(written(export("vamas", outcome)))
    assert (found.header.experiment_mode, found.header.scan_mode) == ("NORM", "REGULAR")
    (block,) = found.blocks
    assert (block.technique, block.block_identifier, block.x_label, block.x_units) == (
        "XPS",
        "C 1s",
        "binding energy",
        "eV",
    )
    energies = block.x_start + block.x_step * np.arange(5)
    assert np.allclose(energies, outcome.entry.spectra()[0].energy, rtol=0.0, atol=1e-9)
    (counts,) = block.corresponding_variables
    assert (counts.label, counts.unit, list(counts.y_values)) == ("counts", "d", [0.0, 1.0, 2.0, 3.0, 4.0])
    assert (block.species_label, block.transition_or_charge_state_label) == ("C", "1s")
    assert block.analysis_source_characteristic_energy == 400.0
    assert block.analyzer_work_function_or_acceptance_energy == 4.37
    assert block.analyzer_pass_energy_or_retard_ratio_or_mass_res == 50.0
    assert block.num_scans_to_compile_block == 10
    assert (block.year, block.month, block.day, block.hour, block.minute, block.second) == (2023, 3, 8, 11, 48, 6)
    assert block.target_bias == 1e37
    comment = " ".join(found.header.comment.split())
    assert "binding = 400 eV - kinetic - phi, phi = 4.37 eV; kinetic counts from the analyser's vacuum level" in comment
    assert "photon_energy: 400.0 eV [file header a.txt:3]" in comment
    # Japanese cannot be written; its escapes can.
    assert block.sample_identifier == "グラファイト".encode("ascii", "backslashreplace").decode()


def test_what_nobody_knows_is_said_not_to_be_known(export, make):
    spectrum = make.spectrum(name="map", intensity_unit="", reference=EnergyReference())
    found = Vamas(written(export("vamas", make.outcome(spectrum, facts={}))))
    (block,) = found.blocks
    assert block.x_label == "energy"
    assert block.analysis_source_characteristic_energy == block.analyzer_work_function_or_acceptance_energy == 1e37
    assert (block.year, block.second) == (-1, -1)
    assert block.species_label == block.analysis_source_label == "Not Specified"
    for said in (
        "nothing says whether they are binding or kinetic",
        "Number of scans: not known",
        "intensities: not known; the items say d (none) and analogue",
        "Photon energy: not known; the technique says XPS",
    ):
        assert said in found.header.comment


def test_a_work_function_of_nothing_means_energies_from_the_fermi_level(export, make):
    spectrum = make.spectrum(reference=EnergyReference("binding", 400.0, 0.0))
    comment = " ".join(Vamas(written(export("vamas", make.outcome(spectrum)))).header.comment.split())
    assert "no phi is taken off, so kinetic counts from the Fermi level" in comment


def test_kinetic_energies_come_with_the_work_function_of_the_analyser(export, make):
    spectrum = make.spectrum(reference=EnergyReference("kinetic"))
    found = Vamas(written(export("vamas", make.outcome(spectrum))))
    assert found.blocks[0].x_label == "kinetic energy"
    assert found.blocks[0].analyzer_work_function_or_acceptance_energy == 4.37
    assert "Analyser work function phi: 4.37 eV" in found.header.comment


@pytest.mark.parametrize("kind", ["default", "axis", "conversion"])
def test_a_work_function_that_nobody_states_is_none_of_the_analyser(export, make, kind):
    spectrum = make.spectrum(reference=EnergyReference("kinetic"))
    facts = {**make.known, "work_function": Quantity(0.0, "eV", origin=Origin(kind))}
    found = Vamas(written(export("vamas", make.outcome(spectrum, facts=facts))))
    assert found.blocks[0].analyzer_work_function_or_acceptance_energy == 1e37
    assert "Analyser work function phi: not known" in found.header.comment


def test_a_map_is_a_block_for_each_of_its_points(export, make):
    axes = (Axis("angle", [-1.0, 0.5], "deg"), Axis("energy", [3.0, 2.0, 1.0], "eV"))
    found = Vamas(written(export("vamas", make.outcome(make.spectrum(axes=axes)))))
    assert [(one.label, one.unit) for one in found.header.experiment_variables] == [("angle", "deg")]
    assert [float(block.values_exp_var[0]) for block in found.blocks] == [-1.0, 0.5]
    assert [list(block.corresponding_variables[0].y_values) for block in found.blocks] == [[0, 1, 2], [3, 4, 5]]


def test_uneven_energies_are_the_first_variable_of_an_irregular_scan(export, make):
    axes = (Axis("energy", [3.0, 2.5, 1.0], "eV"),)
    lines = written(export("vamas", make.outcome(make.spectrum(axes=axes)))).decode().splitlines()
    at = lines.index("binding energy")
    assert lines[at - 1 : at + 5] == ["2", "binding energy", "eV", "counts", "d", "pulse counting"]
    assert "IRREGULAR" in lines
    assert lines[-12:] == ["6", "1", "3", "0", "2", "3", "0", "2.5", "1", "1", "2", "end of experiment"]


def test_what_has_no_energies_has_no_such_file(export, make):
    axes = (Axis("angle", [-1.0, 0.5], "deg"),)
    assert list(export("vamas", make.outcome(make.spectrum(axes=axes))).rglob("*.vms")) == []


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_as_they_are(value):
    assert float(number_text(value)) == value


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_what_the_standard_has_for_it(value):
    assert number_text(value) == "1E+37"


@given(st.text(max_size=300))
def test_texts_are_single_lines_of_ascii_of_at_most_80_characters(text):
    for line in (text_line(text), *comment_lines([text])):
        assert line.isascii()
        assert line.isprintable()
        assert 0 < len(line) <= 80
