"""Reads purely numeric text: one energy and one intensity a line, after at most one line of headings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

import numpy as np
from attrs import frozen

from shirube.errors import InputError, core_message
from shirube.messages import Message, Text
from shirube.parameters import parameter, parameters
from shirube.records import Axis, EnergyReference, EnergyScale, Measurement, RawValue, Remark, Spectrum
from shirube.sources import HEAD, SourceFile
from shirube.text import Decoded, decode
from shirube.units import convert

__all__ = ["Parameters", "claims", "read"]

_FEWEST: Final = 3
#: How many wrong lines, and how much of the first of them, an error shows.
_SHOWN: Final = 10
_LONGEST: Final = 40
_NOT_FINITE: Final = r"[+-]?(?:nan|inf(?:inity)?)"
_POINT: Final = rf"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|{_NOT_FINITE})"
_COMMA: Final = _POINT.replace(r"\.", ",")
#: How a line of two numbers may look; a comma is the decimal sign only where it does not part the columns.
_LAYOUTS: Final = tuple(
    # Spreadsheet programs may leave a separator at the end.
    re.compile(rf"[ \t]*{number}{separator}{number}[ \t]*{end}[ \t]*", re.IGNORECASE)
    for number, separator, end in (
        (_POINT, r"[ \t]+", ""),
        (_POINT, r"[ \t]*,[ \t]*", ",?"),
        (_POINT, r"[ \t]*;[ \t]*", ";?"),
        (_COMMA, r"[ \t]*;[ \t]*", ";?"),
        (_COMMA, r"[ \t]+", ""),
    )
)
#: What opens a section of another format is no heading.
_SECTION: Final = re.compile(r"\s*\[.*\]\s*")
_CONTROL: Final = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BINDING: Final = re.compile(r"binding|結合|束縛|(?<![a-z])(?:b\.?e\.?|e_?b)(?![a-z])", re.IGNORECASE)
_KINETIC: Final = re.compile(r"kinetic|運動|(?<![a-z])(?:k\.?e\.?|e_?k|e_?kin)(?![a-z])", re.IGNORECASE)
_ENERGY_UNIT: Final = re.compile(r"(?<![A-Za-z])[mk]?eV(?![A-Za-z])")
_RATE: Final = re.compile(r"cps|counts?\s*/\s*s|c/s|counts per second", re.IGNORECASE)
_COUNTS: Final = re.compile(r"(?<![a-z])counts?(?![a-z])", re.IGNORECASE)
_SCALES: Final[dict[str, Text]] = {
    "kinetic": Text(en="kinetic", ja="運動エネルギー"),
    "binding": Text(en="binding", ja="束縛エネルギー"),
}


@parameters
class Parameters:
    """What the file itself may not say."""

    scale: EnergyScale = parameter(
        "unknown",
        en="What the energies are when the headings do not say it.",
        ja="見出しに書かれていない場合のエネルギーの種類。",
        choices=("kinetic", "binding", "unknown"),
    )


@frozen
class _Line:
    number: int
    text: str


@frozen
class _Lines:
    """The lines of a file by what they are."""

    comments: tuple[_Line, ...]
    heading: _Line | None
    rows: tuple[_Line, ...]


def claims(source: SourceFile) -> bool:
    """Tell whether every line of the file's beginning, but one of headings, is two numbers."""
    head = source.head
    text = decode(head, partial=True).text
    whole = len(head) < HEAD
    lines = _sorted(_lines(text) if whole else _lines(text)[:-1])
    if lines.heading is not None and (_SECTION.fullmatch(lines.heading.text) or _CONTROL.search(lines.heading.text)):
        return False
    return bool(lines.rows) and any(_all_match(layout, lines.rows) for layout in _LAYOUTS)


def read(source: SourceFile, parameters: Parameters) -> Measurement:
    """Return the one spectrum of the file.

    The headings tell kinetic from binding energies, and counts from count rates; what they do not say stays unknown,
    unless ``parameters`` says it.

    Raises:
        InputError: Lines are not two finite numbers (all are named), there are fewer than three, or the energies do
            not run one way.
    """
    decoded = decode(source.read_bytes())
    lines = _sorted(_lines(decoded.text))
    words = _words(lines)
    energy, intensity = _numbers(source.name, lines.rows, _energy_unit(words))
    said = _scale(words)
    spectrum = Spectrum(
        id=f"{source.name}#1",
        name=PurePosixPath(source.name).stem,
        intensity=np.array(intensity),
        axes=(Axis("energy", np.array(energy), "eV"),),
        intensity_unit=_intensity_unit(words),
        reference=EnergyReference(parameters.scale if said == "unknown" else said),
        metadata=_metadata(source.name, lines),
    )
    return Measurement(
        name=source.name,
        reader="columns",
        spectra=(spectrum,),
        sources=(source.record(),),
        remarks=_remarks(source.name, decoded, said, parameters.scale),
    )


def _lines(text: str) -> list[_Line]:
    """Return the lines as editors count them; str.splitlines would split at more than line ends."""
    return [_Line(number, line) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1)]


def _sorted(lines: Sequence[_Line]) -> _Lines:
    written = [line for line in lines if line.text.strip()]
    comments = tuple(line for line in written if line.text.lstrip().startswith("#"))
    rest = [line for line in written if not line.text.lstrip().startswith("#")]
    if rest and not any(layout.fullmatch(rest[0].text) for layout in _LAYOUTS):
        return _Lines(comments, rest[0], tuple(rest[1:]))
    return _Lines(comments, None, tuple(rest))


def _all_match(layout: re.Pattern[str], rows: Sequence[_Line]) -> bool:
    return all(layout.fullmatch(row.text) for row in rows)


def _numbers(name: str, rows: Sequence[_Line], unit: str) -> tuple[list[float], list[float]]:
    layout = _layout(rows)
    found = [_two_numbers(row.text, layout) for row in rows]
    wrong = [row for row, numbers in zip(rows, found, strict=True) if numbers is None]
    if wrong:
        raise _not_two_numbers(name, wrong)
    numbers = [pair for pair in found if pair is not None]
    if len(numbers) < _FEWEST:
        raise InputError(core_message("columns-too-few", count=len(numbers)), path=name)
    energy = [first if unit == "eV" else convert(first, unit, "eV") for first, _ in numbers]
    _check_order(name, rows, energy)
    return energy, [second for _, second in numbers]


def _layout(rows: Sequence[_Line]) -> re.Pattern[str]:
    """Return the layout that most lines follow, the plainest of equals; the others are then wrong."""
    return max(_LAYOUTS, key=lambda layout: sum(layout.fullmatch(row.text) is not None for row in rows))


def _two_numbers(text: str, layout: re.Pattern[str]) -> tuple[float, float] | None:
    """Return the two numbers of a line, None when it holds anything else, a nan or an infinity too."""
    found = layout.fullmatch(text)
    if found is None:
        return None
    first, second = (float(number.replace(",", ".")) for number in found.groups())
    return (first, second) if math.isfinite(first) and math.isfinite(second) else None


def _not_two_numbers(name: str, wrong: Sequence[_Line]) -> InputError:
    shown = ", ".join(str(line.number) for line in wrong[:_SHOWN]) + (" …" if len(wrong) > _SHOWN else "")
    text = wrong[0].text.strip()[:_LONGEST]
    return InputError(core_message("columns-row", text=text, lines=shown), path=name, line=wrong[0].number)


def _check_order(name: str, rows: Sequence[_Line], energy: Sequence[float]) -> None:
    falling = energy[1] < energy[0]
    for row, (before, after) in zip(rows[1:], pairwise(energy), strict=True):
        if after == before or (after < before) != falling:
            direction = Text(en="falling", ja="降順") if falling else Text(en="rising", ja="昇順")
            message = core_message("columns-not-monotone", energy=after, direction=direction)
            raise InputError(message, path=name, line=row.number)


def _words(lines: _Lines) -> list[str]:
    """Return the headings of the columns: the line of headings, or the nearest comment above that tells the scale."""
    first = lines.rows[0].number if lines.rows else 0
    above = [line for line in reversed(lines.comments) if line.number < first]
    heads = above if lines.heading is None else [lines.heading, *above]
    parted = [re.split(r"[,;\t]", line.text.lstrip("# \t")) for line in heads]
    return next((words for words in parted if _scale(words) != "unknown"), parted[0] if parted else [])


def _scale(words: Sequence[str]) -> EnergyScale:
    if not words:
        return "unknown"
    binding, kinetic = _BINDING.search(words[0]), _KINETIC.search(words[0])
    if bool(binding) == bool(kinetic):
        return "unknown"
    return "binding" if binding else "kinetic"


def _energy_unit(words: Sequence[str]) -> str:
    found = _ENERGY_UNIT.search(words[0]) if words else None
    return "eV" if found is None else found[0]


def _intensity_unit(words: Sequence[str]) -> str:
    rest = " ".join(words[1:] or words)
    if _RATE.search(rest):
        return "counts/s"
    return "counts" if _COUNTS.search(rest) else ""


def _metadata(name: str, lines: _Lines) -> tuple[RawValue, ...]:
    headings = () if lines.heading is None else (lines.heading,)
    kinds = (("heading", headings), ("comment", lines.comments))
    return tuple(RawValue(key, line.text.strip(), "", name, line.number) for key, group in kinds for line in group)


def _remarks(name: str, decoded: Decoded, said: EnergyScale, parameter_scale: EnergyScale) -> tuple[Remark, ...]:
    return tuple(Remark(message.code, message.text(), name) for message in _messages(decoded, said, parameter_scale))


def _messages(decoded: Decoded, said: EnergyScale, parameter_scale: EnergyScale) -> Iterator[Message]:
    if decoded.encoding != "utf-8":
        yield core_message("encoding-guessed", encoding=decoded.encoding)
    if "unknown" not in (said, parameter_scale) and said != parameter_scale:
        yield core_message("columns-scale-ignored", header=_SCALES[said], parameter=parameter_scale)
