"""Reads a JSON object of regions: energies, counts (perhaps over iterations or angles), scale, header."""

import json

import numpy as np

from shirube.records import Axis, EnergyReference, Measurement, RawValue, Spectrum


def claims(source):
    return source.head.startswith(b'{"bench"')


def read(source, parameters):
    del parameters
    regions = json.loads(source.read_bytes())["bench"]
    spectra = [_spectrum(source.name, number, region) for number, region in enumerate(regions, start=1)]
    sources, metadata = [source.record()], []
    if source.sidecar is not None:
        sources.append(source.sidecar.record())
        said = json.loads(source.sidecar.read_bytes())
        metadata = [RawValue(key, value, file=source.sidecar.name, kind="sidecar") for key, value in said.items()]
    return Measurement(name=source.name, reader="bench", spectra=spectra, sources=sources, metadata=metadata)


def _spectrum(file, number, region):
    counts = np.array(region["counts"], dtype=float)
    axes = [Axis("energy", np.array(region["energies"], dtype=float), "eV")]
    if counts.ndim == 2:
        axes.insert(0, Axis(region["over"], np.arange(float(len(counts)))))
    header = region["header"]
    held = (header.get("photons"), 0.0) if region["scale"] == "binding" else (None, None)
    return Spectrum(
        id=f"{file}#{number}",
        name=region["name"],
        intensity=counts,
        axes=axes,
        intensity_unit="counts",
        reference=EnergyReference(region["scale"], *held),
        metadata=[RawValue(key, str(value), file=file) for key, value in header.items()],
    )
