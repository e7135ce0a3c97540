"""Sheets: the columns of a table that is written row by row, with units in its header."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from attrs import evolve, frozen

from shirube._naming import unlike
from shirube.messages import Text
from shirube.series._points import FieldKind
from shirube.tables import csv_line, guarded

#: A cell: a number, a text, or nothing.
Cell: TypeAlias = float | str | None

__all__ = ["Cell", "CsvSheet", "Head", "Sheet", "apart"]


@frozen
class Head:
    """A column: its name, unit, kind, and label as people read it."""

    name: str
    unit: str = ""
    kind: FieldKind = "number"
    label: Text = Text(en="", ja="")

    @property
    def header(self) -> str:
        """``name (unit)``."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


class Sheet(Protocol):
    """Takes the rows of a table one by one."""

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row: a cell for each column."""


class CsvSheet:
    """Writes a table as RFC 4180 says: UTF-8, a header, CRLF; doubles as they read back, nothing for nan and None."""

    def __init__(self, path: Path, heads: Sequence[Head]) -> None:
        # Names of files need not be valid Unicode.
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        self._kinds = [one.kind for one in heads]
        self._line([guarded(one.header) for one in heads])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row."""
        self._line([_text(cell, kind) for cell, kind in zip(row, self._kinds, strict=True)])

    def _line(self, cells: Sequence[str]) -> None:
        self._file.write(csv_line(cells, "\r\n"))


def apart(heads: Iterable[Head]) -> tuple[Head, ...]:
    """Return columns of which no two have one header; a repeat gets a number."""
    listed = list(heads)
    names = unlike(one.header for one in listed)
    return tuple(
        one if name == one.header else evolve(one, name=f"{one.name}{name.removeprefix(one.header)}")
        for one, name in zip(listed, names, strict=True)
    )


def _text(cell: Cell, kind: FieldKind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if math.isnan(cell):
        return ""
    return str(int(cell)) if kind == "whole" and math.isfinite(cell) else repr(float(cell))
