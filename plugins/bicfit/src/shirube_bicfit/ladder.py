"""The smoothing ladder: 155 degrees of smoothing of one spectrum, from hardly any to nearly featureless."""

from __future__ import annotations

from typing import Final

import numpy as np

from shirube.records import FloatArray

#: Passes after which a curve is kept, so that each is smoother than the last by about as much (method of
#: H. Shinotsuka et al., J. Electron Spectrosc. Relat. Phenom. 239, 146903: many starts by smoothing).
RUNGS: Final = (*range(2, 41, 2), *range(44, 81, 4), *range(88, 241, 8), *range(256, 961, 16), *range(992, 2881, 32))
#: After so many passes the window becomes wider by two channels.
PASSES_PER_WINDOW: Final = 480
_FIRST_WINDOW: Final = 5
_ORDER: Final = 2

__all__ = ["PASSES_PER_WINDOW", "RUNGS", "smoothing_ladder"]


def smoothing_ladder(intensity: FloatArray) -> FloatArray:
    """Return the rungs of the ladder, shape (n,) to (155, n), or (spectra, n) to (spectra, 155, n).

    Each pass is a quadratic Savitzky-Golay filter with the end values repeated outwards; passes accumulate: 480 with a
    window of 5 channels, then 480 with 7, and so on to 15.
    """
    spectra = np.atleast_2d(np.asarray(intensity, dtype=np.float64))
    number, channels = spectra.shape
    curves = np.empty((number, len(RUNGS), channels))
    place = {passes: rung for rung, passes in enumerate(RUNGS)}
    for first in range(0, RUNGS[-1], PASSES_PER_WINDOW):
        window = _FIRST_WINDOW + 2 * (first // PASSES_PER_WINDOW)
        half = window // 2
        # the kernel is symmetric, so correlation is convolution
        kernel = _kernel(half)
        # all spectra in one row: what a pass mixes across a border falls on the margins, which are written anew
        padded = np.empty((number, channels + 2 * half))
        inner, row = padded[:, half:-half], padded.reshape(-1)
        inner[...] = spectra
        smooth = np.empty_like(padded)
        flat = smooth.reshape(-1)[half:-half]
        for passes in range(first + 1, first + PASSES_PER_WINDOW + 1):
            padded[:, :half] = inner[:, :1]
            padded[:, -half:] = inner[:, -1:]
            flat[...] = np.correlate(row, kernel, "valid")
            padded, smooth = smooth, padded
            inner, row, flat = padded[:, half:-half], padded.reshape(-1), smooth.reshape(-1)[half:-half]
            if passes in place:
                curves[:, place[passes]] = inner
        spectra = inner.copy()
    return curves if intensity.ndim > 1 else curves[0]


def _kernel(half: int) -> FloatArray:
    """Return the weights with which a parabola through 2 half + 1 channels takes its value in the middle."""
    # scipy.signal has them, but importing it would take longer than a fit
    powers = np.vander(np.arange(-half, half + 1.0), _ORDER + 1, increasing=True)
    return np.asarray(np.linalg.pinv(powers)[0], dtype=np.float64)
