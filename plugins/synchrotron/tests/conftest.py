"""Spectra and facts built by hand from the numbers that real SES files print."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from shirube.cli.app import run_command_line
from shirube.records import Axis, EnergyReference, Facts, Origin, Quantity, Spectrum
from shirube.testing import fake_distribution, on_path
from shirube_synchrotron.conversion import convert
from shirube_synchrotron.model import broadened_fermi
from shirube_synchrotron.parameters import Parameters

DATA = Path(__file__).parent / "data"
FILES = {"header": "Fe2p_0091.txt", "sidecar": "Fe2p_0091_metadata.json", "settings": "shirube.toml"}


@pytest.fixture
def facts():
    """Return ``facts(photon_energy={"sidecar": 800.0}, work_function={...}, low_energy={...})``."""

    def make(**terms):
        made = Facts()
        for term, candidates in terms.items():
            for kind, value in candidates.items():
                made = made.add(term, Quantity(value, "eV", origin=Origin(kind, FILES.get(kind, kind))))
        return made

    return make


@pytest.fixture
def spectrum():
    """Return ``spectrum("kinetic", energies, reference...)`` with an intensity that tells the points apart."""

    def make(scale, energies, photon_energy=None, work_function=None):
        values = np.asarray(energies, dtype=float)
        return Spectrum(
            id="file.txt#1",
            name="region",
            intensity=np.arange(values.size, dtype=float),
            axes=(Axis("energy", values, "eV"),),
            reference=EnergyReference(scale, photon_energy, work_function),
        )

    return make


@pytest.fixture
def converted(spectrum, facts):
    """Return what becomes of an axis: ``converted("kinetic", energies, photon_energy={"sidecar": 800.0})``."""

    def run(scale, energies, reference=None, parameters=None, **terms):
        return convert(spectrum(scale, energies, reference), facts(**terms), parameters or Parameters())

    return run


@pytest.fixture(scope="session")
def simulated():
    """Return ``simulated(kinetic, level=800.0, ...)``: the mean intensity of an edge, integrated numerically."""

    def make(kinetic, level=800.0, fwhm=0.125, slope=0.0, height=1000.0, temperature=300.0, background=0.05):
        sigma, kt = fwhm / (8.0 * np.log(2.0)) ** 0.5, 8.617333262e-5 * temperature
        offsets = np.linspace(-8.0, 8.0, 1601) * sigma
        weights = np.exp(-0.5 * (offsets / sigma) ** 2)
        u = (np.asarray(kinetic) - level)[:, np.newaxis] - offsets
        occupied = expit(-u / kt) if kt else np.heaviside(-u, 0.5)
        return height * (((1.0 + slope * u) * occupied) @ (weights / weights.sum()) + background)

    return make


@pytest.fixture
def fermi_scan():
    """Return energies and intensities of a measured Fermi edge."""

    def read(name):
        path = DATA / name
        if path.suffix == ".csv":
            return np.loadtxt(path, delimiter=",", skiprows=int(name.startswith("slri"))).T
        block = path.read_text(encoding="ascii").split("[Data 1]")[1]
        return np.array([line.split() for line in block.splitlines() if line.strip()], dtype=float).T

    return read


def decision(result, term):
    """Return the only decision about a term."""
    (found,) = [one for one in result.decisions if one.term == term]
    return found


@pytest.fixture(name="decision")
def decision_fixture():
    return decision


@pytest.fixture
def severities():
    """Return the severity of each notice by its code."""

    def read(result):
        return {notice.code: notice.severity for notice in result.notices}

    return read


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """Install a made-up instrument and go to an empty folder of measurements."""
    distribution = fake_distribution(tmp_path / "site", "shirube-bench", plugins={"bench": "bench.plugin"})
    facility = tmp_path / "facility.toml"
    facility.touch()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("SHIRUBE_CONFIG", str(facility))
    monkeypatch.chdir(work)
    with on_path(DATA), on_path(distribution):
        yield work


def gold_counts(kinetic, level=795.6, resolution=0.12, temperature=300.0, counts=4000.0, seed=1):
    """Return counts of gold around its Fermi level: a density of states that falls by 5 %/eV, a little background."""
    u = np.asarray(kinetic) - level
    expected = 60.0 + counts * (1.0 - 0.05 * u) * broadened_fermi(u, temperature, resolution).value
    return np.random.default_rng(seed).poisson(expected).astype(float)


def line_counts(kinetic, at, seed=2):
    """Return counts of one core level at a kinetic energy, 0.8 eV wide."""
    expected = 200.0 + 9000.0 * np.exp(-4.0 * np.log(2.0) * ((np.asarray(kinetic) - at) / 0.8) ** 2)
    return np.random.default_rng(seed).poisson(expected).astype(float)


HEADER = {"photons": 800.0, "pass": 50.0, "lens": "Transmission", "kelvin": 300.0, "day": "2026-04-01"}


def region(name, energies, counts, scale="kinetic", over="iteration", **header):
    """Return a region as the made-up instrument writes it; a header of None is left out."""
    said = {key: value for key, value in {**HEADER, **header}.items() if value is not None}
    listed = {"energies": np.asarray(energies).tolist(), "counts": np.asarray(counts).tolist()}
    return {"name": name, "scale": scale, "over": over, "header": said, **listed}


@pytest.fixture
def write_regions(bench):
    """Return ``write_regions("gold.bench", region(...), ...)``, which gives the path."""

    def write(name, *regions):
        path = bench / name
        path.write_text(json.dumps({"bench": list(regions)}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def gold_file(write_regions):
    """Return ``gold_file("gold.bench", level=795.6, photons=800.0, ...)``: a file with the Fermi edge of gold."""

    def write(name="gold.bench", level=795.6, resolution=0.12, seed=1, **header):
        kinetic = np.round(np.arange(level - 1.5, level + 1.0, 0.02), 6)
        return write_regions(
            name, region("Au EF", kinetic, gold_counts(kinetic, level, resolution, seed=seed), **header)
        )

    return write


@pytest.fixture
def data_file(write_regions):
    """Return ``data_file("c1s.bench", pass_=50.0)``: a file of one core level, kinetic scale."""

    def write(name="c1s.bench", **header):
        kinetic = np.round(np.arange(505.0, 515.0, 0.1), 6)
        return write_regions(name, region("C 1s", kinetic, line_counts(kinetic, 511.0), **header))

    return write


@pytest.fixture
def shirube(capsys):
    """Return ``shirube("calibrate", ...)``: exit code, what was printed, what was complained of."""

    def call(*arguments):
        code = run_command_line([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def no_drawing(monkeypatch):
    """Leave figures out of tests that are not about them: a file that stands for one is written in their places."""
    monkeypatch.setattr("shirube.figures.to_png", lambda figure: f"figure of {len(figure.axes)} axes".encode())


@pytest.fixture(name="region")
def region_fixture():
    return region


@pytest.fixture(name="gold_counts")
def gold_counts_fixture():
    return gold_counts


@pytest.fixture(name="line_counts")
def line_counts_fixture():
    return line_counts
