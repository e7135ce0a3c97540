"""The exporter ``vamas``: a file of ISO 14976 for each spectrum, a block for each spectrum of a map.

ISO 14976:1998 is the transfer format of Dench, Hazell and Seah, Surf. Interface Anal. 13, 63 (1988). Files are of the
experiment mode NORM; the scan is REGULAR where energies have even steps, otherwise IRREGULAR with the energies as the
first corresponding variable. Energies stand as the run holds them, binding or kinetic, and the abscissa says which.
The standard leaves open from where kinetic energies count, so the work function stands in its item and in a comment.
Numbers that are not known are 1E+37, dates -1, texts "Not Specified". Everything is ASCII, in lines of 80 characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from shirube.exporting import ExportContext
from shirube.formats._blocks import UNKNOWN, block_lines, comment_lines, hours_ahead, number_text, text_line
from shirube.formats._spectra import Written, entries_of, said_of, step_of, written_of
from shirube.records import Axis, Outcome, Spectrum
from shirube.trees import write_text

_IDENTIFIER: Final = "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4"
_END: Final = "end of experiment"

__all__ = ["write"]


def write(outcomes: Sequence[Outcome], target: Path, context: ExportContext, parameters: object) -> None:
    """Write ``ENTRY/SPECTRUM.vms`` for each spectrum over energies; what runs over something else has no such file."""
    del context, parameters
    for folder, outcome in entries_of(outcomes):
        for written in written_of(outcome):
            if any(axis.name == "energy" for axis in written.spectrum.axes):
                text = "".join(f"{line}\r\n" for line in _lines(written))
                write_text(target / folder / f"{written.stem}.vms", text)


def _lines(written: Written) -> Iterator[str]:
    spectrum = written.spectrum
    others = [axis for axis in spectrum.axes if axis.name != "energy"]
    step = step_of(spectrum.energy)
    comment = comment_lines((*_energies(written), *(f"{key}: {text}" for key, text in said_of(written))))
    yield _IDENTIFIER
    yield text_line(written.text("location"))
    yield text_line(written.text("instrument"))
    yield text_line(written.text("user"))
    yield text_line(written.outcome.entry.name)
    yield from (str(len(comment)), *comment)
    # One region, as often as the other axes have points.
    yield from ("NORM", "IRREGULAR" if step is None else "REGULAR", "1", str(len(others)))
    for axis in others:
        yield from (text_line(axis.name), text_line(axis.unit or "d"))
    # Nothing is included or excluded, entered by hand, or of a later edition.
    yield from ("0", "0", "0", "0")
    yield str(int(np.prod([len(axis) for axis in others], dtype=np.int64)))
    for one, at in zip(spectrum.along(), _places(others), strict=True):
        yield from block_lines(written, one, step, at)
    yield _END


def _places(axes: Sequence[Axis]) -> Iterator[tuple[float, ...]]:
    """Yield where each slice lies on the other axes, in the order of :meth:`Spectrum.along`."""
    for index in np.ndindex(*(len(axis) for axis in axes)):
        yield tuple(float(axis.values[number]) for axis, number in zip(axes, index, strict=True))


def _energies(written: Written) -> Iterator[str]:
    """Yield what the energies are, and what stands for what is not known."""
    spectrum = written.spectrum
    yield f"Energies: {_meaning(spectrum)}"
    if spectrum.reference.scale == "kinetic":
        phi = written.work_function()
        yield f"Analyser work function phi: {'not known' if phi is None else f'{number_text(phi)} eV'}"
    if written.number("sweeps") is None:
        yield "Number of scans: not known; the item says 1"
    if not spectrum.intensity_unit:
        yield "Unit of the intensities: not known; the items say d (none) and analogue"
    if written.number("photon_energy") is None:
        yield "Photon energy: not known; the technique says XPS"
    if not np.isfinite(spectrum.intensity).all():
        yield f"Intensities that are no finite numbers are written as {UNKNOWN}"
    if hours_ahead(written) is None:
        yield "Time zone: not known; the item says 0"


def _meaning(spectrum: Spectrum) -> str:
    reference = spectrum.reference
    if reference.scale == "kinetic":
        return "kinetic, as the instrument counts them"
    if reference.scale == "unknown":
        return "nothing says whether they are binding or kinetic"
    if reference.photon_energy is None or reference.work_function is None:
        return "binding, as the instrument gives them"
    energy, phi = number_text(reference.photon_energy), number_text(reference.work_function)
    if not reference.work_function:
        return f"binding = {energy} eV - kinetic; no phi is taken off, so kinetic counts from the Fermi level"
    return f"binding = {energy} eV - kinetic - phi, phi = {phi} eV; kinetic counts from the analyser's vacuum level"
