"""Reads ISO 14976 files: every block is a spectrum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shirube.errors import InputError
from shirube.messages import Message
from shirube.records import (
    Axis,
    EnergyReference,
    EnergyScale,
    FloatArray,
    Measurement,
    RawValue,
    Remark,
    Spectrum,
)
from shirube.sources import SourceFile
from shirube.text import decode
from shirube_vamas.layout import IDENTIFIER, Block, Item, Variable
from shirube_vamas.parsing import parse

_COUNTED = ("pulse counting",)
_LATEST_YEAR = 9999


def claims(source: SourceFile) -> bool:
    """Tell a file of ours by its format identifier, before which some programs write empty lines."""
    return source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(IDENTIFIER.encode("ascii"))


def read(source: SourceFile, parameters: None) -> Measurement:
    """Return a spectrum for each block, on the energy scale that its abscissa is labelled with.

    Raises:
        InputError: The file is cut or not what the standard asks; a block runs over something else than energies.
    """
    del parameters
    decoded = decode(source.read_bytes())
    experiment = parse(decoded.text, source.name)
    blocks = [_spectrum(block, number, source.name) for number, block in enumerate(experiment.blocks, start=1)]
    remarks = [remark for _, said in blocks for remark in said]
    if decoded.encoding not in ("utf-8", "ascii"):
        remarks.append(_remark("encoding", source.name, encoding=decoded.encoding))
    return Measurement(
        name=source.name,
        reader="vamas",
        spectra=[spectrum for spectrum, _ in blocks],
        metadata=_raw(experiment.items, "Experiment", source.name),
        sources=(source.record(),),
        remarks=remarks,
    )


def _spectrum(block: Block, number: int, name: str) -> tuple[Spectrum, list[Remark]]:
    label, unit, energies, variables = _abscissa(block, name)
    scale = _scale(label)
    if unit != "eV" or scale == "unknown":
        raise _wrong(block, name, "no-energy", label=label, unit=unit)
    steps = np.diff(energies)
    if not (np.all(steps > 0) or np.all(steps < 0)):
        raise _wrong(block, name, "not-monotone")
    intensity, *others = variables
    spectrum = Spectrum(
        id=f"{name}#{number}",
        name=block.identifier,
        intensity=np.array(intensity.values),
        axes=(Axis("energy", energies, "eV"),),
        intensity_unit=_intensity_unit(intensity, block),
        reference=EnergyReference(scale),
        metadata=(*_raw(block.items, f"Block {number}", name), *_derived(block, number, name, energies)),
    )
    if not others:
        return spectrum, []
    left = ", ".join(one.label for one in others)
    return spectrum, [_remark("variables-left", name, block.line, block=block.identifier, names=left)]


def _abscissa(block: Block, name: str) -> tuple[str, str, FloatArray, tuple[Variable, ...]]:
    """Return label, unit and values of the abscissa, and the variables that depend on it.

    The values of a regular scan are start and increment; of an irregular one they are its first variable.
    """
    if block.abscissa is None:
        first, *rest = block.variables
        if not rest:
            raise _wrong(block, name, "no-intensity", label=first.label)
        return first.label, first.unit, np.array(first.values), tuple(rest)
    label, unit, start, increment = block.abscissa
    points = np.arange(len(block.variables[0].values))
    return label, unit, np.asarray(start + increment * points, dtype=np.float64), block.variables


def _scale(label: str) -> EnergyScale:
    words = label.lower()
    if "kinetic" in words:
        return "kinetic"
    return "binding" if "binding" in words else "unknown"


def _intensity_unit(variable: Variable, block: Block) -> str:
    """Return the unit of the intensities; counted pulses are counts, though the standard calls them dimensionless."""
    if variable.unit == "c/s":
        return "counts/s"
    return "counts" if variable.unit == "d" and block.item("signal mode") in _COUNTED else ""


def _derived(block: Block, number: int, name: str, energies: FloatArray) -> Iterator[RawValue]:
    """Yield what several items say together: date and time, and the step of a scan of even steps."""
    section = f"Block {number}"
    parts = [block.item(key) for key in ("year", "month", "day", "hours", "minutes", "seconds")]
    line = next((one.line for one in block.items if one.name == "year"), block.line)
    for key, numbers, form in (
        ("date", parts[:3], "{:04d}-{:02d}-{:02d}"),
        ("time", parts[3:], "{:02d}:{:02d}:{:02d}"),
    ):
        if all(text.isdecimal() for text in numbers) and (key == "time" or 0 < int(parts[0]) <= _LATEST_YEAR):
            yield RawValue(key, form.format(*map(int, numbers)), section, name, line)
    steps = np.abs(np.diff(energies))
    if steps.size and np.allclose(steps, steps[0], rtol=1e-3, atol=0.0):
        yield RawValue("abscissa increment", f"{float(np.median(steps)):.6g}", section, name, block.line)


def _raw(items: tuple[Item, ...], section: str, name: str) -> tuple[RawValue, ...]:
    return tuple(RawValue(one.name, one.text, section, name, one.line) for one in items)


def _wrong(block: Block, name: str, code: str, **params: object) -> InputError:
    message = Message("shirube_vamas", code, {"block": block.identifier, **params})
    return InputError(message, path=name, line=block.line)


def _remark(code: str, name: str, line: int | None = None, **params: object) -> Remark:
    return Remark(code, Message("shirube_vamas", code, params).text(), name, line)
