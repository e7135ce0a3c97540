"""Packing: results as one JSON document and one array of all their numbers, which is written and read at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from typing import Any

import cattrs
import numpy as np

from shirube._structure import converter
from shirube.messages import Text
from shirube.records import FloatArray, FrozenMapping, NamedArray, Quantity, Result, Value
from shirube.tables import Column, Table

__all__ = ["packed", "unpacked"]


def packed(results: Sequence[Result]) -> tuple[list[Any], FloatArray]:
    """Return results as plain data, and the numbers of their tables and arrays, shape (n,)."""
    numbers = _Numbers()
    plain = [
        {
            "analysis": one.analysis,
            "target": one.target,
            "status": one.status,
            "reasons": _converter().unstructure(one.reasons),
            "scalars": _converter().unstructure(one.scalars),
            "parameters": _converter().unstructure(one.parameters),
            "tables": [_plain_table(table, numbers) for table in one.tables],
            "arrays": [{"name": array.name, "unit": array.unit, **numbers.take(array.values)} for array in one.arrays],
        }
        for one in results
    ]
    return plain, numbers.joined()


def unpacked(plain: Sequence[Any], numbers: FloatArray) -> tuple[Result, ...]:
    """Return the results that were packed.

    Raises:
        Exception: They were not packed like this: cattrs, indices and records raise what they raise.
    """
    record = _converter().structure
    return tuple(
        Result(
            analysis=one["analysis"],
            target=one["target"],
            status=one["status"],
            reasons=record(one["reasons"], tuple[Text, ...]),
            scalars=record(one["scalars"], FrozenMapping[str, Quantity]),
            parameters=record(one["parameters"], FrozenMapping[str, Value | tuple[Value, ...] | None]),
            tables=tuple(_table(table, numbers) for table in one["tables"]),
            arrays=tuple(NamedArray(array["name"], _of(array, numbers), array["unit"]) for array in one["arrays"]),
        )
        for one in plain
    )


@cache
def _converter() -> cattrs.Converter:
    # A new one compiles a function a record class.
    return converter()


class _Numbers:
    """Arrays one behind the other."""

    def __init__(self) -> None:
        self._taken: list[FloatArray] = []
        self._length = 0

    def take(self, values: FloatArray) -> dict[str, Any]:
        """Add an array, and return where it will be."""
        begin = self._length
        self._taken.append(values.reshape(-1))
        self._length += values.size
        return {"begin": begin, "shape": list(values.shape)}

    def joined(self) -> FloatArray:
        return np.concatenate(self._taken) if self._taken else np.empty(0)


def _of(place: Mapping[str, Any], numbers: FloatArray) -> FloatArray:
    begin, shape = place["begin"], place["shape"]
    # Out of the range of all numbers there are too few, which reshape refuses.
    return numbers[begin : begin + prod(shape)].reshape(shape)


def _plain_table(table: Table, numbers: _Numbers) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "label": [column.label.en, column.label.ja],
            "unit": column.unit,
            "whole": column.whole,
            "term": column.term,
            **({"texts": column.values} if isinstance(column.values, tuple) else numbers.take(column.values)),
        }
        for column in table.columns
    ]
    return {"name": table.name, "label": [table.label.en, table.label.ja], "rank": table.rank, "columns": columns}


def _table(plain: Mapping[str, Any], numbers: FloatArray) -> Table:
    columns = tuple(
        Column(
            one["name"],
            Text(*one["label"]),
            tuple(one["texts"]) if "texts" in one else _of(one, numbers),
            one["unit"],
            whole=one["whole"],
            term=one["term"],
        )
        for one in plain["columns"]
    )
    return Table(plain["name"], Text(*plain["label"]), columns, rank=plain["rank"])
