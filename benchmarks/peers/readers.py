"""The readers that are compared: how each is called, and where the numbers are in what it gives back.

Importing this module imports none of them: each lives in a process of its own.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
#: The energies of a region, shape (n,), and its intensities, shape (n, m).
Table = tuple[Numbers, Numbers]


class Reader(NamedTuple):
    """A loaded reader.

    Attributes:
        load: Reads a file; this is what is timed.
        tables: Gives the regions of what ``load`` returned.
    """

    load: Callable[[Path], Any]
    tables: Callable[[Any], Sequence[Table]]


class Peer(NamedTuple):
    """A reader by name.

    Attributes:
        distribution: The distribution that brings it.
        start: Imports it.
    """

    distribution: str
    start: Callable[[], Reader]

    def version(self) -> str | None:
        """Return the installed version, None when it is not installed."""
        try:
            return importlib.metadata.version(self.distribution)
        except importlib.metadata.PackageNotFoundError:
            return None


def _shirube() -> Reader:
    """All regions, all keys, every check, and the SHA-256 of the file."""
    from shirube.sources import SourceFile
    from shirube_ses2002.reader import read

    def tables(measurement: Any) -> list[Table]:
        return [(one.energy, one.intensity.reshape(one.energy.size, -1)) for one in measurement.spectra]

    return Reader(lambda path: read(SourceFile(path)), tables)


def _pynxtools() -> Reader:
    from pynxtools_xps.parsers.scienta import ScientaTXTParser

    def load(path: Path) -> Any:
        parser = ScientaTXTParser()
        parser.parse(path)
        return parser.data

    def tables(spectra: Any) -> list[Table]:
        return [(one.data["energy"].values, one.data.values[0].T) for one in spectra.values()]

    return Reader(load, tables)


def _navarp() -> Reader:
    from navarp.utils.navfile import load

    def tables(entry: Any) -> list[Table]:
        return [(entry.energies, entry.data.T.reshape(entry.energies.size, -1))]

    return Reader(lambda path: load(str(path)), tables)


def _specqp() -> Reader:
    from specqp.datahandler import load_scienta_txt

    def table(region: Any) -> Table:
        frame = region.get_data()
        count = region.get_add_dimension_counter() if region.is_add_dimension() else 0
        columns = [f"counts{index}" for index in range(count)] or ["counts"]
        return frame["energy"].to_numpy(), frame[columns].to_numpy()

    return Reader(lambda path: load_scienta_txt(str(path)), lambda regions: [table(one) for one in regions])


def _peaks() -> Reader:
    from peaks.core.fileIO.data_loading import load

    def tables(array: Any) -> list[Table]:
        values = array.pint.dequantify() if hasattr(array.data, "magnitude") else array
        return [(values["eV"].values, values.transpose("eV", ...).values)]

    return Reader(lambda path: load(str(path), loc="SES", lazy=False, quiet=True), tables)


def _arpespythontools() -> Reader:
    from arpespythontools import load_ses_spectra

    return Reader(lambda path: load_ses_spectra(str(path)), lambda found: [(found[1], found[0])])


OURS: Final = "shirube"
PEERS: Final = {
    OURS: Peer("shirube-ses2002", _shirube),
    "pynxtools-xps": Peer("pynxtools-xps", _pynxtools),
    "navarp": Peer("navarp", _navarp),
    "specqp": Peer("specqp", _specqp),
    "peaks": Peer("peaks-arpes", _peaks),
    "arpespythontools": Peer("arpespythontools", _arpespythontools),
}
