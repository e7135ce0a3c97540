"""Structured data of a tile: spectra and the tables of results as CSV, units in the header."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube.energy import kinetic_energy_of
from shirube.messages import Text
from shirube.records import Axis, FloatArray, Outcome, Spectrum
from shirube.rendering import stems_of
from shirube.tables import Column, Table, write_csv
from shirube.trees import safe_name
from shirube_rde.naming import Names

_BINDING: Final = Text(en="Binding energy", ja="束縛エネルギー")
_KINETIC: Final = Text(en="Kinetic energy", ja="運動エネルギー")
_ENERGY: Final = Text(en="Energy", ja="エネルギー")
_INTENSITY: Final = Text(en="Intensity", ja="強度")
#: Rows that are turned into text at once: an image of millions of points would not fit into memory as text.
_ROWS: Final = 20_000
#: Energies of more decimals than this are computed ones; rounding is exact below.
_MOST_DECIMALS: Final = 9

__all__ = ["CsvFile", "spectrum_table", "structured_files"]


@frozen(eq=False)
class CsvFile:
    """A CSV file.

    Attributes:
        name: Its name in ``structured/``.
        rows: How many rows it has below its header.
        part: Returns the table of some of its rows, from the first to before the second.
    """

    name: str
    rows: int
    part: Callable[[int, int], Table]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, without a value."""
        return self.part(0, 0).columns

    def text(self) -> Iterator[str]:
        """Yield the text of the file, a part at a time.

        The header is English whatever the language of the job: programs read it.
        """
        header = write_csv(self.part(0, 0), lang="en")
        yield header
        for first in range(0, self.rows, _ROWS):
            yield write_csv(self.part(first, min(first + _ROWS, self.rows)), lang="en")[len(header) :]


def structured_files(outcome: Outcome) -> Iterator[CsvFile]:
    """Yield a file for each spectrum and each table of the results, in order, no two of one name."""
    names = Names()
    spectra = outcome.entry.spectra()
    stems = dict(zip((spectrum.id for spectrum in spectra), stems_of(spectra), strict=True))
    for spectrum in spectra:
        yield _of_spectrum(spectrum, names.take(stems[spectrum.id], ".csv"))
    for result in outcome.results:
        stem = stems.get(result.target) or safe_name(result.target)
        for table in result.tables:
            name = names.take(f"{stem}_{safe_name(result.analysis)}_{safe_name(table.name)}", ".csv")
            yield _of_table(table, name)


def spectrum_table(spectrum: Spectrum, first: int = 0, stop: int | None = None) -> Table:
    """Return a spectrum as a table: one row a point, a column for each axis, the intensity last.

    Beside a binding energy stands the kinetic energy where the photon energy tells it. Several axes give long form:
    the last axis runs fastest.

    Args:
        spectrum: The spectrum.
        first: First row of those that are wanted.
        stop: Row before which they end; None for all.
    """
    shape = tuple(len(axis) for axis in spectrum.axes)
    points = np.arange(first, math.prod(shape) if stop is None else stop)
    places = np.unravel_index(points, shape)
    columns: list[Column] = []
    for axis, place in zip(spectrum.axes, places, strict=True):
        columns.append(_axis_column(axis, spectrum, axis.values[place]))
        if axis.name == "energy" and spectrum.reference.scale == "binding":
            kinetic = kinetic_energy_of(spectrum)
            if kinetic is not None:
                columns.append(Column("kinetic_energy", _KINETIC, _shortest(spectrum, kinetic)[place], "eV"))
    intensity = spectrum.intensity.reshape(-1)[first:stop]
    columns.append(Column("intensity", _INTENSITY, intensity, spectrum.intensity_unit))
    return Table("spectrum", Text(en=spectrum.name, ja=spectrum.name), columns)


def _shortest(spectrum: Spectrum, kinetic: FloatArray) -> FloatArray:
    """Return kinetic energies with the decimals of what they are the difference of: 104.05, not 104.05000000000001.

    Exact decimals have no more of them; where an energy is no short decimal itself, its difference stays as it is.
    """
    reference = spectrum.reference
    given = (reference.photon_energy or 0.0, reference.work_function or 0.0, *spectrum.energy.tolist())
    decimals = max(_decimals(one) for one in given)
    return kinetic if decimals > _MOST_DECIMALS else np.round(kinetic, decimals)


def _decimals(number: float) -> int:
    text = repr(number)
    return _MOST_DECIMALS + 1 if "e" in text else len(text.partition(".")[2])


def _of_spectrum(spectrum: Spectrum, name: str) -> CsvFile:
    return CsvFile(name, spectrum.intensity.size, lambda first, stop: spectrum_table(spectrum, first, stop))


def _of_table(table: Table, name: str) -> CsvFile:
    def part(first: int, stop: int) -> Table:
        cut = tuple(evolve(one, values=one.values[first:stop]) for one in table.columns)
        return Table(table.name, table.label, cut)

    return CsvFile(name, len(table), part)


def _axis_column(axis: Axis, spectrum: Spectrum, values: FloatArray) -> Column:
    if axis.name != "energy":
        return Column(axis.name, Text(en=axis.name.capitalize(), ja=axis.name), values, axis.unit)
    scale = spectrum.reference.scale
    label = {"binding": _BINDING, "kinetic": _KINETIC}.get(scale, _ENERGY)
    name = "energy" if scale == "unknown" else f"{scale}_energy"
    return Column(name, label, values, axis.unit or "eV")
