"""Starts: parameter vectors of K peaks, from seeds and from the optimum with one peak less or more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Origin
from shirube_bicfit.curvature import curvature_seeds, shirley_start
from shirube_bicfit.ladder import smoothing_ladder
from shirube_bicfit.lineshapes import pseudo_voigt
from shirube_bicfit.mixture import mixture_seeds, quantiles

#: Lorentz fraction of every seed.
START_FRACTION: Final = 0.3
#: The rung whose curve stands for the spectrum where only its shape matters (40 passes).
_SHAPE_RUNG: Final = 19
_RIDGE: Final = 1.02
_LEAST_SHARE: Final = 0.1

__all__ = ["START_FRACTION", "Start", "StartSource", "distinct"]


@frozen(eq=False)
class Start:
    """A parameter vector to start from, and where it comes from."""

    origin: Origin
    theta: FloatArray


class StartSource:
    """Makes starts for one spectrum.

    Args:
        energy: Shape (n,), ascending, eV.
        intensity: Shape (n,), finite, not constant.
        limits: Bounds of peaks.
    """

    def __init__(self, energy: FloatArray, intensity: FloatArray, limits: Limits) -> None:
        self._energy = energy
        self._limits = limits
        ladder = smoothing_ladder(intensity)
        backgrounds = shirley_start(energy, ladder)
        self._rungs = curvature_seeds(energy, ladder - backgrounds, limits)
        self._smooth = ladder[_SHAPE_RUNG]
        self._background = backgrounds[_SHAPE_RUNG]
        self._points = quantiles(energy, self._smooth - self._background)

    def mixtures(self, count: int, number: int) -> list[Start]:
        """Return ``number`` starts with ``count`` peaks from Gaussian mixtures; none if nothing is above background."""
        if not self._points.size:
            return []
        seeds = [mixture_seeds(self._points, count, variant, self._limits) for variant in range(number)]
        return self._starts("mixture", seeds)

    def ladder(self, count: int, number: int) -> list[Start]:
        """Return up to ``number`` different starts with ``count`` peaks from the ladder.

        Rungs that show ``count`` peaks come first, then those with nearly as many: surplus peaks are left out from the
        smallest, missing ones made by splitting the widest.
        """
        return self._starts("ladder", self._ladder_seeds(count, number))

    def _ladder_seeds(self, count: int, number: int) -> list[FloatArray]:
        nearest = sorted(self._rungs, key=lambda seed: abs(len(seed) - count))
        found: list[FloatArray] = []
        for seed in nearest:
            if len(found) == number:
                break
            if not len(seed):
                continue
            chosen = _with_count(seed, count)
            if not any(_same_centres(chosen, other, self._limits) for other in found):
                found.append(chosen)
        return found

    def _starts(self, origin: Origin, seeds: Sequence[FloatArray]) -> list[Start]:
        return [Start(origin, theta) for theta in self._vectors(np.array(seeds))] if seeds else []

    def _vectors(self, seeds: FloatArray) -> FloatArray:
        """Return parameter vectors of seeds, shape (starts, k, 3): heights together fitted to the smooth spectrum."""
        starts, count, _ = seeds.shape
        peaks = np.ones((starts, count, 4))
        peaks[..., 1:3] = seeds[..., 1:]
        peaks[..., 3] = START_FRACTION
        shapes = pseudo_voigt(self._energy, peaks)
        net = self._smooth - self._background
        weights = 1.0 / np.maximum(np.abs(self._smooth), 1e-3 * float(np.abs(self._smooth).max()))
        normal = np.matmul(shapes * weights, shapes.swapaxes(1, 2))
        normal[:, np.arange(count), np.arange(count)] *= _RIDGE
        heights = np.linalg.solve(normal, np.matmul(shapes * weights, net)[..., None])[..., 0]
        there = np.maximum(np.interp(seeds[..., 1], self._energy, net), 0.01 * float(net.max()))
        peaks[..., 0] = np.clip(heights, _LEAST_SHARE * there, there)
        ends = np.broadcast_to(self._background[[0, -1]], (starts, 2))
        return np.concatenate([peaks.reshape(starts, -1), ends], axis=1)


def distinct(starts: Iterable[Start], limits: Limits) -> list[Start]:
    """Return the starts without those whose peaks are where another's are, and as wide."""
    seen: set[tuple[int, ...]] = set()
    kept = []
    for start in starts:
        peaks = start.theta[:-2].reshape(-1, 4)
        peaks = peaks[np.argsort(peaks[:, 1], kind="stable")]
        key = tuple(np.rint(peaks[:, 1:3].ravel() / (0.25 * limits.fwhm_min)).astype(int).tolist())
        if key not in seen:
            seen.add(key)
            kept.append(start)
    return kept


def _with_count(seed: FloatArray, count: int) -> FloatArray:
    while len(seed) < count:
        seed = _split_widest(seed)
    chosen = seed[:count]
    return chosen[np.argsort(chosen[:, 1], kind="stable")]


def _split_widest(seed: FloatArray) -> FloatArray:
    widest = int(np.argmax(seed[:, 2]))
    height, centre, width = seed[widest]
    halves = [[0.6 * height, centre - 0.25 * width, 0.8 * width], [0.6 * height, centre + 0.25 * width, 0.8 * width]]
    return np.vstack([np.delete(seed, widest, axis=0), halves])


def _same_centres(one: FloatArray, other: FloatArray, limits: Limits) -> bool:
    return bool(np.all(np.abs(one[:, 1] - other[:, 1]) < 0.5 * limits.fwhm_min))
