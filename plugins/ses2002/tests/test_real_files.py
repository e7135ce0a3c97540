"""Real SES files are read to the last printed digit, with every key."""

from __future__ import annotations

import hashlib
import io
import pickle

import numpy as np
import pytest

from shirube_ses2002.reader import claims, read

ONE_DIMENSIONAL = [
    "pynxtools-xps/Ag_0001.txt",
    "pynxtools-xps/Ag_0002.txt",
    "pynxtools-xps/Cu-HHTP_0001.txt",
    "pynxtools-xps/Cu-HHTP_0002.txt",
    "pynxtools-xps/Cu-HHTP_0003.txt",
    "pynxtools-xps/Cu-HHTP_0004.txt",
    "pynxtools-xps/Cu-HHTP_0005.txt",
    "specqp/scienta_fermi_level_1.txt",
    "specqp/scienta_fermi_level_2.txt",
    "specqp/scienta_multiregion_1.txt",
    "specqp/scienta_single_region_1.txt",
    "specqp/scienta_single_region_2.txt",
    "specqp/scienta_survey_1.txt",
]
BINDING = [name for name in ONE_DIMENSIONAL if name.startswith("pynxtools")]
ADD_DIMENSION = ["specqp/scienta_multiregion_adddimension_1.txt", "specqp/scienta_single_region_adddimension_1.txt"]
COMPLETE = [*ONE_DIMENSIONAL, *ADD_DIMENSION]


@pytest.mark.parametrize("name", COMPLETE)
def test_every_value_is_what_float_makes_of_the_text(name, real, content_of, columns_of):
    spectra = read(real(name)).spectra
    blocks = columns_of(content_of(name))
    assert len(spectra) == len(blocks)
    for number, spectrum in enumerate(spectra, start=1):
        printed = np.array(blocks[f"[Data {number}]"])
        assert spectrum.energy.tobytes() == printed[:, 0].tobytes()
        assert spectrum.intensity.reshape(len(printed), -1).tobytes() == printed[:, 1:].tobytes()


@pytest.mark.parametrize("name", COMPLETE)
def test_every_value_is_what_loadtxt_makes_of_the_text(name, real, content_of):
    for number, spectrum in enumerate(read(real(name)).spectra, start=1):
        after = content_of(name).split(f"[Data {number}]\r\n".encode())[1]
        table = np.loadtxt(io.BytesIO(after), max_rows=len(spectrum.energy), ndmin=2)
        assert np.array_equal(spectrum.energy, table[:, 0])
        assert np.array_equal(spectrum.intensity.reshape(len(table), -1), table[:, 1:])


@pytest.mark.parametrize("name", ONE_DIMENSIONAL)
def test_one_dimensional_files_give_one_dimensional_spectra(name, real):
    for spectrum in read(real(name)).spectra:
        assert spectrum.is_one_dimensional
        assert [(axis.name, axis.unit) for axis in spectrum.axes] == [("energy", "eV")]


@pytest.mark.parametrize("name", COMPLETE)
def test_every_line_of_every_header_is_kept_as_written_with_its_line(name, real, content_of):
    measurement = read(real(name))
    lines = content_of(name).decode("ascii").split("\r\n")
    kept = {value.line: value for value in measurement.metadata}
    kept |= {value.line: value for spectrum in measurement.spectra for value in spectrum.metadata}
    assert {number: f"{value.key}={value.value}" for number, value in kept.items()} == {
        number: line for number, line in enumerate(lines, start=1) if "=" in line
    }
    titles = {number: line[1:-1] for number, line in enumerate(lines, start=1) if line.startswith("[")}
    for number, value in kept.items():
        assert value.section == titles[max(line for line in titles if line < number)]
        assert value.file == measurement.name


@pytest.mark.parametrize("name", BINDING)
def test_a_binding_axis_holds_the_photon_energy_of_the_header_and_no_work_function(name, real):
    (spectrum,) = read(real(name)).spectra
    raw = {value.key: value.value for value in spectrum.metadata if value.section == "Info 1"}
    assert spectrum.reference.scale == "binding"
    assert spectrum.reference.photon_energy == float(raw["Excitation Energy"])
    assert spectrum.reference.work_function == 0.0
    assert spectrum.energy[0] == pytest.approx(float(raw["Excitation Energy"]) - float(raw["Low Energy"]), abs=1e-9)


def test_a_kinetic_axis_holds_no_photon_energy_and_the_garbage_of_the_header_is_kept_as_text(real):
    (spectrum,) = read(real("specqp/scienta_fermi_level_1.txt")).spectra
    assert spectrum.reference.scale == "kinetic"
    assert spectrum.reference.photon_energy is None
    assert [v.value for v in spectrum.metadata if v.key == "Excitation Energy"] == ["3.10021844987699E-317"]


# Sums published by the specqp project's own loader for the same files.
@pytest.mark.parametrize(
    ("name", "points", "total"),
    [
        ("specqp/scienta_survey_1.txt", 8001, 55138379),
        ("specqp/scienta_multiregion_adddimension_1.txt", 161, 395070787),
    ],
)
def test_sums_are_those_that_another_program_finds(name, points, total, real):
    spectrum = read(real(name)).spectra[0]
    assert len(spectrum.energy) == points
    assert spectrum.intensity.sum() == total


def test_regions_come_in_the_order_of_the_file_with_names_and_unique_ids(real):
    spectra = read(real("specqp/scienta_multiregion_1.txt")).spectra
    assert [(spectrum.id, spectrum.name) for spectrum in spectra] == [
        ("scienta_multiregion_1.txt#1", "Si_K1s_4600"),
        ("scienta_multiregion_1.txt#2", "O1s_4600"),
    ]


def test_a_name_with_an_equals_sign_stays_whole(real):
    (spectrum,) = read(real("specqp/scienta_survey_1.txt")).spectra
    assert spectrum.name == "Survey hv=4600"


@pytest.mark.parametrize("name", ADD_DIMENSION)
def test_iterations_are_an_axis_that_only_counts(name, real):
    for spectrum in read(real(name)).spectra:
        _, iterations = spectrum.axes
        assert (iterations.name, iterations.unit) == ("iteration", "")
        assert iterations.values.tolist() == list(range(1, len(iterations) + 1))


def test_keys_of_the_whole_file_belong_to_the_measurement(real):
    measurement = read(real("specqp/scienta_multiregion_1.txt"))
    assert [(value.key, value.value, value.section, value.line) for value in measurement.metadata] == [
        ("Number of Regions", "0002", "Info", 2),
        ("Version", "1.3.1", "Info", 3),
    ]


@pytest.mark.parametrize("name", COMPLETE)
def test_intensities_of_an_adc_have_no_unit_and_a_clean_file_no_remark(name, real):
    measurement = read(real(name))
    assert {spectrum.intensity_unit for spectrum in measurement.spectra} == {""}
    assert measurement.remarks == ()


def test_the_source_is_recorded_with_its_hash_and_without_its_folder(real, content_of):
    content = content_of("pynxtools-xps/Ag_0001.txt")
    (source,) = read(real("pynxtools-xps/Ag_0001.txt")).sources
    assert (source.name, source.size) == ("Ag_0001.txt", len(content))
    assert source.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", COMPLETE)
def test_a_measurement_is_read_only_also_after_pickling(name, real):
    measurement = read(real(name))
    again = pickle.loads(pickle.dumps(measurement))  # noqa: S301 our own bytes
    assert again.same_as(measurement)
    for spectrum in (*measurement.spectra, *again.spectra):
        assert not spectrum.intensity.flags.writeable
        assert not any(axis.values.flags.writeable for axis in spectrum.axes)


@pytest.mark.parametrize("name", COMPLETE)
def test_real_files_are_claimed_whatever_their_suffix(name, place, content_of):
    assert claims(place(content_of(name), "measured.txt"))
    assert claims(place(content_of(name), "measured.dat"))
