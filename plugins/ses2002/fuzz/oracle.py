"""Parses simple SES files by splitting and ``float`` alone, to hold the reader against; shares no code with it."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from shirube.records import Measurement

NUMBERED = "Region|Info|Run Mode Information|User Interface Information|Manipulator|Signal|Data"
TITLE = re.compile(rf"\[(?:Info|(?:{NUMBERED}) [0-9]+(?::[0-9]+)?)\]")
Blocks = dict[str, list[list[float]]]

__all__ = ["compare"]


def compare(data: bytes, measurement: Measurement, finding: Callable[[str], Exception]) -> None:
    """Raise ``finding`` unless every number and every line of a simple file is in the measurement."""
    lines = _simple_lines(data)
    if lines is None:
        return
    blocks, others = _parse(lines)
    for spectrum in measurement.spectra:
        number = spectrum.id.rpartition("#")[2]
        mine = [rows for title, rows in blocks.items() if re.fullmatch(rf"\[Data {number}(?::[0-9]+)?\]", title)]
        table = np.array(mine)
        expected = np.moveaxis(table[:, :, 1:], 0, 2).reshape(spectrum.intensity.shape)
        if not np.array_equal(spectrum.intensity, expected) or not np.array_equal(spectrum.energy, table[0, :, 0]):
            raise finding(f"{spectrum.id} is not what float() makes of it")
    kept = [*measurement.metadata, *(one for spectrum in measurement.spectra for one in spectrum.metadata)]
    if sum(1 + str(value.value).count("\n") for value in kept) != others:
        raise finding("a header line was dropped")


def _simple_lines(data: bytes) -> list[str] | None:
    """Return the lines of a file in which only titles look like titles and comments have one line, else None."""
    if not data.isascii() or b"\r" in data.replace(b"\r\n", b""):
        return None
    lines = data.decode("ascii").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        # [Info] further down is a line of its section, not a title.
        if line.startswith("[") and (not TITLE.fullmatch(line) or (number and line == "[Info]")):
            return None
        if "," in line and "=" not in line:
            return None
        if line.startswith("Comments=") and not "".join(lines[number + 1 : number + 2]).startswith("Date="):
            return None
    return lines


def _parse(lines: list[str]) -> tuple[Blocks, int]:
    """Return the rows of each data section, and how many other lines are neither titles nor blank."""
    blocks: Blocks = {}
    title, others = "", 0
    for line in lines:
        if line.startswith("["):
            title = line
        elif line.strip(" \t") and title.startswith("[Data"):
            blocks.setdefault(title, []).append([float(word) for word in line.split()])
        elif line.strip(" \t"):
            others += 1
    return blocks, others
