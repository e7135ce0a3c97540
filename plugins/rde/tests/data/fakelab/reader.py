"""Reads two columns, binding energy and counts, below one header line."""

import json

import numpy as np

from shirube.records import Axis, EnergyReference, Measurement, RawValue, Spectrum


def claims(source):
    return source.head.startswith(b"BE/eV")


def read(source, parameters):
    del parameters
    rows = [line.split(",") for line in source.read_bytes().decode("ascii").split("\n")[1:] if line]
    columns = np.array(rows, dtype=float)
    metadata = [] if source.sidecar is None else list(_sidecar(source.sidecar))
    photon_energy = next((one.value for one in metadata if one.key == "Excitation Energy"), None)
    spectrum = Spectrum(
        id=f"{source.name}#1",
        name="C1s",
        intensity=columns[:, 1],
        axes=(Axis("energy", columns[:, 0], "eV"),),
        intensity_unit="counts",
        reference=EnergyReference("binding", photon_energy=photon_energy, work_function=0.0),
    )
    sources = [source.record()] + ([] if source.sidecar is None else [source.sidecar.record()])
    return Measurement(name=source.name, reader="fakelab", spectra=(spectrum,), metadata=metadata, sources=sources)


def _sidecar(sidecar):
    for key, value in json.loads(sidecar.read_bytes()).items():
        yield RawValue(key, value, file=sidecar.name, kind="sidecar")
