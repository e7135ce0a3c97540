"""Tells on which line a position of a file stands, without reading the file more than once."""

from __future__ import annotations

from bisect import bisect_right

from shirube_ses2002.reader._content import Buffer, count_lines

__all__ = ["Lines"]


class Lines:
    """Line numbers, from 1, of positions in a buffer; each is counted from the nearest one known before it."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._positions = [0]
        self._lines = [1]

    def at(self, position: int) -> int:
        """Return the line of the byte at ``position``."""
        before = bisect_right(self._positions, position) - 1
        known = self._positions[before]
        if known == position:
            return self._lines[before]
        line = self._lines[before] + count_lines(self._buffer, known, position)
        self._positions.insert(before + 1, position)
        self._lines.insert(before + 1, line)
        return line

    def learn(self, position: int, line: int) -> None:
        """Take note that ``position`` stands on ``line``, as whoever parsed up to there knows."""
        if position > self._positions[-1]:
            self._positions.append(position)
            self._lines.append(line)
