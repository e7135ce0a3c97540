"""Channels: what of a survey behind its filter is compared with a model, and what a line shows there."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import field, frozen

from shirube.records import FloatArray
from shirube_quant.peaks import FWHM, Filtered

#: Width of the filter through which the survey is compared, eV: wide enough that shapes of lines matter little, narrow
#: enough for doublets. Channels this far apart are compared; nearer ones would say the same again.
_FILTER: Final = 2.4
_APART: Final = 1.0
#: Shapes of lines and background are wrong by this part of the largest height nearby (so many eV).
_SHAPE: Final = 0.2
_NEARBY: Final = 2.0
#: Below lies the valence band, eV.
_VALENCE: Final = 16.0

__all__ = ["Channels"]


@frozen(eq=False)
class Channels:
    """What is compared.

    Attributes:
        energy: In eV, shape (n,).
        heights: Heights behind the filter, shape (n,).
        variances: Of the heights, with what the model cannot know of shapes, shape (n,).
        sigma: Standard deviation of the filter, eV.
    """

    energy: FloatArray = field(repr=False)
    heights: FloatArray = field(repr=False)
    variances: FloatArray = field(repr=False)
    sigma: float

    @classmethod
    def of(cls, seen: Filtered, offset: float = 0.0) -> Channels:
        """Return the channels of a survey above the valence band.

        Args:
            seen: The survey behind its filters.
            offset: Rigid offset of the scale, eV.
        """
        row = int(np.abs(np.log(seen.widths / _FILTER)).argmin())
        heights, deviations = seen.heights[row], seen.deviations[row]
        far = max(1, round(_NEARBY / seen.step))
        around = np.lib.stride_tricks.sliding_window_view(np.pad(np.abs(heights), far, mode="edge"), 2 * far + 1)
        variances = np.square(deviations) + np.square(_SHAPE * around.max(axis=1))
        usable = np.isfinite(deviations) & (variances > 0.0) & (seen.energy - offset > _VALENCE)
        places = np.flatnonzero(usable)[:: max(1, round(_APART / seen.step))]
        return cls(seen.energy[places], heights[places], variances[places], float(seen.widths[row]) / FWHM)

    def line(self, energy: float, width: float) -> tuple[FloatArray, FloatArray]:
        """Return the heights that a Gaussian line of unit area shows, and their derivative with its energy.

        Args:
            energy: In eV.
            width: Full width at half maximum in eV.
        """
        variance = self.sigma**2 + (width / FWHM) ** 2
        off = self.energy - energy
        square = np.square(off) / variance
        shape = 2.0 * self.sigma**2 / (np.sqrt(np.pi) * variance**1.5) * np.exp(-0.5 * square)
        return shape * (1.0 - square), shape * off / variance * (3.0 - square)
