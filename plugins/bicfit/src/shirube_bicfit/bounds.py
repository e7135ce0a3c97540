"""Physical bounds of the fit: without them one broad peak imitates several."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from attrs import evolve, frozen

from shirube.messages import Message
from shirube.records import FloatArray
from shirube_bicfit.choices import NoiseKind
from shirube_bicfit.layout import Layout
from shirube_bicfit.losses import LEAST_MODEL
from shirube_bicfit.phrases import message

#: Narrowest and widest core-level component that is expected without further knowledge, eV.
NARROWEST: Final = 0.2
WIDEST: Final = 2.5
#: A peak narrower than this many channels cannot be told from noise.
LEAST_CHANNELS: Final = 3.0
#: By how much a bound on the width is moved when an answer is at it.
WIDENING: Final = 1.6
#: What is left between the bounds of the width where the region holds no more, so that neither fixes it.
_APART: Final = 1.05
#: Part of a width by which rounding may have changed it.
_ROUNDING: Final = 1e-6
_ROOM: Final = 8.0
#: Asymmetry at which a line of 1 eV has a tail nearly twice as wide as its other side, 1/eV.
_MOST_ASYMMETRIC: Final = 2.0
#: How far a free splitting and a free ratio may be from what is known, as a part of it.
_SPLITTING_ROOM: Final = 0.1
_RATIO_ROOM: Final = 0.5

__all__ = [
    "LEAST_CHANNELS",
    "NARROWEST",
    "WIDENING",
    "WIDEST",
    "Limits",
    "box",
    "limits_for",
    "refusal_of_widths",
    "widened",
]


@frozen
class Limits:
    """Bounds of every peak, eV; heights are at least 0.

    Attributes:
        fwhm_min: Smallest full width at half maximum.
        fwhm_max: Largest.
        low: Smallest centre.
        high: Largest centre.
        fraction_max: Largest Lorentz fraction.
        derived: Whether the widths were derived from the region, not asked for.
    """

    fwhm_min: float
    fwhm_max: float
    low: float
    high: float
    fraction_max: float = 1.0
    derived: bool = True


def limits_for(
    energy: FloatArray, fwhm_min: float | None = None, fwhm_max: float | None = None, fraction_max: float = 1.0
) -> Limits:
    """Return the bounds for a region.

    The smallest width is 0.2 eV, or three channels where these are wider. The largest is 2.5 eV, but at most a third
    of the region, and at least eight times the smallest step so that coarse scans can be fitted. Where a smallest
    width is asked for, the largest is at least 1.6 times that, as far as the region holds it.

    Args:
        energy: Shape (n,), ascending, eV.
        fwhm_min: Smallest width, None for the above; less than the region is wide.
        fwhm_max: Largest width, None for the above.
        fraction_max: Largest Lorentz fraction.
    """
    step, width = _step_and_width(energy)
    widest = fwhm_max if fwhm_max is not None else _widest(step, width, fwhm_min)
    least = fwhm_min if fwhm_min is not None else min(max(NARROWEST, LEAST_CHANNELS * step), 0.5 * widest)
    return Limits(
        fwhm_min=least,
        fwhm_max=widest,
        low=float(energy[0]),
        high=float(energy[-1]),
        fraction_max=fraction_max,
        derived=fwhm_max is None,
    )


def refusal_of_widths(energy: FloatArray, fwhm_min: float | None, fwhm_max: float | None) -> Message | None:
    """Return why no line of a width that is asked for can be in a region, None if one can.

    Args:
        energy: Shape (n,), monotone, eV.
        fwhm_min: Smallest width, if it is asked for.
        fwhm_max: Largest width, if it is asked for.
    """
    step, width = _step_and_width(energy)
    if fwhm_min is not None and fwhm_min >= width * (1.0 - _ROUNDING):
        return message("wider-than-the-region", low=f"{fwhm_min:g}", width=f"{width:g}")
    if fwhm_max is not None and fwhm_max < step * (1.0 - _ROUNDING):
        return message("narrower-than-a-step", high=f"{fwhm_max:g}", step=f"{step:g}")
    return None


def widened(limits: Limits) -> Limits:
    """Return bounds with more room: widths up to 1.6 times as large, centres up to half of that outside the region.

    Widths stay below that of the region.
    """
    widest = max(limits.fwhm_max, min(WIDENING * limits.fwhm_max, limits.high - limits.low))
    return evolve(limits, fwhm_max=widest, low=limits.low - 0.5 * widest, high=limits.high + 0.5 * widest)


def _step_and_width(energy: FloatArray) -> tuple[float, float]:
    """Return the usual step of an axis and how wide it is, eV."""
    return abs(float(np.median(np.diff(energy)))), abs(float(energy[-1] - energy[0]))


def _widest(step: float, width: float, fwhm_min: float | None) -> float:
    """Return the largest width where only the smallest may be asked for, eV."""
    usual = min(max(WIDEST, _ROOM * step), width / 3.0)
    if fwhm_min is None:
        return usual
    # without its last channels, if they stand alone, a region may be a little narrower than it was
    return max(usual, min(WIDENING * fwhm_min, width), _APART * fwhm_min)


@lru_cache(maxsize=128)
def box(limits: Limits, layout: Layout, count: int, noise: NoiseKind) -> tuple[FloatArray, FloatArray]:
    """Return lower and upper bounds of parameter vectors in free form with ``count`` lines, shape (p,) each.

    They are kept, so nobody may write to them.
    """
    floor = -np.inf if noise == "gauss" else LEAST_MODEL
    doublet = layout.doublet
    splitting = (0.0, 0.0) if doublet is None else _around(doublet.splitting, _SPLITTING_ROOM)
    ratio = (0.0, 0.0) if doublet is None else _around(doublet.ratio, _RATIO_ROOM)
    bounds = {
        "height": (0.0, np.inf),
        "centre": (limits.low, limits.high),
        "fwhm": (limits.fwhm_min, limits.fwhm_max),
        "fraction": (0.0, limits.fraction_max),
        "asymmetry": (-_MOST_ASYMMETRIC, 0.0) if layout.mirrored else (0.0, _MOST_ASYMMETRIC),
        "splitting": splitting,
        "ratio": ratio,
        "background_low": (floor, np.inf),
        "background_high": (floor, np.inf),
        "slope": (-np.inf, np.inf),
    }
    names = (*layout.line_names * count, *layout.shared_names)
    lower, upper = (np.array([bounds[name][end] for name in names]) for end in (0, 1))
    lower.setflags(write=False)
    upper.setflags(write=False)
    return lower, upper


def _around(value: float, room: float) -> tuple[float, float]:
    ends = sorted((value * (1.0 - room), value * (1.0 + room)))
    return ends[0], ends[1]
