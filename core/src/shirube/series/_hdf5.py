"""One HDF5 file for all tables: typed columns with units as attributes, written in blocks and read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from shirube._extras import require
from shirube._hdf5 import hdf5_text
from shirube._naming import unlike
from shirube.errors import InputError
from shirube.messages import Text
from shirube.series._phrases import message
from shirube.series._sheets import Cell, Head
from shirube.tables import Column, Table

#: Says in the file what it is.
FORMAT: Final = "shirube-series/1"
#: Rows that wait in memory.
_BLOCK: Final = 1024

__all__ = ["FORMAT", "Hdf5File", "Hdf5Sheet", "read_tables"]


class Hdf5File:
    """A group for each table in a file that :func:`shirube._hdf5.hdf5_file` lends."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._file.attrs["NX_class"] = "NXroot"
        self._file.attrs["format"] = FORMAT

    def sheet(self, name: str, heads: Sequence[Head]) -> Hdf5Sheet:
        """Begin a table."""
        return Hdf5Sheet(self._file.create_group(name), heads)


class Hdf5Sheet:
    """Appends rows to the columns of one table; the last ones when it is closed."""

    def __init__(self, group: Any, heads: Sequence[Head]) -> None:
        h5py = require("h5py", "nexus")
        group.attrs["NX_class"] = "NXcollection"
        names = list(unlike(one.name.replace("/", "_") for one in heads))
        group.attrs.create("columns", names, dtype=h5py.string_dtype())
        self._kinds = [one.kind for one in heads]
        self._columns = []
        self._rows: list[Sequence[Cell]] = []
        for name, head in zip(names, heads, strict=True):
            dtype = h5py.string_dtype() if head.kind == "text" else np.dtype("<f8")
            column = group.create_dataset(
                name, shape=(0,), maxshape=(None,), chunks=(_BLOCK,), dtype=dtype, compression="gzip", shuffle=True
            )
            column.attrs["units"] = head.unit
            column.attrs["whole"] = head.kind == "whole"
            column.attrs["label_en"], column.attrs["label_ja"] = head.label.en, head.label.ja
            self._columns.append(column)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._flush()

    def add(self, row: Sequence[Cell]) -> None:
        """Take one row."""
        self._rows.append(row)
        if len(self._rows) == _BLOCK:
            self._flush()

    def _flush(self) -> None:
        number = len(self._rows)
        for place, (kind, column) in enumerate(zip(self._kinds, self._columns, strict=True)):
            cells = [row[place] for row in self._rows]
            column.resize(column.shape[0] + number, axis=0)
            if number:
                column[-number:] = _texts(cells) if kind == "text" else _numbers(cells)
        self._rows = []


def read_tables(path: Path) -> dict[str, Table]:
    """Return the tables of a file that :func:`shirube.series.gather` wrote, by name; nan where there is no number.

    Raises:
        MissingPluginError: The extra ``shirube[nexus]`` is not installed.
        InputError: The file is none of these.
    """
    h5py = require("h5py", "nexus")
    try:
        with h5py.File(path, "r") as file:
            if file.attrs.get("format") == FORMAT:
                return {name: _table(name, group) for name, group in file.items()}
    except (OSError, KeyError) as error:
        raise InputError(message("not-hdf5", reason=str(error)), path=path) from None
    raise InputError(message("not-hdf5", reason=FORMAT), path=path)


def _table(name: str, group: Any) -> Table:
    return Table(name, Text(name, name), tuple(_columns(group)))


def _columns(group: Any) -> Iterator[Column]:
    for name in group.attrs["columns"]:
        data = group[name]
        texts = data.dtype.kind == "O"
        values = tuple(data.asstr()[()]) if texts else data[()]
        label = Text(str(data.attrs["label_en"]), str(data.attrs["label_ja"]))
        yield Column(str(name), label, values, str(data.attrs["units"]), whole=bool(data.attrs["whole"]))


def _texts(cells: Sequence[Cell]) -> Any:
    texts = ["" if cell is None else str(cell) for cell in cells]
    # As in the CSV files: names of files need not be valid Unicode.
    return np.array([hdf5_text(one) for one in texts], dtype=object)


def _numbers(cells: Sequence[Cell]) -> Any:
    return np.array([np.nan if cell is None or isinstance(cell, str) else cell for cell in cells], dtype=np.float64)
