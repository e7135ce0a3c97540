"""Physical bounds of the fit: without them one broad peak imitates several."""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.model import BACKGROUND_PARAMETERS, PEAK_PARAMETERS
from shirube_bicfit.noise import LEAST_MODEL, Noise

#: Narrowest and widest core-level component that is expected without further knowledge, eV.
NARROWEST: Final = 0.2
WIDEST: Final = 2.5
#: A peak narrower than this many channels cannot be told from noise.
LEAST_CHANNELS: Final = 3.0
_ROOM: Final = 8.0

__all__ = ["LEAST_CHANNELS", "NARROWEST", "WIDEST", "Limits", "box", "limits_for"]


@frozen
class Limits:
    """Bounds of every peak, eV; heights are at least 0 and Lorentz fractions between 0 and 1.

    Attributes:
        fwhm_min: Smallest full width at half maximum.
        fwhm_max: Largest.
        low: Smallest centre.
        high: Largest centre.
    """

    fwhm_min: float
    fwhm_max: float
    low: float
    high: float


def limits_for(energy: FloatArray, fwhm_min: float | None = None, fwhm_max: float | None = None) -> Limits:
    """Return the bounds for a region.

    The smallest width is 0.2 eV, or three channels where these are wider. The largest is 2.5 eV, but at most a third
    of the region, and at least eight times the smallest step so that coarse scans can be fitted.

    Args:
        energy: Shape (n,), ascending, eV.
        fwhm_min: Smallest width, None for the above.
        fwhm_max: Largest width, None for the above.
    """
    step = float(np.median(np.diff(energy)))
    width = float(energy[-1] - energy[0])
    widest = fwhm_max if fwhm_max is not None else min(max(WIDEST, _ROOM * step), width / 3.0)
    least = fwhm_min if fwhm_min is not None else min(max(NARROWEST, LEAST_CHANNELS * step), 0.5 * widest)
    return Limits(fwhm_min=least, fwhm_max=widest, low=float(energy[0]), high=float(energy[-1]))


def box(limits: Limits, count: int, noise: Noise) -> tuple[FloatArray, FloatArray]:
    """Return lower and upper bounds of parameter vectors with ``count`` peaks, shape (4 count + 2,) each."""
    size = PEAK_PARAMETERS * count + BACKGROUND_PARAMETERS
    lower, upper = np.empty(size), np.full(size, np.inf)
    lower[:-2] = np.tile([0.0, limits.low, limits.fwhm_min, 0.0], count)
    upper[:-2] = np.tile([np.inf, limits.high, limits.fwhm_max, 1.0], count)
    lower[-2:] = -np.inf if noise.kind == "gauss" else LEAST_MODEL
    return lower, upper
