"""Outcomes to export, made of a few numbers."""

import numpy as np
import pytest
from attrs import evolve

from shirube.exporting import ExportContext
from shirube.messages import Text
from shirube.plugins import load_plugins
from shirube.records import (
    Axis,
    EnergyReference,
    Entry,
    Facts,
    Measurement,
    NamedArray,
    Origin,
    Outcome,
    Provenance,
    Quantity,
    Result,
    Source,
    Spectrum,
)
from shirube.terms import core_terms

ENERGY = Axis("energy", 290.0 - 0.05 * np.arange(5), "eV")
KNOWN = {
    "photon_energy": Quantity(400.0, "eV", origin=Origin("header", "a.txt", 3)),
    "work_function": Quantity(4.37, "eV", origin=Origin("settings", "facts")),
    "pass_energy": Quantity(50.0, "eV", origin=Origin("header", "a.txt", 4)),
    "sample_name": Quantity("グラファイト", origin=Origin("header", "a.txt", 5)),
    "sweeps": Quantity(10, origin=Origin("header", "a.txt", 6)),
    "measured_on": Quantity("2023-03-08", origin=Origin("header", "a.txt", 7)),
    "measured_at": Quantity("11:48:06", origin=Origin("header", "a.txt", 8)),
    "acquisition_mode": Quantity("Swept", origin=Origin("header", "a.txt", 9)),
}


def make_spectrum(identity="a.txt#1", name="C 1s", axes=(ENERGY,), intensity=None, **more):
    values = np.arange(float(np.prod([len(axis) for axis in axes]))) if intensity is None else intensity
    shaped = np.reshape(values, tuple(len(axis) for axis in axes))
    given = {"intensity_unit": "counts", "reference": EnergyReference("binding", 400.0, 4.37)}
    return Spectrum(identity, name, shaped, axes, **{**given, **more})


def make_outcome(*spectra, facts=KNOWN, results=(), name="x"):
    known = Facts({term: (quantity,) for term, quantity in facts.items()})
    source = Source("a.txt", 5, "0" * 64)
    measurement = Measurement("a.txt", "r", spectra, sources=(source,))
    entry = Entry(name, (measurement,), facts={one.id: known for one in spectra})
    return Outcome(entry=entry, results=results, provenance=Provenance("0.1.0"))


def make_result(spectrum, target=None):
    arrays = (
        NamedArray("energy", spectrum.energy, "eV"),
        NamedArray("rank_1_envelope", spectrum.energy * 2.0, "counts"),
        NamedArray("rank_1_components", np.stack([spectrum.energy, -spectrum.energy]), "counts"),
    )
    reasons = (Text("too few channels", "チャンネルが少なすぎます"),)
    return Result("fit", target or spectrum.id, "doubtful", reasons, {"bic": Quantity(3.25)}, arrays=arrays)


@pytest.fixture
def export(tmp_path):
    """Return a function that lets an exporter write, as the core calls it, and returns the folder."""

    def call(name, *outcomes):
        plugins = load_plugins()
        target = tmp_path / name
        target.mkdir()
        context = ExportContext(lang="en", vocabulary=core_terms())
        plugins.call(plugins.exporters[name], "write", outcomes, target, context, None)
        return target

    return call


@pytest.fixture
def outcome():
    spectrum = make_spectrum()
    return make_outcome(spectrum, results=(make_result(spectrum),))


@pytest.fixture
def make():
    """The functions that make what is exported."""
    return type(
        "Make",
        (),
        {
            "spectrum": staticmethod(make_spectrum),
            "outcome": staticmethod(make_outcome),
            "result": staticmethod(make_result),
            "known": KNOWN,
            "evolve": staticmethod(evolve),
        },
    )
