"""Significance: which lines noise may have made, by what each of them explains and by how many channels carry it.

Leaving a line out raises the deviance: that is what the line *gains*. Of the line that the best model with one line
less does without, it is the difference between the two models; of the others, what is left when everything else makes
up for them to first order. Noise alone gains something somewhere in a region, since a line can be put anywhere. A line
is taken for noise-born if its gain is below what noise reaches with a probability of 5 % (chi-squared with as many
degrees of freedom as the line has numbers of its own, for as many independent places as lines of its width fit into the
region), or if one channel contributes more than half of it and without that channel it would be.

The published remedy (H. Shinotsuka et al., e-J. Surf. Sci.
Nanotechnol. 18, 201 (2020)) clusters the widths and areas of all peaks instead, and discards models with a peak of the
narrow, small cluster; what is discarded there, small sharp peaks of a channel or two, is what fails here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_bicfit.choices import NoiseKind, RejectionKind
from shirube_bicfit.losses import LEAST_MODEL
from shirube_bicfit.targets import by_energy
from shirube_bicfit.task import Task
from shirube_bicfit.vicinity import Vicinity

#: Probability that noise alone reaches the gain which a line must have.
CHANCE: Final = 0.05
#: What part of a gain one channel may contribute: where it is more, the line must do without that channel.
_MOST_SHARE: Final = 0.5
#: Part of the gain that is known at least, below which one to first order is not believed.
_CREDIBLE: Final = 0.5
#: Lines closer than this are in one place, eV.
_SAME_PLACE: Final = 0.05
#: Part of the information that is added where it is divided by.
_RIDGE: Final = 1e-10

__all__ = ["CHANCE", "Gain", "Predecessor", "Rejection", "gains_of", "rejections_of"]


@frozen
class Predecessor:
    """The best model with one line less.

    Attributes:
        deviance: Of it.
        centres: Of its lines, shape (k - 1,), eV.
        value: The model, shape (n,), in units of the noise; None if it is not known.
    """

    deviance: float
    centres: FloatArray
    value: FloatArray | None = None


@frozen
class Gain:
    """What a line explains.

    Attributes:
        total: By how much the deviance, over the dispersion, rises without the line.
        share: What part of that one channel contributes, 0 to 1; 0 where it is not known.
        needed: What noise alone exceeds with a probability of 5 % somewhere in the region.
    """

    total: float
    share: float
    needed: float

    @property
    def spread(self) -> float:
        """What is left of the gain without the channel that contributes most."""
        return self.total * (1.0 - self.share)


@frozen
class Rejection:
    """A line that noise may have made.

    Attributes:
        peak: The number of its (first) component in order of energy, from 1.
        position: Its centre, eV.
        kind: ``chance`` if the line gains too little, ``one-channel`` if it does without its strongest channel.
        gain: By how much the deviance, over the dispersion, rises without it; for ``one-channel`` without that channel.
        needed: What would be enough.
    """

    peak: int
    position: float
    kind: RejectionKind
    gain: float
    needed: float


def gains_of(task: Task, at: Vicinity, dispersion: float, less: Predecessor | None) -> tuple[Gain, ...]:
    """Return what each line explains.

    Args:
        task: The spectrum.
        at: The model.
        dispersion: Variance over that of the noise model.
        less: The best model with one line less, None if it is not known.
    """
    from scipy.special import chdtri

    per = task.layout.per_line
    scaled = task.intensity / task.noise.unit
    with_all = _deviances(task.noise.kind, scaled, at.value)
    lines = task.layout.lines_of(task.layout.to_lines(at.free))
    places = np.maximum(np.ptp(task.energy) / lines[:, 2], 1.0)
    needed = chdtri(float(per), CHANCE / places)
    by_channel = _deviances(task.noise.kind, scaled, _without(at, per)) - with_all
    totals = by_channel.sum(axis=1) / dispersion
    share = _shares(by_channel)
    if less is not None:
        least = (less.deviance - at.deviance) / dispersion
        # first order says nothing where it comes out far below what is known
        doubtful = totals < _CREDIBLE * least
        share[doubtful] = 0.0
        # no line explains less than that, since the model with one less is the best there is
        totals = np.maximum(totals, least)
        line = _superfluous(lines[:, 1], less.centres, totals)
        totals[line] = least
        # the other model is bent by what it cannot describe, so it comes second
        if doubtful[line] and less.value is not None:
            share[line] = _shares(_deviances(task.noise.kind, scaled, less.value)[None] - with_all)[0]
    # a line that explains nothing need not be there; less than nothing is what first order makes of it
    totals = np.maximum(totals, 0.0)
    return tuple(Gain(*(float(part) for part in parts)) for parts in zip(totals, share, needed, strict=True))


def _shares(by_channel: FloatArray) -> FloatArray:
    """Return what part of each gain one channel contributes, shape (lines,); all where the others lose by the line."""
    sums = by_channel.sum(axis=1)
    gained = sums > 0.0
    parts = by_channel.max(axis=1) / np.where(gained, sums, 1.0)
    return np.asarray(np.where(gained, np.minimum(parts, 1.0), 0.0), dtype=np.float64)


def _superfluous(centres: FloatArray, others: FloatArray, totals: FloatArray) -> int:
    """Return the line that a model with one line less does without: the others are where its lines are."""
    order = np.argsort(centres, kind="stable")
    rest = np.sort(others)
    moved = [float(np.abs(np.delete(centres[order], place) - rest).sum()) for place in range(len(order))]
    least = min(moved)
    # of two lines in one place, it is the one that explains less
    alike = [int(order[place]) for place, distance in enumerate(moved) if distance < least + _SAME_PLACE]
    return min(alike, key=lambda line: totals[line])


def rejections_of(task: Task, at: Vicinity, gains: tuple[Gain, ...]) -> tuple[Rejection, ...]:
    """Return the lines that noise may have made, in order of energy."""
    members = task.layout.members
    centres = task.layout.components_of(at.full)[:, 1]
    order = np.argsort(by_energy(task.layout, at.full), kind="stable")
    found = []
    for line, gain in enumerate(gains):
        by_chance = gain.total < gain.needed
        if not by_chance and (gain.share <= _MOST_SHARE or gain.spread >= gain.needed):
            continue
        found.append(
            Rejection(
                peak=int(order[members * line]) + 1,
                position=float(centres[members * line]),
                kind="chance" if by_chance else "one-channel",
                gain=gain.total if by_chance else gain.spread,
                needed=gain.needed,
            )
        )
    return tuple(sorted(found, key=lambda one: one.peak))


def _without(at: Vicinity, per: int) -> FloatArray:
    """Return the model without each line, the rest that is free making up for it to first order, shape (lines, n)."""
    size, heights = at.free.size, per * np.arange(at.lines)
    diagonal = np.diagonal(at.information)
    others = np.tile(at.inside & (diagonal > 0.0), (at.lines, 1))
    for line, height in enumerate(heights.tolist()):
        others[line, height : height + per] = False
    unit = np.where(others, 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0)), 0.0)
    system = at.information * unit[:, :, None] * unit[:, None, :]
    # what takes no part is solved for apart, as nothing; the ridge decides where the data do not
    system[:, np.arange(size), np.arange(size)] = 1.0 + _RIDGE
    pull = at.information[heights] * unit
    answer = np.linalg.solve(system, pull[..., None])[..., 0] * unit
    own = at.rows[heights] - answer @ at.rows
    return np.asarray(at.value - at.free[heights, None] * own, dtype=np.float64)


def _deviances(kind: NoiseKind, scaled: FloatArray, value: FloatArray) -> FloatArray:
    """Return what each channel contributes to the deviance of models of shape (..., n), in this shape."""
    if kind == "gauss":
        return np.asarray(np.square(scaled - value), dtype=np.float64)
    floor = max(LEAST_MODEL, 1e-12 * float(scaled.max()))
    excess = np.maximum(value, floor) - scaled
    # far below the smallest model a channel holds nothing
    there = scaled > 1e-6 * floor
    # y ln(1 + (m - y) / y) keeps its digits where a channel holds 10^12 counts
    ratio = excess / np.where(there, scaled, 1.0)
    return np.asarray(2.0 * (excess - scaled * np.log1p(np.where(there, ratio, 0.0))), dtype=np.float64)
