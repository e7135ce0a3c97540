"""The fuzzer's judge finds what a reader may do wrong, and its inputs are files that the reader reads."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from shirube_ses2002.reader import read
from shirube_ses2002.testing import SesRegion, examples, ses_bytes

FOLDER = Path(__file__).parent.parent / "fuzz"


class Finding(Exception):  # noqa: N818 what a fuzzer finds is called so
    """What the judge raises."""


def module(name):
    spec = importlib.util.spec_from_file_location(f"ses2002_fuzz_{name}", FOLDER / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def oracle():
    return module("oracle")


@pytest.fixture(scope="module")
def seeds():
    return module("seeds")


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_variant_passes_the_judge(name, place, oracle):
    content = examples()[name]
    oracle.compare(content, read(place(content)), Finding)


CUBE = SesRegion(
    energies=[3.0, 2.0],
    intensity=np.arange(12.0).reshape(2, 2, 3),
    axes=(("Y-Scale [deg]", (0.0, 1.0)), ("Seq. Iteration[a.u.]", (1.0, 2.0, 3.0))),
)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda spectrum: evolve(spectrum, intensity=np.zeros_like(spectrum.intensity)),
        lambda spectrum: evolve(spectrum, intensity=np.roll(spectrum.intensity, 1, axis=2)),
        lambda spectrum: evolve(spectrum, intensity=np.nextafter(spectrum.intensity, np.inf)),
        lambda spectrum: evolve(spectrum, metadata=spectrum.metadata[:-1]),
    ],
)
def test_what_is_misread_is_found(spoil, place, oracle):
    content = ses_bytes([CUBE])
    measurement = read(place(content))
    oracle.compare(content, measurement, Finding)
    spoilt = evolve(measurement, spectra=[spoil(spectrum) for spectrum in measurement.spectra])
    with pytest.raises(Finding):
        oracle.compare(content, spoilt, Finding)


def test_the_inputs_that_fuzzing_starts_from_are_short_and_of_every_variant_and_real_file(tmp_path, seeds, place):
    seeds.write(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {f"variant-{name}" for name in examples()} < set(written)
    assert max(map(len, written.values())) <= seeds.SMALL
    spectra = read(place(written["short-scienta_multiregion_1.txt"])).spectra
    assert [len(spectrum.energy) for spectrum in spectra] == [seeds.POINTS] * 2


def test_its_dictionary_is_in_the_form_of_libfuzzer(seeds):
    lines = seeds.dictionary().splitlines()
    assert len(lines) == len(seeds.WORDS)
    assert lines[0] == '"' + "".join(f"\\x{byte:02x}" for byte in b"[Region 1]") + '"'
