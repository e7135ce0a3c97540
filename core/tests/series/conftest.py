"""Run folders as an analysis would leave them, made of a few numbers for each spectrum."""

import numpy as np
import pytest
from attrs import frozen

from shirube.messages import Text
from shirube.records import (
    Axis,
    EnergyReference,
    Entry,
    Facts,
    Measurement,
    Origin,
    Outcome,
    Quantity,
    Result,
    Source,
    Spectrum,
)
from shirube.runs import write_run
from shirube.tables import Column, Table


def column(name, values, unit="", **more):
    return Column(name, Text(name.capitalize(), f"{name}（列）"), values, unit, **more)


def components_table(rows, rank=1, unit="counts eV"):
    """Return a table of components: (name, position, FWHM, area), each with an uncertainty of 1 %."""
    names, *numbers = zip(*rows, strict=True)
    columns = [column("component", names, term="component_name")]
    kinds = (("position", "eV", "peak_position"), ("fwhm", "eV", "peak_width"), ("area", unit, "peak_area"))
    for (name, its_unit, term), values in zip(kinds, np.array(numbers, dtype=float), strict=True):
        columns.append(column(name, values, its_unit, term=term))
        spread = 0.01 if name == "position" else 0.01 * np.abs(values)
        columns.append(column(f"{name}_uncertainty", np.broadcast_to(spread, values.shape).copy(), its_unit))
    columns.append(column("remark", tuple("at its limit" if name == "x" else "" for name in names)))
    return Table("lines" if rank == 1 else f"lines_{rank}", Text("Lines", "線"), tuple(columns), rank=rank)


@frozen
class Fit:
    """What one analysis says of one spectrum: models from the best, each a tuple of components."""

    models: tuple = ()
    status: str = "ok"
    reasons: tuple = ()
    unit: str = "counts eV"
    analysis: str = "lines"
    of_entry: bool = False

    def result(self, target):
        tables = [components_table(rows, rank, self.unit) for rank, rows in enumerate(self.models, start=1)]
        if tables:
            ranks = np.arange(1.0, len(tables) + 1.0)
            counts = np.array([len(rows) for rows in self.models], dtype=float)
            columns = (
                column("rank", ranks, whole=True, term="model_rank"),
                column("lines", counts, whole=True, term="component_count"),
                column("bic", 100.0 + 7.25 * ranks, term="bic"),
            )
            tables.insert(0, Table("models", Text("Models", "モデル"), columns))
        reasons = tuple(Text(one, f"{one}（理由）") for one in self.reasons)
        return Result(self.analysis, target, self.status, reasons, self._scalars(), tuple(tables))

    def _scalars(self):
        if not self.models:
            return {}
        origin = Origin("analysis", "lines")
        return {
            "lines.count": Quantity(len(self.models[0]), origin=origin),
            "peak_position": Quantity(self.models[0][0][1], "eV", 0.01, origin),
            "lines.method": Quantity("least, squares", origin=origin),
        }


def spectrum_at(identity, name="C 1s", **axes):
    """Return a spectrum of three channels, with an axis of one point for each ``name=(value, unit)``."""
    energy = Axis("energy", [285.0, 284.0, 283.0], "eV")
    others = [Axis(axis, [value], unit) for axis, (value, unit) in axes.items()]
    shape = (3, *(1 for _ in others))
    return Spectrum(
        identity, name, np.arange(3.0).reshape(shape), (energy, *others), "counts", EnergyReference("binding")
    )


@pytest.fixture
def write(tmp_path):
    """Write a run folder ``runs/NAME`` of one spectrum with its results, and return it."""

    def written(name, spectrum=None, *fits, facts=None, source="data.txt", findings=()):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        spectra = () if spectrum is None else (spectrum,)
        measurement = Measurement(source, "reader", spectra, sources=(Source(source, 1, "0" * 64),))
        entry = Entry(
            name,
            (measurement,) if spectra else (),
            facts={one.id: facts or Facts() for one in spectra},
            axes={"iteration": "keep"},
        )
        results = tuple(fit.result(name if fit.of_entry else spectrum.id) for fit in fits)
        write_run([Outcome(entry=entry, results=results, findings=findings)], folder)
        return folder

    return written


@pytest.fixture
def fit():
    return Fit


@pytest.fixture
def at():
    return spectrum_at
