"""Writes the text of SES files."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from shirube.records import FloatArray
from shirube_ses2002.testing._records import SesRegion, SesStyle

__all__ = ["as_printed", "ses_bytes"]

#: Photon energy in eV that links the axes of binding energy to Low and High Energy.
_PHOTON_ENERGY: Final = 800.0
#: The keys of ``[Info N]`` in the order of SES 1.3.1; those that follow from the region are filled in.
_INFO: Final[Mapping[str, str]] = {
    "Region Name": "",
    "Lens Mode": "Transmission",
    "Pass Energy": "50",
    "Number of Sweeps": "3",
    "Excitation Energy": "800",
    "Energy Scale": "",
    "Acquisition Mode": "Swept",
    "Energy Unit": "Kinetic",
    "Center Energy": "",
    "Low Energy": "",
    "High Energy": "",
    "Energy Step": "",
    "Step Time": "200",
    "Detector First X-Channel": "1",
    "Detector Last X-Channel": "1064",
    "Detector First Y-Channel": "1",
    "Detector Last Y-Channel": "1000",
    "Number of Slices": "1",
    "File": r"D:\data\sample_0001.ibw,.txt",
    "Sequence": r"D:\data\sample.seq",
    "Spectrum Name": "sample_001",
    "Instrument": "SES-2002-123",
    "Location": "BL23SU",
    "User": "",
    "Sample": "",
    "Comments": ";",
    "Date": "2025-12-01",
    "Time": "09:30:00",
    "Time per Spectrum Channel": "60",
    "DetectorMode": "ADC",
}


#: The keys of ``[Info N]`` in the order of SES 1.1.5; an empty text is filled in from the newer keys.
_OLD_ORDER: Final = (
    *("Instrument", "Location", "User", "Sample", "Comments", "Date", "Time", "Detector Channels", "Region Name"),
    *("Excitation Energy", "Energy Scale", "Aquisition Mode", "Low Energy", "High Energy", "Energy Step", "Step Time"),
    *("Detector First X-Channel", "Detector Last X-Channel", "Detector First Y-Channel", "Detector Last Y-Channel"),
    *("Number of Slices", "Lens Mode", "Pass Energy", "Number of Sweeps", "Slice Values (Deg)"),
)
_OLD: Final[Mapping[str, str]] = {
    "Detector Channels": "471",
    "Aquisition Mode": "Swept",
    "Slice Values (Deg)": "",
    "Date": "2/11/02",
    "Time": "4:02:39 AM",
}


def as_printed(values: FloatArray, style: SesStyle) -> FloatArray:
    """Return what is left of ``values`` when they are printed in a style, by Python's ``float``."""
    printed = [float(style.number(value)) for value in values.ravel().tolist()]
    return np.array(printed, dtype=np.float64).reshape(values.shape)


def ses_bytes(regions: Sequence[SesRegion], style: SesStyle | None = None, version: str = "1.3.1") -> bytes:
    """Return the bytes of an SES text file."""
    style = style or SesStyle()
    lines = ["[Info]", f"Number of Regions={len(regions):04d}", f"Version={version}", ""]
    for number, region in enumerate(regions, start=1):
        if number > 1:
            lines.append("")
        lines += _region_lines(number, region, style)
        lines += _header_lines(number, region, style)
        lines += _data_lines(number, region, style)
    text = "\n".join(lines) + "\n" * style.last_lines
    raw = text.replace("\n", style.line_end).encode(style.encoding)
    return _mark(style) + raw


def _mark(style: SesStyle) -> bytes:
    if not style.bom:
        return b""
    return "\ufeff".encode(style.encoding) if style.encoding.startswith("utf-16-") else codecs.BOM_UTF8


def _region_lines(number: int, region: SesRegion, style: SesStyle) -> list[str]:
    energies = (f"{region.scale} Energy [eV]", region.energies.tolist())
    dimensions: list[tuple[str, Sequence[float]]] = [energies, *region.axes]
    lines = [f"[Region {number}]", f"Region Name={region.name}"]
    for index, (name, points) in enumerate(dimensions, start=1):
        scale = " ".join(_header_number(point, style) for point in points)
        lines += [f"Dimension {index} name={name}", f"Dimension {index} size={len(points)}"]
        lines.append(f"Dimension {index} scale={scale}")
    return [*lines, ""]


def _header_lines(number: int, region: SesRegion, style: SesStyle) -> list[str]:
    lines = [f"[Info {number}]", *_info_lines(region, style)]
    if region.signal is not None:
        lines += [f"[Signal {number}]", *region.signal, ""]
    lines += [f"[Run Mode Information {number}]", *region.run_mode, ""]
    if region.manipulator is not None:
        keys = [f"{key}={value}" for key, value in region.manipulator.items()]
        lines += [f"[User Interface Information {number}]", *region.interface, "", f"[Manipulator {number}]", *keys, ""]
    return [*lines, ""]


def _info_lines(region: SesRegion, style: SesStyle) -> list[str]:
    kinetic = region.energies if region.scale == "Kinetic" else _PHOTON_ENERGY - region.energies
    low, high = float(kinetic.min()), float(kinetic.max())
    step = (high - low) / max(1, len(kinetic) - 1)
    numbers = {"Center Energy": (low + high) / 2, "Low Energy": low, "High Energy": high, "Energy Step": step}
    keys: dict[str, str | None] = {
        **_INFO,
        "Region Name": region.name,
        "Energy Scale": region.scale,
        **{key: _header_number(value, style) for key, value in numbers.items()},
    }
    if style.old_keys:
        keys = {key: {**keys, **_OLD}[key] for key in _OLD_ORDER}
    return [f"{key}={value}" for key, value in {**keys, **region.info}.items() if value is not None]


def _data_lines(number: int, region: SesRegion, style: SesStyle) -> list[str]:
    cube = region.intensity.reshape(len(region.energies), -1, *region.intensity.shape[2:3])
    if cube.ndim == 2:  # noqa: PLR2004 a table is one block
        return [f"[Data {number}]", *_rows(region.energies, cube, style)]
    lines: list[str] = []
    for block in range(cube.shape[2]):
        lines += [f"[Data {number}:{block + 1}]", *_rows(region.energies, cube[:, :, block], style), "", ""]
    return lines[:-2]


def _rows(energies: FloatArray, table: FloatArray, style: SesStyle) -> list[str]:
    rows = np.column_stack([energies, table]).tolist()
    texts = [style.separator.join(map(style.number, row)) + style.trailing for row in rows]
    return texts if style.decimal == "." else [text.replace(".", style.decimal) for text in texts]


def _header_number(value: float, style: SesStyle) -> str:
    return f"{value:.15g}".replace(".", style.decimal if style.header_decimal is None else style.header_decimal)
