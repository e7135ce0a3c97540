"""Spectral model: a filtered survey as the sum of the lines, Auger lines and losses of a set of elements.

Strengths, positions and widths are known only roughly, so each line has a strength and a displacement of its own, held
near what the element lets expect by a normal prior: a linear least-squares fit, with channels reweighted such that what
no element explains spoils no fit (Student's t; K. L. Lange, R. J. A. Little and J. M. G. Taylor, J. Am. Stat. Assoc.
84, 881 (1989)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from attrs import frozen

from shirube.records import FloatArray
from shirube_quant.augerlines import auger_groups
from shirube_quant.channels import Channels
from shirube_quant.crosssections import natural_width
from shirube_quant.expectation import ExpectedLine, single_lines
from shirube_quant.hypotheses import SHALLOW

#: Degrees of freedom of Student's t.
_FREEDOM: Final = 3.0
#: Standard deviations: of the strength of a line (cross sections, asymmetry), more for orbitals whose lines are spread
#: over many states; of its displacement in eV; of both for levels near the valence band.
_STRENGTH: Final = 0.3
_SPREAD: Final = {"4p": 0.8, "5s": 0.8, "5p": 0.8, "5d": 0.6, "4s": 0.6, "3s": 0.4, "2s": 0.4}
_DISPLACED: Final = 0.5
_SHALLOW: Final = 1.0
#: Standard deviations of the amplitude of an element and of its loss, relative, and of its shift in eV, all from where
#: the fit begins.
_AMPLITUDE, _SHIFT, _LOSS = 1.5, 0.7, 1.0
#: A step of the fit changes amplitudes by such factors, and shifts by so much at most, eV.
_FACTORS: Final = (0.2, 4.0)
_STEP: Final = 1.0
#: Orbitals whose lines are broader than their lifetime says, and by how much, eV; width where none is tabulated.
_BROAD: Final = {"4s": 1.5, "4p": 1.5, "5s": 1.5, "5p": 1.5}
_UNTOLD: Final = 0.5
#: Lines weaker than this part of the strongest one are left out, those so far beyond the channels as well, eV.
_LEAST: Final = 0.01
_BEYOND: Final = 4.0
#: Auger lines have this part of the strength of the level that they follow, within 100 %; width and displacement, eV.
_AUGER_PART, _AUGER_WIDTH, _AUGER_DISPLACED = 0.3, 5.0, 3.0
#: Losses by plasmons have this part of the strength of a line, and this width, eV.
_LOSS_PART, _LOSS_WIDTH = 0.12, 6.0
#: Kinetic energy at which the power of the transmission is 1, eV.
_PIVOT: Final = 500.0
_ROUNDS: Final = 2

__all__ = ["Conditions", "Fit", "Member", "SpectralModel"]


@frozen
class Conditions:
    """What all lines of a survey share.

    Attributes:
        width: What the instrument adds to the width of lines, eV.
        power: The transmission falls with the kinetic energy to this power.
        loss: Energy that electrons lose to plasmons, eV; None for no such loss.
    """

    width: float = 1.3
    power: float = 0.5
    loss: float | None = None


@frozen
class Member:
    """An element of a set: shift in eV and area over strength."""

    shift: float
    amplitude: float


@frozen
class Fit:
    """A fit of a set: its log-likelihood, with the prior of strengths and displacements, and the elements fitted."""

    likelihood: float
    members: Mapping[str, Member]


@frozen(eq=False)
class _Block:
    """The columns of an element for the amplitude 1, shape (k, n); precision and mean of each coefficient, (k,)."""

    columns: FloatArray
    precisions: FloatArray
    means: FloatArray


class SpectralModel:
    """Sets of elements held against the channels of a survey.

    Args:
        channels: Of the survey.
        photon_energy: In eV.
        conditions: What all lines share.
    """

    def __init__(self, channels: Channels, photon_energy: float, conditions: Conditions) -> None:
        self.channels, self.photon_energy, self.conditions = channels, photon_energy, conditions
        self._blocks: dict[tuple[str, float], _Block] = {}

    def fitted(self, members: Mapping[str, Member]) -> Fit:
        """Return the fit of a set of elements, begun at their shifts and amplitudes."""
        current, likelihood = dict(members), self._likelihood(self.channels.heights)
        weights = np.ones_like(self.channels.energy)
        for _ in range(_ROUNDS if current else 0):
            current, likelihood, weights = self._nearer(current, weights)
        return Fit(likelihood, current)

    def _nearer(
        self, members: Mapping[str, Member], weights: FloatArray
    ) -> tuple[dict[str, Member], float, FloatArray]:
        """Return elements with the shifts and amplitudes of a linear fit, its log-likelihood, and new weights."""
        blocks = [self._block(name, one.shift) for name, one in members.items()]
        pairs = zip(members.values(), blocks, strict=True)
        columns = np.concatenate([one.amplitude * block.columns for one, block in pairs])
        precisions = np.concatenate([one.precisions for one in blocks])
        means = np.concatenate([one.means for one in blocks])
        found, residuals = means, self.channels.heights
        for _ in range(_ROUNDS):
            found = _solved(columns, weights / self.channels.variances, self.channels.heights, precisions, means)
            residuals = self.channels.heights - found @ columns
            weights = (1.0 + 1.0 / _FREEDOM) / (1.0 + self._squares(residuals) / _FREEDOM)
        prior = 0.5 * float(precisions @ np.square(found - means))
        starts = np.cumsum([0, *(one.means.size for one in blocks)])
        moved = {
            name: _moved(one, float(found[at]), float(found[at + 1]))
            for (name, one), at in zip(members.items(), starts, strict=False)
        }
        return moved, self._likelihood(residuals) - prior, weights

    def _squares(self, residuals: FloatArray) -> FloatArray:
        return np.asarray(np.square(residuals) / self.channels.variances, dtype=np.float64)

    def _likelihood(self, residuals: FloatArray) -> float:
        return -0.5 * (_FREEDOM + 1.0) * float(np.log1p(self._squares(residuals) / _FREEDOM).sum())

    def _block(self, element: str, shift: float) -> _Block:
        key = (element, round(shift, 2))
        if key not in self._blocks:
            self._blocks[key] = self._built(element, shift)
        return self._blocks[key]

    def _built(self, element: str, shift: float) -> _Block:
        """Return the columns: amplitude, shift, loss, then strength and displacement of each line and Auger line."""
        lines = list(self._lines(element, shift))
        augers = list(self._augers(element, shift))
        nothing = np.zeros_like(self.channels.energy)
        amplitude = sum((one for one, *_ in (*lines, *augers)), start=nothing)
        moved = sum((one for _, one, *_ in lines), start=nothing)
        loss = self._lost(element, shift) if self.conditions.loss is not None else nothing
        single = [column for value, derivative, *_ in (*lines, *augers) for column in (value, derivative)]
        spreads = [spread for *_, strength, displaced in (*lines, *augers) for spread in (strength, displaced)]
        means = np.zeros(3 + len(single))
        means[0], means[2] = 1.0, float(self.conditions.loss is not None)
        return _Block(
            np.array([amplitude, moved, loss, *single]),
            1.0 / np.square(np.array([_AMPLITUDE, _SHIFT, _LOSS, *spreads])),
            means,
        )

    def _strengths(self, element: str) -> Iterator[tuple[ExpectedLine, float]]:
        for one in single_lines(element, self.photon_energy):
            yield one, one.strength * ((self.photon_energy - one.energy) / _PIVOT) ** -self.conditions.power

    def _shown(self, element: str, shift: float) -> Iterator[tuple[ExpectedLine, float, float]]:
        """Yield lines within the channels with their strengths and widths."""
        every = list(self._strengths(element))
        largest = max((one.strength for one, _ in every), default=0.0)
        low, high = self.channels.energy[0] - _BEYOND, self.channels.energy[-1] + _BEYOND
        for one, strength in every:
            if one.strength > _LEAST * largest and low < one.energy + shift < high:
                broad = _BROAD.get(one.label.orbital, 0.0)
                own = natural_width(one.label) or _UNTOLD
                yield one, strength, float(np.sqrt(self.conditions.width**2 + own**2 + broad**2))

    def _lines(self, element: str, shift: float) -> Iterator[tuple[FloatArray, FloatArray, float, float]]:
        for one, strength, width in self._shown(element, shift):
            value, derivative = self.channels.line(one.energy + shift, width)
            spread = (float(np.hypot(_STRENGTH, _SPREAD.get(one.label.orbital, 0.0))), _DISPLACED)
            yield (strength * value, strength * derivative, *((_SHALLOW, _SHALLOW) if one.energy < SHALLOW else spread))

    def _augers(self, element: str, shift: float) -> Iterator[tuple[FloatArray, FloatArray, float, float]]:
        holes: dict[str, float] = {}
        for one, strength in self._strengths(element):
            holes[one.label.orbital] = holes.get(one.label.orbital, 0.0) + strength
        width = float(np.hypot(self.conditions.width, _AUGER_WIDTH))
        for group in auger_groups().get(element, ()):
            strength = _AUGER_PART * holes.get(group.hole.orbital, 0.0)
            for kinetic in group.lines if strength else ():
                value, derivative = self.channels.line(self.photon_energy - kinetic + shift, width)
                yield strength * value, strength * derivative, 1.0, _AUGER_DISPLACED

    def _lost(self, element: str, shift: float) -> FloatArray:
        behind = shift + (self.conditions.loss or 0.0)
        parts = (
            _LOSS_PART * strength * self.channels.line(one.energy + behind, float(np.hypot(width, _LOSS_WIDTH)))[0]
            for one, strength, width in self._shown(element, shift)
        )
        return np.asarray(sum(parts, start=np.zeros_like(self.channels.energy)), dtype=np.float64)


def _solved(
    columns: FloatArray, weights: FloatArray, heights: FloatArray, precisions: FloatArray, means: FloatArray
) -> FloatArray:
    """Return the coefficients of largest posterior probability, shape (k,)."""
    normal = (columns * weights) @ columns.T
    normal[np.diag_indices_from(normal)] += precisions
    return np.asarray(np.linalg.solve(normal, columns @ (weights * heights) + precisions * means), dtype=np.float64)


def _moved(one: Member, amplitude: float, shift: float) -> Member:
    return Member(
        one.shift + float(np.clip(shift, -_STEP, _STEP)), one.amplitude * float(np.clip(amplitude, *_FACTORS))
    )
