"""Progress of long work: shown on a terminal, silent in a log."""

from __future__ import annotations

from typing import Protocol

__all__ = ["NoProgress", "Progress"]


class Progress(Protocol):
    """Told how far a piece of work is; an analysis calls it as often as it likes."""

    def update(self, done: float, label: str = "") -> None:
        """Say that the fraction ``done`` (0 to 1) is finished; ``label`` names what is being done."""


class NoProgress:
    """Shows nothing."""

    def update(self, done: float, label: str = "") -> None:
        """Do nothing."""
