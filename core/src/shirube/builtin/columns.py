"""The core's reader for purely numeric text: two columns, energy and intensity, after at most one line of words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import frozen

from shirube.errors import InputError, core_message
from shirube.messages import Text
from shirube.parameters import parameter, parameters
from shirube.records import Axis, EnergyReference, EnergyScale, FloatArray, Measurement, Remark, Spectrum
from shirube.sources import HEAD, SourceFile
from shirube.text import decode

#: A spectrum of fewer points is a mistake.
MIN_POINTS: Final = 3
_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_COMMA_NUMBER: Final = re.compile(r"[-+]?\d+,\d+([eE][-+]?\d+)?")
_SCALES: Final[tuple[tuple[EnergyScale, re.Pattern[str]], ...]] = (
    ("binding", re.compile(r"binding|\bBE\b|\bE_?B\b|結合|束縛", re.IGNORECASE)),
    ("kinetic", re.compile(r"kinetic|\bKE\b|\bE_?kin\b|運動", re.IGNORECASE)),
)

__all__ = ["Parameters", "claims", "read"]


@parameters
class Parameters:
    """Settings of the reader, section ``[readers.columns]``."""

    scale: str = parameter(
        "unknown",
        en="Energy scale when the header does not tell it.",
        ja="ヘッダーから分からない場合のエネルギースケール",
        choices=("binding", "kinetic", "unknown"),
    )


@frozen
class _Line:
    number: int
    text: str


def claims(source: SourceFile) -> bool:
    """Tell whether the first lines are numbers in two columns, after comments and at most one line of words."""
    head = source.head
    if not head or b"\0" in head:
        return False
    lines = list(_lines(decode(head, partial=True).text))
    if len(head) == HEAD:
        # The last line may have been cut in the middle of a number.
        lines = lines[:-1]
    body = _body(lines)
    return bool(body) and all(_numbers(line.text) is not None for line in body)


def read(source: SourceFile, parameters: Parameters) -> Measurement:
    """Return the one spectrum of the file.

    Raises:
        InputError: A row is not two finite numbers, there are too few rows, or the energies are not in order; all
            rows that are wrong are named by their lines.
    """
    decoded = decode(source.read_bytes())
    lines = list(_lines(decoded.text))
    energy, intensity = _columns(_body(lines), source.name)
    header = _header(lines)
    scale = _scale(header, parameters.scale)
    spectrum = Spectrum(
        id=f"{source.name}#1",
        name=source.path.stem,
        intensity=intensity,
        axes=(Axis("energy", energy, "eV"),),
        reference=EnergyReference(scale=scale),
    )
    return Measurement(
        name=source.name,
        reader="columns",
        spectra=(spectrum,),
        sources=(source.record(),),
        remarks=_remarks(decoded.encoding, source.name),
    )


def _lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if line.strip():
            yield _Line(number, line.strip())


def _header(lines: list[_Line]) -> str:
    """Return the comments and the words before the first number."""
    words = []
    for line in lines:
        if _numbers(line.text) is not None:
            break
        words.append(line.text)
    return " ".join(words)


def _body(lines: list[_Line]) -> list[_Line]:
    """Return the lines after comments and at most one line of words."""
    rows = [line for line in lines if not line.text.startswith("#")]
    return rows[1:] if rows and _numbers(rows[0].text) is None else rows


def _numbers(text: str) -> tuple[float, float] | None:
    """Return the two numbers of a row, None when it is anything else."""
    for separator in (";", "\t", None):
        parts = [part.strip() for part in text.split(separator)]
        # A trailing separator is what spreadsheet programs leave.
        parts = parts[:-1] if len(parts) == 3 and not parts[-1] else parts  # noqa: PLR2004 two columns and nothing
        if len(parts) == 2 and all(_COMMA_NUMBER.fullmatch(part) or _NUMBER.fullmatch(part) for part in parts):  # noqa: PLR2004
            first, second = (float(part.replace(",", ".")) for part in parts)
            return first, second
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and all(_NUMBER.fullmatch(part) for part in parts):  # noqa: PLR2004 two columns
        return float(parts[0]), float(parts[1])
    return None


def _columns(body: list[_Line], name: str) -> tuple[FloatArray, FloatArray]:
    rows = [(line, _numbers(line.text)) for line in body]
    wrong = [line for line, numbers in rows if numbers is None]
    if wrong:
        shown = ", ".join(str(line.number) for line in wrong[:10]) + (" …" if len(wrong) > 10 else "")  # noqa: PLR2004
        message = core_message("columns-row", text=wrong[0].text[:40], lines=shown)
        raise InputError(message, path=name, line=wrong[0].number)
    if len(rows) < MIN_POINTS:
        raise InputError(core_message("columns-too-few", count=len(rows)), path=name)
    table = np.array([numbers for _, numbers in rows], dtype=np.float64)
    steps = np.diff(table[:, 0])
    turns = np.flatnonzero(~(steps > 0) if steps[0] > 0 else ~(steps < 0))
    if turns.size:
        row = int(turns[0]) + 1
        way = Text(en="rising", ja="増加") if steps[0] > 0 else Text(en="falling", ja="減少")
        message = core_message("columns-not-monotone", energy=table[row, 0], direction=way)
        raise InputError(message, path=name, line=rows[row][0].number)
    return table[:, 0], table[:, 1]


def _scale(header: str, fallback: str) -> EnergyScale:
    found = [scale for scale, pattern in _SCALES if pattern.search(header)]
    if len(found) == 1:
        return found[0]
    return "binding" if fallback == "binding" else "kinetic" if fallback == "kinetic" else "unknown"


def _remarks(encoding: str, name: str) -> tuple[Remark, ...]:
    if encoding in ("ascii", "utf-8"):
        return ()
    text: Text = core_message("encoding-guessed", encoding=encoding).text()
    return (Remark("encoding-guessed", text, name),)
