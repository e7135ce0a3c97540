"""Significance: which lines noise may have made, by what each of them explains and by how many channels carry it.

Leaving a line out, the others making up for it as far as they can to first order, raises the deviance: that is what the
line *gains*. Noise alone gains something somewhere in a region, since a line can be put anywhere. A line is taken for
noise-born if its gain is below what noise reaches with a probability of 5 % (chi-squared with as many degrees of
freedom as the line has numbers of its own, for as many independent places as lines of its width fit into the region),
or if it would be below that without the one channel that contributes most.

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

__all__ = ["CHANCE", "Gain", "Rejection", "gains_of", "rejections_of"]


@frozen
class Gain:
    """What a line explains.

    Attributes:
        total: By how much the deviance, over the dispersion, rises without the line.
        strongest: What of that one channel contributes.
        needed: What noise alone exceeds with a probability of 5 % somewhere in the region.
    """

    total: float
    strongest: float
    needed: float


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


def gains_of(task: Task, at: Vicinity, dispersion: float, less: float) -> tuple[Gain, ...]:
    """Return what each line explains.

    Args:
        task: The spectrum.
        at: The model.
        dispersion: Variance over that of the noise model.
        less: Deviance of the best model with one line less; no line explains less than the difference to that. Nan if
            it is not known.
    """
    from scipy.special import chdtri

    per = task.layout.per_line
    scaled = task.intensity / task.noise.unit
    with_all = _deviances(task.noise.kind, scaled, at.value)
    widths = task.layout.lines_of(task.layout.to_lines(at.free))[:, 2]
    places = np.maximum(np.ptp(task.energy) / widths, 1.0)
    needed = chdtri(float(per), CHANCE / places)
    found = []
    for line in range(at.lines):
        without = _deviances(task.noise.kind, scaled, _without(at, line, per))
        by_channel = (without - with_all) / dispersion
        least = (less - at.deviance) / dispersion
        found.append(Gain(max(float(by_channel.sum()), least), float(by_channel.max()), float(needed[line])))
    return tuple(found)


def rejections_of(task: Task, at: Vicinity, gains: tuple[Gain, ...]) -> tuple[Rejection, ...]:
    """Return the lines that noise may have made, in order of energy."""
    members = task.layout.members
    centres = task.layout.components_of(at.full)[:, 1]
    order = np.argsort(by_energy(task.layout, at.full), kind="stable")
    found = []
    for line, gain in enumerate(gains):
        spread = gain.total - max(gain.strongest, 0.0)
        if spread >= gain.needed:
            continue
        by_chance = gain.total < gain.needed
        found.append(
            Rejection(
                peak=int(order[members * line]) + 1,
                position=float(centres[members * line]),
                kind="chance" if by_chance else "one-channel",
                gain=gain.total if by_chance else spread,
                needed=gain.needed,
            )
        )
    return tuple(sorted(found, key=lambda one: one.peak))


def _without(at: Vicinity, line: int, per: int) -> FloatArray:
    """Return the model without a line, everything else that is free making up for it to first order, shape (n,)."""
    own = np.zeros(at.free.size, dtype=bool)
    own[per * line : per * (line + 1)] = True
    others = np.flatnonzero(~own & at.inside & (np.diagonal(at.information) > 0.0))
    height = per * line
    scale = np.sqrt(np.diagonal(at.information)[others])
    system = at.information[np.ix_(others, others)] / np.outer(scale, scale)
    pull = at.information[others, height] / scale
    answer = np.linalg.lstsq(system, pull, rcond=1e-10)[0] / scale
    return np.asarray(at.value - at.free[height] * (at.rows[height] - answer @ at.rows[others]), dtype=np.float64)


def _deviances(kind: NoiseKind, scaled: FloatArray, value: FloatArray) -> FloatArray:
    """Return what each channel contributes to the deviance, shape (n,)."""
    if kind == "gauss":
        return np.asarray(np.square(scaled - value), dtype=np.float64)
    level = np.maximum(value, max(LEAST_MODEL, 1e-12 * float(scaled.max())))
    counted = np.where(scaled > 0.0, scaled, level)
    return np.asarray(2.0 * (level - scaled + scaled * np.log(counted / level)), dtype=np.float64)
