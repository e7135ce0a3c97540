"""Work arrays that are kept: fresh ones of this size would cost a page fault every few hundred numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Workspace"]


class Workspace:
    """Named arrays that are made once and lent again; not to be shared between threads."""

    def __init__(self) -> None:
        self._pool: dict[tuple[str, np.dtype[Any]], npt.NDArray[Any]] = {}

    def array(self, name: str, kind: np.dtype[Any], *shape: int) -> npt.NDArray[Any]:
        """Return an array of this kind and shape with any content; it is the one lent under this name before."""
        size = math.prod(shape)
        kept = self._pool.get((name, kind))
        if kept is None or kept.size < size:
            kept = self._pool[name, kind] = np.empty(size, kind)
        return kept[:size].reshape(shape)
