"""Igor Text: legal names, and waves as blocks of numbers with the commands that scale and describe them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import count
from typing import Final, TypeAlias

from attrs import frozen

from shirube.records import FloatArray
from shirube.text import well_formed

#: Start, step and unit of a dimension of even steps; None leaves it as numbered points.
Scale: TypeAlias = tuple[float, float, str] | None

#: Names of waves in every version of Igor; 8 and later would take 255 bytes.
LONGEST: Final = 31
_LONGEST_ROLE: Final = 18
#: Igor 6 takes commands of 400 bytes; so much of them is for text, the rest for the name.
_TEXT: Final = 300
_DIMENSIONS: Final = "xyzt"

__all__ = ["LONGEST", "Names", "Scale", "Wave", "wave_text"]


class Names:
    """Hands out names of waves: letters, digits and ``_``, a letter first, at most 31, no two the same in any case.

    Each ends in what the wave is (``_int``), so that none is a function or an operation of Igor.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[tuple[str, str], int] = {}

    def take(self, stem: str, role: str) -> str:
        """Return a name for the wave ``role`` of the spectrum ``stem``; of a long stem the end, which tells most."""
        what = _legal(role)[:_LONGEST_ROLE].strip("_") or "data"
        key = (stem, what)
        for number in count(self._next.get(key, 1)):
            tail = f"_{what}" if number == 1 else f"_{what}_{number}"
            name = _head(stem, LONGEST - len(tail)) + tail
            if name.casefold() not in self._taken:
                self._taken.add(name.casefold())
                self._next[key] = number + 1
                return name
        raise AssertionError


@frozen(eq=False)
class Wave:
    """A wave: its name, values of up to four dimensions, their unit, a scale a dimension, and the lines of its note."""

    name: str
    values: FloatArray
    unit: str = ""
    scales: tuple[Scale, ...] = ()
    note: tuple[str, ...] = ()


def wave_text(wave: Wave) -> str:
    """Return a wave as a block of Igor Text, with its commands; what has more dimensions is laid out in four."""
    values = wave.values
    if values.ndim > len(_DIMENSIONS):
        values = values.reshape(*values.shape[: len(_DIMENSIONS) - 1], -1)
    size = "" if values.ndim < 2 else f"/N=({','.join(str(one) for one in values.shape)})"  # noqa: PLR2004 a list
    lines = [f"WAVES/D{size} {wave.name}", "BEGIN", *_rows(values), "END", *_commands(wave)]
    return "".join(f"{line}\r\n" for line in lines)


def _rows(values: FloatArray) -> Iterator[str]:
    """Yield lines of numbers: a row of columns each, layer after layer, an empty line between two."""
    if values.ndim < 2:  # noqa: PLR2004 a list
        yield from (f"\t{_number(one)}" for one in values.reshape(-1).tolist())
        return
    # Of the further dimensions the first runs fastest.
    further = math.prod(values.shape[2:])
    layers = values.reshape(*values.shape[:2], further, order="F")
    for number in range(further):
        if number:
            yield ""
        yield from ("".join(f"\t{_number(one)}" for one in row) for row in layers[:, :, number].tolist())


def _number(value: float) -> str:
    """Return the shortest text that reads back as the same double, in Igor's spelling."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0.0 else "-INF"
    return repr(value).removesuffix(".0")


def _commands(wave: Wave) -> Iterator[str]:
    for sign, scale in zip(_DIMENSIONS, wave.scales[: min(wave.values.ndim, len(_DIMENSIONS))], strict=False):
        if scale is not None:
            start, step, unit = scale
            yield f'X SetScale/P {sign} {_number(start)},{_number(step)},"{_quoted(unit)}", {wave.name}'
    if wave.unit:
        yield f'X SetScale d 0,0,"{_quoted(wave.unit)}", {wave.name}'
    for line in wave.note:
        yield from (f'X Note {wave.name}, "{_quoted(part)}"' for part in _parts(well_formed(line)))


def _parts(line: str) -> Iterator[str]:
    """Yield a line of a note as lines that a command can hold, broken at spaces where there are any."""
    room = _TEXT // max((len(_escaped(sign)) for sign in line), default=1)
    while len(line) > room:
        at = line.rfind(" ", room // 2, room)
        cut = room if at < 0 else at
        yield line[:cut]
        line = f"  {line[cut:].lstrip()}"
    yield line


def _quoted(text: str) -> str:
    return "".join(_escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    if sign in '\\"':
        return f"\\{sign}"
    if sign.isascii():
        return sign if sign.isprintable() else " "
    code = ord(sign)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 four digits


def _legal(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")


def _head(stem: str, room: int) -> str:
    """Return the end of a stem as the beginning of a name."""
    legal = _legal(stem)[-room:].strip("_")
    return legal if legal[:1].isalpha() else f"w{legal[-(room - 1) :]}"
