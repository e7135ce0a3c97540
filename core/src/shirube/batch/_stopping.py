"""Stopping: the first interrupt lets the items in hand be finished, the second stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

#: What a terminal sends, and what a queue of jobs sends before it ends one.
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

__all__ = ["Stop", "stoppable"]


class Stop:
    """Whether somebody has asked for the end."""

    def __init__(self) -> None:
        self.asked = False


@contextmanager
def stoppable(told: Callable[[], None]) -> Iterator[Stop]:
    """Take interrupts as a wish for the time of the block; ``told`` is called with the first.

    The second raises KeyboardInterrupt. Only the main thread can do this: in any other nothing changes.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = True
        told()

    before = {one: signal.signal(one, ask) for one in _SIGNALS}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
