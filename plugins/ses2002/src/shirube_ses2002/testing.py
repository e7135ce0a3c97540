"""Writes SES text files of every variant, for tests and benchmarks.

The writer shares no code with the reader, so that what one writes the other can be held against.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from shirube.records import FloatArray

__all__ = ["SesRegion", "SesStyle", "ses_bytes", "ses_number"]

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


def _doubles(values: npt.ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def ses_number(value: float) -> str:
    """Return a number as SES prints it: 23 characters, 15 digits, an exponent of four."""
    mantissa, exponent = f"{value: .14E}".split("E")
    return f"{mantissa}E{int(exponent):+05d}"


@frozen(kw_only=True)
class SesStyle:
    """How a file is written.

    Attributes:
        encoding: Encoding of the whole file.
        bom: Whether a byte order mark stands at its beginning.
        line_end: End of each line.
        number: Prints one number of a data block.
        separator: Stands between the numbers of a row.
        decimal: The decimal mark of every number.
        last_lines: What follows the last row of the file; SES ends it and leaves a line blank.
    """

    encoding: str = "ascii"
    bom: bool = False
    line_end: str = "\r\n"
    number: Callable[[float], str] = ses_number
    separator: str = " "
    decimal: str = "."
    last_lines: int = 2


@frozen(kw_only=True, eq=False)
class SesRegion:
    """A region to be written.

    Attributes:
        energies: Shape (n,).
        intensity: Shape (n,), (n, m) or (n, m, k).
        axes: Names with units, as written, and points of the second and third dimension.
        name: Region name.
        scale: ``Binding`` or ``Kinetic``.
        info: Keys of ``[Info N]`` that are changed or added; None leaves one out.
        run_mode: Lines of ``[Run Mode Information N]``.
        manipulator: Keys of ``[Manipulator N]``; None leaves it and ``[User Interface Information N]`` out.
    """

    energies: FloatArray = field(converter=_doubles)
    intensity: FloatArray = field(converter=_doubles)
    axes: tuple[tuple[str, Sequence[float]], ...] = ()
    name: str = "C1s"
    scale: str = "Binding"
    info: Mapping[str, str | None] = field(factory=dict)
    run_mode: Sequence[str] = ()
    manipulator: Mapping[str, str] | None = None


def ses_bytes(regions: Sequence[SesRegion], style: SesStyle | None = None, version: str = "1.3.1") -> bytes:
    """Return the bytes of an SES text file."""
    style = style or SesStyle()
    lines = ["[Info]", f"Number of Regions={len(regions):04d}", f"Version={version}", ""]
    for number, region in enumerate(regions, start=1):
        if number > 1:
            lines.append("")
        lines += _head_lines(number, region, style)
        lines += _data_lines(number, region, style)
    text = style.line_end.join(lines) + style.line_end * style.last_lines
    mark = b"\xef\xbb\xbf" if style.bom else b""
    return mark + text.encode(style.encoding)


def _head_lines(number: int, region: SesRegion, style: SesStyle) -> list[str]:
    energies = (f"{region.scale} Energy [eV]", region.energies.tolist())
    dimensions: list[tuple[str, Sequence[float]]] = [energies, *region.axes]
    lines = [f"[Region {number}]", f"Region Name={region.name}"]
    for index, (name, points) in enumerate(dimensions, start=1):
        scale = " ".join(_header_number(point, style) for point in points)
        lines += [f"Dimension {index} name={name}", f"Dimension {index} size={len(points)}"]
        lines.append(f"Dimension {index} scale={scale}")
    lines += [
        "",
        f"[Info {number}]",
        *_info_lines(region, style),
        f"[Run Mode Information {number}]",
        *region.run_mode,
        "",
    ]
    if region.manipulator is not None:
        keys = [f"{key}={value}" for key, value in region.manipulator.items()]
        lines += [f"[User Interface Information {number}]", "", f"[Manipulator {number}]", *keys, ""]
    return [*lines, ""]


def _info_lines(region: SesRegion, style: SesStyle) -> list[str]:
    kinetic = region.energies if region.scale == "Kinetic" else 800.0 - region.energies
    low, high = float(kinetic.min()), float(kinetic.max())
    step = (high - low) / max(1, len(kinetic) - 1)
    numbers = {"Center Energy": (low + high) / 2, "Low Energy": low, "High Energy": high, "Energy Step": step}
    keys: dict[str, str | None] = {
        **_INFO,
        "Region Name": region.name,
        "Energy Scale": region.scale,
        **{key: _header_number(value, style) for key, value in numbers.items()},
        **region.info,
    }
    return [f"{key}={value}" for key, value in keys.items() if value is not None]


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
    texts = [style.separator.join(map(style.number, row)) for row in rows]
    return texts if style.decimal == "." else [text.replace(".", style.decimal) for text in texts]


def _header_number(value: float, style: SesStyle) -> str:
    return f"{value:.15g}".replace(".", style.decimal)
