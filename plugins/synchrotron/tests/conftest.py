"""Spectra and facts built by hand from the numbers that real SES files print."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from shirube.records import Axis, EnergyReference, Facts, Origin, Quantity, Spectrum
from shirube_synchrotron.conversion import convert
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
