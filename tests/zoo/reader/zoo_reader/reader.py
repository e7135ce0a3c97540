"""Reads the made-up format of the zoo: keys, a blank line, rows of two numbers, and an end."""

import json

import numpy as np

from shirube.errors import InputError
from shirube.messages import Text
from shirube.records import Axis, EnergyReference, Measurement, RawValue, Spectrum

FIRST = "ZOO 1"


def claims(source):
    return source.head.startswith(FIRST.encode())


def read(source, parameters):
    text = _text(source)
    lines = text.split("\n")
    if lines[0] != FIRST or "END" not in lines:
        raise _broken(source, len(lines))
    blank = lines.index("")
    keys = [
        RawValue(*line.split("=", 1), file=source.name, line=number)
        for number, line in enumerate(lines[1:blank], start=2)
    ]
    rows = _rows(source, lines[blank + 1 : lines.index("END")], parameters)
    energy = Axis("energy", rows[:, 0], "eV")
    angle = Axis("angle", np.array([-1.5, 1.5]), "deg")
    spectra = [
        Spectrum(
            id=f"{source.name}#1",
            name="first",
            intensity=rows[:, 1],
            axes=(energy,),
            intensity_unit="counts",
            reference=EnergyReference("kinetic"),
        ),
        Spectrum(
            id=f"{source.name}#2",
            name="second",
            intensity=np.stack([rows[:, 1], rows[:, 1]], axis=1),
            axes=(energy, angle),
            intensity_unit="counts",
            reference=EnergyReference("kinetic"),
        ),
    ]
    parts = [source]
    if source.sidecar is not None:
        keys += _beside(source.sidecar)
        parts.append(source.sidecar)
    return Measurement(
        name=source.name,
        reader="zoo",
        spectra=spectra,
        metadata=keys,
        sources=[part.record() for part in parts],
    )


def _text(source):
    try:
        return source.read_bytes().decode("ascii")
    except UnicodeDecodeError:
        raise _broken(source, 1) from None


def _rows(source, lines, parameters):
    try:
        rows = np.array([[float(cell) for cell in line.split()] for line in lines])
    except ValueError:
        raise _broken(source, None) from None
    if rows.ndim != parameters.columns or rows.shape[1] != parameters.columns:
        raise _broken(source, None)
    return rows


def _beside(sidecar):
    try:
        values = json.loads(sidecar.read_bytes())
    except ValueError:
        raise _broken(sidecar, 1) from None
    return [RawValue(key, value, file=sidecar.name, kind="sidecar") for key, value in values.items()]


def _broken(source, line):
    text = Text(en="the file was cut; export it again", ja="ファイルが途中で切れています。書き出し直してください")
    return InputError(text, path=source.name, line=line)
