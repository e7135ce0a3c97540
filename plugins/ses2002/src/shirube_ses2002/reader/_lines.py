"""Tells on which line a position of a file stands, without reading the file more than once."""

from __future__ import annotations

from shirube_ses2002.reader._content import Buffer, count_lines

__all__ = ["Lines"]


class Lines:
    """Line numbers, from 1, of positions in a buffer; cheapest when asked in ascending order."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._position = 0
        self._line = 1

    def at(self, position: int) -> int:
        """Return the line of the byte at ``position``."""
        if position < self._position:
            return 1 + count_lines(self._buffer, 0, position)
        self._line += count_lines(self._buffer, self._position, position)
        self._position = position
        return self._line

    def learn(self, position: int, line: int) -> None:
        """Take note that ``position`` stands on ``line``, as whoever parsed up to there knows."""
        if position > self._position:
            self._position, self._line = position, line
