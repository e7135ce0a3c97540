"""Starts: parameter vectors of K lines, from seeds that a spectrum shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.binning import Binning
from shirube_bicfit.bounds import Limits
from shirube_bicfit.choices import Origin
from shirube_bicfit.curvature import curvature_seeds, shirley_start
from shirube_bicfit.ladder import smoothing_ladder
from shirube_bicfit.layout import Doublet, Layout
from shirube_bicfit.lineshapes import pseudo_voigt
from shirube_bicfit.mixture import mixture_seeds, quantiles

#: Lorentz fraction and asymmetry (1/eV) of every seed.
START_FRACTION: Final = 0.3
START_ASYMMETRY: Final = 0.1
#: The rung whose curve stands for the spectrum where only its shape matters (40 passes).
_SHAPE_RUNG: Final = 19
_RIDGE: Final = 1.02
_LEAST_SHARE: Final = 0.1

__all__ = ["START_ASYMMETRY", "START_FRACTION", "Start", "StartSource", "distinct", "start_sources", "without_partners"]


@frozen(eq=False)
class Start:
    """A parameter vector in line form to start from, where it comes from, and what it leaves as far as is known.

    Attributes:
        origin: Where it comes from.
        vector: The parameter vector.
        left: The sum of squares, in standard deviations, that it leaves when its heights are fitted.
    """

    origin: Origin
    vector: FloatArray
    left: float = np.inf


def start_sources(
    energy: FloatArray, intensities: FloatArray, limits: Limits, layout: Layout, binning: Binning
) -> list[StartSource]:
    """Return the sources of starts of several spectra on one axis.

    Args:
        energy: Shape (n,), ascending, eV.
        intensities: Shape (spectra, n), finite, not constant.
        limits: Bounds of peaks.
        layout: What the numbers of a model are.
        binning: The channels that the search begins with; curves are looked at on these.
    """
    coarse = binning.mean(energy)
    return [StartSource(coarse, curves, limits, layout) for curves in (binning.mean(smoothing_ladder(intensities)))]


class StartSource:
    """Makes starts for one spectrum.

    Args:
        energy: Shape (n,), ascending, eV.
        ladder: The rungs of its smoothing ladder, shape (rungs, n).
        limits: Bounds of peaks.
        layout: What the numbers of a model are.
    """

    def __init__(self, energy: FloatArray, ladder: FloatArray, limits: Limits, layout: Layout) -> None:
        self._energy, self._limits, self._layout = energy, limits, layout
        backgrounds = shirley_start(energy, ladder)
        seeds = curvature_seeds(energy, ladder - backgrounds, limits)
        self._rungs = [without_partners(seed, layout.doublet) for seed in seeds]
        self._smooth = ladder[_SHAPE_RUNG]
        self._background = backgrounds[_SHAPE_RUNG]
        self._points = quantiles(energy, self._smooth - self._background)

    def mixtures(self, count: int, number: int) -> list[Start]:
        """Return ``number`` starts with ``count`` lines from Gaussian mixtures; none if nothing is above background."""
        if not self._points.size:
            return []
        doublet = self._layout.doublet
        components = count if doublet is None else 2 * count
        seeds = [mixture_seeds(self._points, components, variant, self._limits) for variant in range(number)]
        return self._starts("mixture", [_with_count(without_partners(seed, doublet), count) for seed in seeds])

    def ladder(self, count: int, number: int) -> list[Start]:
        """Return up to ``number`` different starts with ``count`` lines from the ladder.

        Rungs that show ``count`` lines come first, then those with nearly as many: surplus lines are left out from the
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
        return [Start(origin, vector) for vector in self._vectors(np.array(seeds))] if seeds else []

    def _vectors(self, seeds: FloatArray) -> FloatArray:
        """Return vectors of seeds, shape (starts, k, 3): heights together fitted to the smooth spectrum."""
        starts, count, _ = seeds.shape
        lines = np.ones((starts, count, 4))
        lines[..., 1:3] = seeds[..., 1:]
        lines[..., 3] = min(START_FRACTION, self._limits.fraction_max)
        shapes = self._shapes(lines)
        net = self._smooth - self._background
        weights = 1.0 / np.maximum(np.abs(self._smooth), 1e-3 * float(np.abs(self._smooth).max()))
        normal = np.matmul(shapes * weights, shapes.swapaxes(1, 2))
        normal[:, np.arange(count), np.arange(count)] *= _RIDGE
        heights = np.linalg.solve(normal, np.matmul(shapes * weights, net)[..., None])[..., 0]
        there = np.maximum(np.interp(seeds[..., 1], self._energy, net), 0.01 * float(net.max()))
        lines[..., 0] = np.clip(heights, _LEAST_SHARE * there, there)
        common = np.broadcast_to(self._common(), (starts, self._layout.common))
        return np.concatenate([lines.reshape(starts, -1), common], axis=1)

    def _shapes(self, lines: FloatArray) -> FloatArray:
        shapes = pseudo_voigt(self._energy, lines)
        doublet = self._layout.doublet
        if doublet is None:
            return shapes
        partners = lines.copy()
        partners[..., 1] += doublet.splitting
        return np.asarray(shapes + doublet.ratio * pseudo_voigt(self._energy, partners), dtype=np.float64)

    def _common(self) -> FloatArray:
        """Return what all lines have in common, as the line form orders it."""
        doublet = self._layout.doublet
        start = {
            "asymmetry": -START_ASYMMETRY if self._layout.mirrored else START_ASYMMETRY,
            "splitting": 0.0 if doublet is None else doublet.splitting,
            "ratio": 0.0 if doublet is None else doublet.ratio,
            "background_low": float(self._background[0]),
            "background_high": float(self._background[-1]),
            "slope": 0.0,
        }
        return np.array([start[name] for name in self._layout.names])


def distinct(
    starts: Sequence[Start], limits: Limits, layout: Layout, seen: set[tuple[int, ...]] | None = None
) -> list[Start]:
    """Return the starts, all of as many lines, without those whose lines are where another's are, and as wide.

    Those of ``seen`` count as others; what is returned is added to it.
    """
    if not starts:
        return []
    seen = set() if seen is None else seen
    lines = layout.lines_of(np.array([start.vector for start in starts]))
    order = np.argsort(lines[..., 1], axis=1, kind="stable")
    places = np.take_along_axis(lines[..., 1:3], order[..., None], axis=1) / (0.25 * limits.fwhm_min)
    kept = []
    for start, key in zip(starts, np.rint(places).astype(int).reshape(len(starts), -1).tolist(), strict=True):
        if tuple(key) not in seen:
            seen.add(tuple(key))
            kept.append(start)
    return kept


def without_partners(seed: FloatArray, doublet: Doublet | None) -> FloatArray:
    """Return seeds, shape (lines, 3 or more), without smaller ones that a doublet explains as partners of others."""
    if doublet is None or len(seed) <= 1:
        return seed
    size = seed[:, 0] * seed[:, 2]
    near = np.abs(seed[None, :, 1] - seed[:, None, 1] - doublet.splitting) < 0.5 * np.maximum(
        seed[None, :, 2], seed[:, None, 2]
    )
    smaller = size[None] < 1.2 * size[:, None]
    partner = (near & smaller & ~np.eye(len(seed), dtype=bool)).any(axis=0)
    return seed[~partner] if not partner.all() else seed[:1]


def _with_count(seed: FloatArray, count: int) -> FloatArray:
    while len(seed) < count:
        seed = _split_widest(seed)
    chosen = seed[np.argsort(-seed[:, 0] * seed[:, 2], kind="stable")][:count]
    return chosen[np.argsort(chosen[:, 1], kind="stable")]


def _split_widest(seed: FloatArray) -> FloatArray:
    widest = int(np.argmax(seed[:, 2]))
    height, centre, width = seed[widest]
    halves = [[0.6 * height, centre - 0.25 * width, 0.8 * width], [0.6 * height, centre + 0.25 * width, 0.8 * width]]
    return np.vstack([np.delete(seed, widest, axis=0), halves])


def _same_centres(one: FloatArray, other: FloatArray, limits: Limits) -> bool:
    return bool(np.all(np.abs(one[:, 1] - other[:, 1]) < 0.5 * limits.fwhm_min))
