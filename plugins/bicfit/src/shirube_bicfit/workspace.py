"""Work arrays that are kept: fresh ones of this size would cost a page fault every few hundred numbers."""

from __future__ import annotations

import math

import numpy as np

from shirube.records import FloatArray

__all__ = ["Workspace"]


class Workspace:
    """Named arrays that are made once and lent again; not to be shared between threads."""

    def __init__(self) -> None:
        self._pool: dict[str, FloatArray] = {}

    def array(self, name: str, *shape: int) -> FloatArray:
        """Return an array of this shape with any content; it is the one lent under this name before."""
        size = math.prod(shape)
        kept = self._pool.get(name)
        if kept is None or kept.size < size:
            kept = self._pool[name] = np.empty(size)
        return kept[:size].reshape(shape)
