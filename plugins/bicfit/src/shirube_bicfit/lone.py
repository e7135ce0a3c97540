"""Lone channels: those that stick out as no line and no noise can, found before the search.

A spike that gains more than the real lines takes the place of one of them in every model, so that none is left to
compare with. What a channel should hold is foretold from its four nearest neighbours by the cubic through them. It
stands alone if it differs from that by more than noise and the narrowest line allow, and if it stands out from the
channels next to it too: what has width, a line or a step, they share.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from shirube.messages import Message
from shirube.records import FloatArray
from shirube_bicfit.choices import NoiseKind
from shirube_bicfit.noise import constant_scatter, scatter_per_intensity
from shirube_bicfit.phrases import message

#: Standard deviations by which a lone channel differs from what its neighbours foretell.
_OUT: Final = 7.0
#: How much more than the narrowest line can make it differ is asked for.
_ROOM: Final = 2.0
#: Part of that difference by which it stands out from the channels next to it.
_STANDS_OUT: Final = 0.5
#: Where more of the channels than this stand alone, the spectrum is like that.
_MOST: Final = 0.02
#: With fewer channels each of them is needed.
_LEAST_CHANNELS: Final = 24
_NODES: Final = 4
_PRECISION: Final = 1e-15
#: A line of fewer steps than this is in one channel, whatever its width, and nothing foretells it.
_LEAST_STEPS: Final = 0.25
#: Places of the narrowest line relative to a channel, in steps, at which it is tried how badly it is foretold.
_PLACES: Final = np.linspace(-4.0, 4.0, 33)

__all__ = ["LoneChannel", "lone_channels"]


@frozen
class LoneChannel:
    """A channel that was left out of the fit.

    Attributes:
        channel: Its number in the spectrum as given, from 1.
        energy: Of it, eV.
        value: Its intensity.
        expected: What its neighbours foretell.
    """

    channel: int
    energy: float
    value: float
    expected: float

    @property
    def told(self) -> Message:
        """The message that says so."""
        return message(
            "left-out",
            channel=self.channel,
            energy=f"{self.energy:.2f}",
            value=f"{self.value:.6g}",
            expected=f"{self.expected:.4g}",
        )


def lone_channels(
    energy: FloatArray, intensity: FloatArray, kind: NoiseKind, narrowest: float
) -> tuple[tuple[int, float], ...]:
    """Return the channels that stand alone and what their neighbours foretell, in order of energy.

    Args:
        energy: Shape (n,), ascending, eV.
        intensity: Shape (n,).
        kind: Of the noise.
        narrowest: Smallest full width at half maximum of a line, eV.
    """
    if energy.size < _LEAST_CHANNELS:
        return ()
    nodes, weights = _cubic(energy)
    spread = np.square(weights).sum(axis=1)
    share = _ROOM * _badly_foretold(narrowest / float(np.median(np.diff(energy))))
    unit = constant_scatter(intensity) if kind == "gauss" else _unit(intensity, kind)
    mended = intensity.copy()
    found: dict[int, float] = {}
    for _ in range(max(int(_MOST * energy.size), 1) + 1):
        around = mended[nodes]
        foretold = np.einsum("nk,nk->n", weights, around)
        off = mended - foretold
        noise = _noise(unit, kind, foretold, around, spread, weights)
        allowed = share * (around.max(axis=1) - mended.min())
        # no number is known better than it can be written
        score = np.abs(off) / np.maximum(noise, max(_PRECISION * float(np.abs(mended).max()), 1e-300))
        alone = (score > _OUT) & (np.abs(off) > allowed) & (_standing_out(mended, off) > _STANDS_OUT * np.abs(off))
        if not alone.any():
            break
        at = int(np.argmax(np.where(alone, score, -1.0)))
        found[at] = mended[at] = float(foretold[at])
    else:
        return ()
    # where nothing else is left there is nothing to fit without them
    rest = np.delete(intensity, list(found))
    return tuple(sorted(found.items())) if np.ptp(rest) > 0.0 else ()


def _unit(intensity: FloatArray, kind: NoiseKind) -> float:
    return 1.0 if kind == "poisson" else scatter_per_intensity(intensity)


def _noise(
    unit: float, kind: NoiseKind, foretold: FloatArray, around: FloatArray, spread: FloatArray, weights: FloatArray
) -> FloatArray:
    """Return the standard deviation of a channel minus what its neighbours foretell, shape (n,)."""
    if kind == "gauss":
        return np.asarray(unit * np.sqrt(1.0 + spread), dtype=np.float64)
    # neighbours may be low by chance: none of the two is trusted to be the mean, and it is not below one count
    level = np.maximum(np.maximum(foretold, around.mean(axis=1)), unit)
    variance = unit * (level + np.einsum("nk,nk->n", np.square(weights), np.maximum(around, unit)))
    return np.asarray(np.sqrt(variance), dtype=np.float64)


def _standing_out(values: FloatArray, off: FloatArray) -> FloatArray:
    """Return by how much each channel stands out, upwards or downwards as it is off, from the two next to it."""
    sign = np.sign(off)
    before, after = np.append(values[1], values[:-1]), np.append(values[1:], values[-2])
    return np.asarray(np.minimum(sign * (values - before), sign * (values - after)), dtype=np.float64)


def _cubic(energy: FloatArray) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Return the four nearest neighbours of each channel and the weights of the cubic through them, (n, 4) each."""
    places = np.arange(energy.size)
    first = np.clip(places - 2, 0, energy.size - _NODES - 1)
    nodes = first[:, None] + np.arange(_NODES)
    nodes += nodes >= places[:, None]
    there = energy[nodes]
    apart = there[:, :, None] - there[:, None, :]
    steps = np.broadcast_to(energy[:, None, None] - there[:, None, :], apart.shape).copy()
    own = np.arange(_NODES)
    apart[:, own, own] = steps[:, own, own] = 1.0
    return nodes, np.asarray((steps / apart).prod(axis=2), dtype=np.float64)


def _badly_foretold(width: float) -> float:
    """Return how far off a line of so many steps can be foretold, over the largest neighbour that this is made of."""
    half = 0.5 * max(width, _LEAST_STEPS)
    offsets = (_PLACES[:, None] + np.array([-2.0, -1.0, 1.0, 2.0])) / half
    there = _PLACES / half
    worst = 0.0
    for line in (_gauss, _lorentz):
        around = line(offsets)
        off = line(there) - around @ (np.array([-1.0, 4.0, 4.0, -1.0]) / 6.0)
        worst = max(worst, float(np.max(np.abs(off) / around.max(axis=1))))
    return worst


def _gauss(offset: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-np.log(2.0) * np.square(offset)), dtype=np.float64)


def _lorentz(offset: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.square(offset)), dtype=np.float64)
