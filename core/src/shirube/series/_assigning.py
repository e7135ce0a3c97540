"""The assignment of least total cost, for the few components that a spectrum has."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["assignment"]


def assignment(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return a column for each row, no two the same, so that the sum of the costs is as small as it can be.

    Shortest augmenting paths with potentials (Kuhn 1955, Munkres 1957; in this form Jonker and Volgenant, Computing 38,
    325 (1987)). It takes rows² x columns steps: microseconds for a spectrum's components, where loading an optimisation
    library would take longer than all of them.

    Args:
        costs: Finite numbers, shape (rows, columns), at least as many columns as rows.

    Raises:
        ValueError: There are fewer columns than rows, or a cost is not finite.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    if columns < rows or not all(math.isfinite(cost) for row in costs for cost in row):
        msg = f"costs must be finite, and for {rows} rows at least as many columns, not {columns}"
        raise ValueError(msg)
    # Column 0 stands for none, so rows and columns are counted from 1.
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    holder = [0] * (columns + 1)
    for row in range(1, rows + 1):
        _place(row, costs, of_row, of_column, holder)
    chosen = [0] * rows
    for column, row in enumerate(holder[1:]):
        if row:
            chosen[row - 1] = column
    return chosen


def _place(
    row: int,
    costs: Sequence[Sequence[float]],
    of_row: list[float],
    of_column: list[float],
    holder: list[int],
) -> None:
    """Give one more row a column, moving rows that have one along the cheapest path."""
    columns = len(of_column)
    least, before, visited = [math.inf] * columns, [0] * columns, [False] * columns
    holder[0], at = row, 0
    while holder[at]:
        visited[at] = True
        held = holder[at]
        step, nearest = math.inf, 0
        for column in range(1, columns):
            if visited[column]:
                continue
            reduced = costs[held - 1][column - 1] - of_row[held] - of_column[column]
            if reduced < least[column]:
                least[column], before[column] = reduced, at
            if least[column] < step:
                step, nearest = least[column], column
        for column in range(columns):
            if visited[column]:
                of_row[holder[column]] += step
                of_column[column] -= step
            else:
                least[column] -= step
        at = nearest
    while at:
        holder[at] = holder[before[at]]
        at = before[at]
