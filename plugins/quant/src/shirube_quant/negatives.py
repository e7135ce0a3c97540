"""Intensities below zero: no counts any more, but what somebody left after taking something off."""

from __future__ import annotations

import numpy as np

from shirube.messages import Message
from shirube.records import Spectrum
from shirube_quant.phrases import message

__all__ = ["has_negatives", "is_counted", "meaningless", "negatives_said"]


def has_negatives(spectrum: Spectrum) -> bool:
    """Tell whether some intensities lie below zero, so that their noise cannot be told from them."""
    return bool((spectrum.intensity < 0.0).any())


def is_counted(spectrum: Spectrum) -> bool:
    """Tell whether intensities are counts as they were counted, so that each is its own variance."""
    return spectrum.intensity_unit == "counts" and not has_negatives(spectrum)


def negatives_said(spectrum: Spectrum) -> Message:
    """Return how many intensities lie below zero, and what that means for their noise."""
    below = int(np.count_nonzero(spectrum.intensity < 0.0))
    return message("below-zero", region=spectrum.name or spectrum.id, number=below, total=spectrum.intensity.size)


def meaningless(spectrum: Spectrum) -> Message | None:
    """Return why nothing can be read from intensities of this sign, None where something can.

    Lines stand above zero, whatever was taken off. Where intensities reach as far below it there is noise alone, too
    much was taken off, or the spectrum is a derivative.

    Args:
        spectrum: With channels, of finite intensities.
    """
    low, high = float(spectrum.intensity.min()), float(spectrum.intensity.max())
    if low < 0.0 and -low >= high:
        return message("as-far-below-zero", low=f"{low:g}", high=f"{high:g}")
    return None
