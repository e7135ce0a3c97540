r"""The exporter ``itx``: a file of Igor Text for each spectrum, with what analyses found on it.

The format is that of WaveMetrics, Igor Pro manual, volume II, chapter "Importing and Exporting Data": the keyword IGOR,
blocks WAVES … BEGIN … END of tab-separated numbers, and commands behind ``X``. Lines end with CR LF, and everything is
ASCII, which every version of Igor on every system reads alike; other characters stand as the escapes ``\uhhhh`` that
Igor 7 and later turn into characters again.

The waves of a spectrum ``Cu_0003_C1s`` are ``Cu_0003_C1s_int`` (intensity), of uneven axes also an axis wave
(``…_energy``), and one for each array of a result. No two waves of an export have one name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from shirube.exporting import ExportContext
from shirube.formats._igor import Names, Scale, Wave, wave_text
from shirube.formats._spectra import Written, axis_label, entries_of, said_of, step_of, written_of
from shirube.records import Axis, Outcome, Result
from shirube.trees import write_text

__all__ = ["write"]


def write(outcomes: Sequence[Outcome], target: Path, context: ExportContext, parameters: object) -> None:
    """Write ``ENTRY/SPECTRUM.itx`` for each spectrum."""
    del context, parameters
    names = Names()
    for folder, outcome in entries_of(outcomes):
        for written in written_of(outcome):
            waves = "".join(wave_text(wave) for wave in _waves(written, names))
            write_text(target / folder / f"{written.stem}.itx", f"IGOR\r\n{waves}")


def _waves(written: Written, names: Names) -> Iterator[Wave]:
    spectrum = written.spectrum
    scales = tuple(_scale(axis) for axis in spectrum.axes)
    # Of uneven axes the values are a wave of their own.
    apart = {
        axis.name: names.take(written.stem, axis.name)
        for axis, scale in zip(spectrum.axes, scales, strict=True)
        if scale is None
    }
    note = [f"{key}: {text}" for key, text in said_of(written)]
    for number, axis in enumerate(spectrum.axes, start=1):
        where = f", in the wave {apart[axis.name]}" if axis.name in apart else ""
        note.append(f"dimension {number}: {axis_label(axis, spectrum)}{f' ({axis.unit})' if axis.unit else ''}{where}")
    unit = spectrum.intensity_unit
    yield Wave(names.take(written.stem, "int"), spectrum.intensity, unit, scales, tuple(note))
    for axis in spectrum.axes:
        if axis.name in apart:
            yield Wave(
                apart[axis.name], axis.values, axis.unit, note=(f"{axis_label(axis, spectrum)} of {spectrum.id}",)
            )
    for result in written.results:
        yield from _of_result(written, result, names)


def _of_result(written: Written, result: Result, names: Names) -> Iterator[Wave]:
    """Yield the arrays of a result; those that run over its energies are scaled by them."""
    energy = next((one for one in result.arrays if one.name == "energy" and one.values.ndim == 1), None)
    scale = None if energy is None else _scale(Axis("energy", energy.values, energy.unit or "eV"))
    for array in result.arrays:
        along = energy is not None and array.values.shape[-1:] == energy.values.shape
        scales = (*(None for _ in array.values.shape[1:]), scale) if along and array is not energy else ()
        note = (f"{array.name} of {result.analysis}", f"spectrum: {result.target}", f"status: {result.status}")
        yield Wave(names.take(written.stem, array.name), array.values, array.unit, scales, note)


def _scale(axis: Axis) -> Scale:
    step = step_of(axis.values)
    return None if step is None else (float(axis.values[0]), step, axis.unit)
