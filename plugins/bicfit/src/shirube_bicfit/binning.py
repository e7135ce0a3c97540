"""Binning: neighbouring channels merged, for the first steps of a search."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.records import FloatArray

#: Channels that the narrowest line's full width must still hold: for the search, and for what follows it.
COARSE: Final = 1.5
MIDDLE: Final = 4.0
#: Coarser than this, a spectrum is not made.
_LEAST_CHANNELS: Final = 96

__all__ = ["COARSE", "MIDDLE", "Binning"]


@frozen(eq=False)
class Binning:
    """Which channels are merged.

    Attributes:
        edges: The first channel of each bin, shape (bins,).
        size: Channels in each bin, shape (bins,).
    """

    edges: npt.NDArray[np.int64]
    size: FloatArray

    @classmethod
    def of(cls, energy: FloatArray, fwhm_min: float, per_width: float = COARSE) -> Binning:
        """Return bins of as many channels as the narrowest line allows; of one each if that is none.

        Args:
            energy: Shape (n,), ascending, eV.
            fwhm_min: Full width at half maximum of the narrowest line, eV.
            per_width: How many bins that width must hold.
        """
        widest_step = float(np.max(np.diff(energy)))
        merged = min(int(fwhm_min / (per_width * widest_step) + 1e-9), energy.size // _LEAST_CHANNELS)
        edges = np.arange(0, energy.size, max(merged, 1))
        return cls(edges, np.diff(np.append(edges, energy.size)).astype(np.float64))

    @property
    def merges(self) -> bool:
        """Whether any channels are merged."""
        return bool(self.size.max() > 1.0)

    def mean(self, values: FloatArray) -> FloatArray:
        """Return the means over the bins, shape (..., n) to (..., bins)."""
        return np.asarray(np.add.reduceat(values, self.edges, axis=-1) / self.size, dtype=np.float64)
