"""Real spectra in the formats of other programs, read and judged by programs of others."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from vamas import Vamas

from shirube.cli import run_command_line
from shirube.runs import read_run

ROOT = Path(__file__).parents[1]
FACTS = """\
[facts]
work_function = 4.37
time_zone = "+01:00"
collection_scheme = "non-dispersive"
dispersion_scheme = "hemispherical"
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return the outcomes of the example, and the folder in which they lie in every format."""
    place = tmp_path_factory.mktemp("exports")
    (place / "facts.toml").write_text(FACTS, encoding="utf-8")
    example = [str(ROOT / "examples" / name) for name in ("cu-hhtp", "fe2p-haxpes")]
    formats = [f"--export={name}" for name in ("itx", "vamas", "nexus")]
    common = ["--guide", "ses2002", "--config", str(place / "facts.toml"), "--no-analysis", "--no-export"]
    assert run_command_line(["run", *example, "-o", str(place / "out"), *common, *formats]) in (0, 1)
    return read_run(place / "out"), place / "out"


def spectra(outcomes):
    return [spectrum for outcome in outcomes for spectrum in outcome.entry.spectra()]


def test_a_reader_of_vamas_finds_the_spectra_that_were_measured(exported):
    outcomes, folder = exported
    files = sorted((folder / "vamas").rglob("*.vms"))
    assert len(files) == len(spectra(outcomes)) == 4
    for file, spectrum in zip(files, spectra(outcomes), strict=True):
        (block,) = Vamas(file).blocks
        (counts,) = block.corresponding_variables
        assert np.array_equal(counts.y_values, spectrum.intensity)
        energies = block.x_start + block.x_step * np.arange(block.num_y_values)
        assert np.allclose(energies, spectrum.energy, rtol=0.0, atol=1e-6)
        assert block.analysis_source_characteristic_energy == spectrum.reference.photon_energy
        assert block.num_hours_advance_gmt == 1.0


def test_every_spectrum_is_a_file_of_igor_text_with_its_numbers(exported):
    outcomes, folder = exported
    files = sorted((folder / "itx").rglob("*.itx"))
    assert len(files) == len(spectra(outcomes))
    for file, spectrum in zip(files, spectra(outcomes), strict=True):
        lines = file.read_bytes().decode("ascii").split("\r\n")
        assert lines[0] == "IGOR"
        numbers = lines[lines.index("BEGIN") + 1 : lines.index("END")]
        assert [float(number) for number in numbers] == spectrum.intensity.tolist()


@pytest.mark.skipif(importlib.util.find_spec("pynxtools") is None, reason="tox -e nexus has the validator")
def test_the_validator_of_the_definitions_finds_every_entry_valid_that_claims_one(exported):
    outcomes, folder = exported
    said = ""
    for file in sorted((folder / "nexus").glob("*.nxs")):
        call = [str(Path(sys.executable).with_name("pynx")), "validate", str(file)]
        answer = subprocess.run(call, capture_output=True, text=True, check=True)
        said += answer.stdout + answer.stderr
    assert "invalid" not in said.lower()
    # The sample of the Fe 2p is not known, so that its entry claims no definition.
    valid = said.count("is valid according to the `NXxps` application definition")
    assert valid == len(outcomes[0].entry.spectra()) == 3
    assert "sample/name" in (folder / "nexus" / "missing.txt").read_text(encoding="utf-8")
