"""The smoothing ladder: 155 degrees of smoothing of one spectrum, from hardly any to nearly featureless."""

from __future__ import annotations

from functools import lru_cache
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
#: Passes are taken together as long as what they mix reaches no further than this part of the channels.
_REACH: Final = 0.25
_MOST_TOGETHER: Final = 16

__all__ = ["PASSES_PER_WINDOW", "RUNGS", "smoothing_ladder"]


def smoothing_ladder(intensity: FloatArray) -> FloatArray:
    """Return the rungs of the ladder, shape (n,) to (155, n), or (spectra, n) to (spectra, 155, n).

    Each pass is a quadratic Savitzky-Golay filter with the end values repeated outwards; passes accumulate: 480 with a
    window of 5 channels, then 480 with 7, and so on to 15.
    """
    spectra = np.atleast_2d(np.asarray(intensity, dtype=np.float64))
    curves = np.empty((len(spectra), len(RUNGS), spectra.shape[1]))
    done = 0
    for rung, passes in enumerate(RUNGS):
        while done < passes:
            half = _FIRST_WINDOW // 2 + done // PASSES_PER_WINDOW
            number = _number_together(passes - done, half, spectra.shape[1])
            spectra = _smoothed(spectra, half, number) if number else _smoothed_once(spectra, half)
            done += max(number, 1)
        curves[:, rung] = spectra
    return curves if intensity.ndim > 1 else curves[0]


def _number_together(passes: int, half: int, channels: int) -> int:
    """Return how many of the next passes are best taken together; 0 if not even one leaves an inside."""
    # rungs are so spaced that no power of two crosses a change of the window
    number = min(_MOST_TOGETHER, 1 << (passes.bit_length() - 1))
    while number and half * number > _REACH * channels:
        number //= 2
    return number


def _smoothed(spectra: FloatArray, half: int, passes: int) -> FloatArray:
    """Return spectra after several passes at once: one longer kernel inside, one matrix at each end."""
    kernel, ends = _powers(half, passes)
    reach = half * passes
    smooth = np.empty_like(spectra)
    # all spectra in one row: what is mixed across a border lies within the ends, which are written anew
    smooth.reshape(-1)[reach:-reach] = np.correlate(spectra.reshape(-1), kernel, "valid")
    smooth[:, :reach] = np.matmul(spectra[:, : 2 * reach], ends)
    smooth[:, : -reach - 1 : -1] = np.matmul(spectra[:, : -2 * reach - 1 : -1], ends)
    return smooth


def _smoothed_once(spectra: FloatArray, half: int) -> FloatArray:
    channels = spectra.shape[1]
    padded = spectra[:, np.clip(np.arange(-half, channels + half), 0, channels - 1)]
    row = np.correlate(padded.reshape(-1), _kernel(half), "same")
    return row.reshape(padded.shape)[:, half:-half]


@lru_cache(maxsize=64)
def _powers(half: int, passes: int) -> tuple[FloatArray, FloatArray]:
    """Return what several passes do: the kernel inside, and the matrix, (2 r, r), of the r channels that ends reach."""
    reach = half * passes
    kernel = np.ones(1)
    # far enough from the other end for all that is kept
    units = np.eye(3 * reach)
    for _ in range(passes):
        kernel = np.convolve(kernel, _kernel(half))
        units = _smoothed_once(units, half)
    return kernel, np.ascontiguousarray(units[: 2 * reach, :reach])


@lru_cache(maxsize=16)
def _kernel(half: int) -> FloatArray:
    """Return the weights with which a parabola through 2 half + 1 channels takes its value in the middle."""
    # scipy.signal has them, but importing it would take longer than a fit
    powers = np.vander(np.arange(-half, half + 1.0), _ORDER + 1, increasing=True)
    return np.asarray(np.linalg.pinv(powers)[0], dtype=np.float64)
