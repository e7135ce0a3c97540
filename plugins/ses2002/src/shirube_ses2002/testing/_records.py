"""What is written to an SES file, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from shirube.records import FloatArray

__all__ = ["SesRegion", "SesStyle", "ses_number"]


def _doubles(values: npt.ArrayLike) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def ses_number(value: float) -> str:
    """Return a number as SES prints it: 23 characters, 15 digits, an exponent of four."""
    mantissa, exponent = f"{value: .14E}".split("E")
    return f"{mantissa}E{int(exponent):+05d}"


@frozen(kw_only=True)
class SesStyle:
    """How a file is written; the default is as SES 1.3.1 does.

    Attributes:
        encoding: Encoding of the whole file; ``utf-16`` brings its byte order mark along.
        bom: Whether a byte order mark stands at its beginning (``utf-8``, ``utf-16-le``, ``utf-16-be``).
        line_end: End of each line.
        number: Prints one number of a data block.
        separator: Stands between the numbers of a row.
        trailing: Stands between the last number of a row and its line end.
        decimal: The decimal mark of the numbers of data blocks.
        header_decimal: That of the numbers of headers; the same where None.
        last_lines: What follows the last row of the file; SES ends it and leaves a line blank.
        old_keys: Write ``[Info N]`` as SES 1.1.5 did: another order, ``Aquisition Mode``, ``Detector Channels``,
            ``Slice Values (Deg)``, no ``Center Energy``, US date and time.
    """

    encoding: str = "ascii"
    bom: bool = False
    line_end: str = "\r\n"
    number: Callable[[float], str] = ses_number
    separator: str = " "
    trailing: str = ""
    decimal: str = "."
    header_decimal: str | None = None
    last_lines: int = 2
    old_keys: bool = False


@frozen(kw_only=True, eq=False)
class SesRegion:
    """A region to be written.

    Attributes:
        energies: Shape (n,).
        intensity: Shape (n,), (n, m) or (n, m, k); the third dimension is written as blocks ``[Data N:k]``.
        axes: Names with units, as written, and points of the second and third dimension.
        name: Region name.
        scale: ``Binding`` or ``Kinetic``.
        info: Keys of ``[Info N]`` that are changed or added; None leaves one out. A value may have several lines.
        signal: Lines of ``[Signal N]``; None leaves the section out.
        run_mode: Lines of ``[Run Mode Information N]``: ``Name=…``, points, the rows of a table (vertical tabs).
        interface: Lines of ``[User Interface Information N]``, which is written with a manipulator only.
        manipulator: Keys of ``[Manipulator N]``; None leaves it and ``[User Interface Information N]`` out.
    """

    energies: FloatArray = field(converter=_doubles)
    intensity: FloatArray = field(converter=_doubles)
    axes: tuple[tuple[str, Sequence[float]], ...] = ()
    name: str = "C1s"
    scale: str = "Binding"
    info: Mapping[str, str | None] = field(factory=dict)
    signal: Sequence[str] | None = None
    run_mode: Sequence[str] = ()
    interface: Sequence[str] = ()
    manipulator: Mapping[str, str] | None = None
