"""Structured data of a tile: spectra and the tables of results as CSV, units in the header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import frozen

from shirube.energy import kinetic_energy_of
from shirube.messages import Text
from shirube.records import Axis, FloatArray, Outcome, Spectrum
from shirube.rendering import stem_of
from shirube.tables import Column, Table, write_csv
from shirube.trees import safe_name
from shirube_rde.naming import Names

_BINDING: Final = Text(en="Binding energy", ja="束縛エネルギー")
_KINETIC: Final = Text(en="Kinetic energy", ja="運動エネルギー")
_ENERGY: Final = Text(en="Energy", ja="エネルギー")
_INTENSITY: Final = Text(en="Intensity", ja="強度")

__all__ = ["CsvFile", "spectrum_table", "structured_files"]


@frozen
class CsvFile:
    """A CSV file: its name in ``structured/`` and its text."""

    name: str
    text: str


def structured_files(outcome: Outcome) -> Iterator[CsvFile]:
    """Yield a file for each spectrum and each table of the results, in order, no two of one name.

    The header is English whatever the language of the job: programs read it.
    """
    names = Names()
    for spectrum in outcome.entry.spectra():
        yield CsvFile(names.take(stem_of(spectrum), ".csv"), write_csv(spectrum_table(spectrum), lang="en"))
    for result in outcome.results:
        stem = _target_stem(outcome, result.target)
        for table in result.tables:
            name = names.take(f"{stem}_{safe_name(result.analysis)}_{safe_name(table.name)}", ".csv")
            yield CsvFile(name, write_csv(table, lang="en"))


def spectrum_table(spectrum: Spectrum) -> Table:
    """Return a spectrum as a table: one row a point, a column for each axis, the intensity last.

    Beside a binding energy stands the kinetic energy where the photon energy tells it. Several axes give long form:
    the last axis runs fastest.
    """
    grids = np.meshgrid(*(axis.values for axis in spectrum.axes), indexing="ij")
    columns: list[Column] = []
    for axis, grid in zip(spectrum.axes, grids, strict=True):
        columns.append(_axis_column(axis, spectrum, grid.ravel()))
        if axis.name == "energy" and spectrum.reference.scale == "binding":
            columns.extend(_kinetic_column(spectrum, grid.shape))
    columns.append(Column("intensity", _INTENSITY, spectrum.intensity.ravel(), spectrum.intensity_unit))
    return Table("spectrum", Text(en=spectrum.name, ja=spectrum.name), columns)


def _axis_column(axis: Axis, spectrum: Spectrum, values: FloatArray) -> Column:
    if axis.name != "energy":
        return Column(axis.name, Text(en=axis.name.capitalize(), ja=axis.name), values, axis.unit)
    scale = spectrum.reference.scale
    label = {"binding": _BINDING, "kinetic": _KINETIC}.get(scale, _ENERGY)
    name = "energy" if scale == "unknown" else f"{scale}_energy"
    return Column(name, label, values, axis.unit or "eV")


def _kinetic_column(spectrum: Spectrum, shape: tuple[int, ...]) -> Iterator[Column]:
    kinetic = kinetic_energy_of(spectrum)
    if kinetic is None:
        return
    along = [1] * len(shape)
    along[[axis.name for axis in spectrum.axes].index("energy")] = -1
    yield Column("kinetic_energy", _KINETIC, np.broadcast_to(kinetic.reshape(along), shape).ravel(), "eV")


def _target_stem(outcome: Outcome, target: str) -> str:
    for spectrum in outcome.entry.spectra():
        if spectrum.id == target:
            return stem_of(spectrum)
    return safe_name(target)
