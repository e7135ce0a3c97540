"""Reads purely numeric text: one energy and one intensity a line, after lines of headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

import numpy as np

from shirube.builtin.headings import energy_unit_in, intensity_unit_in, scale_in
from shirube.builtin.lines import (
    FEWEST,
    SEVERAL,
    Line,
    Lines,
    are_mostly_pairs,
    are_pairs,
    lines_in,
    lines_of_head,
)
from shirube.builtin.rows import COMMENTS, cells_of, layout_of, parts, selected, two_numbers
from shirube.errors import InputError, core_message
from shirube.messages import Message, Text
from shirube.parameters import parameter, parameters
from shirube.records import Axis, EnergyReference, EnergyScale, Measurement, RawValue, Remark, Spectrum
from shirube.sources import SourceFile
from shirube.text import Decoded, decode, printable
from shirube.units import convert

__all__ = ["Parameters", "claims", "columns_found", "read", "resembles"]

#: So many steps back are no slip in a column of energies.
_DISORDER: Final = 3
#: How many wrong lines, and how much of the first of them, an error shows.
_SHOWN: Final = 10
_LONGEST: Final = 40
#: A heading that is nothing but a unit of energy.
_UNIT: Final = re.compile(r"[(\[]?\s*[mk]?eV\s*[)\]]?")
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
    intensity: int | None = parameter(
        None,
        en="Which column holds the intensities; energies are in the first column, or, if that is 1, in the second.",
        ja="強度の列の番号。エネルギーは 1 列目、強度が 1 列目なら 2 列目。",
        ge=1,
    )


def claims(source: SourceFile) -> bool:
    """Tell whether every line of the file's beginning, but comments and at most one of headings, is two numbers."""
    return are_pairs(lines_of_head(source))


def resembles(source: SourceFile) -> bool:
    """Tell whether most lines of the file's beginning are two numbers, so that :func:`read` reads it or says why not.

    What another reader claims may look so, too; it is for files that nobody claims.
    """
    return are_mostly_pairs(lines_of_head(source))


def columns_found(source: SourceFile) -> Sequence[str]:
    """Return what the columns are called of a file that is nothing but three or more columns of numbers, else none."""
    lines = lines_of_head(source)
    numbers = {len(cells_of(row.plain)) for row in lines.rows}
    if len(numbers) != 1 or max(numbers) < SEVERAL:
        return ()
    return lines.names(max(numbers))


def read(source: SourceFile, parameters: Parameters) -> Measurement:
    """Return the one spectrum of the file.

    The headings tell kinetic from binding energies, and counts from count rates; what they do not say stays unknown,
    unless ``parameters`` says it.

    Raises:
        InputError: Lines are not two finite numbers (all are named), there are fewer than three, or the energies do
            not run one way.
    """
    decoded = decode(source.read_bytes())
    lines = lines_in(decoded.text)
    column = _intensity_column(lines, parameters.intensity)
    words = _words(lines, column)
    energy, intensity = _numbers(source.name, lines, column, energy_unit_in(words))
    said = scale_in(words)
    spectrum = Spectrum(
        id=f"{source.name}#1",
        name=PurePosixPath(source.name).stem,
        intensity=np.array(intensity),
        axes=(Axis("energy", np.array(energy), "eV"),),
        intensity_unit=intensity_unit_in(words),
        reference=EnergyReference(parameters.scale if said == "unknown" else said),
        metadata=_metadata(source.name, lines),
    )
    return Measurement(
        name=source.name,
        reader="columns",
        spectra=(spectrum,),
        sources=(source.record(),),
        remarks=_remarks(source.name, _messages(decoded, lines, said, parameters, column)),
    )


def _intensity_column(lines: Lines, asked: int | None) -> int | None:
    """Return which column holds the intensities, None for the second of two as usual.

    It is the first where the headings call the second an energy, and only that one runs in order.
    """
    if asked is not None:
        return asked
    words = [_words(lines, None), _words(lines, 1)]
    if scale_in(words[0]) != "unknown" or scale_in(words[1]) == "unknown":
        return None
    numbers = _pairs([row.plain for row in lines.rows])
    return 1 if None not in numbers and _are_swapped([pair for pair in numbers if pair is not None]) else None


def _pairs(rows: Sequence[str]) -> list[tuple[float, float] | None]:
    layout = layout_of(rows)
    return [two_numbers(row, layout) for row in rows]


def _numbers(name: str, lines: Lines, column: int | None, unit: str) -> tuple[list[float], list[float]]:
    rows = lines.rows
    found = _pairs([row.plain if column is None else selected(row.plain, column) for row in rows])
    wrong = [row for row, numbers in zip(rows, found, strict=True) if numbers is None]
    if wrong:
        raise _several(name, lines) or _not_two_numbers(name, wrong)
    numbers = [pair for pair in found if pair is not None]
    if len(numbers) < FEWEST:
        raise InputError(core_message("columns-too-few", count=len(numbers)), path=name)
    if _are_swapped(numbers):
        raise InputError(core_message("columns-swapped"), path=name)
    energy = [first if unit == "eV" else convert(first, unit, "eV") for first, _ in numbers]
    _check_order(name, rows, energy)
    return energy, [second for _, second in numbers]


def _are_swapped(numbers: Sequence[tuple[float, float]]) -> bool:
    """Tell whether the second column runs in order, as energies do, and the first to and fro, as intensities do."""
    first, second = zip(*numbers, strict=True) if numbers else ((), ())
    risen = sum(one < other for one, other in pairwise(first))
    # a channel out of order is a mistake of another kind
    to_and_fro = min(risen, len(numbers) - 1 - risen) >= _DISORDER
    return to_and_fro and _runs_one_way(second)


def _runs_one_way(values: Sequence[float]) -> bool:
    return all(one < other for one, other in pairwise(values)) or all(one > other for one, other in pairwise(values))


def _several(name: str, lines: Lines) -> InputError | None:
    """Return what to do with a file most lines of which hold three or more numbers, None if they do not."""
    numbers = sorted(len(cells_of(row.plain)) for row in lines.rows)
    usual = numbers[len(numbers) // 2]
    if usual < SEVERAL:
        return None
    names = ", ".join(lines.names(usual))
    return InputError(core_message("columns-several", number=usual, names=names), path=name)


def _not_two_numbers(name: str, wrong: Sequence[Line]) -> InputError:
    first, others = wrong[0], wrong[1:_SHOWN]
    text = printable(first.text.strip())[:_LONGEST]
    if others:
        shown = ", ".join(str(line.number) for line in others) + (" …" if len(wrong) > _SHOWN else "")
        told = core_message("columns-rows", text=text, lines=shown)
    else:
        told = core_message("columns-row", text=text)
    return InputError(told, path=name, line=first.number)


def _check_order(name: str, rows: Sequence[Line], energy: Sequence[float]) -> None:
    falling = energy[1] < energy[0]
    for row, (before, after) in zip(rows[1:], pairwise(energy), strict=True):
        if after == before or (after < before) != falling:
            direction = Text(en="falling", ja="降順") if falling else Text(en="rising", ja="昇順")
            message = core_message("columns-not-monotone", energy=after, direction=direction)
            raise InputError(message, path=name, line=row.number)


def _words(lines: Lines, column: int | None) -> list[str]:
    """Return the headings of energy and intensity: from their line, or the nearest comment that tells the scale."""
    first = lines.rows[0].number if lines.rows else 0
    above = [parts(line.plain.lstrip("".join(COMMENTS) + "; \t")) for line in lines.comments if line.number < first]
    heads = [*reversed(above)] if lines.heading is None else [_column_names(lines), *reversed(above)]
    parted = [_chosen(words, column) for words in heads]
    return next((words for words in parted if scale_in(words) != "unknown"), parted[0] if parted else [])


def _column_names(lines: Lines) -> list[str]:
    """Return what the line above the numbers says of each column, with what is above it where it is of units only."""
    rows = [parts(line.plain) for line in lines.headings[-2:]]
    names, units = rows[0], rows[-1]
    if len(rows) == 1 or len(names) != len(units) or not _UNIT.fullmatch(units[0]):
        return units
    return [f"{name} {unit}" for name, unit in zip(names, units, strict=True)]


def _chosen(words: list[str], column: int | None) -> list[str]:
    """Return the words of the columns that are read, all where it is not said which those are."""
    if column is None or len(words) < max(2, column):
        return words if column is None else words[:1] if column > 1 else []
    return [words[1 if column == 1 else 0], words[column - 1]]


def _metadata(name: str, lines: Lines) -> tuple[RawValue, ...]:
    kinds = (("heading", lines.headings), ("comment", lines.comments))
    return tuple(RawValue(key, line.text.strip(), "", name, line.number) for key, group in kinds for line in group)


def _remarks(name: str, messages: Iterator[Message]) -> tuple[Remark, ...]:
    return tuple(Remark(message.code, message.text(), name) for message in messages)


def _messages(
    decoded: Decoded, lines: Lines, said: EnergyScale, parameters: Parameters, column: int | None
) -> Iterator[Message]:
    if decoded.encoding != "utf-8":
        yield core_message("encoding-guessed", encoding=decoded.encoding)
    if len(lines.headings) > 1:
        yield core_message("columns-headings", number=len(lines.headings), last=lines.headings[-1].number)
    if "unknown" not in (said, parameters.scale) and said != parameters.scale:
        yield core_message("columns-scale-ignored", header=_SCALES[said], parameter=parameters.scale)
    if column == 1 and parameters.intensity is None:
        yield core_message("columns-exchanged")
